package issues_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// TestAChoiceIsMadeOnce by either side, and never over a value that the report
// does not show.
func TestAChoiceIsMadeOnce(t *testing.T) {
	app, server := serve(t)
	if err := setRule(t, app, "contacts", map[string]any{"policy": map[string]string{"phone": "ask"}}); err != nil {
		t.Fatal(err)
	}
	chen, wu, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu"), sit(t, app, server, "rep.he")
	account := app.AccountOf("rep.chen").Id
	chen.expect("contact", chen.push(chen.contact(id("c1"), account, "王", map[string]any{"set": map[string]any{"account": account, "name": "王", "phone": "0"}})), "applied")
	var last map[string]any
	conflict := func(theirs, mine string) string {
		t.Helper()
		chen.pull()
		wu.pull()
		base := chen.rows["contacts "+id("c1")]["@v"]
		edit := func(d *desk, phone string) map[string]any {
			return d.mutation("update", "contacts", id("c1"), map[string]any{"base": base, "set": map[string]any{"phone": phone}})
		}
		wu.expect("theirs", wu.push(edit(wu, theirs)), "applied")
		last = edit(chen, mine)
		chen.expect("mine", chen.push(last), "merged")
		return issueOf(t, app, last).Id
	}
	phone := func(want string) {
		t.Helper()
		r, err := app.FindRecordById("contacts", id("c1"))
		if err != nil || r.GetString("phone") != want {
			t.Errorf("the phone is %q, want %q, %v", r.GetString("phone"), want, err)
		}
	}
	take := func(what string) map[string]any { return map[string]any{"take": what} }

	one := conflict("1", "2")
	phone("1")
	he.expect("a stranger", he.push(he.answer(one, "choose", take("mine"))), "rejected record.not_found")
	chen.expect("no answers", chen.push(chen.answer(one, "choose", take("both")), chen.answer(one, "choose", take("value")), chen.answer(one, "acknowledge", nil)),
		"rejected issue.choice_invalid", "rejected issue.choice_invalid", "rejected issue.choice_open")
	answer := wu.answer(one, "choose", take("mine"))
	wu.expect("the manager takes the rep's", wu.push(answer), "applied")
	wu.expect("once", wu.push(answer), "applied")
	phone("2")
	chen.expect("the second answer", chen.push(chen.answer(one, "choose", take("theirs"))), "rejected issue.closed")
	phone("2")
	if i := stateIs(t, app, last, "conflict", "chosen", "sync.conflict"); i.GetString("resolver") != app.As("manager.wu").Id || !strings.Contains(i.GetString("answer"), "mine") {
		t.Errorf("chosen by %q: %s", i.GetString("resolver"), i.GetString("answer"))
	}

	two := conflict("3", "4")
	chen.expect("the rep gives another", chen.push(chen.answer(two, "choose", map[string]any{"take": "value", "value": "5"})), "applied")
	phone("5")

	three := conflict("6", "7")
	r, _ := app.FindRecordById("contacts", id("c1"))
	r.Set("phone", "8")
	if err := app.Save(r); err != nil {
		t.Fatal(err)
	}
	chen.expect("changed since", chen.push(chen.answer(three, "choose", take("mine"))), "rejected issue.row_changed")
	phone("8")
	if i := stateIs(t, app, last, "conflict", "open", "sync.conflict"); i.GetString("theirs") != `"8"` {
		t.Errorf("the report shows %s", i.GetString("theirs"))
	}
	got := chen.call("POST", "/api/ka/sync_issues/"+three+"/choose", map[string]any{"take": "value", "value": 9})
	if got.code() != "field.type" {
		t.Errorf("a number for a text: %+v", got)
	}
	got = chen.call("POST", "/api/ka/sync_issues/"+three+"/choose", take("mine"))
	if got.status != 200 || got.body["state"] != "chosen" {
		t.Errorf("over REST: %+v", got)
	}
	phone("7")

	four := conflict("9", "10")
	if err := app.Delete(r); err != nil {
		t.Fatal(err)
	}
	chen.expect("a row that is gone", chen.push(chen.answer(four, "choose", take("mine")), chen.answer(four, "acknowledge", nil)), "rejected record.not_found", "applied")
}

// TestTheManagerSeesHisTeamsIssues, counted by kind, age and person, and a new
// manager takes over what is open.
func TestTheManagerSeesHisTeamsIssues(t *testing.T) {
	app, server := serve(t)
	chen, he, wu, xu := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he"), sit(t, app, server, "manager.wu"), sit(t, app, server, "manager.xu")
	fang := sit(t, app, server, "admin.fang")
	foreign := app.AccountOf("rep.ma").Id
	bad := chen.contact(id("c1"), foreign, "王", nil)
	chen.push(bad, chen.contact(id("c2"), foreign, "王", map[string]any{"after": []any{bad["id"]}}))
	app.Clock.Advance(3 * 24 * time.Hour)
	he.push(he.contact(id("c3"), foreign, "王", nil), he.contact(id("c4"), foreign, "王", nil))
	he.expect("discard", he.push(he.answer(issueOf(t, app, map[string]any{"id": id("m2x"), "r": id("c4")}).Id, "discard", map[string]any{"reason": "x"})), "applied")
	count := func(d *desk, kind string) [4]any {
		t.Helper()
		got := d.call("GET", "/api/sync/issues/summary", nil)
		if got.status != 200 {
			t.Fatalf("summary: %+v", got)
		}
		k, _ := got.body["kinds"].(map[string]any)[kind].(map[string]any)
		return [4]any{k["count"], k["day"], k["week"], len(got.body["people"].([]any))}
	}
	for name, want := range map[*desk][4]any{wu: {2.0, 1.0, 1.0, 2}, fang: {2.0, 1.0, 1.0, 2}, chen: {1.0, 0.0, 1.0, 1}, xu: {nil, nil, nil, 0}} {
		if got := count(name, "rejected"); got != want {
			t.Errorf("counted %v, want %v", got, want)
		}
	}
	if got := count(wu, "held"); got != [4]any{1.0, 0.0, 1.0, 2} {
		t.Errorf("held %v", got)
	}
	if got := (&desk{t: t, app: app, server: server}).call("GET", "/api/sync/issues/summary", nil); got.status != http.StatusUnauthorized {
		t.Errorf("to nobody: %+v", got)
	}

	issue := "sync_issues " + issueOf(t, app, bad).Id
	wu.pull()
	xu.pull()
	if wu.rows[issue] == nil || xu.rows[issue] != nil {
		t.Fatalf("the old manager holds %v, the new %v", wu.rows[issue], xu.rows[issue])
	}
	user := app.As("rep.chen")
	user.Set("manager", app.As("manager.xu").Id)
	if err := app.Override(user); err != nil {
		t.Fatal(err)
	}
	wu.pull()
	xu.pull()
	if wu.rows[issue] != nil || xu.rows[issue] == nil {
		t.Errorf("after the change the old manager holds %v, the new %v", wu.rows[issue], xu.rows[issue])
	}
	if got := count(xu, "rejected"); got != [4]any{1.0, 0.0, 1.0, 1} {
		t.Errorf("the new manager counts %v", got)
	}
}

// TestAnAnswerThatBreaksIsAFault: the issue keeps its reasons, and the answer may
// be given again.
func TestAnAnswerThatBreaksIsAFault(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	bad := chen.contact(id("c1"), account, "", nil)
	chen.expect("push", chen.push(bad), "rejected validation")
	issue := issueOf(t, app, bad).Id
	broken := true
	app.OnRecordCreate("contacts").BindFunc(func(e *core.RecordEvent) error {
		if broken {
			return errors.New("a statement broke")
		}
		return e.Next()
	})
	right := map[string]any{"set": map[string]any{"name": "王"}}
	chen.expect("a push that breaks", chen.push(chen.answer(issue, "resubmit", right)), "rejected internal")
	stateIs(t, app, bad, "rejected", "open", "validation")
	if got := chen.call("POST", "/api/ka/sync_issues/"+issue+"/resubmit", right); got.status != http.StatusInternalServerError || got.code() != "internal" {
		t.Errorf("a request that breaks: %+v", got)
	}
	stateIs(t, app, bad, "rejected", "open", "validation")
	broken = false
	if got := chen.call("POST", "/api/ka/sync_issues/"+issue+"/resubmit", right); got.status != http.StatusOK {
		t.Errorf("once it does not: %+v", got)
	}
}
