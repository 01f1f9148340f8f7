package syncapi

import (
	"fmt"
	"net/http"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// fullWait is after how many seconds a phone whose user has too many comes again.
const fullWait = "300"

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
	row, err := records.SyncIssues.New(a.app)
	if err != nil {
		return "", err
	}
	seen, err := a.service.seen(a.app, a.past.device)
	if err != nil {
		return "", err
	}
	user := records.Users.Of(a.user)
	row.Raw().Id = id
	row.SetUser(user.ID())
	row.SetManager(user.Manager())
	row.SetDept(user.Department())
	row.SetDevice(records.SyncDeviceID(a.past.device.ID))
	row.SetSeen(seen)
	row.SetKeptAt(a.past.arrived)
	row.SetSentAt(a.past.sent)
	fill(row, issue)
	row.SetState(domain.IssueOpen)
	row.SetTimes(1)
	row.SetLikeness(like)
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), row.Raw()); err != nil {
		return "", fmt.Errorf("failed to keep an issue: %w", err)
	}
	return "", nil
}

// fill writes what the engine says of the work.
func fill(row records.SyncIssue, issue syncer.Issue) {
	row.SetN(int(issue.N))
	row.SetMutation(issue.Mutation)
	row.SetKind(records.SyncIssueKind(issue.Kind))
	row.SetCollection(issue.Collection)
	row.SetRecord(issue.Record)
	row.SetCode(issue.Code)
	row.SetParams(issue.Params)
	row.SetFields(issue.Fields)
	row.SetPayload(string(issue.Payload))
	row.SetField(issue.Conflict.Field)
	row.SetPolicy(issue.Conflict.Policy)
	row.SetResolution(issue.Conflict.Resolution)
	row.SetAncestor(string(issue.Conflict.Ancestor))
	row.SetMine(string(issue.Conflict.Mine))
	row.SetTheirs(string(issue.Conflict.Theirs))
}

// countTo counts one more to the user's open issue of equal work; empty if there
// is none.
func (a *applier) countTo(like string) (id string, err error) {
	if like == "" || a.service.cfg.Planted == syncer.PlantIssueFlood {
		return "", nil
	}
	issue, found, err := records.SyncIssues.First(a.app, "user = {:u} AND likeness = {:l} AND state = {:s}",
		dbx.Params{"u": a.user.Id, "l": like, "s": domain.IssueOpen}, "n")
	if err != nil || !found {
		return "", err
	}
	issue.SetTimes(issue.Times() + 1)
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), issue.Raw()); err != nil {
		return "", fmt.Errorf("failed to count to an issue: %w", err)
	}
	return string(issue.ID()), nil
}

// full tells whether a user has as many open issues as he may: what else of his
// would be refused has no room. It is asked before a push, which may go beyond.
func (s *Service) full(app core.App, user string) (*syncer.Problem, error) {
	if s.cfg.Planted == syncer.PlantIssueFlood {
		return nil, nil
	}
	most, err := gate.SettingsNow(app).IssuesOpenMax()
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
