package org

import (
	"context"
	"encoding/json/jsontext"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// swapKey marks the saves of an appointment, which is judged when it is whole.
type swapKey struct{}

// userSaved holds people to the rules of the organisation. An override goes past
// them, but for circles.
func (s *service) userSaved(e *core.RecordEvent) error {
	before, now := person(e.Record.Original()), person(e.Record)
	if e.Record.IsNew() {
		before = domain.Person{}
	}
	if before == now {
		return e.Next()
	}
	chart, err := gate.ReadChart(e.App)
	if err != nil {
		return err
	}
	judge := chart.CheckPerson
	if gate.OverrideReason(e.Context) != "" || e.Context != nil && e.Context.Value(swapKey{}) != nil {
		judge = chart.CheckCircle
	}
	if err := judge(now); err != nil {
		return gate.WrapError(err)
	}
	if now.Delegate != before.Delegate || now.DelegateFrom != before.DelegateFrom || now.DelegateTo != before.DelegateTo {
		if err := chart.CheckDelegation(now); err != nil {
			return gate.WrapError(err)
		}
	}
	if before.Active && !now.Active && gate.OverrideReason(e.Context) == "" {
		if err := s.handedOver(e.App, now.ID); err != nil {
			return err
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.warnSpan(e, now.Manager)
}

// handedOver refuses to let a person go who has open work: org.open_work.
func (s *service) handedOver(app core.App, user string) error {
	params, open := []any{}, false
	for _, w := range s.open {
		n, err := w.Count(app, user)
		if err != nil {
			return fmt.Errorf("failed to count %s of a person: %w", w.Collection, err)
		}
		params = append(params, w.Collection, n)
		open = open || n > 0
	}
	if open {
		return gate.Refuse("org.open_work", params...)
	}
	return nil
}

// warnSpan tells the head of the department that a manager leads too few or too many.
func (s *service) warnSpan(e *core.RecordEvent, manager string) error {
	chart, err := gate.ReadChart(e.App)
	if err != nil {
		return err
	}
	m := chart.People[manager]
	if m.Role != domain.RoleKAManager || !m.Active {
		return nil
	}
	least, most, err := s.span(e.App)
	if err != nil {
		return err
	}
	n := chart.Reports(manager, domain.RoleRep)
	if n <= most {
		return nil // too few is a matter of the report, not of every new team
	}
	who, err := e.App.FindRecordById(gate.Users, manager)
	if err != nil {
		return err
	}
	return gate.Notify(e.Context, e.App, s.now(), gate.Notice{
		User: chart.Superior(manager), Kind: "org.span", Link: gate.Users + "/" + manager,
		Params: map[string]any{"name": nameOf(who), "n": n, "min": least, "max": most},
	})
}

func (s *service) span(app core.App) (least, most int, err error) {
	settings := gate.SettingsNow(app)
	if least, err = settings.Whole("org.span_min"); err != nil {
		return 0, 0, err
	}
	most, err = settings.Whole("org.span_max")
	return least, most, err
}

// userMoved keeps the accounts of a user with his manager and department: who
// sees an account follows from there, and who answers his open issues. Visits and
// orders keep those of their time.
func userMoved(e *core.RecordEvent) error {
	before := e.Record.Original()
	manager, dept := userManager(e.Record), userDept(e.Record)
	if manager == userManager(before) && dept == userDept(before) {
		return e.Next()
	}
	if err := e.Next(); err != nil {
		return err
	}
	bind := dbx.Params{"owner": e.Record.Id, "manager": manager, "dept": dept}
	for _, stmt := range []string{
		"UPDATE accounts SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner}",
		"UPDATE sync_issues SET manager = {:manager}, dept = {:dept} WHERE user = {:owner} AND state = 'open'",
		"UPDATE improvement_actions SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner} AND state IN ('open', 'done')",
		"UPDATE policy_acks SET manager = {:manager}, dept = {:dept} WHERE user = {:owner}",
	} {
		if _, err := e.App.DB().NewQuery(stmt).Bind(bind).Execute(); err != nil {
			return fmt.Errorf("failed to move what hangs on a person: %w", err)
		}
	}
	return gate.FollowAccounts(e.App, "a.owner = {:owner}", dbx.Params{"owner": e.Record.Id})
}

// delegate args: {to, from, until}; without to it ends. By the person himself,
// his superior or an administrator.
func (s *service) delegate(ctx context.Context, txApp core.App, user *core.Record, raw jsontext.Value) error {
	var args struct {
		To    string `json:"to"`
		From  string `json:"from"`
		Until string `json:"until"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if err := mayLead(ctx, txApp, user.Id); err != nil {
		return err
	}
	if args.To == "" {
		args.From, args.Until = "", ""
	} else if args.From == "" {
		args.From = domain.BusinessDay(s.now())
	}
	setDelegation(user, args.To, args.From, args.Until)
	return txApp.SaveWithContext(gate.AsServer(ctx), user)
}

// mayLead refuses who is neither the person, nor over him, nor an administrator.
func mayLead(ctx context.Context, app core.App, user string) error {
	actor := gate.Of(ctx).User
	if actor == nil {
		return gate.Refuse("record.not_allowed")
	}
	if actor.Id == user || roleOf(actor) == domain.RoleAdmin {
		return nil
	}
	chart, err := gate.ReadChart(app)
	if err != nil {
		return err
	}
	if chart.Over(actor.Id, user) {
		return nil
	}
	return gate.Refuse("record.not_allowed")
}
