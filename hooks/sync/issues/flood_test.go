package issues_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// floods are mutations that are refused or overruled, by what they try.
func floods(d *desk, app *testapp.App) map[string]map[string]any {
	foreign := app.AccountOf("rep.ma").Id
	return map[string]map[string]any{
		"a create that is not allowed": {"op": "create", "c": "contacts", "r": id("f1"), "set": map[string]any{"account": foreign, "name": "一", "title": "二"}},
		"an update of nothing":         {"op": "update", "c": "contacts", "r": id("f2"), "base": 1, "set": map[string]any{"name": "x", "title": "y"}},
		"an edit of what is hidden":    {"op": "update", "c": "accounts", "r": foreign, "base": 1, "set": map[string]any{"name": "x"}},
		"an unknown action":            {"op": "action", "c": "contacts", "r": id("f3"), "action": "dance", "args": map[string]any{"a": 1, "b": []any{2}}},
		"an unknown collection":        {"op": "create", "c": "nothings", "r": id("f4"), "set": map[string]any{}},
		"an unknown member":            {"op": "create", "c": "contacts", "r": id("f5"), "why": "so"},
		"a wrong type":                 {"op": "create", "c": "contacts", "r": id("f6"), "set": map[string]any{"name": 1}},
		"a misused issue":              {"op": "action", "c": "sync_issues", "r": id("f7"), "action": "discard", "args": map[string]any{"reason": "x"}},
		"a wrong time":                 {"op": "create", "c": "contacts", "r": id("f8"), "captured": "never", "set": map[string]any{"name": "x"}},
	}
}

// said is a mutation as a phone says it once more: under the next number and
// another id, its members in another order.
func (d *desk) said(m map[string]any, backwards bool) json.RawMessage {
	d.n++
	m = maps.Clone(m)
	if m["captured"] == nil {
		m["captured"] = fmt.Sprintf("2026-03-15T09:00:%02dZ", d.n%60)
	}
	m["n"], m["id"] = d.n, id(fmt.Sprintf("s%dx%s", d.n, strings.TrimPrefix(d.install, "install-rep.chen")))
	text, err := json.Marshal(m)
	if err != nil {
		d.t.Fatal(err)
	}
	if !backwards {
		return text
	}
	var parts []string
	for name, v := range m {
		inner, _ := json.MarshalIndent(v, "", "\t")
		parts = append(parts, fmt.Sprintf("%q : %s", name, inner))
	}
	return json.RawMessage("{ " + strings.Join(parts, " ,\n") + "}")
}

func (d *desk) pushRaw(mutations ...json.RawMessage) answered {
	d.t.Helper()
	return d.call("POST", "/api/sync/push", map[string]any{"device": d.device, "schema": 1, "cursor": d.cursor, "mutations": mutations})
}

func results(a answered) (out []map[string]any) {
	list, _ := a.body["results"].([]any)
	for _, r := range list {
		out = append(out, r.(map[string]any))
	}
	return out
}

// TestEqualRefusalsAreOneIssue, whatever is refused, however it is written and by
// whichever phone of the user, in one push or several: one issue that counts, and
// a verdict for each that names it and is the same when it is asked for again.
func TestEqualRefusalsAreOneIssue(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	other := &desk{t: t, app: app, server: server, name: "rep.chen", install: "install-rep.chenother", rows: map[string]map[string]any{}}
	other.login()
	for what, m := range floods(chen, app) {
		before, err := app.CountRecords("sync_issues")
		if err != nil {
			t.Fatal(err)
		}
		first := chen.said(m, false)
		got := results(chen.pushRaw(first))
		if len(got) != 1 || got[0]["status"] != "rejected" || got[0]["issue"] != nil {
			t.Fatalf("%s: %v", what, got)
		}
		var head struct{ ID string }
		json.Unmarshal(first, &head)
		issue := issueOf(t, app, map[string]any{"id": head.ID, "r": m["r"]})
		more := []json.RawMessage{chen.said(m, true), chen.said(m, false)}
		answer := chen.pushRaw(more...)
		again, foreign := chen.pushRaw(more...), other.pushRaw(other.said(m, true))
		for _, a := range []answered{answer, again, foreign} {
			for _, r := range results(a) {
				if r["status"] != "rejected" || r["code"] != got[0]["code"] || r["issue"] != issue.Id {
					t.Errorf("%s: again %v, first %v", what, r, got[0])
				}
			}
		}
		after, err := app.CountRecords("sync_issues")
		if issue = issueOf(t, app, map[string]any{"id": head.ID, "r": m["r"]}); err != nil || after != before+1 || issue.GetInt("times") != 4 {
			t.Errorf("%s: %d issues more, %d times, %v", what, after-before, issue.GetInt("times"), err)
		}
		if len(results(answer)) != 2 || len(results(foreign)) != 1 {
			t.Errorf("%s: %v %v", what, answer, foreign)
		}
	}
}

// TestUnreadableWorkIsCountedToo: what nobody can read is equal by what of it can
// be told apart.
func TestUnreadableWorkIsCountedToo(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	for i, bad := range []string{`"set":{"name":"x","name":"y"}`, `"set":{"wechat":` + deep + `}`, `"base":1e400`, `"set":{"name":"\ud800"}`} {
		var issue any
		for again := range 3 {
			chen.n++
			got := results(chen.pushRawText(fmt.Sprintf(`{"n":%d,"id":%q,%s"op":"create","c":"contacts","r":%q, %s}`,
				chen.n, id(fmt.Sprintf("d%dx", chen.n)), strings.Repeat(" ", again), id(fmt.Sprintf("r%dx", i)), bad)))
			if len(got) != 1 || got[0]["status"] != "rejected" || !strings.HasPrefix(got[0]["code"].(string), "json.") {
				t.Fatalf("%s: %v", bad, got)
			}
			if again == 1 {
				issue = got[0]["issue"]
			}
			if (again > 0) != (got[0]["issue"] != nil) || got[0]["issue"] != nil && got[0]["issue"] != issue {
				t.Errorf("%s, the %d. time: %v", bad, again+1, got[0])
			}
		}
		if n, err := app.CountRecords("sync_issues"); err != nil || n != int64(i+1) {
			t.Errorf("%s: %d issues, %v", bad, n, err)
		}
	}
}

// pushRawText pushes one mutation that need not be JSON.
func (d *desk) pushRawText(mutation string) answered {
	d.t.Helper()
	return d.call("POST", "/api/sync/push", fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[%s]}`, d.device, mutation))
}

// TestWhatIsNotEqualHasAnIssueOfItsOwn: other work, work that does more when it
// is done twice, and members of groups.
func TestWhatIsNotEqualHasAnIssueOfItsOwn(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	base := map[string]any{"op": "update", "c": "contacts", "r": id("u1"), "base": 1, "set": map[string]any{"name": "x"}}
	with := func(more map[string]any) map[string]any {
		m := maps.Clone(base)
		maps.Copy(m, more)
		return m
	}
	n := int64(0)
	for _, m := range []map[string]any{
		base, with(map[string]any{"set": map[string]any{"name": "y"}}), with(map[string]any{"r": id("u2")}), with(map[string]any{"base": 2}),
		with(map[string]any{"inc": map[string]any{"tier": 1}}), with(map[string]any{"inc": map[string]any{"tier": 1}}),
		with(map[string]any{"group": "g"}), with(map[string]any{"group": "h"}),
	} {
		if got := results(chen.pushRaw(chen.said(m, false))); len(got) != 1 || got[0]["status"] != "rejected" || got[0]["issue"] != nil {
			t.Errorf("%v: %v", m, got)
		}
		n++
		if have, err := app.CountRecords("sync_issues"); err != nil || have != n {
			t.Fatalf("%v: %d issues instead of %d, %v", m, have, n, err)
		}
	}
}

// TestOneAnswerIsForAllThatAreEqual: their verdicts, and what waits behind each.
func TestOneAnswerIsForAllThatAreEqual(t *testing.T) {
	for _, action := range []string{"resubmit", "discard"} {
		t.Run(action, func(t *testing.T) {
			app, server := serve(t)
			chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
			mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
			work := map[string]any{"op": "create", "c": "contacts", "r": id("w"), "set": map[string]any{"account": foreign, "name": "王"}}
			equal := []json.RawMessage{chen.said(work, false), chen.said(work, true), chen.said(work, false)}
			chen.expect("refused", chen.pushRaw(equal...), "rejected record.not_allowed", "rejected record.not_allowed", "rejected record.not_allowed")
			issue, err := app.FindFirstRecordByData("sync_issues", "record", id("w"))
			if err != nil {
				t.Fatal(err)
			}
			var children []map[string]any
			for i, name := range []string{"k1", "k2", "k3"} {
				child := chen.contact(id(name), mine, "子", map[string]any{"after": []string{id(fmt.Sprintf("s%dx", i+1))}})
				chen.expect(name, chen.push(child), "held sync.held")
				children = append(children, child)
			}
			held := issueOf(t, app, children[2])
			if got := chen.call("POST", "/api/ka/sync_issues/"+held.Id+"/resubmit", nil); got.code() != "issue.parent_open" {
				t.Errorf("a child before its parent: %+v", got)
			}
			args := map[string]any{"set": map[string]any{"account": mine}}
			if action == "discard" {
				args = map[string]any{"reason": "nothing"}
			}
			wu.pull()
			wu.expect("answer", wu.push(wu.answer(issue.Id, action, args)), "applied")
			verdict, state, code, parent := "applied", "resubmitted", "sync.held", 0
			if action == "discard" {
				verdict, state, code, parent = "rejected record.not_allowed", "open", "sync.parent_discarded", 1
			}
			chen.expect("the verdicts by now", chen.pushRaw(equal...), verdict, verdict, verdict)
			for i, child := range children {
				there(t, app, "contacts", fmt.Sprintf("k%d", i+1), action == "resubmit")
				kind := []string{"held", "rejected"}[parent]
				stateIs(t, app, child, kind, state, code)
			}
			if n, err := app.CountRecords("contacts", dbx.HashExp{"id": id("w")}); err != nil || n != int64(1-parent) {
				t.Errorf("%d of the work, %v", n, err)
			}
			// Said once more after the answer, it is a matter of its own.
			once := results(chen.pushRaw(chen.said(work, false)))
			if len(once) != 1 || once[0]["issue"] != nil {
				t.Errorf("after the answer: %v", once)
			}
		})
	}
}

// flooded pushes so many refused mutations, half of them equal, and returns how
// many open issues there are and what the last push was answered.
func flooded(t *testing.T, pushes int, opts ...testapp.Option) (app *testapp.App, chen *desk, open int64, last answered) {
	app, server := serve(t, opts...)
	app.Setting("issues.open_max", 20)
	chen = sit(t, app, server, "rep.chen")
	for p := range pushes {
		before := chen.n
		var batch []json.RawMessage
		for i := range 20 {
			work := map[string]any{"op": "create", "c": "contacts", "r": id("same"), "set": map[string]any{"name": "x"}}
			if i%2 == 0 {
				work["r"] = id(fmt.Sprintf("p%di%dx", p, i))
			}
			batch = append(batch, chen.said(work, false))
		}
		if last = chen.pushRaw(batch...); last.status != http.StatusOK {
			chen.n = before
		}
	}
	open, err := app.CountRecords("sync_issues", dbx.HashExp{"user": app.As("rep.chen").Id, "state": "open"})
	if err != nil {
		t.Fatal(err)
	}
	return app, chen, open, last
}

// TestAFloodOfRefusalsIsBounded: equal ones are one issue, and with as many as
// there may be nothing more is taken, no number and no row.
func TestAFloodOfRefusalsIsBounded(t *testing.T) {
	app, chen, open, last := flooded(t, 6)
	if last.status != http.StatusTooManyRequests || last.code() != "issues_full" || open > 40 {
		t.Fatalf("%d open, the last answer %+v", open, last)
	}
	for _, text := range []string{"zh", "en"} {
		if said, _ := last.body["data"].(map[string]any)[text].(string); !strings.Contains(said, "20") {
			t.Errorf("%s: %q", text, said)
		}
	}
	if state, err := syncer.ReadDevice(app.DB(), chen.device); err != nil || state.HighWater != chen.n {
		t.Errorf("taken up to %d of %d, %v", state.HighWater, chen.n, err)
	}
	if _, _, planted, _ := flooded(t, 3, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantIssueFlood })); planted != 60 {
		t.Errorf("without fold and bound there are %d issues of 60", planted)
	}
}

// TestLargeIssuesFillTheRoomSooner: who leads the user pulls what they keep.
func TestLargeIssuesFillTheRoomSooner(t *testing.T) {
	app, server := serve(t)
	app.Setting("issues.open_max", 20)
	chen := sit(t, app, server, "rep.chen")
	for i := range 3 {
		a := chen.pushRaw(chen.said(map[string]any{
			"op": "create", "c": "contacts", "r": id(fmt.Sprintf("large%d", i)), "set": map[string]any{"name": strings.Repeat("x", 200<<10)},
		}, false))
		if full := i == 2; full != (a.status == http.StatusTooManyRequests && a.code() == "issues_full") {
			t.Errorf("push %d of 200 kB: %d %s", i, a.status, a.code())
		}
	}
}

// TestWhoHasTooManyIssuesIsHelped: his manager is told once, the fleet page shows
// it, what he sent is answered as it was, and an answer at a desk lets him go on.
func TestWhoHasTooManyIssuesIsHelped(t *testing.T) {
	app, chen, open, last := flooded(t, 6)
	if last.code() != "issues_full" {
		t.Fatal(last)
	}
	told := func(n int64, why string) {
		t.Helper()
		have, err := app.CountRecords("notifications", dbx.HashExp{"kind": "sync.issues_full", "user": app.As("manager.wu").Id})
		if err != nil || have != n {
			t.Errorf("%s: the manager was told %d times, %v", why, have, err)
		}
	}
	told(1, "after several refusals")
	state := func() string {
		var fleet struct {
			Devices []struct {
				Device, State string
				Issues        int64
				Alerts        []string
			}
		}
		json.Unmarshal(app.Do("manager.wu", http.MethodGet, "/api/sync/fleet", "").Body.Bytes(), &fleet)
		for _, d := range fleet.Devices {
			if d.Device == chen.device {
				if d.Issues != open {
					t.Errorf("the fleet page counts %d of %d", d.Issues, open)
				}
				return fmt.Sprint(d.State, d.Alerts)
			}
		}
		return "none"
	}
	if s := state(); s != "issues_full[issues_full]" {
		t.Errorf("the fleet page: %s", s)
	}
	good := chen.contact(id("good"), app.AccountOf("rep.chen").Id, "好", nil)
	body := map[string]any{"device": chen.device, "schema": 1, "mutations": []any{good}}
	answer := app.DoBy(chen.token, http.MethodPost, "/api/sync/push", mustJSON(t, body))
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") == "" {
		t.Fatalf("%d, wait %q", answer.Code, answer.Header().Get("Retry-After"))
	}
	there(t, app, "contacts", "good", false)
	// A push with nothing new takes no number, and is answered.
	first := map[string]any{"op": "create", "c": "contacts", "r": id("p0i0x"), "set": map[string]any{"name": "x"}, "n": 1, "id": id("s1x"), "captured": "2026-03-15T09:00:01Z"}
	chen.expect("what was sent before", chen.push(first), "rejected validation")
	for open >= 20 {
		issue, err := app.FindFirstRecordByFilter("sync_issues", "user = {:u} && state = 'open'", dbx.Params{"u": app.As("rep.chen").Id})
		if err != nil {
			t.Fatal(err)
		}
		if got := chen.call("POST", "/api/ka/sync_issues/"+issue.Id+"/discard", map[string]any{"reason": "x"}); got.status != 200 {
			t.Fatalf("%+v", got)
		}
		open--
	}
	chen.expect("there is room again", chen.push(good), "applied")
	there(t, app, "contacts", "good", true)
	if err := watch(app); err != nil {
		t.Fatal(err)
	}
	if s := state(); s != "ok[]" && s != "new[]" {
		t.Errorf("the fleet page after the answers: %s", s)
	}
	for chen.n < 60+good["n"].(int64) { // another occurrence
		before := chen.n
		if got := chen.pushRaw(chen.said(map[string]any{"op": "create", "c": "contacts", "r": id(fmt.Sprintf("z%dx", chen.n)), "set": map[string]any{"name": "x"}}, false)); got.status != 200 {
			chen.n = before
			break
		}
	}
	told(2, "the second time")
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func watch(app *testapp.App) error {
	for _, job := range app.Bound.Jobs {
		if job.Name == "fleetWatch" {
			app.Clock.Advance(2 * 3600 * 1e9)
			return job.Run(context.Background(), app, app.Clock.Now())
		}
	}
	return fmt.Errorf("no job watches the fleet")
}
