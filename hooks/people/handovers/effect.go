package handovers

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// group is what takes effect together: the assignments of a handover, or one
// that belongs to none.
type group struct {
	Handover   records.AccountHandoverID   `db:"handover"`
	Assignment records.AccountAssignmentID `db:"assignment"`
	Day        string                      `db:"from_date"`
}

// picks is the condition on account_assignments that finds the group's planned rows.
func (g group) picks() string {
	return "state = 'planned' AND handover = {:handover} AND ({:handover} <> '' OR id = {:assignment})"
}

func (g group) bind(more dbx.Params) dbx.Params {
	out := dbx.Params{"handover": g.Handover, "assignment": g.Assignment}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// Run carries out what is due today and was due before, the oldest first, each
// handover in a transaction of its own, and mends what was changed past the
// hooks. It may be called at any time and as often as one likes. A handover
// that cannot take effect keeps its state, names its problem and delays no
// other; errors of the database are returned after all others had their turn.
func (s *Service) Run(app core.App) error {
	today := s.today()
	var failed []error
	stuck := map[group]bool{}
	for {
		g, ok, err := nextDue(app, today, stuck)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		err = app.RunInTransaction(func(txApp core.App) error { return s.effect(txApp, g) })
		if err == nil {
			continue
		}
		stuck[g] = true
		p, isProblem := errors.AsType[domain.Problem](err)
		if !isProblem {
			failed = append(failed, err)
			continue
		}
		if err := note(app, g, p.Code); err != nil {
			failed = append(failed, err)
		}
	}
	for _, work := range []func(core.App) error{s.finishDrains, s.mendLines, s.mendHistory, s.prefetch} {
		if err := app.RunInTransaction(work); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// nextDue finds the oldest group whose day has come.
func nextDue(app core.App, today string, except map[group]bool) (group, bool, error) {
	var due []group
	err := app.DB().NewQuery(`SELECT handover, IIF(handover = '', id, '') AS assignment, from_date FROM account_assignments
		WHERE state = 'planned' AND from_date <= {:today} GROUP BY 1, 2, 3 ORDER BY from_date, MIN(created), 1, 2`).
		Bind(dbx.Params{"today": today}).All(&due)
	if err != nil {
		return group{}, false, fmt.Errorf("look for what is due: %w", err)
	}
	for _, g := range due {
		if !except[g] {
			return g, true, nil
		}
	}
	return group{}, false, nil
}

// note keeps why a group did not take effect, once.
func note(app core.App, g group, code string) error {
	table, id := records.AccountHandoverTable, string(g.Handover)
	if id == "" {
		table, id = records.AccountAssignmentTable, string(g.Assignment)
	}
	_, err := app.DB().NewQuery("UPDATE " + table + " SET problem = {:code} WHERE id = {:id} AND problem <> {:code}").
		Bind(dbx.Params{"id": id, "code": code}).Execute()
	if err != nil {
		return fmt.Errorf("note a problem: %w", err)
	}
	return nil
}

// effect moves the accounts of a group: problem handover.rep_inactive.
func (s *Service) effect(txApp core.App, g group) error {
	if g.Handover == "" {
		return s.effectOne(txApp, g)
	}
	handover, err := records.AccountHandovers.Require(txApp, g.Handover)
	if err != nil {
		return err
	}
	to, err := findStaff(txApp, records.AccountHandoverColToRep, handover.ToRep())
	if err != nil {
		return err
	}
	if !to.Active {
		return gate.Refuse("handover.rep_inactive")
	}
	// An account that went elsewhere meanwhile stays where it is.
	gone, err := txApp.DB().NewQuery(`UPDATE account_assignments SET state = 'cancelled' WHERE ` + g.picks() +
		` AND account NOT IN (SELECT id FROM accounts WHERE owner = {:from})`).Bind(g.bind(dbx.Params{"from": handover.FromRep()})).Execute()
	if err != nil {
		return fmt.Errorf("leave out what moved: %w", err)
	}
	skipped, err := gone.RowsAffected()
	if err != nil {
		return err
	}
	moved, err := s.move(txApp, g, to)
	if err != nil {
		return err
	}
	days, err := gate.SettingsNow(txApp).HandoverDrainDays()
	if err != nil {
		return err
	}
	state, until := people.HandoverDraining, people.DrainUntil(s.today(), days)
	if until < s.today() || moved == 0 {
		state, until = people.HandoverDone, ""
	}
	handover.SetState(records.AccountHandoverState(state))
	handover.SetMoved(int(moved))
	handover.SetSkipped(int(skipped))
	handover.SetMovedAt(s.now())
	handover.SetDrainUntil(until)
	handover.SetProblem("")
	return save(txApp, handover)
}

// save writes a handover as our own code.
func save(txApp core.App, handover records.AccountHandover) error {
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), handover.Raw()); err != nil {
		return fmt.Errorf("save a handover: %w", err)
	}
	return nil
}

// effectOne moves one account, and plans its way back if it goes for a time.
func (s *Service) effectOne(txApp core.App, g group) error {
	row, err := records.AccountAssignments.Require(txApp, g.Assignment)
	if err != nil {
		return err
	}
	to, err := findStaff(txApp, records.AccountAssignmentColUser, row.User())
	if err != nil {
		return err
	}
	if !to.Active {
		return gate.Refuse("handover.rep_inactive")
	}
	account, err := records.Accounts.Require(txApp, row.Account())
	if err != nil {
		return err
	}
	back := account.Owner()
	if _, err := s.move(txApp, g, to); err != nil || row.ToDate() == "" || back == "" || string(back) == to.ID {
		return err
	}
	holder, err := findStaff(txApp, records.AccountAssignmentColUser, back)
	if err != nil {
		return err
	}
	_, err = txApp.DB().NewQuery(`INSERT INTO account_assignments (id, account, user, dept, from_date, state, created, updated)
		VALUES (` + newID + `, {:account}, {:user}, {:dept}, {:day}, 'planned', {:now}, {:now})`).
		Bind(dbx.Params{"account": account.ID(), "user": back, "dept": holder.Dept, "day": domain.AddDays(row.ToDate(), 1), "now": stamp(s.now())}).Execute()
	if err != nil {
		return fmt.Errorf("plan the way back: %w", err)
	}
	return nil
}

// move writes the owner of each account and its history, and no row below an
// account unless the department changes: grants alone move the rest.
func (s *Service) move(txApp core.App, g group, to people.Staff) (int64, error) {
	bind := g.bind(dbx.Params{
		"user": to.ID, "manager": to.Manager, "dept": to.Dept, "now": stamp(s.now()), "day": g.Day, "last": domain.AddDays(g.Day, -1),
	})
	mine := "SELECT account FROM account_assignments WHERE " + g.picks()
	run := func(sql string) (int64, error) {
		done, err := txApp.DB().NewQuery(sql).Bind(bind).Execute()
		if err != nil {
			return 0, fmt.Errorf("move accounts: %w", err)
		}
		return done.RowsAffected()
	}
	var accounts []records.AccountID
	if err := txApp.DB().NewQuery(mine).Bind(bind).Column(&accounts); err != nil {
		return 0, fmt.Errorf("read which accounts move: %w", err)
	}
	moved, err := run(`UPDATE accounts SET owner = {:user}, manager = {:manager}, dept = {:dept}, next_owner = '', updated = {:now} WHERE id IN (` + mine + `)`)
	if err != nil {
		return 0, err
	}
	if err := gate.FollowAccounts(txApp, "a.id IN ("+mine+")", bind); err != nil {
		return 0, err
	}
	if err := s.moved(context.Background(), txApp, accounts); err != nil {
		return 0, err
	}
	if _, err := run(`UPDATE account_assignments SET state = 'ended', to_date = MAX(from_date, {:last}), ended_at = {:now}, updated = {:now}
		WHERE state = 'active' AND account IN (` + mine + `)`); err != nil {
		return 0, err
	}
	_, err = run(`UPDATE account_assignments SET state = 'active', dept = {:dept}, began_at = {:now}, problem = '', updated = {:now} WHERE ` + g.picks())
	return moved, err
}

// finishDrains ends the drains whose last day is over.
func (s *Service) finishDrains(txApp core.App) error {
	over, err := records.AccountHandovers.All(txApp, "state = 'draining' AND drain_until < {:today}", dbx.Params{"today": s.today()}, "planned_date, id")
	if err != nil {
		return err
	}
	for _, handover := range over {
		handover.SetState(people.HandoverDone)
		if err := save(txApp, handover); err != nil {
			return err
		}
	}
	return nil
}
