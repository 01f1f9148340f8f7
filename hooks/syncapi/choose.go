package syncapi

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

// choose args: {take: "mine" | "theirs"} or {take: "value", value}. If the field
// has changed again since the report, the issue learns the new value and stays
// open: issue.row_changed.
func (s *Service) choose(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
	var args struct {
		Take  string         `json:"take"`
		Value jsontext.Value `json:"value"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	q, err := s.ask(ctx, txApp, issue, domain.IssueChoose)
	if err != nil {
		return err
	}
	theirs := jsontext.Value(issue.GetString("theirs"))
	value, known := map[string]jsontext.Value{"mine": jsontext.Value(issue.GetString("mine")), "theirs": theirs, "value": args.Value}[args.Take]
	if !known || len(value) == 0 || args.Take != "value" && len(args.Value) > 0 {
		return gate.Refuse("issue.choice_invalid")
	}
	field := issue.GetString("field")
	rule, row, err := q.run.session.Row(issue.GetString("collection"), issue.GetString("record"), q.run.device)
	if err != nil {
		return err
	}
	if row == nil {
		return gate.Refuse("record.not_found")
	}
	ap, _, err := q.standIn(issue, q.actor)
	if err != nil {
		return err
	}
	if ok, err := ap.Visible(rule, issue.GetString("record")); err != nil || !ok { // no longer his to know
		return errors.Join(err, gate.Refuse("record.not_found"))
	}
	if now := row.Body[field]; !syncer.Same(now, theirs) {
		p := &syncer.Problem{Code: "issue.row_changed", Params: map[string]any{"field": field, "current": now}}
		p.Notes = []syncer.Note{{Issue: issue.Id, Problem: p, Theirs: now}}
		return p
	}
	answer := map[string]any{"take": args.Take, "value": value}
	if !syncer.Same(value, theirs) {
		edit, err := json.Marshal(syncer.Mutation{
			N: 1, ID: issue.Id, Op: syncer.OpUpdate, C: issue.GetString("collection"), R: issue.GetString("record"),
			Base: row.Ver, Set: map[string]jsontext.Value{field: value},
		})
		if err != nil {
			return err
		}
		_, err = q.carry(issue, q.actor, edit, q.run.device)
		if p, refused := syncer.IsProblem(err); refused {
			return refusedAgain([]*core.Record{issue}, issue, p, nil)
		}
		if err != nil {
			return err
		}
	}
	return q.close(issue, q.actor, q.next, answer)
}
