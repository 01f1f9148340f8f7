package org

import (
	"cmp"
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func departments() kit.Collection {
	return kit.Collection{
		Name: records.DepartmentTable,
		Audit: gate.Audit{Fields: []string{
			records.DepartmentColName, records.DepartmentColKind, records.DepartmentColHead, records.DepartmentColParent,
		}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Departments, "orgDeptCreate", deptSaved),
			kit.On(kit.Update, records.Departments, "orgDeptUpdate", deptSaved),
		},
	}
}

// department is one as the chart knows it.
func department(d records.Department) people.Department {
	return people.Department{ID: string(d.ID()), Kind: string(d.Kind()), Head: string(d.Head()), Parent: string(d.Parent())}
}

// deptSaved holds departments to a tree with heads of their own.
func deptSaved(e *kit.Change[records.Department]) error {
	d, before := department(e.Row), department(e.Before())
	if e.Row.IsNew() || d != before {
		chart, err := gate.ReadChart(e.App)
		if err != nil {
			return err
		}
		if d.Head == before.Head {
			d.Head = "" // who was the head may have left since; that is not this change's
		}
		if err := chart.CheckDepartment(d); err != nil {
			return gate.WrapError(err)
		}
	}
	return e.Next()
}

// appointment args: former is the role of the one in office from now on, a KA
// manager if none is named.
type appointment struct {
	User   records.UserID   `json:"user"`
	Former records.UserRole `json:"former"`
}

// appoint lets an administrator give a KA department its next manager. The one in
// office reports to his successor, as do all who reported to him.
func (s service) appoint(ctx context.Context, tx core.App, dept records.Department, args appointment) error {
	if !administrates(gate.Of(ctx).User) {
		return gate.Refuse("record.not_allowed")
	}
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	next := chart.People[string(args.User)]
	if !next.Active || next.Dept != string(dept.ID()) || next.Role == people.RoleDeptManager {
		return gate.Refuse("org.appoint_invalid")
	}
	if n := chart.Reports(next.ID, people.RoleRep); n > 0 {
		return gate.Refuse("org.has_reports", "n", n)
	}
	moved, err := succession(tx, dept.ID(), args)
	if err != nil {
		return err
	}
	ctx = context.WithValue(gate.AsServer(ctx), swapKey{}, true)
	for _, user := range moved {
		if err := tx.SaveWithContext(ctx, user.Raw()); err != nil {
			return err
		}
	}
	dept.SetHead(args.User)
	return whole(tx, moved)
}

// succession gives all whom an appointment moves their roles and managers: who is
// appointed, the former manager, and those who reported to him.
func succession(tx core.App, dept records.DepartmentID, args appointment) ([]records.User, error) {
	former, err := records.Users.All(tx, "department = {:d} AND role = 'dept_manager' AND active = TRUE", dbx.Params{"d": dept}, "")
	if err != nil {
		return nil, err
	}
	reports, err := records.Users.All(tx, `id <> {:next} AND manager IN (SELECT id FROM users WHERE department = {:d} AND role = 'dept_manager' AND active = TRUE)`,
		dbx.Params{"d": dept, "next": args.User}, "")
	if err != nil {
		return nil, err
	}
	next, err := records.Users.Require(tx, args.User)
	if err != nil {
		return nil, err
	}
	above := records.UserID("")
	for _, f := range former {
		above = f.Manager()
		f.SetRole(cmp.Or(args.Former, people.RoleKAManager))
		f.SetManager(args.User)
	}
	next.SetRole(people.RoleDeptManager)
	next.SetManager(above)
	for _, r := range reports {
		r.SetManager(args.User)
	}
	return append(append([]records.User{next}, former...), reports...), nil
}

// whole judges the people of an appointment once all are in place.
func whole(tx core.App, people []records.User) error {
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	for _, user := range people {
		if err := chart.CheckPerson(person(user)); err != nil {
			return gate.WrapError(err)
		}
	}
	return nil
}
