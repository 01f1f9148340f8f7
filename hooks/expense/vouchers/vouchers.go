// Package vouchers makes the journal of a month out of what was paid, for the
// accountants' program.
package vouchers

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what vouchers take from outside.
type Config struct {
	gate.Config
	// Encode writes rows as CSV, in utf8 or gbk.
	Encode func(rows [][]string, encoding string) ([]byte, error)
}

type service struct{ Config }

// Area is what vouchers are.
func Area(cfg Config) kit.Area {
	s := service{cfg}
	return kit.Area{Name: "vouchers", Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/vouchers", Run: s.export}}}
}

// export answers GET /api/ka/vouchers?month&system&encoding: the journal of a month, to
// finance alone. Refusals voucher.not_finance (403), voucher.month_invalid, voucher.system,
// payment_run.encoding, voucher.no_ledger_account, voucher.unbalanced.
func (s service) export(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || user.Role() != people.RoleFinance {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "voucher.not_finance"}, nil)
	}
	query := e.Request.URL.Query()
	month, system, encoding := query.Get("month"), query.Get("system"), cmp.Or(query.Get("encoding"), "utf8")
	switch {
	case !domain.IsDay(month + "-01"):
		return gate.Refuse("voucher.month_invalid")
	case system != expense.SystemYonyou && system != expense.SystemKingdee:
		return gate.Refuse("voucher.system")
	case encoding != "utf8" && encoding != "gbk":
		return gate.Refuse("payment_run.encoding")
	}
	docs, err := Docs(e.App, month)
	if err != nil {
		return err
	}
	entries, err := expense.Journal(docs, expense.VoucherAccounts{}) // each names its own
	if err != nil {
		return gate.WrapError(err)
	}
	for _, entry := range entries {
		if entry.Account == "" {
			return gate.Refuse("voucher.no_ledger_account", "category", entry.Text)
		}
	}
	body, err := s.Encode(expense.JournalRows(system, entries), encoding)
	if err != nil {
		return gate.Refuse("payment_run.not_in_gbk")
	}
	if err := s.note(e, month, system, len(docs)); err != nil {
		return err
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("凭证-"+system+"-"+month+"-"+gate.TakerOf(e.Auth)+".csv"))
	head.Set("Cache-Control", "no-store")
	charset := "utf-8"
	if encoding == "gbk" {
		charset = "gbk"
	}
	return e.Blob(http.StatusOK, "text/csv; charset="+charset, body)
}

func (s service) note(e *core.RequestEvent, month, system string, count int) error {
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	entry.SetAt(s.Now())
	entry.SetActor(records.UserID(e.Auth.Id))
	entry.SetWhat("export")
	entry.SetCount(count)
	entry.SetParams(map[string]any{"collection": records.PaymentTable, "month": month, "system": system, "ip": gate.ActorOf(e).IP, "watermark": gate.Watermark(e.Auth, s.Now())})
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note an export: %w", err)
	}
	return nil
}

func accountsOf(app core.App) (a expense.VoucherAccounts, err error) {
	settings := gate.SettingsNow(app)
	if a.Bank, err = settings.VoucherBankAccount(); err != nil {
		return a, err
	}
	if a.Advance, err = settings.VoucherAdvanceAccount(); err != nil {
		return a, err
	}
	if a.InputTax, err = settings.VoucherInputTaxAccount(); err != nil {
		return a, err
	}
	if a.InputTaxOut, err = settings.VoucherInputTaxOutAccount(); err != nil {
		return a, err
	}
	a.Owed, err = settings.VoucherOwedAccount()
	return a, err
}

// Docs are what was paid in a month, and what of it came back in it.
func Docs(app core.App, month string) (docs []expense.VoucherDoc, err error) {
	from, err := time.ParseInLocation("2006-01", month, domain.BusinessZone)
	if err != nil {
		return nil, fmt.Errorf("read a month: %w", err)
	}
	span := dbx.Params{"from": gate.Stamp(from), "to": gate.Stamp(from.AddDate(0, 1, 0))}
	rows, err := records.Payments.All(app, "paid_at >= {:from} AND paid_at < {:to} OR reversed_at >= {:from} AND reversed_at < {:to} OR back_at >= {:from} AND back_at < {:to}", span, "id")
	if err != nil {
		return nil, err
	}
	within := func(at time.Time) bool { return !at.Before(from) && at.Before(from.AddDate(0, 1, 0)) }
	for _, row := range rows {
		doc, err := docOf(app, row)
		if err != nil {
			return nil, err
		}
		if within(row.PaidAt()) {
			docs = append(docs, doc)
		}
		if within(row.ReversedAt()) {
			reversal := doc
			reversal.No, reversal.Day, reversal.Reversed = row.ReversalVoucherNo(), domain.BusinessDay(row.ReversedAt()), true
			reversal.Owed = row.Owed() || !row.BackAt().IsZero()
			docs = append(docs, reversal)
		}
		if within(row.BackAt()) {
			doc.No, doc.Day, doc.Kind = row.BackVoucherNo(), domain.BusinessDay(row.BackAt()), expense.PaidBack
			docs = append(docs, doc)
		}
	}
	return docs, nil
}

// docOf is a payment as it was booked, or as things stand where nobody wrote that down.
func docOf(app core.App, row records.Payment) (doc expense.VoucherDoc, err error) {
	doc = expense.VoucherDoc{
		No: row.VoucherNo(), Day: domain.BusinessDay(row.PaidAt()), Kind: string(row.Kind()), PaidFen: row.AmountFen(), ClearedFen: row.ClearedFen(),
	}
	posted, err := row.Posting()
	if err != nil {
		return doc, err
	}
	if posted == nil {
		now, err := Posting(app, row)
		if err != nil {
			return doc, err
		}
		posted = &now
	}
	for i, line := range posted.Lines {
		if line.Account != "" {
			continue
		}
		category, found, err := records.ExpenseCategories.Find(app, records.ExpenseCategoryID(line.Category)) // it had none when it was paid
		if err != nil {
			return doc, err
		}
		if found {
			posted.Lines[i].Account = category.LedgerAccount()
		}
	}
	doc.Who, doc.Dept, doc.Papers, doc.Lines, doc.Accounts = posted.Who, posted.Dept, posted.Papers, posted.Lines, &posted.Accounts
	return doc, nil
}

// Posting is what the journal says of a payment that is booked now. It stays with the
// payment, so that an account that changes changes no month that is over, and a reversal
// takes back from where it was booked.
func Posting(app core.App, row records.Payment) (p expense.VoucherPosting, err error) {
	if p.Accounts, err = accountsOf(app); err != nil {
		return p, err
	}
	owner, err := records.Users.Require(app, row.Owner())
	if err != nil {
		return p, err
	}
	p.Who = owner.Name()
	dept, found, err := records.Departments.Find(app, row.Dept())
	if err != nil {
		return p, err
	}
	if found {
		p.Dept = dept.Name()
	}
	if row.Kind() == expense.PaysClaim {
		p.Lines, p.Papers, err = linesOf(app, row.Claim())
	}
	return p, err
}

// linesOf are a claim's lines as they were approved, with the invoices that they use.
func linesOf(app core.App, claim records.ExpenseClaimID) (lines []expense.VoucherExpense, papers int, err error) {
	var rows []struct {
		ID       string `db:"id"`
		Category string `db:"category"`
		Fen      int    `db:"approved_fen"`
		TaxFen   int    `db:"tax_fen"`
		Name     string `db:"name_zh"`
		Account  string `db:"ledger_account"`
		Tax      string `db:"input_tax"`
		Customer string `db:"customer"`
		Node     string `db:"node"`
	}
	err = app.DB().NewQuery(`SELECT l.id, l.category, l.approved_fen, l.tax_fen, c.name_zh, c.ledger_account, c.input_tax, COALESCE(a.name, '') AS customer, COALESCE(n.name, '') AS node
		FROM expense_lines l JOIN expense_categories c ON c.id = l.category LEFT JOIN accounts a ON a.id = l.account LEFT JOIN budget_nodes n ON n.id = l.leaf
		WHERE l.claim = {:c} ORDER BY l.seq, l.id`).Bind(dbx.Params{"c": claim}).All(&rows)
	if err != nil {
		return nil, 0, fmt.Errorf("read the lines of a claim: %w", err)
	}
	var shares []struct {
		Line     string `db:"line"`
		Fen      int    `db:"approved_fen"`
		Customer string `db:"customer"`
		Node     string `db:"node"`
	}
	err = app.DB().NewQuery(`SELECT s.line, s.approved_fen, COALESCE(a.name, b.name, '') AS customer, COALESCE(n.name, '') AS node
		FROM expense_shares s JOIN expense_lines l ON l.id = s.line LEFT JOIN accounts a ON a.id = s.account LEFT JOIN accounts b ON b.id = l.account
		LEFT JOIN budget_nodes n ON n.id = s.leaf WHERE s.claim = {:c} ORDER BY s.seq, s.id`).Bind(dbx.Params{"c": claim}).All(&shares)
	if err != nil {
		return nil, 0, fmt.Errorf("read who bears the lines of a claim: %w", err)
	}
	var uses []struct {
		Line  string `db:"line"`
		Fen   int    `db:"amount_fen"`
		Kind  string `db:"kind"`
		Total int    `db:"total_fen"`
		Tax   int    `db:"tax_fen"`
		Part  int    `db:"part_fen"` // the tax of a part
	}
	err = app.DB().NewQuery(`SELECT u.line, u.amount_fen, i.kind, i.total_fen, i.tax_fen, u.tax_fen AS part_fen FROM expense_uses u JOIN invoices i ON i.id = u.invoice
		WHERE u.claim = {:c} ORDER BY u.id`).Bind(dbx.Params{"c": claim}).All(&uses)
	if err != nil {
		return nil, 0, fmt.Errorf("read the invoices of a claim: %w", err)
	}
	at := map[string]int{}
	for i, r := range rows {
		at[r.ID] = i
		line := expense.VoucherExpense{Text: r.Name, Category: r.Category, Account: r.Account, Tax: r.Tax, Fen: r.Fen}
		if r.Tax != expense.TaxCarriedOut || r.TaxFen > 0 { // what the budget took off at the submit, whatever the paper says since
			line.Tax, line.TaxFen = expense.TaxDeducted, &r.TaxFen
		}
		lines = append(lines, line)
	}
	for _, s := range shares {
		if i, found := at[s.Line]; found {
			lines[i].Shares = append(lines[i].Shares, expense.VoucherShare{Node: s.Node, Customer: s.Customer, Fen: s.Fen})
		}
	}
	for i, r := range rows {
		if len(lines[i].Shares) == 0 {
			lines[i].Shares = []expense.VoucherShare{{Node: r.Node, Customer: r.Customer, Fen: r.Fen}}
		}
	}
	for _, u := range uses {
		if i, found := at[u.Line]; found {
			use := expense.VoucherUse{Kind: u.Kind, TotalFen: u.Total, TaxFen: u.Tax, UsedFen: u.Fen}
			if u.Fen < u.Total {
				use = expense.VoucherPart(u.Fen, u.Part)
			}
			lines[i].Uses = append(lines[i].Uses, use)
		}
	}
	return lines, len(uses), nil
}
