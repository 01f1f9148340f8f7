package issues

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// choice is what to take of a conflict: mine, theirs, or the value that comes with it.
type choice struct {
	Take  string         `json:"take"`
	Value jsontext.Value `json:"value"`
}

// of is the value that is chosen.
func (c choice) of(issue records.SyncIssue) (value jsontext.Value, err error) {
	switch {
	case c.Take == "value" && len(c.Value) > 0:
		return c.Value, nil
	case c.Take == "mine" && len(c.Value) == 0:
		return issue.Mine(), nil
	case c.Take == "theirs" && len(c.Value) == 0:
		return issue.Theirs(), nil
	}
	return nil, gate.Refuse("issue.choice_invalid")
}

// choose settles a conflict. If the field has changed again since the report, the
// issue learns the new value and stays open: issue.row_changed.
func (s *Service) choose(ctx context.Context, txApp core.App, record *core.Record, args choice) error {
	q, err := s.ask(ctx, txApp, records.SyncIssues.Of(record), sync.IssueChoose)
	if err != nil {
		return err
	}
	issue := q.issue
	value, err := args.of(issue)
	if err != nil {
		return err
	}
	field := issue.Field()
	rule, row, err := q.run.Session.Row(issue.Collection(), issue.Record(), q.run.Device)
	if err != nil {
		return err
	}
	if row == nil {
		return gate.Refuse("record.not_found")
	}
	w, err := q.workOf(issue, q.actor)
	if err != nil {
		return err
	}
	if ok, err := s.engine.Applier(ctx, txApp, w).Visible(rule, issue.Record()); err != nil {
		return err
	} else if !ok { // no longer his to know
		return gate.Refuse("record.not_found")
	}
	theirs := issue.Theirs()
	if now := row.Body[field]; !syncer.Same(now, theirs) {
		p := &syncer.Problem{Code: "issue.row_changed", Params: map[string]any{"field": field, "current": now}}
		p.Notes = []syncer.Note{{Issue: string(issue.ID()), Problem: p, Theirs: now}}
		return p
	}
	answer := map[string]any{"take": args.Take, "value": value}
	if !syncer.Same(value, theirs) {
		edit, err := json.Marshal(syncer.Mutation{
			N: 1, ID: string(issue.ID()), Op: syncer.OpUpdate, C: issue.Collection(), R: issue.Record(),
			Base: row.Ver, Set: map[string]jsontext.Value{field: value},
		})
		if err != nil {
			return err
		}
		_, err = q.carry(issue, q.actor, edit, q.run.Device)
		if p, refused := syncer.IsProblem(err); refused {
			return refusedAgain([]records.SyncIssue{issue}, issue, p, nil)
		}
		if err != nil {
			return err
		}
	}
	return q.close(issue, q.actor, q.next, answer)
}
