package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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

// figures are what an account's credit is made of, in fen.
type figures struct {
	Limit   int    `db:"limit_fen"`
	Ordered int    `db:"ordered"` // and not delivered
	Ledger  int    `db:"ledger"`
	Overdue int    `db:"overdue"`
	Dept    string `db:"dept"`
}

var figuresQuery = `SELECT credit_limit_fen AS limit_fen, dept,
	(SELECT COALESCE(SUM(MAX(total_fen - delivered_fen, 0)), 0) FROM orders WHERE account = {:a} AND id <> {:x} AND state IN ('` +
	strings.Join(sales.CreditOrderStates, "', '") + `')) AS ordered,
	(SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE account = {:a}) AS ledger,
	(SELECT COALESCE(SUM(open_fen), 0) FROM account_entries WHERE account = {:a} AND open_fen != 0 AND due_on <> '' AND due_on < {:day}) AS overdue
	FROM accounts WHERE id = {:a}`

// Credit is what an account may still order, as it stands in the transaction; one
// order may be left out of it.
func (b *Books) Credit(tx core.App, account records.AccountID, except records.OrderID) (sales.Credit, error) {
	f, err := b.figures(tx, account, except)
	return sales.Credit{
		LimitFen: int64(f.Limit), OpenFen: int64(f.Ordered + f.Ledger), OverdueFen: int64(f.Overdue), AsOf: domain.BusinessDay(b.now()),
	}, err
}

// figures of an account that is not there are nought.
func (b *Books) figures(tx core.App, account records.AccountID, except records.OrderID) (f figures, err error) {
	grace, err := gate.SettingsNow(tx).CreditOverdueDays()
	if err != nil {
		return f, err
	}
	day := domain.AddDays(domain.BusinessDay(b.now()), -grace)
	err = tx.DB().NewQuery(figuresQuery).Bind(dbx.Params{"a": account, "x": except, "day": day}).One(&f)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return f, fmt.Errorf("read an account's credit: %w", err)
	}
	return f, nil
}

// refresh brings an account's row of credit up to date; one with nothing to say
// is not made, and one that says the same of nothing open keeps its day.
func (b *Books) refresh(ctx context.Context, tx core.App, account records.AccountID) error {
	f, err := b.figures(tx, account, "")
	if err != nil {
		return err
	}
	row, found, err := records.AccountCredits.First(tx, "account = {:a}", dbx.Params{"a": account}, "")
	if err != nil {
		return err
	}
	if !found {
		if f.Limit == 0 && f.Ordered == 0 && f.Ledger == 0 {
			return nil
		}
		if row, err = records.AccountCredits.New(tx); err != nil {
			return err
		}
		row.SetAccount(account)
		row.SetDept(records.DepartmentID(f.Dept))
	}
	credit := sales.Credit{LimitFen: int64(f.Limit), OpenFen: int64(f.Ordered + f.Ledger)}
	row.SetLimitFen(f.Limit)
	row.SetOrderedFen(f.Ordered)
	row.SetLedgerFen(f.Ledger)
	row.SetOpenFen(f.Ordered + f.Ledger)
	row.SetOverdueFen(f.Overdue)
	row.SetFreeFen(int(credit.FreeFen()))
	if found && f.Ordered == 0 && f.Ledger == 0 && !gate.HasChanged(row.Raw()) {
		return nil
	}
	row.SetAsOf(domain.BusinessDay(b.now()))
	if found && !gate.HasChanged(row.Raw()) {
		return nil
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("write an account's credit: %w", err)
	}
	return nil
}

// ordered keeps the credit of an order's account with what it adds to what is open.
func (b *Books) ordered(e *kit.Change[records.Order]) error {
	adds := func(o records.Order) int {
		if !slices.Contains(sales.CreditOrderStates, string(o.State())) {
			return 0
		}
		return max(0, o.TotalFen()-o.DeliveredFen())
	}
	before := adds(e.Before())
	if err := e.Next(); err != nil || before == adds(e.Row) {
		return err
	}
	return b.refresh(e.Context, e.App, e.Row.Account())
}

// limited keeps an account's credit with its limit.
func (b *Books) limited(e *kit.Change[records.Account]) error {
	before := e.Before().CreditLimitFen()
	if err := e.Next(); err != nil || e.Row.CreditLimitFen() == before {
		return err
	}
	return b.refresh(e.Context, e.App, e.Row.ID())
}

// creditsAsOfToday brings all credits to the day, some accounts at a time: what
// was due yesterday is overdue.
func (b *Books) creditsAsOfToday(ctx context.Context, app core.App, _ time.Time) error {
	var accounts []string
	err := app.DB().NewQuery(`SELECT account FROM account_credits UNION SELECT DISTINCT account FROM account_entries UNION SELECT id FROM accounts WHERE credit_limit_fen <> 0`).
		Column(&accounts)
	if err != nil {
		return fmt.Errorf("find the accounts with credit: %w", err)
	}
	ctx = gate.With(ctx, gate.Actor{Action: records.AccountCreditTable + ".as_of_today"})
	for some := range slices.Chunk(accounts, 200) {
		err := app.RunInTransaction(func(tx core.App) error {
			for _, id := range some {
				if err := b.refresh(ctx, tx, records.AccountID(id)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
