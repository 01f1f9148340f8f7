package gate_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// TestRefusalIsAnAPIErrorAndAProblem: PocketBase answers the one, a push reads the other.
func TestRefusalIsAnAPIErrorAndAProblem(t *testing.T) {
	err := errors.Join(errors.New("around it"), gate.Refuse("visit.state", "from", "planned", "action", "report"))
	api, ok := errors.AsType[*router.ApiError](err)
	if !ok || api.Status != http.StatusBadRequest {
		t.Fatalf("%v is no API error", err)
	}
	if api.Data["code"] != "visit.state" || api.Data["zh"] == "" || api.Data["en"] != "A visit in state planned cannot report." {
		t.Errorf("data: %v", api.Data)
	}
	p, fields, ok := gate.ProblemOf(err)
	if !ok || p.Code != "visit.state" || p.Params["from"] != "planned" || fields != nil {
		t.Errorf("problem: %+v %v", p, fields)
	}
	if _, _, ok := gate.ProblemOf(io.EOF); ok {
		t.Error("any error is a problem")
	}
}

// TestRefusedFieldIsNamed, even one that is called like a member of the answer.
func TestRefusedFieldIsNamed(t *testing.T) {
	for _, field := range []string{"state", "code", "params"} {
		err := gate.RefuseField(field, "field.locked")
		api, _ := errors.AsType[*router.ApiError](err)
		if api.Data["code"] != "field.locked" || api.Data["params"].(map[string]any)["field"] != field {
			t.Errorf("%s: %v", field, api.Data)
		}
		if _, fields, _ := gate.ProblemOf(err); fields[field] != "field.locked" {
			t.Errorf("%s: %v", field, fields)
		}
	}
	api, _ := errors.AsType[*router.ApiError](gate.RefuseField("state", "field.locked"))
	if at, ok := api.Data["state"].(map[string]any); !ok || at["code"] != "field.locked" {
		t.Errorf("data: %v", api.Data)
	}
}

// locked binds a handler that locks fields of contacts.
func locked(t *testing.T, fields ...string) *testapp.App {
	app := testapp.New(t)
	app.OnRecordUpdate("visits").BindFunc(func(e *core.RecordEvent) error {
		if err := gate.LockFields(e, fields...); err != nil {
			return err
		}
		return e.Next()
	})
	return app
}

// TestLockFieldsKnowsTheSameValue: a form that sends a row back as it was shown changes nothing.
func TestLockFieldsKnowsTheSameValue(t *testing.T) {
	app := locked(t, "in_fixes", "in_at", "in_lat", "late_record")
	visit, err := app.FindFirstRecordByFilter("visits", "state = 'checked_out' || state = 'reported'")
	if err != nil {
		t.Fatal(err)
	}
	server := gate.AsServer(context.Background())
	visit.Set("state", field.VisitCheckedOut)
	visit.Set("in_fixes", `[{"lat": 31.0, "lng": 121, "at": "x"}]`)
	if err := app.SaveWithContext(server, visit); err != nil {
		t.Fatal(err)
	}
	again := func(change map[string]any) error {
		fresh, err := app.FindRecordById("visits", visit.Id)
		if err != nil {
			t.Fatal(err)
		}
		fresh.Load(change)
		return app.Save(fresh)
	}
	if err := again(map[string]any{
		"in_fixes": []any{map[string]any{"at": "x", "lng": 121, "lat": 31}},
		"in_at":    visit.GetDateTime("in_at").Time().Format("2006-01-02T15:04:05.000Z07:00"),
		"in_lat":   visit.GetFloat("in_lat"), "late_record": visit.GetBool("late_record"),
	}); err != nil {
		t.Errorf("the same values: %v", err)
	}
	for field, value := range map[string]any{
		"in_fixes": []any{}, "in_at": "2026-01-01 00:00:00.000Z", "in_lat": 0, "late_record": !visit.GetBool("late_record"),
	} {
		if p, _, _ := gate.ProblemOf(again(map[string]any{field: value})); p.Code != "field.locked" || p.Params["field"] != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
}

// TestActorStaysInside: the mark on the record is in no answer and no column.
func TestActorStaysInside(t *testing.T) {
	app := testapp.New(t)
	server := app.Server(t)
	var seen []string
	app.OnRecordCreate("contacts").BindFunc(func(e *core.RecordEvent) error {
		if actor := gate.From(e); actor.User != nil {
			seen = append(seen, actor.User.Id)
		}
		return e.Next()
	})
	body := `{"account":"` + app.AccountOf("rep.chen").Id + `","name":"王采购","@by":"somebody"}`
	for _, token := range []string{app.Token("rep.chen"), app.SuperuserToken()} {
		req, _ := http.NewRequest("POST", server.URL+"/api/collections/contacts/records", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 200 || strings.Contains(string(text), "@by") {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	}
	if len(seen) != 1 || seen[0] != app.As("rep.chen").Id {
		t.Errorf("acting: %v", seen)
	}
}

// TestActorOfTheContextComesFirst: a push names its author in the context.
func TestActorOfTheContextComesFirst(t *testing.T) {
	app := testapp.New(t)
	chen := gate.Actor{User: app.As("rep.chen"), Device: "d1"}
	e := &core.RecordEvent{Record: core.NewRecord(app.AccountOf("rep.chen").Collection())}
	if gate.From(e).User != nil || gate.ByServer(e) {
		t.Error("somebody acts where nobody does")
	}
	e.Context = gate.With(context.Background(), chen)
	if gate.From(e).User != chen.User || gate.From(e).Device != chen.Device || gate.ByServer(e) {
		t.Error("the context's actor is not seen")
	}
	e.Context = gate.AsServer(e.Context)
	if gate.From(e).User != chen.User || !gate.ByServer(e) {
		t.Error("our own code on behalf of an actor")
	}
}

// TestAtomicKeepsWhatOthersWrote: a record that was loaded before somebody
// else's write saves its own change only, and the rules judge the row as it is.
func TestAtomicKeepsWhatOthersWrote(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	stale, err := app.FindRecordById("accounts", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	account.Set("note", "theirs")
	account.Set("industry", "theirs")
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	stale.Set("note", "mine")
	if err := app.Save(stale); err != nil {
		t.Fatal(err)
	}
	got, err := app.FindRecordById("accounts", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	if got.GetString("note") != "mine" || got.GetString("industry") != "theirs" {
		t.Errorf("note %q, industry %q", got.GetString("note"), got.GetString("industry"))
	}
}

// TestAtomicTakesBackAll: what a handler wrote goes with the row that is refused.
func TestAtomicTakesBackAll(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	app.OnRecordUpdate("accounts").BindFunc(gate.Atomic(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if _, err := e.App.DB().NewQuery("DELETE FROM contacts").Execute(); err != nil {
			return err
		}
		return gate.Refuse("record.not_allowed")
	}))
	before, _ := app.CountRecords("contacts")
	account.Set("note", "refused")
	if err := app.Save(account); err == nil {
		t.Fatal("saved")
	}
	after, _ := app.CountRecords("contacts")
	got, _ := app.FindRecordById("accounts", account.Id)
	if after != before || got.GetString("note") == "refused" {
		t.Errorf("%d contacts of %d, note %q", after, before, got.GetString("note"))
	}
}

// TestARecordInHandIsSavedAgain: what is set back to the value before the first
// save is a change like any other.
func TestARecordInHandIsSavedAgain(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "contacts")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		record *core.Record
		field  string
		values []any
	}{
		{account, "note", []any{"one", "two", "one", "one", "two"}},
		{rule, "policy", []any{map[string]string{"phone": "ask"}, map[string]string{"phone": "client"}, map[string]string{"phone": "ask"}}},
	} {
		for i, v := range c.values {
			c.record.Set(c.field, v)
			if err := app.Save(c.record); err != nil {
				t.Fatal(err)
			}
			stored, err := app.FindRecordById(c.record.Collection(), c.record.Id)
			if err != nil {
				t.Fatal(err)
			}
			want := core.NewRecord(c.record.Collection())
			want.Set(c.field, v)
			if got := stored.GetString(c.field); got != want.GetString(c.field) {
				t.Errorf("save %d of %s: the row has %s, not %s", i+1, c.field, got, want.GetString(c.field))
			}
		}
	}
}
