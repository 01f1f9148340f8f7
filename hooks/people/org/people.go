package org

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/catalog"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) users() kit.Collection {
	return kit.Collection{
		Name: records.UserTable,
		Audit: gate.Audit{Create: true, Fields: []string{
			records.UserColName, records.UserColEmpNo, records.UserColRole, records.UserColDepartment, records.UserColManager, records.UserColActive,
			records.UserColDelegateTo, records.UserColDelegateFrom, records.UserColDelegateUntil,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Users, "orgUserCreate", s.userSaved),
			kit.On(kit.Update, records.Users, "orgUserUpdate", s.userSaved),
			kit.On(kit.UpdateExecute, records.Users, "orgUserMoved", userMoved),
		},
	}
}

// person is a user as the chart knows him.
func person(u records.User) people.Person {
	return people.Person{
		ID: string(u.ID()), Role: string(u.Role()), Dept: string(u.Department()), Manager: string(u.Manager()), Active: u.Active(),
		Delegate: string(u.DelegateTo()), DelegateFrom: u.DelegateFrom(), DelegateTo: u.DelegateUntil(),
	}
}

// swapKey marks the saves of an appointment, which is judged when it is whole.
type swapKey struct{}

// userSaved holds people to the rules of the organisation. An override goes past
// them, but for circles.
func (s service) userSaved(e *kit.Change[records.User]) error {
	before, now := person(e.Before()), person(e.Row)
	if e.Row.IsNew() {
		before = people.Person{}
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
		if err := handedOver(e.App, now.ID); err != nil {
			return err
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.warnSpan(e.Context, e.App, e.Row.Manager())
}

// handedOver refuses to let a person go who has open work: org.open_work.
func handedOver(app core.App, user string) error {
	params, names, counts, open := []any{}, []string{}, map[string]int64{}, false
	for _, w := range gate.OpenWorkOf(app) {
		n, err := w.Count(app, user)
		if err != nil {
			return fmt.Errorf("count %s of a person: %w", w.Collection, err)
		}
		params = append(params, w.Collection, n)
		names = append(names, w.Collection)
		counts[w.Collection] = n
		open = open || n > 0
	}
	if open {
		return gate.Refuse("org.open_work", append(params, "work", catalog.OpenWorkText(names, counts))...)
	}
	return nil
}

// warnSpan tells the head of the department that a manager leads too many.
func (s service) warnSpan(ctx context.Context, app core.App, manager records.UserID) error {
	chart, err := gate.ReadChart(app)
	if err != nil {
		return err
	}
	m := chart.People[string(manager)]
	if m.Role != people.RoleKAManager || !m.Active {
		return nil
	}
	least, most, err := span(app)
	if err != nil {
		return err
	}
	n := chart.Reports(m.ID, people.RoleRep)
	if n <= most {
		return nil // too few is a matter of the report, not of every new team
	}
	who, err := records.Users.Require(app, manager)
	if err != nil {
		return err
	}
	return gate.Notify(ctx, app, s.now(), gate.Notice{
		User: chart.Superior(m.ID), Kind: "org.span", Link: records.UserTable + "/" + m.ID,
		Params: map[string]any{"name": who.Name(), "n": n, "min": least, "max": most},
	})
}

// span is how many reps a KA manager leads.
func span(app core.App) (least, most int, err error) {
	settings := gate.SettingsNow(app)
	if least, err = settings.OrgSpanMin(); err != nil {
		return 0, 0, err
	}
	most, err = settings.OrgSpanMax()
	return least, most, err
}

// userMoved keeps the accounts of a user with his manager and department: who
// sees an account follows from there, and who answers his open issues. Visits and
// orders keep those of their time.
func userMoved(e *kit.Change[records.User]) error {
	before := e.Before()
	if e.Row.Manager() == before.Manager() && e.Row.Department() == before.Department() {
		return e.Next()
	}
	if err := e.Next(); err != nil {
		return err
	}
	bind := dbx.Params{"owner": e.Row.ID(), "manager": e.Row.Manager(), "dept": e.Row.Department()}
	for _, stmt := range []string{
		"UPDATE accounts SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner}",
		"UPDATE sync_issues SET manager = {:manager}, dept = {:dept} WHERE user = {:owner} AND state = 'open'",
		"UPDATE improvement_actions SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner} AND state IN ('open', 'done')",
		"UPDATE policy_acks SET manager = {:manager}, dept = {:dept} WHERE user = {:owner}",
	} {
		if _, err := e.App.DB().NewQuery(stmt).Bind(bind).Execute(); err != nil {
			return fmt.Errorf("move what hangs on a person: %w", err)
		}
	}
	return gate.FollowAccounts(e.App, "a.owner = {:owner}", dbx.Params{"owner": e.Row.ID()})
}
