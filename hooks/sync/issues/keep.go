package issues

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// Keep lets what was refused or overruled stay readable for the user and his manager
// until it is answered. Equal work that is open has one issue, which counts how
// often it was handed in: into is that one, empty if this has one of its own.
func (s *Service) Keep(ctx context.Context, txApp core.App, w Work, issue syncer.Issue) (into string, err error) {
	id, like := issue.ID(w.User.Id), issue.Like()
	if there, err := records.SyncIssues.Count(txApp, "id = {:id}", dbx.Params{"id": id}); err != nil || there > 0 {
		return "", err
	}
	if into, err = s.countTo(ctx, txApp, w.User.Id, like); err != nil || into != "" {
		return into, err
	}
	row, err := records.SyncIssues.New(txApp)
	if err != nil {
		return "", err
	}
	seen, err := s.seen(txApp, w.Device)
	if err != nil {
		return "", err
	}
	user := records.Users.Of(w.User)
	row.Raw().Id = id
	row.SetUser(user.ID())
	row.SetManager(user.Manager())
	row.SetDept(user.Department())
	row.SetDevice(records.SyncDeviceID(w.Device.ID))
	row.SetSeen(seen)
	row.SetKeptAt(w.Kept)
	row.SetSentAt(w.Sent)
	fill(row, issue)
	row.SetState(sync.IssueOpen)
	row.SetTimes(1)
	row.SetLikeness(like)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return "", fmt.Errorf("keep an issue: %w", err)
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
func (s *Service) countTo(ctx context.Context, txApp core.App, user, like string) (id string, err error) {
	if like == "" || s.cfg.Planted == syncer.PlantIssueFlood {
		return "", nil
	}
	issue, found, err := records.SyncIssues.First(txApp, "user = {:u} AND likeness = {:l} AND state = {:s}",
		dbx.Params{"u": user, "l": like, "s": sync.IssueOpen}, "n")
	if err != nil || !found {
		return "", err
	}
	issue.SetTimes(issue.Times() + 1)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue.Raw()); err != nil {
		return "", fmt.Errorf("count to an issue: %w", err)
	}
	return string(issue.ID()), nil
}

// seen renders what a device has seen and in which schema it speaks, to be kept
// with its work.
func (s *Service) seen(app core.App, device syncer.Device) (string, error) {
	c := device.Cursor
	c.Schema, c.Device = device.Schema, device.ID
	keys, err := s.engine.Keys(app)
	if err != nil {
		return "", err
	}
	return c.Encode(keys.Seal), nil
}

// Full reports whether a user has as many open issues as he may: what else of his
// would be refused has no room. It is asked before a push, which may go beyond.
func (s *Service) Full(app core.App, user string) (*syncer.Problem, error) {
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
		return nil, fmt.Errorf("count open issues: %w", err)
	}
	if n < int64(most) {
		return nil, nil
	}
	return &syncer.Problem{Status: http.StatusTooManyRequests, Code: "issues_full", Params: map[string]any{"open": n, "limit": most}}, nil
}
