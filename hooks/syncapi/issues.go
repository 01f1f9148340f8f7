package syncapi

import (
	"fmt"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// Keep implements syncer.Applier: what was refused or overruled stays readable
// for the user and his manager until it is acknowledged.
func (a *applier) Keep(issue syncer.Issue) error {
	coll, err := a.app.FindCachedCollectionByNameOrId("sync_issues")
	if err != nil {
		return err
	}
	id := issue.ID(a.user.Id)
	if there, err := a.exists(coll, id); err != nil || there {
		return err
	}
	record := core.NewRecord(coll)
	record.Id = id
	seen, err := a.service.seen(a.app, a.past.device)
	if err != nil {
		return err
	}
	record.Load(map[string]any{
		"user": a.user.Id, "manager": a.user.GetString("manager"), "dept": a.user.GetString("department"),
		"device": a.device.Id, "n": issue.N, "mutation": issue.Mutation, "kind": issue.Kind,
		"collection": issue.Collection, "record": issue.Record, "code": issue.Code,
		"params": issue.Params, "fields": issue.Fields, "payload": string(issue.Payload),
		"field": issue.Conflict.Field, "policy": issue.Conflict.Policy, "resolution": issue.Conflict.Resolution,
		"ancestor": string(issue.Conflict.Ancestor), "mine": string(issue.Conflict.Mine), "theirs": string(issue.Conflict.Theirs),
		"state": domain.IssueOpen, "seen": seen, "kept_at": a.past.arrived, "sent_at": a.past.sent,
	})
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), record); err != nil {
		return fmt.Errorf("failed to keep an issue: %w", err)
	}
	return nil
}
