package org_test

import (
	"strings"
	"testing"
	"time"

	"satchel/internal/testapp"
)

// TestAnImprovementIsHandedOn: its author, and nobody else, gives it to another
// of his people, with who is over that one and a day of its own to be recalled for.
func TestAnImprovementIsHandedOn(t *testing.T) {
	d := testapp.Open(t)
	chen, wu := d.As("rep.chen"), d.As("manager.wu")
	row, refused := d.Create("manager.wu", "improvement_actions", map[string]any{"owner": chen.Id, "title": "补铺货", "due": "2026-03-18"})
	d.Must(refused)
	d.Job("improvements")
	if d.Fresh(row).GetDateTime("reminded_at").IsZero() {
		t.Error("nobody was recalled")
	}
	he, other := d.As("rep.he"), d.As("rep.ma") // he is wu's too, ma is xu's
	d.Expect("by who is responsible", d.Update("rep.chen", row, map[string]any{"owner": he.Id}), "field.locked owner")
	d.Expect("to another's", d.Update("manager.wu", row, map[string]any{"owner": other.Id}), "record.not_allowed")
	d.Expect("to nobody in office", d.Update("manager.wu", row, map[string]any{"owner": d.As("rep.gone").Id}), "action.owner_required owner")
	d.Expect("to his own", d.Update("manager.wu", row, map[string]any{"owner": he.Id, "due": "2026-03-20"}), "")
	fresh := d.Fresh(row)
	if fresh.GetString("manager") != wu.Id || fresh.GetString("dept") != he.GetString("department") || !fresh.GetDateTime("reminded_at").IsZero() {
		t.Errorf("of %s in %s, recalled %s", fresh.GetString("manager"), fresh.GetString("dept"), fresh.GetString("reminded_at"))
	}
	d.Expect("done by who was responsible", d.Act("rep.chen", row, "done", `{"result":"好了"}`), "record.not_found")
	d.Expect("done", d.Act("rep.he", row, "done", `{"result":"好了"}`), "")
	if n := d.Told("manager.wu", "action.verify"); n != 1 {
		t.Errorf("its author was told %d times", n)
	}
	d.Expect("edit of what is done", d.Update("manager.wu", row, map[string]any{"title": "另一件"}), "action.state")
	d.Expect("deletion", testapp.Code(d.Delete(row)), "action.kept")
}

// TestAPlanReplacesTheFormer: of a department and a year the last that was
// approved is in force.
func TestAPlanReplacesTheFormer(t *testing.T) {
	d := testapp.Open(t)
	approved := func(goals string) string {
		t.Helper()
		plan, refused := d.Create("director.lin", "annual_plans", map[string]any{"owner": d.As("director.lin").Id, "year": "2031", "goals": goals})
		d.Must(refused)
		d.Must(d.Act("director.lin", plan, "submit", "{}"))
		for d.Asked("", plan) != nil {
			name, _, _ := strings.Cut(d.Row("users", d.Asked("", plan).GetString("approver")).Email(), "@")
			d.Must(d.Decide(name, plan, "approve", "{}"))
		}
		return plan.Id
	}
	first := approved("增长")
	second := approved("再增长")
	for id, want := range map[string]string{first: "replaced", second: "approved"} {
		if got := d.Row("annual_plans", id).GetString("state"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestAPolicyStaysAsItWasPublished, and who read it has read it.
func TestAPolicyStaysAsItWasPublished(t *testing.T) {
	d := testapp.Open(t)
	doc, refused := d.Create("admin.fang", "policy_docs", map[string]any{"code": "KA-09", "name": "差旅制度", "version": "1.0", "effective_from": "2026-03-01"})
	d.Must(refused)
	d.Expect("publishing nothing", d.Act("admin.fang", doc, "publish", "{}"), "policy.empty")
	d.Expect("withdrawing a draft", d.Act("admin.fang", doc, "withdraw", "{}"), "policy.state")
	d.Expect("a draft's text", d.Update("admin.fang", doc, map[string]any{"summary": "摘要"}), "")
	d.Expect("its state", d.Update("admin.fang", doc, map[string]any{"state": "published"}), "field.locked state")
	d.Expect("its hash", d.Update("admin.fang", doc, map[string]any{"sha256": "x"}), "field.locked sha256")
	d.Expect("publishing", d.Act("admin.fang", doc, "publish", "{}"), "")
	ack, refused := d.Create("rep.chen", "policy_acks", map[string]any{"doc": doc.Id, "user": d.As("rep.chen").Id})
	d.Must(refused)
	d.Expect("a change of who read it", d.Set("", ack, "version", "9"), "policy.kept")
	d.Expect("forgetting who read it", testapp.Code(d.Delete(ack)), "policy.kept")
	d.Expect("saving it as it is", d.Update("admin.fang", doc, map[string]any{"summary": "摘要"}), "")
	d.Expect("withdrawing", d.Act("admin.fang", doc, "withdraw", "{}"), "")
	if got := d.Fresh(doc); got.GetString("state") != "withdrawn" || got.GetString("ack_due") != "2026-03-23" {
		t.Errorf("%s, to be read by %s", got.GetString("state"), got.GetString("ack_due"))
	}
	d.Expect("deletion", testapp.Code(d.Delete(d.Fresh(doc))), "policy.locked")
	d.Clock.Advance(30 * 24 * time.Hour)
	d.Job("policyAcks")
	if n := d.Told("rep.he", "policy.unread"); n != 0 {
		t.Errorf("recalled %d times for what is withdrawn", n)
	}
}
