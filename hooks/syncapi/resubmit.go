package syncapi

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/records"
	"satchel/syncer"
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

// resubmit args: {set, inc, add, remove, args, drop: [field], base}, all
// optional. The mutation is carried out as its author's, with the rest of its
// group; refused again, the issue stays open with the new reasons.
func (s *Service) resubmit(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
	var fix corrections
	if err := gate.Args(raw, &fix); err != nil {
		return err
	}
	q, err := s.ask(ctx, txApp, issue, domain.IssueResubmit)
	if err != nil {
		return err
	}
	unit, err := unitOf(txApp, issue)
	if err != nil {
		return err
	}
	if err := q.parentsAnswered(unit); err != nil {
		return err
	}
	payload, err := fix.on(payloadOf(issue))
	if err != nil {
		return err
	}
	var answer map[string]any
	if len(raw) > 0 {
		answer = map[string]any{"corrections": raw}
	}
	return q.carryUnit(unit, q.actor, map[string]jsontext.Value{issue.Id: payload}, answer)
}

func payloadOf(issue *core.Record) jsontext.Value {
	return jsontext.Value(issue.GetString("payload"))
}

// kept is what matters here of a mutation that an issue holds.
type kept struct {
	Group string   `json:"group"`
	After []string `json:"after"`
}

func keptOf(issue *core.Record) (k kept) {
	_ = json.Unmarshal(payloadOf(issue), &k) // of another form: it is refused again, alone
	return k
}

// unitOf lists the open issues whose mutations stand or fall together with this
// one's, in the order of their numbers.
func unitOf(app core.App, issue *core.Record) ([]*core.Record, error) {
	group := keptOf(issue).Group
	if group == "" {
		return []*core.Record{issue}, nil
	}
	var out []*core.Record
	err := app.RecordQuery(issuesCollection).
		AndWhere(dbx.HashExp{"user": issue.GetString("user"), "device": issue.GetString("device"), "state": domain.IssueOpen}).
		AndWhere(dbx.NewExp("kind <> 'conflict' AND json_extract(payload, '$.group') = {:g}", dbx.Params{"g": group})).
		OrderBy("n").All(&out)
	if err != nil {
		return nil, fmt.Errorf("failed to find the group of an issue: %w", err)
	}
	for i := range out {
		if out[i].Id == issue.Id {
			out[i] = issue
		}
	}
	return out, nil
}

// parentsAnswered refuses to go before something that is open itself.
func (q *inquiry) parentsAnswered(unit []*core.Record) error {
	for _, parent := range outside(unit) {
		open, err := q.app.CountRecords(issuesCollection, dbx.HashExp{
			"user": q.issue.GetString("user"), "state": domain.IssueOpen,
			"kind": []any{domain.IssueRejected, domain.IssueHeld, domain.IssueQuarantined},
		}, dbx.NewExp("(mutation = {:m} OR id IN (SELECT result->>'issue' FROM _sync_push WHERE mutation = {:m} AND mutation <> ''))", dbx.Params{"m": parent}))
		if err != nil {
			return err
		}
		if open > 0 {
			return gate.Refuse("issue.parent_open", "parent", parent)
		}
	}
	return nil
}

// outside lists the parents of a unit that are not of it.
func outside(unit []*core.Record) (parents []string) {
	var own []string
	for _, issue := range unit {
		own = append(own, issue.GetString("mutation"))
	}
	for _, issue := range unit {
		for _, parent := range keptOf(issue).After {
			if !slices.Contains(own, parent) && !slices.Contains(parents, parent) {
				parents = append(parents, parent)
			}
		}
	}
	return parents
}

// carryUnit carries out all of a unit or nothing. corrected holds payloads by
// issue. A refusal is a *syncer.Problem that notes on each issue why.
func (q *inquiry) carryUnit(unit []*core.Record, by *core.Record, corrected map[string]jsontext.Value, answer map[string]any) error {
	for _, issue := range unit {
		payload, ok := corrected[issue.Id]
		if !ok {
			payload = payloadOf(issue)
		}
		// As the author's own: his edits on top of it are no conflict with it.
		r, err := q.carry(issue, by, payload, issue.GetString("device"))
		if p, refused := syncer.IsProblem(err); refused {
			return refusedAgain(unit, issue, p, corrected)
		}
		if err != nil {
			return err
		}
		out := map[string]any{"status": r.Status}
		if issue.Id == q.issue.Id {
			for k, v := range answer {
				out[k] = v
			}
		}
		if err := q.settle(issue, r); err != nil {
			return err
		}
		if err := q.close(issue, by, domain.IssueResubmitted, out); err != nil {
			return err
		}
	}
	return nil
}

func refusedAgain(unit []*core.Record, culprit *core.Record, p *syncer.Problem, corrected map[string]jsontext.Value) error {
	again := *p
	again.Notes = slices.Clone(p.Notes)
	for _, issue := range unit {
		why := p
		if issue.Id != culprit.Id {
			why = &syncer.Problem{Code: "sync.group_refused", Params: map[string]any{"n": culprit.GetInt("n")}}
		}
		again.Notes = append(again.Notes, syncer.Note{Issue: issue.Id, Problem: why, Payload: corrected[issue.Id]})
	}
	return &again
}

// carry carries out one mutation as its author's device sent it, on the answer
// of by. It counts as the change of device.
func (q *inquiry) carry(issue, by *core.Record, payload jsontext.Value, device string) (syncer.Result, error) {
	ap, who, err := q.standIn(issue, by)
	if err != nil {
		return syncer.Result{}, err
	}
	if !sameWork(payload, payloadOf(issue)) { // what was corrected is said only now
		ap.said, ap.sent = q.service.cfg.Now(), time.Time{}
	}
	return q.run.session.Carry(q.run.device, device, who, payload, ap)
}

// standIn is the applier of an issue's author as of when his work arrived, with
// by answering for it.
func (q *inquiry) standIn(issue, by *core.Record) (*applier, syncer.Device, error) {
	s := q.service
	author, err := q.app.FindRecordById(gate.Users, issue.GetString("user"))
	if err != nil {
		return nil, syncer.Device{}, fmt.Errorf("failed to find the author of an issue: %w", err)
	}
	device, found, err := records.SyncDevices.Find(q.app, records.SyncDeviceID(issue.GetString("device")))
	if err != nil {
		return nil, syncer.Device{}, err
	}
	who := syncer.Device{User: author.Id}
	if found { // else gone, and with it what it has seen
		who.ID = string(device.ID())
	}
	if who.Cursor, err = s.seenBy(q.app, who.ID, issue.GetString("seen")); err != nil {
		return nil, who, err
	}
	who.Schema = who.Cursor.Schema
	p := &past{
		session: q.run.session, device: who, arrived: issue.GetDateTime("kept_at").Time(), sent: issue.GetDateTime("sent_at").Time(), release: q.run.release,
	}
	ap := newApplier(s, q.ctx, q.app, author, p)
	if by.Id != author.Id {
		ap.by = by
		ap.ctx = gate.With(q.ctx, gate.Actor{User: by, For: author, Device: q.run.device, Held: ap.held})
	}
	return ap, who, nil
}

// sameWork tells whether two payloads carry the same fields and arguments.
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

// signRelease marks a row that came to be because somebody released it.
func (a *applier) signRelease(record *core.Record) error {
	if a.by == nil || !mark(record, records.VisitColReleasedBy, a.by.Id) {
		return nil
	}
	return a.app.SaveWithContext(gate.AsServer(a.ctx), record)
}

// seen renders what a device has seen and in which schema it speaks, to be kept
// with its work.
func (s *Service) seen(app core.App, device syncer.Device) (string, error) {
	c := device.Cursor
	c.Schema, c.Device = device.Schema, device.ID
	keys, err := s.Keys(app)
	if err != nil {
		return "", err
	}
	return c.Encode(keys.Seal), nil
}
