package api_test

import "testing"

func (d *desk) contact(record, account, name string, more map[string]any) map[string]any {
	m := d.mutation("create", "contacts", record, map[string]any{"set": map[string]any{"account": account, "name": name}})
	for k, v := range more {
		m[k] = v
	}
	return m
}

// TestAGroupPassesOrFailsTogether, wherever in it the refusal is.
func TestAGroupPassesOrFailsTogether(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	in := func(g string) map[string]any { return map[string]any{"group": g} }
	got := chen.push(
		chen.contact(id("a1"), mine, "一", in("g1")), chen.contact(id("a2"), mine, "二", in("g1")),
		chen.contact(id("b1"), mine, "一", in("g2")), chen.contact(id("b2"), foreign, "二", in("g2")), chen.contact(id("b3"), mine, "三", in("g2")),
		chen.contact(id("c1"), mine, "独", nil),
		chen.contact(id("d1"), foreign, "一", in("g3")), chen.contact(id("d2"), mine, "二", in("g3")),
	)
	chen.expect("push", got, "applied", "applied",
		"rejected sync.group_refused", "rejected record.not_allowed", "rejected sync.group_refused", "applied",
		"rejected record.not_allowed", "rejected sync.group_refused")
	for record, there := range map[string]bool{"a1": true, "a2": true, "b1": false, "b2": false, "b3": false, "c1": true, "d1": false, "d2": false} {
		if _, err := app.FindRecordById("contacts", id(record)); (err == nil) != there {
			t.Errorf("%s: there is %v", record, err == nil)
		}
	}
}

// TestAChildWaitsForItsParent that was refused, in the same push or an earlier one.
func TestAChildWaitsForItsParent(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	after := func(m map[string]any) map[string]any { return map[string]any{"after": []any{m["id"]}} }
	bad := chen.contact(id("p1"), foreign, "上", nil)
	child := chen.contact(id("p2"), mine, "下", after(bad))
	grandchild := chen.contact(id("p3"), mine, "再下", after(child))
	good := chen.contact(id("q1"), mine, "上", nil)
	chen.expect("one push", chen.push(bad, child, grandchild, good, chen.contact(id("q2"), mine, "下", after(good))),
		"rejected record.not_allowed", "held sync.held", "held sync.held", "applied", "applied")
	chen.expect("a later push", chen.push(chen.contact(id("p4"), mine, "晚", after(bad)), chen.contact(id("q3"), mine, "晚", after(good))), "held sync.held", "applied")
	chen.expect("an unknown parent", chen.push(chen.contact(id("r1"), mine, "孤", map[string]any{"after": []any{id("nobody")}})), "held sync.held")
	issues, err := app.FindRecordsByFilter("sync_issues", "kind = 'held'", "", 0, 0)
	if err != nil || len(issues) != 4 {
		t.Errorf("%d held mutations are kept, want 4, %v", len(issues), err)
	}
}
