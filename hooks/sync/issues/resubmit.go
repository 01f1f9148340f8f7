package issues

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"reflect"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// corrections are what changes of a kept mutation: new values of fields and
// arguments, fields that are dropped, and the version it is based on by now.
type corrections struct {
	Set    map[string]jsontext.Value `json:"set"`
	Inc    map[string]jsontext.Value `json:"inc"`
	Add    map[string]jsontext.Value `json:"add"`
	Remove map[string]jsontext.Value `json:"remove"`
	Args   map[string]jsontext.Value `json:"args"`
	Drop   []string                  `json:"drop"`
	Base   jsontext.Value            `json:"base"`
}

// on returns the mutation with the corrections. What it does, and to which
// record, is not theirs to change.
func (c *corrections) on(payload jsontext.Value) (jsontext.Value, error) {
	missing := gate.Refuse("issue.payload_missing")
	var m map[string]jsontext.Value
	if json.Unmarshal(payload, &m) != nil || len(m["op"]) == 0 {
		return nil, missing
	}
	for name, changes := range map[string]map[string]jsontext.Value{"set": c.Set, "inc": c.Inc, "add": c.Add, "remove": c.Remove, "args": c.Args} {
		members := map[string]jsontext.Value{}
		if len(m[name]) > 0 && json.Unmarshal(m[name], &members) != nil {
			continue // of a form that its own verdict is about
		}
		if members == nil {
			members = map[string]jsontext.Value{}
		}
		for f, v := range changes {
			members[f] = v
		}
		for _, f := range c.Drop {
			delete(members, f)
		}
		if len(m[name]) == 0 && len(members) == 0 {
			continue
		}
		text, err := json.Marshal(members, json.Deterministic(true))
		if err != nil {
			return nil, err
		}
		m[name] = text
	}
	if len(c.Base) > 0 {
		m["base"] = c.Base
	}
	return json.Marshal(m, json.Deterministic(true))
}

// resubmit carries the mutation out as its author's, with the rest of its group;
// refused again, the issue stays open with the new reasons.
func (s *Service) resubmit(ctx context.Context, txApp core.App, record *core.Record, fix corrections) error {
	q, err := s.ask(ctx, txApp, records.SyncIssues.Of(record), sync.IssueResubmit)
	if err != nil {
		return err
	}
	unit, err := unitOf(txApp, q.issue)
	if err != nil {
		return err
	}
	if err := q.parentsAnswered(unit); err != nil {
		return err
	}
	payload, err := fix.on(q.issue.Payload())
	if err != nil {
		return err
	}
	var answer map[string]any
	if raw := kit.StepOf(ctx).Raw; len(raw) > 0 {
		answer = map[string]any{"corrections": raw}
	}
	return q.carryUnit(unit, q.actor, map[records.SyncIssueID]jsontext.Value{q.issue.ID(): payload}, answer)
}

// sameWork reports whether two payloads carry the same fields and arguments.
func sameWork(a, b jsontext.Value) bool {
	var x, y struct {
		Set    any `json:"set"`
		Inc    any `json:"inc"`
		Add    any `json:"add"`
		Remove any `json:"remove"`
		Args   any `json:"args"`
	}
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
