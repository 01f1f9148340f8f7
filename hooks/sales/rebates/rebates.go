// Package rebates binds the rules of rebates: terms of an account, what they come
// to as it is delivered to, and how that is settled.
package rebates

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// desk knows today.
type desk struct{ now func() time.Time }

// Area is what rebates are.
func Area(cfg gate.Config) kit.Area {
	d := desk{now: cfg.Now}
	return kit.Area{
		Name: "rebates",
		Collections: []kit.Collection{
			{
				Name: records.RebateTermTable,
				Audit: gate.Audit{Fields: []string{
					records.RebateTermColActive, records.RebateTermColTiers, records.RebateTermColValidFrom, records.RebateTermColValidTo, records.RebateTermColSettle,
				}, Create: true},
				Follows: kit.Always,
				Rules: []kit.Rule{
					kit.On(kit.Create, records.RebateTerms, "rebateTermCreate", termSaved),
					kit.On(kit.Update, records.RebateTerms, "rebateTermUpdate", termSaved),
					kit.On(kit.Delete, records.RebateTerms, "rebateTermDelete", termDeleted),
					kit.On(kit.CreateExecute, records.RebateTerms, "rebateTermMade", d.termChanged),
					kit.On(kit.UpdateExecute, records.RebateTerms, "rebateTermChanged", d.termChanged),
				},
			},
			{
				Name:    records.RebateAccrualTable,
				Machine: &sales.AccrualMachine,
				Parties: kit.Office(people.RoleFinance),
				Audit:   gate.Audit{Fields: []string{records.RebateAccrualColState, records.RebateAccrualColAccruedFen}},
				Keep:    &gate.Keep{Drafts: []string{}},
				Follows: kit.Always,
				Rules:   []kit.Rule{{On: kit.Create, Collection: records.RebateAccrualTable, Name: "serverMakes", Run: gate.OnlyServer}},
			},
			{Name: records.AccountEntryTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.AccountEntries, "entryAccrues", d.booked),
			}},
		},
		Actions: []kit.Action{
			kit.Guarded(records.RebateAccruals, kit.Do(records.RebateAccruals, sales.AccrualSettle, d.settle), guards),
		},
		Jobs: []gate.Job{{Name: "rebatesClosed", Schedule: "35 16 * * *", Run: d.close}}, // 00:35 in Shanghai
	}
}

// booked brings the rebates up to date for which a delivery or a return counts.
func (d desk) booked(e *kit.Change[records.AccountEntry]) error {
	if err := e.Next(); err != nil {
		return err
	}
	if kind := e.Row.Kind(); kind != sales.EntryDelivery && kind != sales.EntryReturn {
		return nil
	}
	terms, err := records.RebateTerms.All(e.App, "account = {:a} AND active = TRUE AND valid_from <= {:on} AND valid_to >= {:on}",
		dbx.Params{"a": e.Row.Account(), "on": e.Row.On()}, "id")
	if err != nil {
		return err
	}
	for _, term := range terms {
		if err := d.accrue(e.Context, e.App, term, sales.RebatePeriod(string(term.Period()), e.Row.On())); err != nil {
			return err
		}
	}
	return nil
}

// accrue counts a period of a term anew, while it is open: what was delivered less
// what came back, with tax, on the days on which the term holds. A term that is
// not active comes to nothing.
func (d desk) accrue(ctx context.Context, tx core.App, term records.RebateTerm, period string) error {
	row, found, err := records.RebateAccruals.First(tx, "term = {:t} AND period = {:p}", dbx.Params{"t": term.ID(), "p": period}, "")
	if err != nil || found && row.State() != sales.AccrualOpen {
		return err
	}
	tiers, err := tiersOf(term)
	if err != nil {
		return err
	}
	base, days := 0, sales.RebateWithin(period, term.ValidFrom(), term.ValidTo())
	if term.Active() {
		err = tx.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE account = {:a} AND "on" >= {:from} AND "on" <= {:to} AND kind IN ('delivery', 'return')`).
			Bind(dbx.Params{"a": term.Account(), "from": days.From, "to": days.To}).Row(&base)
		if err != nil {
			return fmt.Errorf("add up what a rebate is of: %w", err)
		}
	}
	if !found {
		if base == 0 {
			return nil
		}
		if row, err = records.RebateAccruals.New(tx); err != nil {
			return err
		}
		row.SetTerm(term.ID())
		row.SetAccount(term.Account())
		row.SetDept(term.Dept())
		row.SetPeriod(period)
		row.SetState(sales.AccrualOpen)
	}
	bp, fen := sales.RebateAccrued(tiers, base)
	row.SetBaseFen(base)
	row.SetRateBp(bp)
	row.SetAccruedFen(fen)
	if found && !gate.HasChanged(row.Raw()) {
		return nil
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("write a rebate: %w", err)
	}
	return nil
}

// tiersOf reads a term's tiers: rebate.tiers_invalid.
func tiersOf(term records.RebateTerm) ([]sales.RebateTier, error) {
	tiers, err := term.Tiers()
	if err != nil {
		tiers = nil // what is no list of tiers has none
	}
	return tiers, gate.WrapError(sales.CheckRebateTiers(tiers))
}
