package hooks_test

import (
	"encoding/json/v2"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// noDays are texts that look like days and that nobody means.
var noDays = []string{"2026-09-31", "9999-12-31", "2025-02-29", "2026-13-01", "2026-00-10", "0001-01-01", "1899-12-31"}

// TestNoDayOfTheCalendarIsRefused in every field of every collection that holds a
// day or a moment, at a desk and by a phone.
func TestNoDayOfTheCalendarIsRefused(t *testing.T) {
	effort.Late(t)
	m := newMatrix(t)
	phone := m.app.Phone(m.people["owner"].token, "days")
	phone.Pull()
	fields, pushed, ids := 0, 0, &guard{matrix: m}
	stands := func(row *core.Record, field, text string) bool {
		return row != nil && strings.HasPrefix(row.GetString(field), text)
	}
	tried := map[string]bool{}
	for _, target := range m.targets() {
		if target.create == nil || tried[target.collection] {
			continue
		}
		tried[target.collection] = true
		coll, err := m.app.FindCachedCollectionByNameOrId(target.collection)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range coll.Fields {
			day, ok := dated(f)
			if !ok {
				continue
			}
			fields++
			for _, text := range noDays {
				// Our own code is held to it as well.
				row := core.NewRecord(coll)
				row.Load(target.create(m.people["owner"]))
				row.Set(f.GetName(), text)
				if day && m.app.SaveWithContext(gate.AsServer(t.Context()), row) == nil && stands(row, f.GetName(), text) {
					t.Errorf("%s.%s holds %s", coll.Name, f.GetName(), text)
				}
			}
			path := "/api/collections/" + coll.Name + "/records"
			for _, column := range []string{"owner", "admin"} {
				for _, text := range noDays[:effort.Times(2, len(noDays))] {
					told := text
					if !day {
						told += " 01:00:00.000Z"
					}
					body := maps.Clone(target.create(m.people[column]))
					id := ids.newID()
					body["id"], body[f.GetName()] = id, told
					answer, made := m.attempt(http.MethodPost, path, body, m.people[column], coll.Name, id)
					if stands(made, f.GetName(), text) || unread(answer, made, f.GetName(), text) {
						t.Errorf("%s makes %s with %s %s", column, coll.Name, f.GetName(), told)
					}
					if target.id == "" {
						continue
					}
					answer, made = m.attempt(http.MethodPatch, path+"/"+target.id, map[string]any{f.GetName(): told}, m.people[column], coll.Name, target.id)
					if stands(made, f.GetName(), text) || unread(answer, made, f.GetName(), text) {
						t.Errorf("%s changes %s to %s %s", column, coll.Name, f.GetName(), told)
					}
				}
			}
			for _, text := range noDays[:1] {
				set := maps.Clone(target.create(m.people["owner"]))
				if set[f.GetName()] = text; !day {
					set[f.GetName()] = text + "T01:00:00Z"
				}
				pushed++
				answer := phone.Push(map[string]any{"op": "create", "c": coll.Name, "r": ids.newID(), "set": set})
				var got struct {
					Results []struct{ Status, Code string }
				}
				if err := json.Unmarshal(answer.Body.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil || len(got.Results) != 1 || got.Results[0].Status != "rejected" || got.Results[0].Code == "internal" || got.Results[0].Code == "" {
					t.Errorf("%s.%s by a phone: %s", coll.Name, f.GetName(), answer.Body)
				}
			}
		}
	}
	t.Logf("%d fields, %d by a phone", fields, pushed)
	if fields < 60 {
		t.Error("fields are missing")
	}
}

// unread reports whether what is no day of the calendar was taken, and read as nothing.
func unread(answer *httptest.ResponseRecorder, made *core.Record, field, text string) bool {
	return answer.Code < http.StatusBadRequest && made != nil && !domain.IsDay(text) && made.GetDateTime(field).IsZero()
}

// dated reports whether a field holds a day, or a moment.
func dated(f core.Field) (day, ok bool) {
	switch f := f.(type) {
	case *core.TextField:
		return true, strings.Contains(f.Pattern, `\d{4}-\d{2}-\d{2}`)
	case *core.DateField:
		return false, true
	}
	return false, false
}

// TestWhatSaysADayHasTheDay: a change that is refused for its day says so, by the
// field, where nothing else speaks against it.
func TestWhatSaysADayHasTheDay(t *testing.T) {
	w := newWitness(t)
	for name, want := range map[string]string{
		"b4-birthday-30-february": "rejected field.day", "b4-visit-of-2020": "rejected visit.day_implausible",
		"b1-own-credit-and-tier": "rejected account.field_locked", "b4-planned-without-item": "applied",
	} {
		if got := w.push(name, false); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
	}
	if row := w.visit("b4prow000000001"); !strings.Contains(row.GetString("flags"), "no_plan_item") {
		t.Errorf("planned without an item: %s", row.GetString("flags"))
	}
	account := w.AccountOf("rep.chen").Id
	for day, want := range map[string]string{
		"2026-09-31": "field.day", "2025-12-13": "visit.day_implausible", "2025-12-14": "", "2027-03-17": "", "2027-03-18": "visit.day_implausible",
	} {
		answer := w.Do("rep.chen", http.MethodPost, "/api/collections/visits/records",
			`{"account":"`+account+`","owner":"`+w.As("rep.chen").Id+`","type":"unplanned","planned_date":"`+day+`"}`)
		if got := refusal(answer); got != want {
			t.Errorf("planned for %s: %q, want %q", day, got, want)
		}
	}
	birthday := func(day string) string {
		return refusal(w.Do("rep.chen", http.MethodPost, "/api/collections/contacts/records", `{"account":"`+account+`","name":"王芳","birthday":"`+day+`"}`))
	}
	if got := birthday("2026-03-17"); got != "account.birthday_future" {
		t.Errorf("born tomorrow: %q", got)
	}
	if got := birthday("2026-03-16") + birthday("1931-02-03"); got != "" {
		t.Errorf("born: %q", got)
	}
	for _, field := range []string{"credit_limit_fen", "payment_days", "geofence_m"} {
		answer := w.Do("rep.chen", http.MethodPost, "/api/collections/accounts/records", `{"name":"自定`+field+`","kind":"prospect","owner":"`+w.As("rep.chen").Id+`","`+field+`":60}`)
		if got := refusal(answer); got != "account.field_locked" {
			t.Errorf("%s: %q", field, got)
		}
	}
}

// TestAFutureMomentIsPutAtItsArrival: what a person says was done in 2099 was done
// at the latest when the server heard of it.
func TestAFutureMomentIsPutAtItsArrival(t *testing.T) {
	app := testapp.New(t)
	chen := app.As("rep.chen")
	visit := app.Do("rep.chen", http.MethodPost, "/api/collections/visits/records",
		`{"account":"`+app.AccountOf("rep.chen").Id+`","owner":"`+chen.Id+`","type":"unplanned","planned_date":"2026-03-16"}`)
	var row struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(visit.Body.Bytes(), &row); err != nil {
		t.Fatal(err, visit.Body)
	}
	for told, want := range map[string]string{"2099-01-01 00:00:00.000Z": "2026-03-16 00:30:00.000Z", "2026-03-16 05:00:00.000Z": "2026-03-16 05:00:00.000Z"} {
		answer := app.Do("rep.chen", http.MethodPost, "/api/collections/visit_steps/records", `{"visit":"`+row.ID+`","key":"talk","kind":"note","done_at":"`+told+`"}`)
		if !strings.Contains(answer.Body.String(), `"done_at":"`+want+`"`) {
			t.Errorf("%s: %s", told, answer.Body)
		}
	}
}
