package syncapi

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	// openMostKey is the setting of how many open issues of a user stop his pushes.
	openMostKey = "issues.open_max"
	// fullWait is after how many seconds a phone whose user has too many comes again.
	fullWait = "300"
)

// Keep implements syncer.Applier: what was refused or overruled stays readable
// for the user and his manager until it is acknowledged. Equal work that is open
// has one issue, which counts how often it was handed in.
func (a *applier) Keep(issue syncer.Issue) (into string, err error) {
	coll, err := a.app.FindCachedCollectionByNameOrId(issuesCollection)
	if err != nil {
		return "", err
	}
	id, like := issue.ID(a.user.Id), issue.Like()
	if there, err := a.exists(coll, id); err != nil || there {
		return "", err
	}
	if into, err = a.countTo(like); err != nil || into != "" {
		return into, err
	}
	record := core.NewRecord(coll)
	record.Id = id
	seen, err := a.service.seen(a.app, a.past.device)
	if err != nil {
		return "", err
	}
	record.Load(map[string]any{
		"user": a.user.Id, "manager": a.user.GetString("manager"), "dept": a.user.GetString("department"),
		"device": a.device.Id, "n": issue.N, "mutation": issue.Mutation, "kind": issue.Kind,
		"collection": issue.Collection, "record": issue.Record, "code": issue.Code,
		"params": issue.Params, "fields": issue.Fields, "payload": string(issue.Payload),
		"field": issue.Conflict.Field, "policy": issue.Conflict.Policy, "resolution": issue.Conflict.Resolution,
		"ancestor": string(issue.Conflict.Ancestor), "mine": string(issue.Conflict.Mine), "theirs": string(issue.Conflict.Theirs),
		"state": domain.IssueOpen, "seen": seen, "kept_at": a.past.arrived, "sent_at": a.past.sent,
		"times": 1, "likeness": like,
	})
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), record); err != nil {
		return "", fmt.Errorf("failed to keep an issue: %w", err)
	}
	return "", nil
}

// countTo counts one more to the user's open issue of equal work; empty if there
// is none.
func (a *applier) countTo(like string) (id string, err error) {
	if like == "" || a.service.cfg.Planted == syncer.PlantIssueFlood {
		return "", nil
	}
	err = a.app.DB().NewQuery("SELECT id FROM sync_issues WHERE user = {:u} AND likeness = {:l} AND state = {:s} ORDER BY n LIMIT 1").
		Bind(dbx.Params{"u": a.user.Id, "l": like, "s": domain.IssueOpen}).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("failed to look for an equal issue: %w", err)
	}
	record, err := a.app.FindRecordById(issuesCollection, id)
	if err != nil {
		return "", fmt.Errorf("failed to find an issue: %w", err)
	}
	record.Set("times+", 1)
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), record); err != nil {
		return "", fmt.Errorf("failed to count to an issue: %w", err)
	}
	return id, nil
}

// full tells whether a user has as many open issues as he may: what else of his
// would be refused has no room. It is asked before a push, which may go beyond.
func (s *Service) full(app core.App, user string) (*syncer.Problem, error) {
	if s.cfg.Planted == syncer.PlantIssueFlood {
		return nil, nil
	}
	most, err := gate.SettingsNow(app).Whole(openMostKey)
	if err != nil {
		return nil, err
	}
	var n int64
	err = app.DB().NewQuery("SELECT " + gate.OpenIssues + " FROM sync_issues WHERE user = {:u} AND state = 'open'").Bind(dbx.Params{"u": user}).Row(&n)
	if err != nil {
		return nil, fmt.Errorf("failed to count open issues: %w", err)
	}
	if n < int64(most) {
		return nil, nil
	}
	return &syncer.Problem{Status: http.StatusTooManyRequests, Code: "issues_full", Params: map[string]any{"open": n, "limit": most}}, nil
}
