package rebates

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// termSaved holds a term to tiers, to days, and to the contract that it is of. Once
// a period of it is closed, what that was counted by stays.
func termSaved(e *kit.Change[records.RebateTerm]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	team, err := gate.TeamOf(e.App, string(e.Row.Account()))
	if errors.Is(err, sql.ErrNoRows) {
		return gate.RefuseField(records.RebateTermColAccount, "rebate.account_required")
	}
	if err != nil {
		return fmt.Errorf("find the account of a rebate: %w", err)
	}
	if err := gate.LockFields(e.RecordEvent, records.RebateTermColDept); err != nil {
		return err
	}
	if e.Row.IsNew() || e.Row.Account() != e.Before().Account() {
		e.Row.SetDept(records.DepartmentID(team.Dept))
	}
	if _, err := tiersOf(e.Row); err != nil {
		return err
	}
	if err := sales.CheckRebateDays(e.Row.ValidFrom(), e.Row.ValidTo()); err != nil {
		return gate.WrapError(err)
	}
	if id := e.Row.Contract(); id != "" {
		contract, found, err := records.Contracts.Find(e.App, id)
		if err != nil {
			return err
		}
		if !found || contract.Account() != e.Row.Account() {
			return gate.RefuseField(records.RebateTermColContract, "rebate.contract_invalid")
		}
	}
	if err := keepsClosed(e); err != nil {
		return err
	}
	return e.Next()
}

// keepsClosed refuses what would count what is counted otherwise: another account
// or period of anything, and where a period is closed other tiers, another beginning,
// and to end otherwise in what is closed.
func keepsClosed(e *kit.Change[records.RebateTerm]) error {
	if e.Row.IsNew() {
		return nil
	}
	counted, err := records.RebateAccruals.All(e.App, "term = {:t}", dbx.Params{"t": e.Row.ID()}, "period")
	if err != nil || len(counted) == 0 {
		return err
	}
	fixed, moved := []string{records.RebateTermColAccount, records.RebateTermColPeriod}, false
	for _, c := range counted {
		if c.State() != sales.AccrualOpen {
			fixed = append(fixed, records.RebateTermColTiers, records.RebateTermColValidFrom)
			moved = moved || sales.RebateWithin(c.Period(), "", e.Row.ValidTo()) != sales.RebateWithin(c.Period(), "", e.Before().ValidTo())
		}
	}
	if changed, _ := gate.Difference(e.Row.Raw(), fixed); moved || len(changed) > 0 {
		return gate.Refuse("rebate.locked")
	}
	return nil
}

// termDeleted keeps a term that something was counted by.
func termDeleted(e *kit.Change[records.RebateTerm]) error {
	n, err := records.RebateAccruals.Count(e.App, "term = {:t}", dbx.Params{"t": e.Row.ID()})
	if err != nil {
		return err
	}
	if n > 0 {
		return gate.Refuse("record.kept", "collection", records.RebateTermTable, "from", "")
	}
	return e.Next()
}

// termChanged counts anew the periods of a term that have something in them.
func (d desk) termChanged(e *kit.Change[records.RebateTerm]) error {
	if err := e.Next(); err != nil {
		return err
	}
	periods, err := periodsOf(e.App, e.Row)
	if err != nil {
		return err
	}
	for _, period := range periods {
		if err := d.accrue(e.Context, e.App, e.Row, period); err != nil {
			return err
		}
	}
	return nil
}

// periodsOf are those in which something was delivered or came back, and those
// that are counted already.
func periodsOf(tx core.App, term records.RebateTerm) (out []string, err error) {
	err = tx.DB().NewQuery("SELECT period FROM rebate_accruals WHERE term = {:t} ORDER BY period").Bind(dbx.Params{"t": term.ID()}).Column(&out)
	if err != nil {
		return nil, fmt.Errorf("find the periods of a rebate: %w", err)
	}
	known := map[string]bool{}
	for _, p := range out {
		known[p] = true
	}
	var months []string
	err = tx.DB().NewQuery(`SELECT DISTINCT SUBSTR("on", 1, 7) FROM account_entries WHERE account = {:a} AND "on" >= {:from} AND "on" <= {:to} AND kind IN ('delivery', 'return') ORDER BY 1`).
		Bind(dbx.Params{"a": term.Account(), "from": term.ValidFrom(), "to": term.ValidTo()}).Column(&months)
	if err != nil {
		return nil, fmt.Errorf("find the months of a rebate: %w", err)
	}
	for _, month := range months {
		if p := sales.RebatePeriod(string(term.Period()), month+"-01"); !known[p] {
			known[p] = true
			out = append(out, p)
		}
	}
	return out, nil
}
