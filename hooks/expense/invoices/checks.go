package invoices

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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

// checks are all answers about invoices, of the authority and of finance. They are
// written by the server alone, and stay.
func checks() kit.Collection {
	return kit.Collection{Name: records.InvoiceCheckTable, Rules: []kit.Rule{
		kit.On(kit.Create, records.InvoiceChecks, "invoiceCheckMade", ours),
		kit.On(kit.Update, records.InvoiceChecks, "invoiceCheckKept", kept),
		kit.On(kit.Delete, records.InvoiceChecks, "invoiceCheckStays", kept),
	}}
}

func ours(e *kit.Change[records.InvoiceCheck]) error {
	if !gate.ByServer(e.RecordEvent) {
		return gate.Refuse("record.not_allowed")
	}
	return e.Next()
}

func kept(*kit.Change[records.InvoiceCheck]) error { return gate.Refuse("record.not_allowed") }

// verdictArgs are what finance found on the authority's page, and where.
type verdictArgs struct {
	Verdict string `json:"verdict"`
	Note    string `json:"note"`
}

// check records that finance asked the authority by hand.
func (s *Service) check(ctx context.Context, tx core.App, row records.Invoice, args verdictArgs) error {
	author := gate.Of(ctx).Author()
	switch {
	case author == nil || records.UserID(author.Id) == row.Owner():
		return gate.Refuse("invoice.check_own")
	case args.Verdict != expense.VerifyValid && !expense.InvoiceDead(args.Verdict):
		return gate.Refuse("invoice.verdict")
	case strings.TrimSpace(args.Note) == "":
		return gate.Refuse("invoice.check_note")
	}
	return s.note(ctx, tx, row, answer{Source: "manual", Verdict: args.Verdict, Note: strings.TrimSpace(args.Note), By: records.UserID(author.Id)})
}

// repaidArgs say how the money came back.
type repaidArgs struct {
	Note string `json:"note"`
}

// repaid notes that what was paid for an invoice that was void has come back.
func (s *Service) repaid(ctx context.Context, _ core.App, row records.Invoice, args repaidArgs) error {
	if author := gate.Of(ctx).Author(); author == nil || records.UserID(author.Id) == row.Owner() {
		return gate.Refuse("invoice.check_own")
	}
	if row.RepayFen() == 0 || !row.RepaidAt().IsZero() {
		return gate.Refuse("invoice.nothing_to_repay")
	}
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("invoice.check_note")
	}
	row.SetRepaidAt(s.cfg.Now())
	row.SetRepaidNote(strings.TrimSpace(args.Note))
	return nil
}

// answer is what was said of an invoice.
type answer struct {
	Source, Verdict string
	Asked           string // what was asked about, as the platform was
	Fault           string // why it did not answer
	Note            string
	By              records.UserID
}

// note keeps an answer, and does what follows from it. The caller saves the row.
func (s *Service) note(ctx context.Context, tx core.App, row records.Invoice, a answer) error {
	check, err := records.InvoiceChecks.New(tx)
	if err != nil {
		return err
	}
	check.SetInvoice(row.ID())
	check.SetSource(records.InvoiceCheckSource(a.Source))
	check.SetVerdict(records.InvoiceCheckVerdict(a.Verdict))
	check.SetAsked(a.Asked)
	check.SetFault(a.Fault)
	check.SetNote(a.Note)
	check.SetBy(a.By)
	check.SetAt(s.cfg.Now())
	if err := tx.SaveWithContext(gate.AsServer(ctx), check.Raw()); err != nil {
		return fmt.Errorf("keep a check of an invoice: %w", err)
	}
	if a.Verdict == expense.VerifyUnknown { // it says nothing new
		return nil
	}
	row.SetVerifyState(records.InvoiceVerifyState(a.Verdict))
	row.SetVerifySrc(a.Source)
	row.SetVerifiedAt(s.cfg.Now())
	if !expense.InvoiceDead(a.Verdict) || row.Finding() != "" || !expense.InvoiceTakes(string(row.State())) {
		return nil
	}
	return s.found(ctx, tx, row, a.Verdict)
}

// found tells that an invoice in a claim is dead. What was paid for it is asked back; its
// key stays taken.
func (s *Service) found(ctx context.Context, tx core.App, row records.Invoice, verdict string) error {
	var paid int
	err := tx.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) FROM expense_uses WHERE invoice = {:id} AND state = 'paid'").Bind(dbx.Params{"id": row.ID()}).Row(&paid)
	if err != nil {
		return fmt.Errorf("add up what was paid for an invoice: %w", err)
	}
	kind := "invoice.found_dead"
	if paid > 0 {
		finding := records.InvoiceFinding(expense.VerifyVoid)
		if verdict == expense.VerifyRed {
			finding = records.InvoiceFinding(expense.VerifyRed)
		}
		row.SetFinding(finding)
		row.SetFoundAt(s.cfg.Now())
		row.SetRepayFen(paid)
		kind = "invoice.repay"
	}
	told := []records.UserID{row.Owner()}
	finance, err := records.Users.All(tx, "role = {:role} AND active", dbx.Params{"role": people.RoleFinance}, "id")
	if err != nil {
		return err
	}
	for _, user := range finance {
		told = append(told, user.ID())
	}
	for _, user := range sortedOnce(told) {
		err := gate.Notify(ctx, tx, s.cfg.Now(), gate.Notice{
			User: string(user), Kind: kind, Link: records.InvoiceTable + "/" + string(row.ID()),
			Params: map[string]any{"number": row.Number(), "amount": domain.Yuan(int64(paid))},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// verifyEach asks the platform, outside of any transaction, about invoices that are in
// claims, as often as the settings say, and later about those that were paid for.
func (s *Service) verifyEach(ctx context.Context, app core.App, now time.Time) error {
	settings := gate.SettingsNow(app)
	address, err := settings.InvoiceVerifyURL()
	if err != nil || address == "" {
		return err
	}
	hours, err := settings.InvoiceVerifyHours()
	if err != nil {
		return err
	}
	var ids []records.InvoiceID
	err = app.ConcurrentDB().NewQuery(`SELECT id FROM invoices WHERE key <> '' AND (state = 'used' AND verified_at < {:fresh}
			OR state = 'reimbursed' AND finding = '' AND verified_at < {:old} AND updated > {:year}) ORDER BY verified_at, id LIMIT 200`).
		Bind(dbx.Params{
			"fresh": stampOf(now.Add(-time.Duration(hours) * time.Hour / 2)), "old": stampOf(now.AddDate(0, 0, -30)), "year": stampOf(now.AddDate(-1, 0, 0)),
		}).Column(&ids)
	if err != nil {
		return fmt.Errorf("find invoices to verify: %w", err)
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.Verify(ctx, app, id); err != nil {
			return err
		}
	}
	return nil
}

// Verify asks the platform about one invoice, unless it answered the same lately.
func (s *Service) Verify(ctx context.Context, app core.App, id records.InvoiceID) error {
	row, found, err := records.Invoices.Find(app, id)
	if err != nil || !found || row.Key() == "" {
		return err
	}
	asked := askedOf(row)
	settings := gate.SettingsNow(app)
	hours, err := settings.InvoiceVerifyCacheHours()
	if err != nil {
		return err
	}
	cached, found, err := records.InvoiceChecks.First(app, "invoice = {:id} AND source = 'platform' AND verdict <> 'unknown' AND asked = {:asked} AND at > {:since}",
		dbx.Params{"id": id, "asked": asked.text(), "since": stampOf(s.cfg.Now().Add(-time.Duration(hours) * time.Hour))}, "at DESC")
	if err != nil {
		return err
	}
	if found && string(cached.Verdict()) == string(row.VerifyState()) {
		return nil
	}
	verdict, fault := s.ask(ctx, app, row)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return app.RunInTransaction(func(tx core.App) error {
		row, err := records.Invoices.Require(tx, id)
		if err != nil {
			return err
		}
		if askedOf(row) != asked {
			verdict, fault = expense.VerifyUnknown, "the invoice was changed meanwhile"
		}
		if err := s.note(ctx, tx, row, answer{Source: "platform", Verdict: verdict, Asked: asked.text(), Fault: fault}); err != nil {
			return err
		}
		return gate.SaveChanged(context.WithoutCancel(ctx), tx, row.Raw())
	})
}

// verifyClaim answers POST /api/ka/expense_claims/{id}/verify: finance has the platform
// asked about the invoices of a claim before it pays. What it does not answer is said.
func (s *Service) verifyClaim(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || user.Role() != people.RoleFinance {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "invoice.not_finance"}, nil)
	}
	claim, err := gate.Shown(e, records.ExpenseClaimTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := invoicesUsed(e.App, records.ExpenseClaimID(claim.Id), expense.UseActive, expense.UsePaid)
	if err != nil {
		return err
	}
	verdicts := map[string]string{}
	for _, row := range rows {
		if err := s.Verify(e.Request.Context(), e.App, row.ID()); err != nil {
			return err
		}
		after, err := records.Invoices.Require(e.App, row.ID())
		if err != nil {
			return err
		}
		verdicts[string(row.ID())] = string(after.VerifyState())
	}
	return e.JSON(http.StatusOK, map[string]any{"verdicts": verdicts})
}
