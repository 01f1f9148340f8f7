package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// lasting is said by hand, as the policy has it: rows that are added, and never
// changed or deleted by anybody.
var lasting = []string{
	"account_stage_log", "opportunity_stage_log", "case_events", "visit_events", "plan_progress", "policy_acks", "security_changes", "audit_log", "access_log", "satisfaction_responses",
}

// filed have no draft: a row of them is evidence once it is there.
var filed = []string{"invoices", "sync_issues", "approvals", "account_change_requests", "care_tasks", "account_coverage", "dispatches", "audit_findings"}

// deleter tries to get rid of one row of each collection.
type deleter struct {
	*keeper
	cells, drafts int
}

func newDeleter(t *testing.T, opts ...testapp.Option) *deleter {
	t.Helper()
	m := newMatrix(t, opts...)
	k := &keeper{matrix: m, states: map[string][]string{}, lines: map[string]target{}, phones: map[string]*testapp.Phone{}, open: map[string]bool{}}
	for _, target := range m.targets() {
		if _, taken := k.lines[target.collection]; target.id != "" && (!taken || target.label == target.collection) {
			k.lines[target.collection] = target
		}
	}
	k.relate()
	for _, who := range []string{"owner", "admin"} {
		k.phones[who] = m.app.Phone(m.people[who].token, "deleter"+who)
		k.phones[who].Pull()
	}
	return &deleter{keeper: k}
}

// TestNothingPastDraftIsDeleted over all collections and every way: what left
// draft, what is a log, and what no rule lets people delete.
func TestNothingPastDraftIsDeleted(t *testing.T) {
	d := newDeleter(t)
	d.all()
	for _, found := range d.wrong {
		t.Error(found)
	}
	t.Logf("%d cells; %d drafts can be deleted", d.cells, d.drafts)
	if d.cells < 1000 || d.drafts < 12 {
		t.Error("hardly anything was tried")
	}
}

// TestADeletePastDraftIsNoticed: without the mechanism the attempts pass.
func TestADeletePastDraftIsNoticed(t *testing.T) {
	effort.Late(t)
	d := newDeleter(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantDeletePast }))
	maps.DeleteFunc(d.lines, func(name string, _ target) bool {
		return !slices.Contains([]string{"opportunities", "cases", "invoices", "account_stage_log", "sync_issues"}, name)
	})
	d.all()
	found := strings.Join(d.wrong, "\n")
	for _, want := range []string{
		"opportunities in won is deleted by super", "cases in closed is deleted by super", "invoices in used is deleted by our own code",
		"account_stage_log is deleted by truncate", "sync_issues in open is deleted by super", "account_stage_log is changed by super", "sync_issues is changed by super",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody noticed: %s", want)
		}
	}
}

// all tries every collection that has a row.
func (d *deleter) all() {
	d.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(d.lines)) {
		c, err := d.app.FindCachedCollectionByNameOrId(name)
		if err != nil {
			d.t.Fatal(err)
		}
		if c.IsView() {
			continue
		}
		log, id := slices.Contains(lasting, name), d.lines[name].id
		states := d.states[name]
		switch {
		case log || len(states) == 0 && c.DeleteRule == nil && c.UpdateRule == nil:
			d.stays(name, id, "")
		case slices.Contains(filed, name):
			for _, state := range states {
				d.put(name, id, state)
				d.stays(name, id, state)
			}
		case len(states) > 0:
			d.moves(name, id, states)
		}
		if log || c.UpdateRule == nil {
			d.unchanging(name, id, log)
		}
	}
}

// moves tries a row with a machine in every state but its first.
func (d *deleter) moves(name, id string, states []string) {
	d.t.Helper()
	for _, state := range states[1:] {
		d.put(name, id, state)
		d.stays(name, id, state)
	}
	d.put(name, id, states[0])
	if d.tried(d.server(name, id)) == "" {
		d.drafts++
	}
}

// stays tries each way of getting rid of a row.
func (d *deleter) stays(name, id, state string) {
	d.t.Helper()
	label := name
	if state != "" {
		label += " in " + state
	}
	refused := func(way, code string) {
		d.cells++
		switch {
		case code == "":
			d.wrong = append(d.wrong, fmt.Sprintf("%s is deleted by %s", label, way))
		case strings.HasPrefix(code, "internal") || code == "?" || way == "super" && strings.HasPrefix(code, "rule"):
			d.wrong = append(d.wrong, fmt.Sprintf("%s is refused to %s without a code of ours: %s", label, way, code))
		}
	}
	for _, who := range []string{"super", "owner", "admin"} {
		refused(who, d.rest(http.MethodDelete, name, id, nil, who))
	}
	for _, who := range []string{"owner", "admin"} {
		refused("push of "+who, d.push("delete", name, id, nil, who))
	}
	refused("our own code", d.tried(d.server(name, id)))
	refused("truncate", d.tried(func(txApp core.App) error {
		c, err := txApp.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		return txApp.TruncateCollection(c)
	}))
}

// unchanging tries to change what nobody may; our own code changes what is no log.
func (d *deleter) unchanging(name, id string, log bool) {
	d.t.Helper()
	update := d.lines[name].update
	if name == "blobs" {
		update = map[string]any{"mime": "image/png"}
	}
	if len(update) == 0 {
		d.wrong = append(d.wrong, name+" has no change to try")
		return
	}
	d.cells++
	if d.rest(http.MethodPatch, name, id, update, "super") == "" {
		d.wrong = append(d.wrong, name+" is changed by super")
	}
	if !log {
		return
	}
	if d.tried(func(txApp core.App) error {
		r, err := txApp.FindRecordById(name, id)
		if err != nil {
			return err
		}
		r.Load(update)
		return txApp.SaveNoValidateWithContext(gate.Overriding(context.Background(), "a test"), r)
	}) == "" {
		d.wrong = append(d.wrong, name+" is changed by our own code")
	}
}

// server deletes a row as our own code would, past all locks that it may pass.
func (d *deleter) server(name, id string) func(txApp core.App) error {
	return func(txApp core.App) error {
		r, err := txApp.FindRecordById(name, id)
		if err != nil {
			return err
		}
		return txApp.DeleteWithContext(gate.Overriding(context.Background(), "a test"), r)
	}
}

// tried runs fn, undoes it, and returns the code of its refusal.
func (d *deleter) tried(fn func(txApp core.App) error) (code string) {
	d.t.Helper()
	undo := errors.New("undo")
	err := d.app.RunInTransaction(func(txApp core.App) error {
		if err := fn(txApp); err != nil {
			return err
		}
		return undo
	})
	if errors.Is(err, undo) {
		return ""
	}
	if p, _, ok := gate.ProblemOf(err); ok {
		return p.Code
	}
	return "other: " + err.Error()
}

// TestWhatHasKeptChildrenIsKept: a cascade asks for each row that it would take,
// and a relation that would be emptied counts as a change.
func TestWhatHasKeptChildrenIsKept(t *testing.T) {
	d := newDeleter(t)
	all, err := d.app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, child := range all {
		if child.IsView() || !slices.Contains(lasting, child.Name) && (child.DeleteRule != nil || child.UpdateRule != nil || len(d.states[child.Name]) != 0) {
			continue
		}
		for _, f := range child.Fields {
			to, ok := f.(*core.RelationField)
			if !ok || d.lines[child.Name].id == "" {
				continue
			}
			parent, err := d.app.FindCachedCollectionByNameOrId(to.CollectionId)
			if err != nil {
				t.Fatal(err)
			}
			id := d.lines[parent.Name].id
			if id == "" || parent.IsView() || parent.Id == child.Id {
				continue
			}
			if len(d.states[parent.Name]) > 0 {
				d.put(parent.Name, id, d.states[parent.Name][0])
			}
			d.sql(child.Name, d.lines[child.Name].id, to.Name, id)
			tried++
			for way, code := range map[string]string{"super": d.rest(http.MethodDelete, parent.Name, id, nil, "super"), "our own code": d.tried(d.server(parent.Name, id))} {
				if code == "" {
					t.Errorf("%s deletes a row of %s that %s.%s names", way, parent.Name, child.Name, to.Name)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d relations", tried)
	}
}

// TestNothingPastDraftIsDeletedInABatch, nor by a truncate over REST.
func TestNothingPastDraftIsDeletedInABatch(t *testing.T) {
	app := testapp.New(t)
	app.Settings().Batch.Enabled = true
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	order, err := app.FindFirstRecordByFilter("orders", "state = 'approved'")
	if err != nil {
		t.Fatal(err)
	}
	answer := app.DoBy(app.SuperuserToken(), http.MethodPost, "/api/batch", `{"requests":[{"method":"DELETE","url":"/api/collections/orders/records/`+order.Id+`"}]}`)
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "approval.kept") {
		t.Errorf("batch: %d %s", answer.Code, answer.Body)
	}
	answer = app.DoBy(app.SuperuserToken(), http.MethodDelete, "/api/collections/orders/truncate", "")
	if answer.Code != http.StatusBadRequest {
		t.Errorf("truncate: %d %s", answer.Code, answer.Body)
	}
	if _, err := app.FindRecordById("orders", order.Id); err != nil {
		t.Error(err)
	}
}
