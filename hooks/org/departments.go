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

// deptSaved holds departments to a tree with heads of their own.
func deptSaved(e *core.RecordEvent) error {
	d, before := department(e.Record), department(e.Record.Original())
	if e.Record.IsNew() || d != before {
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

// appoint args: {user, former}: an administrator gives a KA department its next
// manager. The one in office takes the role former, a KA manager if none is
// named, and reports to his successor, as do all who reported to him.
func (s *service) appoint(ctx context.Context, txApp core.App, dept *core.Record, raw jsontext.Value) error {
	args := struct {
		User   string `json:"user"`
		Former string `json:"former"`
	}{Former: domain.RoleKAManager}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if actor := gate.Of(ctx).User; actor == nil || roleOf(actor) != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	next := chart.People[args.User]
	if !next.Active || next.Dept != dept.Id || next.Role == domain.RoleDeptManager {
		return gate.Refuse("org.appoint_invalid")
	}
	if n := chart.Reports(next.ID, domain.RoleRep); n > 0 {
		return gate.Refuse("org.has_reports", "n", n)
	}
	ctx = context.WithValue(gate.AsServer(ctx), swapKey{}, true)
	former, err := txApp.FindAllRecords(gate.Users, dbx.HashExp{"department": dept.Id, "role": domain.RoleDeptManager, "active": true})
	if err != nil {
		return fmt.Errorf("failed to find the manager in office: %w", err)
	}
	above := ""
	for _, f := range former {
		above = userManager(f)
		setRole(f, args.Former, args.User)
	}
	user, err := txApp.FindRecordById(gate.Users, args.User)
	if err != nil {
		return fmt.Errorf("failed to find who is appointed: %w", err)
	}
	setRole(user, domain.RoleDeptManager, above)
	saves := append([]*core.Record{user}, former...)
	reports, err := txApp.FindAllRecords(gate.Users, dbx.In("manager", ids(former)...), dbx.Not(dbx.HashExp{"id": args.User}))
	if err != nil {
		return fmt.Errorf("failed to find who reported to the former manager: %w", err)
	}
	for _, r := range reports {
		setRole(r, roleOf(r), args.User)
		saves = append(saves, r)
	}
	for _, r := range saves {
		if err := txApp.SaveWithContext(ctx, r); err != nil {
			return err
		}
	}
	setHead(dept, args.User)
	if err := txApp.SaveWithContext(ctx, dept); err != nil {
		return err
	}
	return s.whole(txApp, saves)
}

// whole judges the people of an appointment once all are in place.
func (s *service) whole(txApp core.App, people []*core.Record) error {
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	for _, r := range people {
		if err := chart.CheckPerson(person(r)); err != nil {
			return gate.WrapError(err)
		}
	}
	return nil
}
