package devices_test

import (
	"context"
	"encoding/json/v2"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// TestThePageTravelsWithTheDashboard, and loads nothing from elsewhere.
func TestThePageTravelsWithTheDashboard(t *testing.T) {
	app := testapp.New(t)
	script := app.Do("", http.MethodGet, "/_/extensions.js", "")
	if script.Code != http.StatusOK || !strings.Contains(script.Body.String(), `app.routes.superuserOnly("#/fleet"`) {
		t.Errorf("%d %.200s", script.Code, script.Body)
	}
	if far := regexp.MustCompile(`https?://[^"' ]*`).FindString(script.Body.String()); far != "" {
		t.Errorf("the page asks %s, which its policy of content forbids", far)
	}
	if style := app.Do("", http.MethodGet, "/_/extensions/fleet/style.css", ""); style.Code != http.StatusOK {
		t.Errorf("the style answers %d", style.Code)
	}
}

// TestThePageSpeaksOfAllThatTheRouteTells, in both languages.
func TestThePageSpeaksOfAllThatTheRouteTells(t *testing.T) {
	app := testapp.New(t)
	app.Phone(app.Token("rep.chen"), "one").Pull()
	var answer struct {
		Devices []map[string]any `json:"devices"`
	}
	if err := json.Unmarshal(app.Do("admin.fang", http.MethodGet, "/api/sync/fleet", "").Body.Bytes(), &answer); err != nil || len(answer.Devices) != 1 {
		t.Fatalf("%v, %v", answer, err)
	}
	page, err := os.ReadFile("dashboard/main.js")
	if err != nil {
		t.Fatal(err)
	}
	columns := wordsOf(t, string(page), "columns")
	beside := []string{"device", "user", "phone", "platform", "schema", "created", "last_seen"} // beside or below a column
	for field := range answer.Devices[0] {
		if !slices.Contains(columns, field) && !slices.Contains(beside, field) {
			t.Errorf("the page has no column for %s", field)
		}
	}
	for _, c := range columns {
		if _, told := answer.Devices[0][c]; !told {
			t.Errorf("the page shows %s, which the route does not tell", c)
		}
	}
	source, err := os.ReadFile("figures.go")
	if err != nil {
		t.Fatal(err)
	}
	states := wordsOf(t, string(page), "states")
	for _, m := range regexp.MustCompile(`(?m)^\tis[A-Z]\w+ += "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		if !slices.Contains(states, m[1]) {
			t.Errorf("the page has no word for the state %s", m[1])
		}
	}
}

// wordsOf returns the names under a heading of the page's texts, which must be
// the same in Chinese and in English.
func wordsOf(t *testing.T, page, heading string) []string {
	t.Helper()
	blocks := regexp.MustCompile(`\b`+heading+`: \{([^}]+)\}`).FindAllStringSubmatch(page, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of %s", len(blocks), heading)
	}
	var both [2][]string
	for i, b := range blocks {
		set := map[string]bool{}
		for _, m := range regexp.MustCompile(`(\w+): "`).FindAllStringSubmatch(b[1], -1) {
			set[m[1]] = true
		}
		both[i] = slices.Sorted(maps.Keys(set))
	}
	if !slices.Equal(both[0], both[1]) || len(both[0]) < 5 {
		t.Errorf("%s: Chinese has %v, English %v", heading, both[0], both[1])
	}
	return both[0]
}

// TestWhatStopsAPhoneIsShown: too many rows with what they are of, before and
// after the pull that is refused for it, and repair that has stopped.
func TestWhatStopsAPhoneIsShown(t *testing.T) {
	app := testapp.New(t)
	p := app.Phone(app.Token("rep.chen"), "large")
	p.Pull()
	state := func() (string, map[string]any) {
		t.Helper()
		var answer struct {
			Limit   int              `json:"limit"`
			Devices []map[string]any `json:"devices"`
		}
		err := json.Unmarshal(app.Do("manager.wu", http.MethodGet, "/api/sync/fleet", "").Body.Bytes(), &answer)
		if err != nil || len(answer.Devices) != 1 {
			t.Fatalf("%v, %v", answer, err)
		}
		return answer.Devices[0]["state"].(string), answer.Devices[0]
	}
	if s, _ := state(); s != "ok" {
		t.Fatalf("%s at first", s)
	}
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	limit := core.NewRecord(coll)
	limit.Load(map[string]any{"key": "sync.max_scope_rows", "value": 10})
	if err := app.Save(limit); err != nil {
		t.Fatal(err)
	}
	s, d := state()
	largest, _ := d["largest"].([]any)
	if s != "over_limit" || len(largest) != 3 || largest[0].(map[string]any)["rows"].(float64) < 10 {
		t.Errorf("above the limit: %s, %v", s, d)
	}
	limit.Set("value", 20_000)
	if err := app.Save(limit); err != nil {
		t.Fatal(err)
	}
	err = app.RunInTransaction(func(tx core.App) error {
		heal := syncer.Heal{Device: p.Device, User: app.As("rep.chen").Id, At: app.Clock.Now(), Mended: syncer.Mended{Rows: 9}}
		for range 2 {
			if _, _, err := heal.Record(tx.DB(), 5); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s, d := state(); s != "repair_stopped" || d["heals"] != 2.0 {
		t.Errorf("after repair stopped: %s, %v", s, d)
	}
	app.Clock.Advance(24 * time.Hour)
	if s, _ := state(); s != "ok" {
		t.Errorf("the day after: %s", s)
	}
	alerts, err := app.FindCollectionByNameOrId("sync_alerts")
	if err != nil {
		t.Fatal(err)
	}
	alert := core.NewRecord(alerts)
	alert.Load(map[string]any{"kind": "unsynced", "device": p.Device, "user": app.As("rep.chen").Id, "since": app.Clock.Now(), "detail": map[string]any{}})
	if err := app.SaveWithContext(gate.AsServer(context.Background()), alert); err != nil {
		t.Fatal(err)
	}
	if _, d := state(); len(d["alerts"].([]any)) != 1 {
		t.Errorf("%v", d)
	}
	if _, err := app.DB().Update("sync_alerts", dbx.Params{"resolved": "2026-03-16 00:00:00.000Z"}, nil).Execute(); err != nil {
		t.Fatal(err)
	}
	if _, d := state(); len(d["alerts"].([]any)) != 0 {
		t.Errorf("a resolved alert is shown: %v", d)
	}
}
