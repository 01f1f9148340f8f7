package issues_test

import (
	"strings"
	"testing"
	"time"
)

// TestARejectionIsCorrectedAndResubmitted, by its author or his manager, once;
// what fails again stays open with the new reasons and what was corrected.
func TestARejectionIsCorrectedAndResubmitted(t *testing.T) {
	app, server := serve(t)
	chen, wu, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu"), sit(t, app, server, "rep.he")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	bad := chen.contact(id("c1"), foreign, "王", nil)
	chen.expect("bad", chen.push(bad), "rejected record.not_allowed")
	issue := issueOf(t, app, bad).Id
	he.expect("a stranger", he.push(he.answer(issue, "resubmit", nil)), "rejected record.not_found")

	still := chen.answer(issue, "resubmit", map[string]any{"set": map[string]any{"account": mine, "name": ""}})
	chen.expect("still wrong", chen.push(still), "rejected validation")
	open := stateIs(t, app, bad, "rejected", "open", "validation")
	if n, err := app.CountRecords("sync_issues"); err != nil || n != 2 { // the stranger's
		t.Errorf("%d issues, %v", n, err)
	}
	var attempts []map[string]any
	if err := open.UnmarshalJSONField("attempts", &attempts); err != nil || len(attempts) != 1 || attempts[0]["mutation"] != still["id"] {
		t.Errorf("the attempts are %v, %v", attempts, err)
	}
	right := wu.answer(issue, "resubmit", map[string]any{"set": map[string]any{"name": "王芳"}})
	wu.expect("right", wu.push(right), "applied")
	done := stateIs(t, app, bad, "rejected", "resubmitted", "validation")
	if done.GetString("resolver") != app.As("manager.wu").Id || done.GetDateTime("resolved_at").IsZero() {
		t.Errorf("answered by %q at %v", done.GetString("resolver"), done.GetDateTime("resolved_at"))
	}
	made, err := app.FindRecordById("contacts", id("c1"))
	if err != nil || made.GetString("account") != mine || made.GetString("name") != "王芳" {
		t.Errorf("the contact is %v, %v", made, err)
	}
	wu.expect("again", wu.push(right), "applied")
	chen.expect("a second answer", chen.push(chen.answer(issue, "resubmit", nil), chen.answer(issue, "discard", map[string]any{"reason": "x"})),
		"rejected issue.closed", "rejected issue.closed")
	chen.expect("the verdict by now", chen.push(bad), "applied")
}

// TestARefusedResubmissionLeavesNothing of what it wrote, over both ways.
func TestARefusedResubmissionLeavesNothing(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	visit := chen.mutation("create", "visits", id("v1"), map[string]any{"set": map[string]any{"account": foreign, "type": "unplanned", "state": "planned", "objective": "x"}})
	other := chen.contact(id("c9"), mine, "旁", nil)
	chen.expect("bad", chen.push(visit), "rejected record.not_allowed")
	issue := issueOf(t, app, visit).Id
	chen.expect("push", chen.push(other, chen.answer(issue, "resubmit", map[string]any{"set": map[string]any{"objective": "y"}})), "applied", "rejected record.not_allowed")
	there(t, app, "visits", "v1", false)
	there(t, app, "contacts", "c9", true)
	got := chen.call("POST", "/api/ka/sync_issues/"+issue+"/resubmit", map[string]any{"set": map[string]any{"objective": "z"}})
	if got.status != 400 || got.code() != "record.not_allowed" {
		t.Errorf("over REST: %+v", got)
	}
	there(t, app, "visits", "v1", false)
	i := stateIs(t, app, visit, "rejected", "open", "record.not_allowed")
	if text := i.GetString("payload"); !strings.Contains(text, `"objective":"z"`) {
		t.Errorf("the payload is %s", text)
	}
	got = chen.call("POST", "/api/ka/sync_issues/"+issue+"/resubmit", map[string]any{"set": map[string]any{"account": mine}})
	if got.status != 200 || got.body["state"] != "resubmitted" {
		t.Errorf("over REST: %+v", got)
	}
	there(t, app, "visits", "v1", true)
	got = chen.call("POST", "/api/ka/sync_issues/"+issue+"/resubmit", nil)
	if got.code() != "issue.closed" {
		t.Errorf("a second answer over REST: %+v", got)
	}
}

// TestAGroupIsResubmittedTogether: nothing of it passes before all does.
func TestAGroupIsResubmittedTogether(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	in := map[string]any{"group": "g"}
	a, b, c := chen.contact(id("a"), mine, "一", in), chen.contact(id("b"), foreign, "二", in), chen.contact(id("c"), foreign, "三", in)
	chen.expect("push", chen.push(a, b, c), "rejected sync.group_refused", "rejected record.not_allowed", "rejected sync.group_refused")
	fix := map[string]any{"set": map[string]any{"account": mine}}
	chen.expect("one of two", chen.push(chen.answer(issueOf(t, app, b).Id, "resubmit", fix)), "rejected record.not_allowed")
	stateIs(t, app, a, "rejected", "open", "sync.group_refused")
	stateIs(t, app, b, "rejected", "open", "sync.group_refused")
	stateIs(t, app, c, "rejected", "open", "record.not_allowed")
	there(t, app, "contacts", "a", false)
	chen.expect("both", chen.push(chen.answer(issueOf(t, app, c).Id, "resubmit", fix)), "applied")
	for _, name := range []string{"a", "b", "c"} {
		there(t, app, "contacts", name, true)
	}
	stateIs(t, app, a, "rejected", "resubmitted", "sync.group_refused")
}

// TestDiscardAndAcknowledge end an issue, each where it fits.
func TestDiscardAndAcknowledge(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	bad := chen.contact(id("c1"), foreign, "王", nil)
	good := chen.contact(id("c2"), mine, "李", nil)
	chen.expect("push", chen.push(bad, good), "rejected record.not_allowed", "applied")
	issue := issueOf(t, app, bad).Id
	chen.expect("work is not acknowledged away", chen.push(chen.answer(issue, "acknowledge", nil)), "rejected issue.action")
	chen.expect("no reason", chen.push(chen.answer(issue, "discard", nil)), "rejected issue.reason_required")
	late := chen.answer(issue, "discard", map[string]any{"reason": "客户不归我"})
	chen.expect("discard", chen.push(late), "applied")
	if i := stateIs(t, app, bad, "rejected", "discarded", "record.not_allowed"); i.GetString("reason") != "客户不归我" || i.GetString("payload") == "" {
		t.Errorf("discarded with %q", i.GetString("reason"))
	}
	again := chen.answer(issue, "discard", map[string]any{"reason": "x"})
	chen.expect("again", chen.push(again), "rejected issue.closed")
	chen.expect("an answer that came too late is no work", chen.push(chen.answer(issueOf(t, app, again).Id, "acknowledge", nil)), "applied")

	chen.pull()
	he.pull()
	row := chen.rows["contacts "+id("c2")]
	edit := func(d *desk, name string) map[string]any {
		return d.mutation("update", "contacts", id("c2"), map[string]any{"base": row["@v"], "set": map[string]any{"name": name}})
	}
	he.expect("first", he.push(edit(he, "李一")), "applied")
	second := edit(chen, "李二")
	chen.expect("second", chen.push(second), "merged")
	report := issueOf(t, app, second).Id
	chen.expect("a report is not chosen", chen.push(chen.answer(report, "choose", map[string]any{"take": "mine"})), "rejected issue.action")
	chen.expect("nor resubmitted", chen.push(chen.answer(report, "resubmit", nil)), "rejected issue.action")
	chen.expect("acknowledge", chen.push(chen.answer(report, "acknowledge", nil)), "applied")
	if i := stateIs(t, app, second, "conflict", "acknowledged", "sync.conflict"); i.GetString("payload") != "" && i.GetString("payload") != "null" {
		t.Errorf("the payload is still %s", i.GetString("payload"))
	}
}

// TestHeldWorkGoesOn when its parent passes after all: in order, from what was
// kept, each with a verdict of its own.
func TestHeldWorkGoesOn(t *testing.T) {
	app, server := serve(t)
	chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	after := func(more map[string]any, parents ...map[string]any) map[string]any {
		ids := []any{}
		for _, p := range parents {
			ids = append(ids, p["id"])
		}
		more["after"] = ids
		return more
	}
	visit := chen.mutation("create", "visits", id("v1"), map[string]any{"set": map[string]any{"account": foreign, "type": "unplanned", "state": "planned"}})
	in := chen.mutation("action", "visits", id("v1"), after(map[string]any{"action": "check_in", "args": map[string]any{}}, visit))
	step := chen.mutation("create", "visit_steps", id("s1"), after(map[string]any{"set": map[string]any{"visit": id("v1"), "key": "k", "kind": "note"}}, visit, in))
	wrong := chen.mutation("create", "visit_steps", id("s2"), after(map[string]any{"set": map[string]any{"visit": id("v1"), "key": "", "kind": "note"}}, in))
	behind := chen.mutation("create", "visit_steps", id("s3"), after(map[string]any{"set": map[string]any{"visit": id("v1"), "key": "k3", "kind": "note"}}, wrong))
	g1 := chen.contact(id("g1"), mine, "一", after(map[string]any{"group": "g"}, visit))
	g2 := chen.contact(id("g2"), foreign, "二", after(map[string]any{"group": "g"}, visit))
	chen.expect("push", chen.push(visit, in, step, wrong, behind, g1, g2),
		"rejected record.not_allowed", "held sync.held", "held sync.held", "held sync.held", "held sync.held", "held sync.held", "held sync.held")
	known := chen.contact(id("k1"), foreign, "王", nil)
	phoned := chen.mutation("update", "contacts", id("k1"), after(map[string]any{"base": 1, "set": map[string]any{"phone": "5"}}, known))
	chen.expect("push", chen.push(known, phoned), "rejected record.not_allowed", "held sync.held")
	wu.expect("an edit on top of one's own", wu.push(wu.answer(issueOf(t, app, known).Id, "resubmit", map[string]any{"set": map[string]any{"account": mine}})), "applied")
	if r, err := app.FindRecordById("contacts", id("k1")); err != nil || r.GetString("phone") != "5" {
		t.Errorf("the edit that was held left %v, %v", r, err)
	}
	chen.expect("not before its parent", chen.push(chen.answer(issueOf(t, app, in).Id, "resubmit", nil)), "rejected issue.parent_open")

	failing := chen.answer(issueOf(t, app, visit).Id, "resubmit", nil)
	onIt := chen.contact(id("o1"), mine, "后", after(map[string]any{}, failing))
	chen.expect("a try that fails", chen.push(failing, onIt), "rejected record.not_allowed", "held sync.held")
	wu.expect("the manager corrects it", wu.push(wu.answer(issueOf(t, app, visit).Id, "resubmit", map[string]any{"set": map[string]any{"account": mine}})), "applied")

	record, err := app.FindRecordById("visits", id("v1"))
	if err != nil || record.GetString("state") != "in_progress" || record.GetString("owner") != app.As("rep.chen").Id || record.GetString("released_by") != app.As("manager.wu").Id {
		t.Fatalf("the visit is %v, %v", record, err)
	}
	for name, want := range map[string]bool{"s1": true, "s2": false, "s3": false} {
		there(t, app, "visit_steps", name, want)
	}
	there(t, app, "contacts", "g1", false)
	there(t, app, "contacts", "o1", true)
	stateIs(t, app, in, "held", "resubmitted", "sync.held")
	stateIs(t, app, wrong, "rejected", "open", "validation")
	stateIs(t, app, behind, "held", "open", "sync.held")
	stateIs(t, app, g1, "rejected", "open", "sync.group_refused")
	stateIs(t, app, g2, "rejected", "open", "record.not_allowed")
	chen.expect("the verdicts by now", chen.push(visit, in, step, wrong, behind, g1, g2),
		"applied", "applied", "applied", "rejected validation", "held sync.held", "rejected sync.group_refused", "rejected record.not_allowed")

	chen.expect("discard", chen.push(chen.answer(issueOf(t, app, wrong).Id, "discard", map[string]any{"reason": "重复"})), "applied")
	stateIs(t, app, behind, "rejected", "open", "sync.parent_discarded")
	chen.expect("its verdict", chen.push(behind), "rejected sync.parent_discarded")
	chen.expect("what comes even later", chen.push(chen.contact(id("o2"), mine, "迟", after(map[string]any{}, wrong))), "held sync.held")
	if i, err := app.FindFirstRecordByData("sync_issues", "record", id("o2")); err != nil || i.GetString("kind") != "rejected" || i.GetString("code") != "sync.parent_discarded" {
		t.Errorf("what came after a discarded parent is %v, %v", i, err)
	}
	chen.expect("on its own", chen.push(chen.answer(issueOf(t, app, behind).Id, "resubmit", nil)), "applied")
	there(t, app, "visit_steps", "s3", true)
}

// TestHeldWorkGoesOnWhenAnUnknownParentArrives.
func TestHeldWorkGoesOnWhenAnUnknownParentArrives(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine := app.AccountOf("rep.chen").Id
	child := chen.contact(id("c1"), mine, "下", map[string]any{"after": []any{id("late")}})
	chen.expect("child", chen.push(child), "held sync.held")
	parent := chen.contact(id("c2"), mine, "上", map[string]any{"id": id("late")})
	chen.expect("parent", chen.push(parent), "applied")
	there(t, app, "contacts", "c1", true)
}

// TestQuarantinedWorkIsReleased by a manager or an administrator, as its author's.
func TestQuarantinedWorkIsReleased(t *testing.T) {
	app, server := serve(t)
	chen, wu, xu, fang := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu"), sit(t, app, server, "manager.xu"), sit(t, app, server, "admin.fang")
	account := app.AccountOf("rep.chen").Id
	chen.pull()
	user := app.As("rep.chen")
	user.Set("active", false)
	if err := app.Override(user); err != nil {
		t.Fatal(err)
	}
	move(t, app, account, "rep.ma")
	chen.token = chen.call("POST", "/api/sync/token", map[string]any{"credential": chen.cred}).body["token"].(string)
	visit := chen.visit(account, id("v1"))
	in := chen.mutation("action", "visits", id("v1"), map[string]any{"action": "check_in", "args": map[string]any{}, "after": []any{visit["id"]}})
	contact, other := chen.contact(id("c1"), account, "王", nil), chen.visit(account, id("v2"))
	chen.expect("push", chen.push(visit, in, contact, other), "quarantined sync.quarantined", "quarantined sync.quarantined", "quarantined sync.quarantined", "quarantined sync.quarantined")
	app.Clock.Advance(30 * 24 * time.Hour)
	xu.expect("not his team", xu.push(xu.answer(issueOf(t, app, visit).Id, "resubmit", nil)), "rejected record.not_found")
	wu.expect("release", wu.push(
		wu.answer(issueOf(t, app, in).Id, "resubmit", nil),
		wu.answer(issueOf(t, app, visit).Id, "resubmit", nil),
		wu.answer(issueOf(t, app, in).Id, "resubmit", nil),
		wu.answer(issueOf(t, app, contact).Id, "resubmit", nil),
	), "rejected issue.parent_open", "applied", "applied", "rejected record.not_allowed")
	fang.expect("an administrator", fang.push(
		fang.answer(issueOf(t, app, contact).Id, "discard", map[string]any{"reason": "离职"}),
		fang.answer(issueOf(t, app, other).Id, "resubmit", nil),
	), "applied", "applied")
	for name, by := range map[string]string{"v1": "manager.wu", "v2": "admin.fang"} {
		v, err := app.FindRecordById("visits", id(name))
		if err != nil || v.GetString("owner") != user.Id || v.GetString("released_by") != app.As(by).Id || !v.GetBool("late") {
			t.Errorf("%s is %v, %v", name, v, err)
		}
	}
	stateIs(t, app, visit, "quarantined", "resubmitted", "sync.quarantined")
	stateIs(t, app, contact, "quarantined", "discarded", "record.not_allowed")
	user.Set("active", true)
	if err := app.Save(user); err != nil {
		t.Fatal(err)
	}
	chen.expect("what he is told when he is back", chen.push(visit, in, contact, other), "applied", "applied", "rejected sync.discarded", "applied")
}

// TestWhoeverStandsInNeedsARight: the manager's own, or his rep's to what the
// manager may see; and what a mutation does is not his to change.
func TestWhoeverStandsInNeedsARight(t *testing.T) {
	app, server := serve(t)
	chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	visit := chen.visit(mine, id("v1"))
	edit := chen.mutation("update", "visits", id("v1"), map[string]any{"base": 1, "set": map[string]any{"objective": "新品", "in_lat": 31}})
	contact := chen.contact(id("c1"), foreign, "王", nil)
	chen.expect("push", chen.push(visit, edit, contact), "applied", "rejected field.locked", "rejected record.not_allowed")
	wu.expect("his rep's right, to what he sees; nobody's", wu.push(
		wu.answer(issueOf(t, app, edit).Id, "resubmit", map[string]any{"drop": []string{"in_lat"}}),
		wu.answer(issueOf(t, app, contact).Id, "resubmit", map[string]any{"set": map[string]any{"name": "李"}}),
		wu.answer(issueOf(t, app, contact).Id, "resubmit", map[string]any{"op": "delete"}),
	), "applied", "rejected record.not_allowed", "rejected args.invalid")
	r, err := app.FindRecordById("visits", id("v1"))
	if err != nil || r.GetString("objective") != "新品" || r.GetFloat("in_lat") != 0 {
		t.Errorf("the visit is %v, %v", r, err)
	}
}

// TestHeldWorkGoesOnAfterACrash between the answer and what it freed.
func TestHeldWorkGoesOnAfterACrash(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	bad := chen.contact(id("c1"), foreign, "王", nil)
	child := chen.contact(id("c2"), mine, "李", map[string]any{"after": []any{bad["id"]}})
	chen.expect("push", chen.push(bad, child), "rejected record.not_allowed", "held sync.held")
	_, err := app.DB().NewQuery("UPDATE sync_issues SET state = 'resubmitted', resolver = user WHERE kind = 'rejected'").Execute()
	if err != nil {
		t.Fatal(err)
	}
	there(t, app, "contacts", "c2", false)
	for range 2 {
		if err := app.Bound.Issues.ReleaseAll(app); err != nil {
			t.Fatal(err)
		}
	}
	there(t, app, "contacts", "c2", true)
	stateIs(t, app, child, "held", "resubmitted", "sync.held")
}

// TestReleasedWorkHasItsAuthorsRights, as far as the manager sees the row; the
// author himself releases nothing, not even when he is back.
func TestReleasedWorkHasItsAuthorsRights(t *testing.T) {
	app, server := serve(t)
	chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	account := app.AccountOf("rep.chen").Id
	chen.expect("push", chen.push(chen.visit(account, id("v1"))), "applied")
	user := app.As("rep.chen")
	active := func(yes bool) {
		user.Set("active", yes)
		if err := app.Override(user); err != nil {
			t.Fatal(err)
		}
	}
	active(false)
	chen.token = chen.call("POST", "/api/sync/token", map[string]any{"credential": chen.cred}).body["token"].(string)
	edit := chen.mutation("update", "visits", id("v1"), map[string]any{"base": 1, "set": map[string]any{"objective": "新品"}})
	chen.expect("push", chen.push(edit), "quarantined sync.quarantined")
	active(true)
	chen.expect("his own", chen.push(chen.answer(issueOf(t, app, edit).Id, "resubmit", nil)), "rejected record.not_allowed")
	active(false)
	other, err := app.FindRecordById("visits", id("v1"))
	if err != nil {
		t.Fatal(err)
	}
	other.Set("objective", "盘点")
	if err := app.Save(other); err != nil {
		t.Fatal(err)
	}
	wu.expect("release", wu.push(wu.answer(issueOf(t, app, edit).Id, "resubmit", nil)), "applied")
	if r, err := app.FindRecordById("visits", id("v1")); err != nil || r.GetString("objective") != "新品" {
		t.Errorf("the visit is %v, %v", r, err)
	}
	report, err := app.FindFirstRecordByFilter("sync_issues", "kind = 'conflict' && user = {:u}", map[string]any{"u": user.Id})
	if err != nil || report.GetString("field") != "objective" || report.GetString("theirs") != `"盘点"` {
		t.Errorf("the report on what it overrode is %v, %v", report, err)
	}
}

// TestACorrectionMayWaitItself for what it names: the answer is held, goes on
// with it, and if it fails the issue that it answers knows why.
func TestACorrectionMayWaitItself(t *testing.T) {
	for _, passes := range []bool{true, false} {
		app, server := serve(t)
		chen := sit(t, app, server, "rep.chen")
		mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
		bad, parent := chen.contact(id("c1"), foreign, "王", nil), chen.contact(id("c2"), foreign, "李", nil)
		chen.expect("push", chen.push(bad, parent), "rejected record.not_allowed", "rejected record.not_allowed")
		fix := map[string]any{"set": map[string]any{"account": mine}}
		if !passes {
			fix = map[string]any{"set": map[string]any{"account": mine, "name": ""}}
		}
		answer := chen.answer(issueOf(t, app, bad).Id, "resubmit", fix)
		answer["after"] = []any{parent["id"]}
		chen.expect("an answer that waits", chen.push(answer), "held sync.held")
		got := chen.call("POST", "/api/ka/sync_issues/"+issueOf(t, app, parent).Id+"/resubmit", map[string]any{"set": map[string]any{"account": mine}})
		if got.status != 200 {
			t.Fatalf("over REST: %+v", got)
		}
		there(t, app, "contacts", "c2", true)
		there(t, app, "contacts", "c1", passes)
		if passes {
			stateIs(t, app, bad, "rejected", "resubmitted", "record.not_allowed")
			stateIs(t, app, answer, "held", "resubmitted", "sync.held")
			chen.expect("the verdicts by now", chen.push(bad, parent, answer), "applied", "applied", "applied")
			continue
		}
		stateIs(t, app, bad, "rejected", "open", "validation")
		stateIs(t, app, answer, "rejected", "open", "validation")
		chen.expect("the verdicts by now", chen.push(bad, parent, answer), "rejected record.not_allowed", "applied", "rejected validation")
	}
}
