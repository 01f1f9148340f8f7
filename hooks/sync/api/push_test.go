package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

func TestPushCreatesUpdatesAndDeletesContacts(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	rep.pull()
	account := app.AccountOf("rep.chen").Id
	rep.want(rep.push(
		rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": account, "name": "王采购"}}),
		rep.mutation("create", "contacts", id("c2"), map[string]any{"set": map[string]any{"account": account, "name": "李店长"}}),
	), "applied", "applied")
	rep.pull()
	row := rep.rows["contacts "+id("c1")]
	if row == nil || row["name"] != "王采购" || row["dept"] == "" {
		t.Fatalf("the phone holds %v", row)
	}
	rep.want(rep.push(
		rep.mutation("update", "contacts", id("c1"), map[string]any{"base": row["@v"], "set": map[string]any{"phone": "13800000000"}}),
		rep.mutation("delete", "contacts", id("c2"), nil),
		rep.mutation("delete", "contacts", id("c2"), nil),
	), "applied", "applied", "duplicate")
	if puts, leaves := rep.pull(); puts != 1 || leaves != 1 {
		t.Errorf("%d puts, %d leaves", puts, leaves)
	}
}

// TestReplayGetsTheStoredVerdict sends the same numbers again, as after a lost
// answer, reordered inside and followed by a new one.
func TestReplayGetsTheStoredVerdict(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	one := rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": account, "name": "王"}})
	bad := rep.mutation("create", "contacts", id("c2"), map[string]any{"set": map[string]any{"account": account}})
	first := rep.push(one, bad)
	rep.want(first, "applied", "rejected validation")
	again := rep.push(one, bad, rep.mutation("delete", "contacts", id("c1"), nil))
	rep.want(again, "applied", "rejected validation", "applied")
	if a, b := fmt.Sprint(first.body["results"].([]any)[:2]), fmt.Sprint(again.body["results"].([]any)[:2]); a != b {
		t.Errorf("first %s\nagain %s", a, b)
	}
	if n, err := app.CountRecords("sync_issues"); err != nil || n != 1 {
		t.Errorf("%d issues, %v", n, err)
	}
}

func TestGapAndForkAreToldAndTakeNothing(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	contact := func(name string) map[string]any {
		return rep.mutation("create", "contacts", id(name), map[string]any{"set": map[string]any{"account": account, "name": name}})
	}
	first := contact("c1")
	rep.want(rep.push(first), "applied")

	rep.n++ // number 2 is lost
	third := contact("c3")
	got := rep.push(third)
	if got.status != 409 || got.code() != "sync_gap" || got.body["data"].(map[string]any)["expected"] != 2.0 {
		t.Errorf("gap: %+v", got)
	}
	other := maps.Clone(first)
	other["set"] = map[string]any{"account": account, "name": "somebody else"}
	if got := rep.push(other); got.status != 409 || got.code() != "device_forked" {
		t.Errorf("fork: %+v", got)
	}
	if _, err := app.FindRecordById("contacts", id("c3")); err == nil {
		t.Error("the mutation behind the gap was taken")
	}
}

// TestBadRequestsAreNamedAndLoseNothing: the whole request is refused, and the
// next good one with the same number is taken.
func TestBadRequestsAreNamedAndLoseNothing(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	many := strings.TrimSuffix(strings.Repeat(`{},`, 501), ",")
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"not JSON":             {`{"device":`, 400, "body_malformed"},
		"another member":       {`{"device":"` + rep.device + `","schema":1,"mutations":[],"epoch":3}`, 400, "body_malformed"},
		"wrong type":           {`{"device":7}`, 400, "body_malformed"},
		"empty":                {``, 400, "body_malformed"},
		"no number":            {`{"device":"` + rep.device + `","schema":1,"mutations":[{"op":"create"}]}`, 400, "mutation_malformed"},
		"negative number":      {`{"device":"` + rep.device + `","schema":1,"mutations":[{"n":-1}]}`, 400, "mutation_malformed"},
		"no device":            {`{"schema":1,"mutations":[]}`, 401, "device_unknown"},
		"501 mutations":        {`{"device":"` + rep.device + `","schema":1,"mutations":[` + many + `]}`, 413, "too_many_mutations"},
		"more than a megabyte": {`{"device":"` + rep.device + `","schema":1,"mutations":["` + strings.Repeat("x", 1<<20) + `"]}`, 413, "body_too_large"},
	} {
		if got := rep.call("POST", "/api/sync/push", c.body); got.status != c.status || got.code() != c.code {
			t.Errorf("%s: %d %q, want %d %q", name, got.status, got.code(), c.status, c.code)
		}
	}
	rep.want(rep.push(rep.mutation("create", "contacts", id("c1"), map[string]any{
		"set": map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "王"},
	})), "applied")
}

// TestBadMutationsAreRejectedAlone puts each between two good ones; its verdict
// names the fault, and its content is kept.
func TestBadMutationsAreRejectedAlone(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	account, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	theirs, err := app.FindFirstRecordByData("contacts", "account", foreign)
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]any{"account": account, "name": "王"}
	with := func(field string, value any) map[string]any {
		set := maps.Clone(good)
		set[field] = value
		return map[string]any{"set": set}
	}
	cases := []struct {
		name, op, collection, record string
		more                         map[string]any
		verdict                      string
	}{
		{"unknown collection", "create", "secrets", id("x1"), map[string]any{"set": good}, "rejected collection_unknown"},
		{"collection outside sync", "create", "sync_devices", id("x2"), map[string]any{"set": good}, "rejected collection_unknown"},
		{"read-only collection", "create", "products", id("x3"), nil, "rejected collection_read_only"},
		{"unknown field", "create", "contacts", id("x4"), with("salary", 1), "rejected field.unknown"},
		{"autodate", "create", "contacts", id("x5"), with("created", "2026-01-01"), "rejected field.unknown"},
		{"wrong type", "create", "contacts", id("x6"), with("name", 7), "rejected field.type"},
		{"file field", "create", "blobs", id("x7"), map[string]any{"set": map[string]any{"original": "a.jpg"}}, "rejected field.locked"},
		{"id of another form", "create", "contacts", "UPPER", map[string]any{"set": good}, "rejected id.invalid"},
		{"unknown operation", "upsert", "contacts", id("x8"), map[string]any{"set": good}, "rejected mutation_malformed"},
		{"member of a later version", "create", "contacts", id("x9"), map[string]any{"set": good, "mood": "g"}, "rejected mutation_malformed"},
		{"missing field", "create", "contacts", id("xa"), map[string]any{"set": map[string]any{"account": account}}, "rejected validation"},
		{"another rep's account", "create", "contacts", id("xb"), with("account", foreign), "rejected record.not_allowed"},
		{"id of another rep's row", "create", "contacts", theirs.Id, map[string]any{"set": good}, "rejected id.taken"},
		{"update of what he cannot see", "update", "contacts", theirs.Id, map[string]any{"base": 1, "set": map[string]any{"name": "x"}}, "rejected record.not_found"},
		{"delete of what he cannot see", "delete", "contacts", theirs.Id, nil, "duplicate"},
		{"update without base", "update", "contacts", theirs.Id, map[string]any{"set": map[string]any{"name": "x"}}, "rejected base_required"},
		{"unknown action", "action", "accounts", account, map[string]any{"action": "explode"}, "rejected action.unknown"},
		{"too large", "create", "contacts", id("xc"), with("note", strings.Repeat("x", 300<<10)), "rejected mutation_too_large"},
	}
	for i, c := range cases {
		before, after := id(fmt.Sprintf("before%c", 'a'+i)), id(fmt.Sprintf("after%c", 'a'+i))
		got := rep.push(
			rep.mutation("create", "contacts", before, map[string]any{"set": good}),
			rep.mutation(c.op, c.collection, c.record, c.more),
			rep.mutation("create", "contacts", after, map[string]any{"set": good}),
		)
		if v := got.verdicts(); len(v) != 3 || v[0] != "applied" || v[1] != c.verdict || v[2] != "applied" {
			t.Errorf("%s: %v (%v)", c.name, v, got.body)
		}
		for _, r := range []string{before, after} {
			if _, err := app.FindRecordById("contacts", r); err != nil {
				t.Errorf("%s: its neighbour %s is lost", c.name, r)
			}
		}
	}
	if fresh, err := app.FindRecordById("contacts", theirs.Id); err != nil || fresh.GetString("name") != theirs.GetString("name") {
		t.Error("another rep's contact was touched")
	}
	n, err := app.CountRecords("sync_issues")
	if err != nil || int(n) != len(cases)-1 { // the delete of nothing is no rejection
		t.Errorf("%d issues for %d rejections, %v", n, len(cases)-1, err)
	}
	// The rep finds them on his phone, his manager on hers, a stranger nowhere.
	manager, other := sit(t, app, server, "manager.wu"), sit(t, app, server, "rep.ma")
	for _, c := range []struct {
		d    *desk
		want int
	}{{rep, len(cases) - 1}, {manager, len(cases) - 1}, {other, 0}} {
		c.d.pull()
		n := 0
		for key := range c.d.rows {
			if strings.HasPrefix(key, "sync_issues ") {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%d issues on the phone, want %d", n, c.want)
		}
	}
}

// TestRefusedGroupMemberRollsNothingElseBack: the create that its API rule
// refuses has been written by then; it must leave no trace, and its neighbours stay.
func TestRefusedAfterWritingLeavesNoTrace(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	foreign := app.AccountOf("rep.ma").Id
	rep.want(rep.push(
		rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "王"}}),
		rep.mutation("create", "contacts", id("c2"), map[string]any{"set": map[string]any{"account": foreign, "name": "李"}}),
	), "applied", "rejected record.not_allowed")
	if _, err := app.FindRecordById("contacts", id("c2")); err == nil {
		t.Error("the refused contact exists")
	}
	var logged int
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM _sync_log WHERE rec = '" + id("c2") + "'").Row(&logged); err != nil || logged != 0 {
		t.Errorf("the refused contact is in the log %d times, %v", logged, err)
	}
}

// TestEditsOfOnePushBuildOnEachOther: a row made, changed and changed back
// without a network arrives as it was left.
func TestEditsOfOnePushBuildOnEachOther(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	set := func(value string) map[string]any {
		return map[string]any{"base": 1, "set": map[string]any{"phone": value}}
	}
	rep.want(rep.push(
		rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "王", "phone": "1"}}),
		rep.mutation("update", "contacts", id("c1"), set("2")),
		rep.mutation("update", "contacts", id("c1"), set("1")),
		rep.mutation("delete", "contacts", id("c1"), nil),
		rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "王", "phone": "3"}}),
		rep.mutation("update", "contacts", id("c1"), set("4")),
		rep.mutation("update", "contacts", id("c1"), set("3")),
	), "applied", "applied", "applied", "applied", "applied", "applied", "applied")
	if row, err := app.FindRecordById("contacts", id("c1")); err != nil || row.GetString("phone") != "3" {
		t.Errorf("%v, %v", row, err)
	}
}

// TestRulesOfARefusedMutationRunOnce: of a push that falls with one mutation, that
// one is not judged again, and what stands beside it once more in its own transaction.
func TestRulesOfARefusedMutationRunOnce(t *testing.T) {
	app, server := serve(t)
	d := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	ran := map[string]int{}
	app.OnRecordCreateExecute("contacts").BindFunc(func(e *core.RecordEvent) error {
		ran[e.Record.Id]++
		if err := e.Next(); err != nil || e.Record.Id != id("second") {
			return err
		}
		return gate.Refuse("record.not_allowed") // after it was written
	})
	got := d.push(d.contact(id("first"), account, "一", nil), d.contact(id("second"), account, "二", nil), d.contact(id("third"), account, "三", nil))
	if !slices.Equal(got.verdicts(), []string{"applied", "rejected record.not_allowed", "applied"}) {
		t.Fatal(got.verdicts())
	}
	if ran[id("first")] != 2 || ran[id("second")] != 1 || ran[id("third")] != 1 {
		t.Errorf("%v", ran)
	}
}
