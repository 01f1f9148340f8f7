package org_test

import (
	"net/http"
	"strings"
	"testing"

	"satchel/domain/catalog"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// policy: R2.1 H-ORG-4
//
// TestOpenWorkIsNamed: each kind of work that somebody may leave undone has words in both
// languages, and a refusal names what there is and nothing else.
func TestOpenWorkIsNamed(t *testing.T) {
	d := testapp.Open(t)
	declared := map[string]bool{}
	for _, w := range gate.OpenWorkOf(d.App) {
		declared[w.Collection] = true
		if words := catalog.OpenWork[w.Collection]; !strings.Contains(words.ZH, "{n}") || !strings.Contains(words.EN, "{n}") {
			t.Errorf("%s: %+v", w.Collection, words)
		}
	}
	for name := range catalog.OpenWork {
		if !declared[name] {
			t.Errorf("nobody leaves %s", name)
		}
	}
	peng := d.As("rep.peng")
	for _, table := range []string{"accounts", "activity_tasks", "improvement_actions", "target_letters"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.Make("rep.peng", "expense_claims", map[string]any{"owner": peng.Id, "title": "三月", "period": "2026-03", "payee_kind": "employee"})
	d.Make("rep.peng", "advances", map[string]any{"owner": peng.Id, "purpose": "展会", "amount_fen": 100_00, "due_on": "2026-05-01"})
	agreed := d.Make("rep.peng", "preapprovals", map[string]any{
		"owner": peng.Id, "kind": "trip", "reason": "苏州门店", "day": "2026-04-01", "to_day": "2026-04-02", "planned_fen": 100_00,
	})
	if _, err := d.DB().NewQuery("UPDATE preapprovals SET state = 'approved' WHERE id = '" + agreed.Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DB().NewQuery("UPDATE advances SET state = 'paid' WHERE owner = '" + peng.Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	answer := d.Do("admin.fang", http.MethodPatch, "/api/collections/users/records/"+peng.Id, `{"active":false}`).Body.String()
	for _, text := range []string{
		"仍有未交接的工作:未了结的事前申请 1 份、未付款的报销单 1 张、未结清的借款 1 笔。交接后才能停用。",
		"There is open work: 1 pre-approvals, 1 claims that are not paid, 1 advances that are not cleared; hand it over before you disable the person.",
		`"expense_claims":1`, `"preapprovals":1`, `"payment_runs":0`,
	} {
		if !strings.Contains(answer, text) {
			t.Errorf("%q is not said: %s", text, answer)
		}
	}
}
