package incentives

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// one is somebody's part of a cycle that is settled.
type one struct {
	cycle  records.AppraisalCycle
	period domain.Period
	person records.User
	a      records.Appraisal
	worth  worth
	left   string // his last day, if the cycle saw it
	asOf   string // the day up to which receipts count
}

// over reports whether a cycle's results stand.
func over(cycle records.AppraisalCycle) bool {
	return cycle.State() == appraisal.CycleLocked || cycle.State() == appraisal.CycleArchived
}

// settleAction reckons a cycle anew at finance's word: incentive.not_finance,
// incentive.not_locked.
func (s *Service) settleAction(ctx context.Context, tx core.App, record *core.Record, _ kit.None) error {
	if !finance(ctx) {
		return gate.Refuse("incentive.not_finance")
	}
	cycle := records.AppraisalCycles.Of(record)
	if !over(cycle) {
		return gate.Refuse("incentive.not_locked")
	}
	return s.Settle(ctx, tx, cycle.ID())
}

// settleLocked settles cycles that were locked since, and those whose people appealed or
// were appraised anew since they were settled.
func (s *Service) settleLocked(ctx context.Context, app core.App, _ time.Time) error {
	cycles, err := records.AppraisalCycles.All(app, `state = 'locked' AND (NOT EXISTS (SELECT 1 FROM incentive_results r WHERE r.cycle = appraisal_cycles.id)
		OR EXISTS (SELECT 1 FROM appraisals a WHERE a.cycle = appraisal_cycles.id AND a.locked_at > (SELECT MAX(r.created) FROM incentive_results r WHERE r.cycle = a.cycle)))`, nil, "from_day, id")
	if err != nil {
		return err
	}
	for _, cycle := range cycles {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.Settle(ctx, app, cycle.ID()); err != nil {
			return err
		}
	}
	return nil
}

// Settle reckons what follows from a locked cycle, person by person, each in a transaction
// of its own unless app is one: what is a draft anew, what was approved by its difference.
// It may be called as often as one likes.
func (s *Service) Settle(ctx context.Context, app core.App, id records.AppraisalCycleID) error {
	cycle, err := records.AppraisalCycles.Require(app, id)
	if err != nil {
		return err
	}
	if !over(cycle) {
		return nil
	}
	rows, err := records.Appraisals.All(app, "cycle = {:c}", dbx.Params{"c": id}, "subject")
	if err != nil {
		return err
	}
	ctx = gate.AsServer(ctx)
	for _, managers := range []bool{false, true} { // a share is of what the team has
		for _, a := range rows {
			if (a.Role() == people.RoleKAManager) != managers || a.State() != appraisal.StateLocked {
				continue // who is appraised anew keeps what he has until that stands
			}
			err := app.RunInTransaction(func(tx core.App) error { return s.settle(ctx, tx, cycle, a) })
			if err != nil {
				return fmt.Errorf("settle an appraisal: %w", err)
			}
		}
	}
	if cycle.Dept() == "" {
		return nil
	}
	return app.RunInTransaction(func(tx core.App) error { return s.honours(ctx, tx, cycle, rows) })
}

// settle reckons everything of one person.
func (s *Service) settle(ctx context.Context, tx core.App, cycle records.AppraisalCycle, a records.Appraisal) error {
	o := one{cycle: cycle, period: domain.Period{From: cycle.FromDay(), To: cycle.ToDay()}, a: a, asOf: domain.BusinessDay(s.Now())}
	var err error
	if o.person, err = records.Users.Require(tx, a.Subject()); err != nil {
		return err
	}
	if o.worth, err = worthOf(cycle, a); err != nil {
		return err
	}
	since, left, err := s.Standing(tx, a.Subject(), o.period.To)
	if err != nil {
		return err
	}
	o.left = left
	steps := []func(context.Context, core.App, one) error{s.bonus}
	if cycle.Kind() == appraisal.CycleQuarter {
		steps = append(steps, s.commission)
		if a.Role() == people.RoleKAManager {
			steps = append(steps, s.share)
		}
	}
	for _, step := range steps {
		if err := step(ctx, tx, o); err != nil {
			return err
		}
	}
	return s.develop(ctx, tx, o, since)
}

// wanted is what a result is to say, before it is held against what was approved.
type wanted struct {
	kind               string
	reason             string
	coef, factor, hold int
	days, cycleDays    int
	amount, held       int
	pay                int
	content            incentive.Content
}

// result writes what somebody gets of a cycle: into the draft if there is one, and else as
// the next version, by how much it is another than all that were approved.
func (s *Service) result(ctx context.Context, tx core.App, o one, w wanted) error {
	rows, err := records.IncentiveResults.All(tx, "cycle = {:c} AND person = {:p} AND kind = {:k}",
		dbx.Params{"c": o.cycle.ID(), "p": o.a.Subject(), "k": w.kind}, "version")
	if err != nil {
		return err
	}
	row, last := records.IncentiveResult{}, records.IncentiveResultID("")
	made := false
	for _, r := range rows {
		if r.State() == incentive.ResultDraft || s.Planted == syncer.PlantPaidEdited {
			row, made = r, true
			continue
		}
		w.amount, w.held, w.pay = w.amount-r.AmountFen(), w.held-r.HeldFen(), w.pay-r.DueFen()
		last = r.ID()
	}
	if !made {
		if last != "" && w.amount == 0 && w.held == 0 && w.pay == 0 {
			return nil // nothing has changed since
		}
		if row, err = s.blank(tx, o, w.kind, len(rows)+1); err != nil {
			return err
		}
	}
	row.SetCorrects(last)
	row.SetGrade(o.a.Grade())
	row.SetReason(w.reason)
	row.SetCoefBp(w.coef)
	row.SetFactorBp(w.factor)
	row.SetHoldBp(w.hold)
	row.SetDays(w.days)
	row.SetCycleDays(w.cycleDays)
	row.SetAmountFen(w.amount)
	row.SetHeldFen(w.held)
	row.SetContent(w.content)
	return s.balanced(ctx, tx, o, row, w.pay)
}

// blank is a result that is not stored yet.
func (s *Service) blank(tx core.App, o one, kind string, version int) (row records.IncentiveResult, err error) {
	if row, err = records.IncentiveResults.New(tx); err != nil {
		return row, err
	}
	row.SetPerson(o.a.Subject())
	row.SetManager(o.person.Manager())
	row.SetDept(o.a.Dept())
	row.SetCycle(o.cycle.ID())
	row.SetPeriod(o.cycle.Period())
	row.SetKind(records.IncentiveResultKind(kind))
	row.SetVersion(version)
	row.SetState(incentive.ResultDraft)
	return row, nil
}

// balanced sets what is due against what earlier results of the kind carried over, and
// saves the row with the digest of what it says.
func (s *Service) balanced(ctx context.Context, tx core.App, o one, row records.IncentiveResult, due int) error {
	var carried int
	err := tx.DB().NewQuery(`SELECT COALESCE(SUM(due_fen - pay_fen + owed_fen), 0) FROM incentive_results WHERE person = {:p} AND kind = {:k} AND id <> {:id}`).
		Bind(dbx.Params{"p": row.Person(), "k": row.Kind(), "id": row.ID()}).Row(&carried)
	if err != nil {
		return fmt.Errorf("add up what was carried over: %w", err)
	}
	pay, carry, owed := incentive.Balance(carried, due, o.left != "")
	row.SetCarriedFen(carried)
	row.SetDueFen(due)
	row.SetPayFen(pay)
	row.SetCarryFen(carry)
	row.SetOwedFen(owed)
	sum, err := digest(row)
	if err != nil {
		return err
	}
	row.SetSHA256(sum)
	return gate.SaveChanged(ctx, tx, row.Raw())
}
