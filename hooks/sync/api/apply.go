package api

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/hooks/sync/issues"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// applier carries out one push's mutations as their author: through the
// collection's API rules and the same model hooks as every other write.
type applier struct {
	service *Service
	base    context.Context
	ctx     context.Context // of the mutation in hand
	app     core.App        // of the push's transaction
	user    *core.Record
	by      *core.Record // who stands in for the user; nil if he acts himself
	past    *past
	said    time.Time // when the server heard of the work as it is
	sent    time.Time // what the phone's clock said then; zero if unknown
	asked   asked
}

// newApplier makes an applier on a transaction. Whoever sent the mutations may
// hang up meanwhile: others share the transaction.
func newApplier(s *Service, ctx context.Context, txApp core.App, user *core.Record, p *past) *applier {
	ctx = context.WithoutCancel(ctx)
	a := &applier{service: s, base: ctx, app: txApp, user: user, past: p, said: p.arrived, sent: p.sent, asked: asked{}}
	a.ctx = gate.With(ctx, gate.Actor{User: user, Device: p.device.ID, Held: a.held, Knew: a.knew})
	return a
}

// take puts what is carried out next into the context of its writes.
func (a *applier) take(m *syncer.Mutation) {
	actor := gate.Of(a.ctx)
	actor.Work = gate.Work{Device: a.past.device.ID, N: m.N, Kept: a.past.arrived, Said: a.said, Sent: a.sent}
	a.ctx = gate.With(a.base, actor)
}

// Create implements syncer.Applier.
func (a *applier) Create(rule *syncer.Rule, m *syncer.Mutation) (bool, error) {
	a.take(m)
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return false, err
	}
	taken, err := a.exists(coll, m.R)
	if err != nil {
		return false, err
	}
	if taken {
		return false, a.sameAgain(coll, m)
	}
	record := core.NewRecord(coll)
	record.Id = m.R
	if err := setAll(record, m.Set); err != nil {
		return false, err
	}
	return true, a.guarded(func() error {
		if err := a.app.SaveWithContext(a.ctx, record); err != nil {
			return err
		}
		// The rule may look at related rows, so it is asked of the row in place.
		ok, err := a.can(record, coll.CreateRule, m, http.MethodPost)
		if err == nil && !ok {
			err = a.createLate(rule, record, m)
		}
		if err != nil {
			return err
		}
		return a.signRelease(record)
	})
}

// sameAgain accepts a create of what its author already made, and nothing else.
func (a *applier) sameAgain(coll *core.Collection, m *syncer.Mutation) error {
	old, err := a.app.FindRecordById(coll, m.R)
	if err != nil {
		return err
	}
	if ok, err := a.can(old, coll.ViewRule, m, http.MethodGet); err != nil {
		return err
	} else if !ok {
		return &syncer.Problem{Code: "id.taken"}
	}
	again := core.NewRecord(coll)
	if err := setAll(again, m.Set); err != nil {
		return err
	}
	for name := range m.Set {
		if !sameValue(again, old, name) && !wasSaid(again, old, name) {
			return &syncer.Problem{Code: "id.taken"}
		}
	}
	return nil
}

// Update implements syncer.Applier.
func (a *applier) Update(rule *syncer.Rule, m *syncer.Mutation, set map[string]jsontext.Value) error {
	a.take(m)
	record, err := a.mine(rule, m, func(c *core.Collection) *string { return c.UpdateRule }, http.MethodPatch)
	if err != nil {
		return err
	}
	if record == nil {
		return a.propose(rule, m, set)
	}
	if len(set)+len(m.Inc)+len(m.Add)+len(m.Remove) == 0 {
		return nil
	}
	if err := setAll(record, set); err != nil {
		return err
	}
	setMore(record, m)
	return a.guarded(func() error { return a.app.SaveWithContext(a.ctx, record) })
}

// Delete implements syncer.Applier.
func (a *applier) Delete(rule *syncer.Rule, m *syncer.Mutation) (bool, error) {
	a.take(m)
	record, err := a.mine(rule, m, func(c *core.Collection) *string { return c.DeleteRule }, http.MethodDelete)
	if err != nil {
		return false, err
	}
	if record == nil {
		return false, a.left(rule, m)
	}
	return true, a.guarded(func() error { return a.app.DeleteWithContext(a.ctx, record) })
}

// Act implements syncer.Applier.
func (a *applier) Act(rule *syncer.Rule, m *syncer.Mutation) error {
	a.take(m)
	name := rule.Collection.Name + "." + m.Action
	act, ok := a.service.cfg.Actions[name]
	if !ok {
		return &syncer.Problem{Code: "action.unknown", Params: map[string]any{"action": clip(m.Action)}}
	}
	record, err := a.mine(rule, m, func(c *core.Collection) *string { return c.ViewRule }, http.MethodPost)
	if err != nil {
		return err
	}
	if record == nil {
		return &syncer.Problem{Code: "record.not_found"}
	}
	ctx := issues.With(gate.Acting(a.ctx, name), &issues.Run{Session: a.past.session, Device: a.past.device.ID, Release: a.past.release})
	return a.guarded(func() error { return act(ctx, a.app, record, m.Args) })
}

// Visible implements syncer.Applier.
func (a *applier) Visible(rule *syncer.Rule, id string) (bool, error) {
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return false, err
	}
	record, err := a.find(coll, id)
	if err != nil || record == nil {
		return false, err
	}
	if a.by != nil { // the author as far as whoever stands in for him
		if ok, err := a.could(a.by, record, coll.ViewRule, &syncer.Mutation{}, http.MethodGet); err != nil || !ok {
			return false, err
		}
	}
	return a.could(a.user, record, a.lifted(coll.ViewRule), &syncer.Mutation{}, http.MethodGet)
}

// mine finds the record of m if one of the collection's rules lets this user at
// it. nil without an error: there is none that he may see.
func (a *applier) mine(rule *syncer.Rule, m *syncer.Mutation, pick func(*core.Collection) *string, method string) (*core.Record, error) {
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return nil, err
	}
	record, err := a.find(coll, m.R)
	if err != nil || record == nil {
		return nil, err
	}
	ok, err := a.can(record, pick(coll), m, method)
	if err != nil || ok {
		return record, err
	}
	late, err := a.isLate(rule, record, m)
	if err != nil || late {
		return record, err
	}
	if ok, err = a.can(record, coll.ViewRule, m, http.MethodGet); err != nil || !ok {
		return nil, err
	}
	return nil, &syncer.Problem{Code: "record.not_allowed"}
}

// exists asks for the id alone, since nearly always there is none.
func (a *applier) exists(coll *core.Collection, id string) (bool, error) {
	var n int
	err := a.asked.query(a.app.DB(), "SELECT COUNT(*) FROM {{"+coll.Name+"}} WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&n)
	return n > 0, err
}

func (a *applier) find(coll *core.Collection, id string) (*core.Record, error) {
	record, err := a.app.FindRecordById(coll, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

// can asks an API rule. Whoever stands in for another needs a right of his own
// or, to a row that he may see, the other's.
func (a *applier) can(record *core.Record, rule *string, m *syncer.Mutation, method string) (bool, error) {
	if a.by == nil {
		return a.could(a.user, record, rule, m, method)
	}
	ok, err := a.could(a.by, record, rule, m, method)
	if err != nil || ok {
		return ok, err
	}
	if ok, err = a.could(a.by, record, record.Collection().ViewRule, m, http.MethodGet); err != nil || !ok {
		return false, err
	}
	return a.could(a.user, record, a.lifted(rule), m, method)
}

// lifted is a rule as it is for an author whose suspension is lifted, for one
// piece of work, by whoever stands in for him.
func (a *applier) lifted(rule *string) *string {
	if a.by == nil || rule == nil || records.Users.Of(a.user).Active() {
		return rule
	}
	lifted := strings.ReplaceAll(*rule, activeOnly, `@request.auth.id != ""`)
	return &lifted
}

// activeOnly is what API rules ask of everybody: not to be disabled. PocketBase
// reads it from the table, whatever the record in hand says.
const activeOnly = "@request.auth.active = true"

// could is CanAccessRecord, as of now in the transaction.
func (a *applier) could(user, record *core.Record, rule *string, m *syncer.Mutation, method string) (bool, error) {
	if rule != nil && *rule != "" {
		q, err := a.service.judge.of(a.app, user, record.Collection(), *rule)
		if err != nil {
			return false, err
		}
		if q != nil {
			return q.ask(a.app.DB(), a.asked, user.Id, record.Id)
		}
	}
	set := make(map[string]any, len(m.Set))
	for name, value := range m.Set {
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			return false, err
		}
		set[name] = v
	}
	return a.app.CanAccessRecord(record, &core.RequestInfo{
		Context: core.RequestInfoContextDefault, Method: method, Auth: user, Body: set,
		Query: map[string]string{}, Headers: map[string]string{},
	}, rule)
}

// guarded runs a write. What a hook refuses, or breaks down over, is the
// verdict of this mutation alone; only a disk that cannot be written ends the push.
func (a *applier) guarded(write func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a.app.Logger().Error("A mutation panicked", "panic", fmt.Sprint(r))
			err = &syncer.Problem{Code: "internal", Retry: true}
		}
	}()
	err = write()
	if err == nil || endsPush(err) {
		return err
	}
	if p, ok := errors.AsType[*syncer.Problem](err); ok {
		return p
	}
	if p, fields, ok := gate.ProblemOf(err); ok {
		return &syncer.Problem{Code: p.Code, Params: p.Params, Fields: fields}
	}
	a.app.Logger().Error("A mutation failed", "error", err)
	return &syncer.Problem{Code: "internal", Retry: true}
}

// endsPush tells what ends the whole push from the verdict of one mutation.
func endsPush(err error) bool {
	return gate.CannotWrite(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Restore implements syncer.Applier. Fields that phones do not see, and files,
// are lost with the delete.
func (a *applier) Restore(rule *syncer.Rule, id string, body map[string]jsontext.Value) error {
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return err
	}
	record := core.NewRecord(coll)
	if err := setAll(record, shown(coll, body)); err != nil {
		return err
	}
	record.Id = id
	return a.guarded(func() error {
		if err := a.app.SaveWithContext(gate.AsServer(a.ctx), record); err != nil {
			return err
		}
		ok, err := a.can(record, coll.UpdateRule, &syncer.Mutation{}, http.MethodPatch)
		if err == nil && !ok {
			err = &syncer.Problem{Code: "record.not_found"}
		}
		return err
	})
}

// clip bounds what is echoed of a name that nobody knows.
func clip(name string) string { return string([]rune(name)[:min(len([]rune(name)), 64)]) }

// Keep implements syncer.Applier.
func (a *applier) Keep(issue syncer.Issue) (into string, err error) {
	w := issues.Work{User: a.user, Device: a.past.device, Kept: a.past.arrived, Sent: a.past.sent}
	return a.service.cfg.Issues.Keep(a.ctx, a.app, w, issue)
}

// Again implements syncer.Applier.
func (a *applier) Again(mutation string, notes []syncer.Note) error {
	actor := a.user
	if a.by != nil {
		actor = a.by
	}
	return a.service.cfg.Issues.Note(a.ctx, a.app, actor.Id, mutation, notes)
}

// signRelease marks a row that came to be because somebody released it.
func (a *applier) signRelease(record *core.Record) error {
	if a.by == nil || !mark(record, records.VisitColReleasedBy, a.by.Id) {
		return nil
	}
	return a.app.SaveWithContext(gate.AsServer(a.ctx), record)
}
