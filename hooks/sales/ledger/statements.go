package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// statements are months of accounts' ledgers as they were told to customers.
func (b *Books) statements() kit.Collection {
	return kit.Collection{
		Name:    records.StatementTable,
		Machine: &sales.StatementMachine,
		Parties: kit.Parties(records.Statements, holder),
		Audit:   gate.Audit{Fields: []string{records.StatementColState, records.StatementColAnsweredBy}, Create: true},
		Keep:    &gate.Keep{Drafts: []string{}},
		Follows: kit.Always,
		Rules:   serverMakes(records.StatementTable),
	}
}

// holder is who takes down the customer's answer: he who holds the account today.
func holder(ctx context.Context, tx core.App, s records.Statement) ([]domain.Party, error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	team, err := gate.TeamOf(tx, string(s.Account()))
	if err != nil {
		return nil, fmt.Errorf("find the account of a statement: %w", err)
	}
	if team.Owner != author.Id {
		return nil, nil
	}
	return []domain.Party{domain.PartyOwner}, nil
}

// lastStated is the last month of an account that was stated; empty if none was.
func lastStated(tx core.App, account records.AccountID) (month string, err error) {
	err = tx.DB().NewQuery("SELECT COALESCE(MAX(month), '') FROM statements WHERE account = {:a}").Bind(dbx.Params{"a": account}).Row(&month)
	if err != nil {
		return "", fmt.Errorf("find an account's last statement: %w", err)
	}
	return month, nil
}

// balanceBefore is what an account owed when a day began.
func balanceBefore(tx core.App, account records.AccountID, day string) (fen int, err error) {
	err = tx.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE account = {:a} AND "on" < {:day}`).
		Bind(dbx.Params{"a": account, "day": day}).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("add up an account's balance: %w", err)
	}
	return fen, nil
}

// entriesOf reads a month's entries, in the order of statements.
func entriesOf(tx core.App, account records.AccountID, month string) (out []sales.Entry, err error) {
	var rows []struct {
		ID   string `db:"id"`
		Kind string `db:"kind"`
		No   string `db:"no"`
		On   string `db:"on"`
		Fen  int    `db:"amount_fen"`
	}
	err = tx.DB().NewQuery(`SELECT id, kind, no, "on", amount_fen FROM account_entries WHERE account = {:a} AND "on" >= {:from} AND "on" <= {:to} ORDER BY "on", at, id`).
		Bind(dbx.Params{"a": account, "from": month + "-01", "to": sales.MonthEnd(month)}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read a month's entries: %w", err)
	}
	out = make([]sales.Entry, len(rows))
	for i, r := range rows {
		out[i] = sales.Entry{ID: r.ID, Kind: r.Kind, No: r.No, On: r.On, Fen: r.Fen}
	}
	return out, nil
}

// monthArgs are the month that is to be stated, YYYY-MM.
type monthArgs struct {
	Month string `json:"month"`
}

// issueAsked issues the statement of an account's month for finance.
func (b *Books) issueAsked(ctx context.Context, tx core.App, account *core.Record, args monthArgs) error {
	if !isFinance(gate.Of(ctx).User) {
		return gate.Refuse("statement.not_finance")
	}
	return b.issue(ctx, tx, records.Accounts.Of(account), args.Month)
}

// issue freezes a month: its sums, and the digest of its entries. What comes
// later is booked after it. Months before it that nobody stated are stated first.
func (b *Books) issue(ctx context.Context, tx core.App, account records.Account, month string) error {
	last, err := lastStated(tx, account.ID())
	if err != nil {
		return err
	}
	if err := sales.CheckStatementMonth(month, last, domain.BusinessDay(b.now())); err != nil {
		return gate.WrapError(err)
	}
	if before, err := unstated(tx, account.ID(), last, month); err != nil {
		return err
	} else if before != "" {
		if err := b.issue(ctx, tx, account, before); err != nil {
			return err
		}
		return b.issue(ctx, tx, account, month)
	}
	sums, _, err := stated(tx, account.ID(), month)
	if err != nil {
		return err
	}
	row, err := records.Statements.New(tx)
	if err != nil {
		return err
	}
	row.SetAccount(account.ID())
	row.SetOwner(account.Owner())
	row.SetManager(account.Manager())
	row.SetDept(account.Dept())
	row.SetMonth(month)
	row.SetOpeningFen(sums.Opening)
	row.SetDeliveredFen(sums.Delivered)
	row.SetReturnedFen(sums.Returned)
	row.SetReceivedFen(sums.Received)
	row.SetDeductedFen(sums.Deducted)
	row.SetClosingFen(sums.Closing)
	row.SetEntries(sums.Entries)
	row.SetSHA256(sums.SHA256)
	row.SetState(sales.StatementIssued)
	row.SetIssuedAt(b.now())
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("issue a statement: %w", err)
	}
	return b.tell(ctx, tx, account.Owner(), "statement.issued", records.StatementTable+"/"+string(row.ID()), account.ID(),
		map[string]any{"month": month, "yuan": yuan(sums.Closing)})
}

// unstated is the first month with entries between the last that was stated and
// another; empty if there is none, or nothing was stated yet.
func unstated(tx core.App, account records.AccountID, last, month string) (between string, err error) {
	if last == "" {
		return "", nil
	}
	err = tx.DB().NewQuery(`SELECT COALESCE(SUBSTR(MIN("on"), 1, 7), '') FROM account_entries WHERE account = {:a} AND "on" > {:end} AND "on" < {:first}`).
		Bind(dbx.Params{"a": account, "end": sales.MonthEnd(last), "first": month + "-01"}).Row(&between)
	if err != nil {
		return "", fmt.Errorf("find a month that was not stated: %w", err)
	}
	return between, nil
}

// stated sums up a month of an account as it is in the ledger.
func stated(tx core.App, account records.AccountID, month string) (s sales.Statement, entries []sales.Entry, err error) {
	opening, err := balanceBefore(tx, account, month+"-01")
	if err != nil {
		return s, nil, err
	}
	if entries, err = entriesOf(tx, account, month); err != nil {
		return s, nil, err
	}
	return sales.Sum(opening, entries), entries, nil
}

// answerArgs are what the customer says, who said it, and its paper.
type answerArgs struct {
	AnsweredBy string         `json:"answered_by"`
	Reason     string         `json:"reason"`
	Paper      records.BlobID `json:"paper"`
}

// answered is a step that takes down the customer's answer.
func answered(verb string, run func(context.Context, core.App, records.Statement, answerArgs) error) kit.Action {
	return kit.Guarded(records.Statements, kit.Do(records.Statements, verb, run), func(ctx context.Context, _ core.App, _ records.Statement) (func(string) bool, error) {
		var args answerArgs
		if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
			return nil, err
		}
		return func(guard string) bool {
			switch guard {
			case "statement.answered_by_required":
				return strings.TrimSpace(args.AnsweredBy) != ""
			case "statement.reason_required":
				return strings.TrimSpace(args.Reason) != ""
			case "statement.paper_required":
				return args.Paper != ""
			}
			return false
		}, nil
	})
}

func (b *Books) answer(ctx context.Context, tx core.App, s records.Statement, args answerArgs) error {
	if err := checkPaper(tx, args.Paper, s.Account(), gate.Of(ctx).Author(), "statement.paper_invalid"); err != nil {
		return err
	}
	s.SetAnsweredBy(args.AnsweredBy)
	s.SetAnsweredAt(b.now())
	s.SetReason(args.Reason)
	s.SetPaper(args.Paper)
	return nil
}

// dispute tells finance and the account's manager what the customer disputes.
func (b *Books) dispute(ctx context.Context, tx core.App, s records.Statement, args answerArgs) error {
	if err := b.answer(ctx, tx, s, args); err != nil {
		return err
	}
	account, err := records.Accounts.Require(tx, s.Account())
	if err != nil {
		return err
	}
	finance, err := records.Users.All(tx, "role = 'finance' AND active = TRUE", nil, "id")
	if err != nil {
		return err
	}
	whom := []records.UserID{account.Manager()}
	for _, user := range finance {
		whom = append(whom, user.ID())
	}
	for _, id := range whom {
		err := b.tell(ctx, tx, id, "statement.disputed", records.StatementTable+"/"+string(s.ID()), s.Account(), map[string]any{"month": s.Month(), "reason": args.Reason})
		if err != nil {
			return err
		}
	}
	return nil
}

// statementsIssued issues last month's statements from a day of the month on, for
// accounts that owe something or have entries in it, each in a transaction of its own.
func (b *Books) statementsIssued(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	from, err := gate.SettingsOn(app, today).StatementDay()
	if err != nil {
		return err
	}
	if today[len("2006-01-"):] < fmt.Sprintf("%02d", from) {
		return nil
	}
	end := domain.AddDays(domain.Month(today)+"-01", -1)
	month := domain.Month(end)
	var accounts []string
	err = app.DB().NewQuery(`SELECT account FROM account_entries e WHERE "on" <= {:end} AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.account = e.account AND s.month >= {:month})
		GROUP BY account HAVING SUM(amount_fen) <> 0 OR MAX("on") >= {:first} ORDER BY account`).
		Bind(dbx.Params{"end": end, "month": month, "first": month + "-01"}).Column(&accounts)
	if err != nil {
		return fmt.Errorf("find the accounts to be stated: %w", err)
	}
	ctx = gate.With(ctx, gate.Actor{Action: records.AccountTable + "." + sales.StatementIssue})
	for _, id := range accounts {
		err := app.RunInTransaction(func(tx core.App) error {
			account, err := records.Accounts.Require(tx, records.AccountID(id))
			if err != nil {
				return err
			}
			return b.issue(ctx, tx, account, month)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
