package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/hooks/field/visits"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

var unlocked = testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantStepRewritten })

// TestARewrittenStepIsNoticed: without the lock the attempts on what hangs on a
// visit pass, at a desk and by a phone.
func TestARewrittenStepIsNoticed(t *testing.T) {
	effort.Late(t)
	m := newMatrix(t, unlocked)
	k := keep(t, m, "visits", "cases")
	found := strings.Join(k.wrong, "\n")
	for _, want := range []string{
		"update of visit_steps.visit of visits is not refused to owner by rest while the parent is accepted",
		"update of visit_steps.visit of visits is not refused to owner by push while the parent is accepted",
		"create of store_checks.visit of visits is not refused", "create of visit_feedback.visit of visits is not refused", "create of blobs.visit of visits is not refused",
		"create of case_events.issue of cases is not refused",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody noticed: %s", want)
		}
	}
}

// TestARewrittenStepBreaksTheChain after the verdict, though no event tells of it.
func TestARewrittenStepBreaksTheChain(t *testing.T) {
	m := &matrix{t: t, app: testapp.New(t, unlocked)}
	account := m.app.AccountOf("rep.chen")
	m.line = map[string]any{"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept")}
	visit := m.make("visits", m.with(map[string]any{"type": "unplanned", "planned_date": "2026-03-16", "state": "checked_out"}))
	step := m.make("visit_steps", m.with(map[string]any{"visit": visit.Id, "key": "talk", "kind": "note", "answer": map[string]any{"text": "如实"}}))
	act := func(who, action, args string) {
		t.Helper()
		if got := m.app.Do(who, http.MethodPost, "/api/ka/visits/"+visit.Id+"/"+action, args); got.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", action, got.Code, got.Body)
		}
	}
	act("rep.chen", "report", `{"summary":"谈妥"}`)
	act("manager.wu", "accept", `{}`)
	if err := visits.CheckChain(m.app, account.GetString("owner")); err != nil {
		t.Fatal(err)
	}
	if got := m.app.Do("rep.chen", http.MethodPatch, "/api/collections/visit_steps/records/"+step.Id, `{"answer":{"text":"改过"}}`); got.Code != http.StatusOK {
		t.Fatalf("the fault is not planted: %d %s", got.Code, got.Body)
	}
	events, err := m.app.CountRecords("visit_events", dbx.HashExp{"visit": visit.Id})
	if err != nil || events != 2 {
		t.Errorf("%d events, %v", events, err)
	}
	if err := visits.CheckChain(m.app, account.GetString("owner")); err == nil || !strings.Contains(err.Error(), visit.Id) {
		t.Errorf("the chain holds: %v", err)
	}
}
