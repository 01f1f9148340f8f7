package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// body is a stored body of a push with the ids of this company.
func (d *desk) body(name string, more ...string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/pushes", name))
	if err != nil {
		d.t.Fatal(err)
	}
	words := append([]string{
		"$device2", d.device, "$device", d.device, "$cursor", d.cursor, "$account", d.app.AccountOf(d.name).Id, "$visit", d.planned(), "$list", "none",
	}, more...)
	return strings.NewReplacer(words...).Replace(string(text))
}

// planned is a visit that the person has planned and not begun.
func (d *desk) planned() string {
	d.t.Helper()
	const made = "visitofcases001"
	if v, err := d.app.FindRecordById("visits", made); err == nil {
		return v.Id
	}
	coll, err := d.app.FindCollectionByNameOrId("visits")
	if err != nil {
		d.t.Fatal(err)
	}
	v := core.NewRecord(coll)
	v.Id = made
	v.Load(map[string]any{"account": d.app.AccountOf(d.name).Id, "owner": d.app.As(d.name).Id, "type": "unplanned", "planned_date": "2026-03-16", "state": "planned"})
	if err := d.app.Override(v); err != nil {
		d.t.Fatal(err)
	}
	return made
}

// refusal is the code of one verdict, which must be a refusal with both texts.
func (a answered) refusal(t *testing.T, at int) string {
	t.Helper()
	results, _ := a.body["results"].([]any)
	if len(results) <= at {
		t.Fatalf("got %d %v", a.status, a.body)
	}
	r := results[at].(map[string]any)
	code, _ := r["code"].(string)
	params, _ := r["params"].(map[string]any)
	if r["status"] != "rejected" || code == "internal" || domain.Problems[code] == (domain.Texts{}) {
		t.Errorf("the verdict is %v", r)
	}
	p := domain.Problem{Code: code, Params: params}
	for _, lang := range []string{"zh", "en"} {
		if text := p.Text(lang); text == "" || strings.Contains(text, "{") {
			t.Errorf("%s of %s is %q", lang, code, text)
		}
	}
	return code
}

// TestOneUnreadableMutationStopsNothing: each of these files has one between two
// good ones. It is refused by its number, kept, and the queue goes on; the same
// again gets the same, also from a new phone.
func TestOneUnreadableMutationStopsNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/pushes/p1*")
	if err != nil || len(files) < 11 {
		t.Fatal(files, err)
	}
	want := map[string]string{
		"p1a": "json.text", "p1b": "json.duplicate", "p1c": "json.text", "p1d": "json.depth", "p1e": "json.number", "p1f": "json.depth",
	}
	app, server := serve(t)
	app.Setting("device.live_most", 100) // two for each case
	for n, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			rep := sit(t, app, server, "rep.chen")
			rep.t, rep.install = t, "install-of-"+name
			rep.login()
			body := rep.body(name)
			got := rep.call("POST", "/api/sync/push", body)
			at := 1
			if strings.HasPrefix(name, "p1f") {
				at = 0
			} else if v := got.verdicts(); got.status != 200 || len(v) != 3 || v[0] != "applied" || v[2] != "applied" {
				t.Fatalf("got %d %v", got.status, got.body)
			}
			code := got.refusal(t, at)
			if code != want[name[:3]] {
				t.Errorf("%s, want %s", code, want[name[:3]])
			}
			again := rep.call("POST", "/api/sync/push", body)
			if !slices.Equal(again.verdicts(), got.verdicts()) {
				t.Errorf("again: %v, first: %v", again.verdicts(), got.verdicts())
			}
			rep.n = int64(len(got.verdicts()))
			next := fmt.Sprintf("next%011d", n)
			rep.want(rep.push(rep.mutation("create", "contacts", next, map[string]any{
				"id": next, "set": map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "王"},
			})), "applied")
			rep.keepsOne(code)
			other := sit(t, app, server, "rep.chen")
			other.t, other.install = t, "another-of-"+name
			other.login()
			if got := other.call("POST", "/api/sync/push", strings.ReplaceAll(body, rep.device, other.device)); !slices.Equal(got.verdicts(), again.verdicts()) {
				t.Errorf("from a new phone: %v, first: %v", got.verdicts(), again.verdicts())
			}
			rep.keepsOne(code)
		})
	}
}

// keepsOne holds that the phone's one refusal with this code can be seen, within
// bounds, and put away.
func (d *desk) keepsOne(code string) {
	d.t.Helper()
	issues, err := d.app.FindAllRecords("sync_issues")
	if err != nil {
		d.t.Fatal(err)
	}
	issues = slices.DeleteFunc(issues, func(i *core.Record) bool { return i.GetString("device") != d.device })
	if len(issues) != 1 || issues[0].GetString("code") != code || len(issues[0].GetString("payload")) > 32<<10 {
		d.t.Fatalf("%d issues are kept", len(issues))
	}
	var payload struct {
		Unreadable string `json:"unreadable"`
		Bytes      int    `json:"bytes"`
	}
	if err := json.Unmarshal([]byte(issues[0].GetString("payload")), &payload); err != nil || payload.Bytes == 0 || !strings.Contains(payload.Unreadable, `"op"`) {
		d.t.Errorf("kept is %.300s", issues[0].GetString("payload"))
	}
}

// TestAGroupIsRefusedAgainFromANewPhone with the verdicts that it had, and the
// fleet's page counts it for the new phone too.
func TestAGroupIsRefusedAgainFromANewPhone(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	refused := []string{"rejected sync.group_refused", "rejected field.unknown", "rejected sync.group_refused"}
	rep.want(rep.call("POST", "/api/sync/push", rep.body("p6-1-group-refused.json")), refused...)
	rep.install = "another-install"
	rep.login()
	for range 2 {
		rep.want(rep.call("POST", "/api/sync/push", rep.body("p6-2-again-from-new-device.json")), append(refused, "applied")...)
	}
	if err := app.Bound.Fleet.Flush(app); err != nil {
		t.Fatal(err)
	}
	device, err := app.FindRecordById("sync_devices", rep.device)
	if err != nil || device.GetInt("rejected") != 3 {
		t.Errorf("the fleet's page counts %d, %v", device.GetInt("rejected"), err)
	}
}

// TestAGroupWhoseMemberWasRefusedBeforeFalls, also the members that are new.
func TestAGroupWhoseMemberWasRefusedBeforeFalls(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	with := func(set map[string]any) map[string]any { return map[string]any{"set": set, "group": "g"} }
	bad := rep.mutation("create", "contacts", id("bad"), with(map[string]any{"account": account, "nothing": 1}))
	rep.want(rep.push(bad), "rejected field.unknown")
	rep.install, rep.n = "another-install", 0
	rep.login()
	bad["n"], rep.n = 1, 1
	rep.want(rep.push(bad, rep.mutation("create", "contacts", id("good"), with(map[string]any{"account": account, "name": "王"}))),
		"rejected field.unknown", "rejected sync.group_refused")
	if _, err := app.FindRecordById("contacts", id("good")); err == nil {
		t.Error("half of a group was made")
	}
}

// TestAMisusedIDPoisonsNothing: what the id was used for first keeps its verdict,
// and what comes after it goes on, also once the misuse is given up.
func TestAMisusedIDPoisonsNothing(t *testing.T) {
	if !misuse(t) {
		t.Error("the first use of an id lost its verdict")
	}
	if misuse(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantIDPoisoned })) {
		t.Error("the planted fault is not noticed")
	}
}

func misuse(t *testing.T, opts ...testapp.Option) bool {
	t.Helper()
	app, server := serve(t, opts...)
	rep := sit(t, app, server, "rep.chen")
	push := func(name string) string {
		got := rep.call("POST", "/api/sync/push", rep.body(name))
		if got.status != 200 || len(got.verdicts()) != 1 {
			t.Fatalf("%s: %d %v", name, got.status, got.body)
		}
		return got.verdicts()[0]
	}
	if v := push("p7-1-first.json"); v != "applied" {
		t.Fatal(v)
	}
	if v := push("p7-2-id-misused.json"); v != "rejected mutation_id_taken" {
		t.Fatal(v)
	}
	issue, err := app.FindFirstRecordByData("sync_issues", "code", "mutation_id_taken")
	if err != nil {
		t.Fatal(err)
	}
	if got := rep.call("POST", "/api/ka/sync_issues/"+issue.Id+"/discard", `{"reason":"重号"}`); got.status != http.StatusOK {
		t.Fatalf("discard: %+v", got)
	}
	child := push("p7-4-child.json")
	rep.install = "another-install"
	rep.login()
	again := push("p7-3-first-again-from-new-device.json")
	return child == "applied" && again == "applied"
}

// TestWhatNeverWasIsNotTakenInSilence: a time that is none, a version that was
// never given out, a mutation that waits for itself, by one step or by two.
func TestWhatNeverWasIsNotTakenInSilence(t *testing.T) {
	app, server := serve(t)
	for file, want := range map[string]string{
		"p8-captured-yesterday.json": "rejected captured_invalid", "p8-base-of-the-future.json": "applied, rejected base_unknown",
		"p8-after-itself.json": "rejected sync.after_itself", "n1-integer-of-19-digits.json": "applied, rejected json.number, applied",
	} {
		rep := sit(t, app, server, "rep.chen")
		rep.install = "install-" + file
		rep.login()
		got := rep.call("POST", "/api/sync/push", rep.body(file))
		if v := strings.Join(got.verdicts(), ", "); v != want {
			t.Errorf("%s: %s, want %s (%v)", file, v, want, got.body)
		}
	}
	rep := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	make := func(name string, more map[string]any) map[string]any {
		m := rep.mutation("create", "contacts", id(name), map[string]any{"set": map[string]any{"account": account, "name": "王"}})
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	first, second := make("circle1", nil), make("circle2", nil)
	first["after"], second["after"] = []any{second["id"]}, []any{first["id"]}
	rep.want(rep.push(first, second), "held sync.held", "rejected sync.after_itself")
	for _, c := range []struct {
		captured string
		taken    bool
	}{
		{"2026-03-15T02:00:00Z", true},
		{"2026-03-15t02:00:00.123456789z", true},
		{"2026-03-15 02:00:00.000Z", true},
		{"1970-01-01T00:00:00+08:00", true},
		{"2099-12-31T23:59:60Z", true},
		{"0001-01-01T00:00:00-12:00", true},
		{"", true},
		{"2026-02-30T02:00:00Z", false},
		{"2026-03-15T25:00:00Z", false},
		{"2026-03-15T02:00:00", false},
		{"2026-03-15", false},
		{"1773540000", false},
		{" 2026-03-15T02:00:00Z", false},
	} {
		want := "applied"
		if !c.taken {
			want = "rejected captured_invalid"
		}
		if got := rep.push(make("time", map[string]any{"r": id(strings.ReplaceAll("time"+string(rune('a'+rep.n)), " ", "")), "captured": c.captured})); got.status != 200 || got.verdicts()[0] != want {
			t.Errorf("%q: %v, want %s", c.captured, got.body, want)
		}
	}
}
