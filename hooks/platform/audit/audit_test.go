package audit_test

import (
	"context"
	"encoding/json/v2"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// entries lists what the log has of a record: "action before after".
func entries(t *testing.T, app core.App, record string) []*core.Record {
	t.Helper()
	out, err := app.FindRecordsByFilter("audit_log", "record = {:r}", "at,id", 0, 0, dbx.Params{"r": record})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEveryChangeOfStateIsNoted, with who, where from, before and after; what is
// no state is not.
func TestEveryChangeOfStateIsNoted(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	phone := app.Phone(app.Token("rep.chen"), "chen")
	visit := "visit0000000001"
	answer := phone.Push(
		map[string]any{"op": "create", "c": "visits", "r": visit, "set": map[string]any{"account": account.Id, "type": "planned", "planned_date": "2026-03-16"}, "captured": "2026-03-16T00:00:00Z"},
		map[string]any{"op": "update", "c": "visits", "r": visit, "base": 1, "set": map[string]any{"objective": "新品"}, "captured": "2026-03-16T00:00:00Z"},
		map[string]any{"op": "action", "c": "visits", "r": visit, "action": "check_in", "args": map[string]any{}, "captured": "2026-03-16T00:00:00Z"},
	)
	if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), "rejected") {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	got := entries(t, app, visit)
	if len(got) != 1 {
		t.Fatalf("%d entries", len(got))
	}
	e := got[0]
	if e.GetString("action") != "visits.check_in" || e.GetString("actor") != app.As("rep.chen").Id || e.GetString("device") != phone.Device ||
		!strings.Contains(e.GetString("before"), `"state":"planned"`) || !strings.Contains(e.GetString("after"), `"state":"in_progress"`) {
		t.Errorf("%v", e.PublicExport())
	}
	if answer := app.Do("manager.wu", "PATCH", "/api/collections/accounts/records/"+account.Id, `{"credit_limit_fen":500,"note":"x"}`); answer.Code != 200 {
		t.Fatal(answer.Body)
	}
	got = entries(t, app, account.Id)
	e = got[len(got)-1]
	if e.GetString("action") != "update" || e.GetString("actor") != app.As("manager.wu").Id || e.GetString("ip") == "" || strings.Contains(e.GetString("after"), "note") {
		t.Errorf("%v", e.PublicExport())
	}
	before := len(got)
	if answer := app.Do("manager.wu", "PATCH", "/api/collections/accounts/records/"+account.Id, `{"note":"y"}`); answer.Code != 200 {
		t.Fatal(answer.Body)
	}
	if got := entries(t, app, account.Id); len(got) != before {
		t.Errorf("a note is a change of state: %d entries", len(got))
	}
}

// TestTheLogGoesWithTheChange: what is rolled back is not noted.
func TestTheLogGoesWithTheChange(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	before := len(entries(t, app, account.Id))
	stop := errors.New("stop")
	err := app.RunInTransaction(func(txApp core.App) error {
		account.Set("tier", "C")
		account.Set("payment_days", 77)
		if err := txApp.Save(account); err != nil {
			return err
		}
		if got := entries(t, txApp, account.Id); len(got) != before+1 {
			t.Errorf("%d entries inside", len(got))
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if got := entries(t, app, account.Id); len(got) != before {
		t.Errorf("%d entries, before %d", len(got), before)
	}
}

// TestTheLogOnlyGrows, whoever asks and however.
func TestTheLogOnlyGrows(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	account.Set("payment_days", 78)
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	e := entries(t, app, account.Id)[0]
	for _, ctx := range []context.Context{context.Background(), gate.AsServer(context.Background()), gate.Overriding(context.Background(), "x")} {
		e.Set("action", "nothing")
		if p, _, _ := gate.ProblemOf(app.SaveWithContext(ctx, e)); p.Code != "audit.kept" {
			t.Errorf("changed: %v", p)
		}
		if p, _, _ := gate.ProblemOf(app.DeleteWithContext(ctx, e)); p.Code != "audit.kept" {
			t.Errorf("deleted: %v", p)
		}
	}
	made := core.NewRecord(e.Collection())
	made.Set("action", "forged")
	if p, _, _ := gate.ProblemOf(app.Save(made)); p.Code != "audit.kept" {
		t.Errorf("forged: %v", p)
	}
}

// TestOverride changes what the rules lock, for administrators who give a
// reason, and is noted with all that it changed.
func TestOverride(t *testing.T) {
	app := testapp.New(t)
	visit, err := app.FindFirstRecordByData("visits", "state", "accepted")
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/ka/visits/" + visit.Id + "/override"
	ask := func(name string, body map[string]any) (int, string) {
		text, _ := json.Marshal(body)
		answer := app.Do(name, "POST", path, string(text))
		var out struct{ Data struct{ Code string } }
		_ = json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true))
		return answer.Code, out.Data.Code
	}
	set := map[string]any{"summary": "更正", "state": "cancelled"}
	for _, x := range []struct {
		name   string
		body   map[string]any
		status int
		code   string
	}{
		{"manager.wu", map[string]any{"reason": "x", "set": set}, 403, "record.not_allowed"},
		{"admin.fang", map[string]any{"set": set}, 400, "override.reason"},
		{"admin.fang", map[string]any{"reason": "x", "set": map[string]any{"colour": "red"}}, 400, "field.unknown"},
		{"admin.fang", map[string]any{"reason": "x", "set": map[string]any{"id": "aaaaaaaaaaaaaaa"}}, 400, "field.unknown"},
		{"", map[string]any{"reason": "x", "set": set}, 401, "auth_required"},
		{"admin.fang", map[string]any{"reason": "客户投诉,经核实未到访", "set": set}, 200, ""},
	} {
		if status, code := ask(x.name, x.body); status != x.status || code != x.code {
			t.Errorf("%s %v: %d %s", x.name, x.body, status, code)
		}
	}
	got := entries(t, app, visit.Id)
	e := got[len(got)-1]
	if e.GetString("override_reason") != "客户投诉,经核实未到访" || e.GetString("action") != "override" || !strings.Contains(e.GetString("after"), "更正") {
		t.Errorf("%v", e.PublicExport())
	}
}

// TestWhoChangesWhatPhonesSeeIsNoted: a rule of sync is a gate.
func TestWhoChangesWhatPhonesSeeIsNoted(t *testing.T) {
	app := testapp.New(t)
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "visits")
	if err != nil {
		t.Fatal(err)
	}
	if a := app.Do("admin.fang", "PATCH", "/api/collections/sync_rules/records/"+rule.Id, `{"priority":55}`); a.Code != 200 {
		t.Fatal(a.Code, a.Body)
	}
	entry, err := app.FindFirstRecordByFilter("audit_log", "collection = 'sync_rules' && record = {:id}", dbx.Params{"id": rule.Id})
	if err != nil || entry.GetString("actor") != app.As("admin.fang").Id || !strings.Contains(entry.GetString("after"), `"priority":55`) {
		t.Errorf("%v %v", entry, err)
	}
}
