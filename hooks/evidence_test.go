package hooks_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// witness pushes whole bodies of testdata/evidence as a phone of rep.chen's that
// heard the server on the day of the visits.
type witness struct {
	*testapp.App
	t      *testing.T
	words  *strings.Replacer
	anchor string
	phone  *testapp.Phone
	n      int // mutations of the phone so far
}

var number = regexp.MustCompile(`"n":(\d+)`)

func newWitness(t *testing.T, opts ...testapp.Option) *witness {
	t.Helper()
	m := &matrix{t: t, app: testapp.New(t, opts...)}
	w := &witness{App: m.app, t: t}
	w.Clock.Set(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	chen := w.As("rep.chen")
	place := func(name string, lat float64) string {
		return m.make("accounts", map[string]any{"name": name, "kind": "ka", "owner": chen.Id, "lat": lat, "lng": 121.4737}).Id
	}
	w.phone = w.Phone(w.Token("rep.chen"), "witness")
	answer := w.phone.Post("/api/sync/hello", map[string]any{"install": "install-witness", "platform": "test", "app": "1", "schema": 1})
	var hello struct {
		Anchor map[string]any `json:"anchor"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &hello); err != nil || hello.Anchor["sig"] == nil {
		t.Fatal(err, answer.Body)
	}
	hello.Anchor["boot_id"], hello.Anchor["elapsed_ms"], hello.Anchor["device_at"] = "boot-1", 3_600_000, w.Clock.Now()
	anchor, err := json.Marshal(hello.Anchor)
	if err != nil {
		t.Fatal(err)
	}
	w.anchor = string(anchor)
	w.words = strings.NewReplacer("$device", w.phone.Device, "$cursor", "", "$user", chen.Id,
		"$account_north", place("北边门店", 33.9304), "$account", place("南边门店", 31.2304))
	w.Clock.Set(testapp.Start)
	return w
}

// push sends a body word for word, but that the numbers of a second one go on; with signed, the anchors in it are those that
// the phone was given. It returns the statuses, in order.
func (w *witness) push(name string, signed bool) (statuses []string) {
	w.t.Helper()
	text, err := os.ReadFile("testdata/evidence/" + name + ".json")
	if err != nil {
		w.t.Fatal(err)
	}
	body := w.words.Replace(string(text))
	if signed {
		body = strings.ReplaceAll(body, `{"boot_id":"boot-1","elapsed_ms":3600000,"at":"2026-03-15T00:00:00Z"}`, w.anchor)
	}
	before := w.n
	body = number.ReplaceAllStringFunc(body, func(s string) string {
		n, _ := strconv.Atoi(number.FindStringSubmatch(s)[1]) // digits
		w.n = before + n
		return fmt.Sprintf(`"n":%d`, w.n)
	})
	answer := w.DoBy(w.phone.Token, http.MethodPost, "/api/sync/push", body)
	var got struct {
		Results []struct {
			Status string `json:"status"`
			Code   string `json:"code"`
		} `json:"results"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || answer.Code != http.StatusOK {
		w.t.Fatalf("%s: %d %s", name, answer.Code, answer.Body)
	}
	for _, r := range got.Results {
		statuses = append(statuses, strings.TrimSpace(r.Status+" "+r.Code))
	}
	return statuses
}

func (w *witness) visit(id string) *core.Record {
	w.t.Helper()
	row, err := w.FindRecordById("visits", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// reasonsOf lists the codes of a visit's reasons.
func reasonsOf(row *core.Record) (codes []string) {
	var reasons []domain.RiskReason
	_ = row.UnmarshalJSONField("risk_reasons", &reasons) // what is none has none
	for _, r := range reasons {
		codes = append(codes, r.Code)
	}
	return codes
}

// nowhere are visits whose times are in order and whose places are not.
var nowhere = []struct{ name, visit, result, reason string }{
	{"p2-no-position", "p2arow000000001", "unknown", "place_unknown"},
	{"p2-zero-zero", "p2brow000000001", "unknown", "place_unknown"},
	{"p2-accuracy-5-km", "p2crow000000001", "unknown", "place_coarse"},
	{"p3-300-km-away", "p3arow000000001", "outside", "outside"},
	{"p3-jump-hidden", "p3brow000000002", "unknown", "place_unknown"},
}

// countUnseen pushes those visits with their times proved, and lists what counts.
func countUnseen(w *witness) (found []string) {
	for _, c := range nowhere {
		w.push(c.name, true)
		if w.visit(c.visit).GetBool("counts") {
			found = append(found, c.name)
		}
	}
	return found
}

// TestAVisitNowhereIsLookedAt: what has no place, a coarse one or one far away is
// taken, has a reason with points, and counts after the superior's word alone;
// also where the settings give the reasons no points.
func TestAVisitNowhereIsLookedAt(t *testing.T) {
	for _, points := range []bool{true, false} {
		for _, c := range nowhere {
			t.Run(fmt.Sprint(c.name, " ", points), func(t *testing.T) {
				w := newWitness(t)
				if !points {
					for _, key := range []string{"place_unknown", "place_coarse", "outside", "outside_km"} {
						w.Setting("risk."+key, 0)
					}
				}
				for i, status := range w.push(c.name, true) {
					if status != "applied" {
						t.Errorf("mutation %d: %s", i+1, status)
					}
				}
				row := w.visit(c.visit)
				if got := row.GetString("in_result"); got != c.result || slices.Contains(reasonsOf(row), c.reason) != points || row.GetInt("risk_score") > 0 != points {
					t.Errorf("%s, %d points for %v", got, row.GetInt("risk_score"), reasonsOf(row))
				}
				if grade := row.GetString("clock"); strings.Count(grade, domain.ClockExact) != 2 {
					t.Fatalf("its times are not proved: %s", grade)
				}
				if row.GetBool("counts") {
					t.Error("counts unseen")
				}
				if got := w.Do("manager.wu", http.MethodPost, "/api/ka/visits/"+c.visit+"/accept", `{"note":"打过电话"}`); got.Code != http.StatusOK || !w.visit(c.visit).GetBool("counts") {
					t.Errorf("accepted: %d %s, counts %v", got.Code, got.Body, w.visit(c.visit).GetBool("counts"))
				}
			})
		}
	}
}

// TestPlantedNowhereIsNoticed: with the check of the place taken out, what has no
// place counts; what is far away has its points still.
func TestPlantedNowhereIsNoticed(t *testing.T) {
	effort.Late(t)
	if found := countUnseen(newWitness(t)); len(found) > 0 {
		t.Errorf("%v count unseen", found)
	}
	planted := testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantNowhere })
	if found := countUnseen(newWitness(t, planted)); !slices.Equal(found, []string{"p2-no-position", "p2-zero-zero", "p2-accuracy-5-km", "p3-jump-hidden"}) {
		t.Errorf("of visits nowhere %v count with the fault", found)
	}
}

// TestAJumpIsSeenAcrossAVisitWithoutAPlace, in whatever order the visits arrive.
func TestAJumpIsSeenAcrossAVisitWithoutAPlace(t *testing.T) {
	w := newWitness(t)
	w.push("p3-jump-hidden", true)
	first, third := w.visit("p3brow000000001"), w.visit("p3brow000000003")
	if !first.GetBool("counts") || len(reasonsOf(first)) > 0 {
		t.Errorf("the first: counts %v, %v", first.GetBool("counts"), reasonsOf(first))
	}
	if !slices.Contains(reasonsOf(third), "speed") {
		t.Errorf("the third: %v", reasonsOf(third))
	}
	// What arrives later and lies before it is measured against it.
	w.push("p3-300-km-away", true)
	if row := w.visit("p3arow000000001"); !slices.Contains(reasonsOf(row), "speed") {
		t.Errorf("at the same time elsewhere: %v", reasonsOf(row))
	}
}

// TestTimesOutOfTheWindowAreTakenAndProveNothing: word for word as phones sent them.
func TestTimesOutOfTheWindowAreTakenAndProveNothing(t *testing.T) {
	for name, visit := range map[string]string{
		"p4-clock-1970": "p4arow000000001", "p4-clock-2099": "p4brow000000001", "p4-anchor-of-2018": "p4crow000000001", "p4-report-of-2077": "p4drow000000001",
		"p2-no-position": "p2arow000000001", "p3-300-km-away": "p3arow000000001",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWitness(t)
			for i, status := range w.push(name, false) {
				if status != "applied" {
					t.Errorf("mutation %d: %s", i+1, status)
				}
			}
			row := w.visit(visit)
			if row.GetBool("counts") || !slices.Contains(reasonsOf(row), "clock_unknown") || row.GetInt("risk_score") == 0 || row.GetInt("dwell_s") > 24*60*60 {
				t.Errorf("counts %v, %d s, %v", row.GetBool("counts"), row.GetInt("dwell_s"), reasonsOf(row))
			}
			for _, field := range []string{"in_at", "out_at", "report_at"} {
				if at := row.GetDateTime(field).Time(); at.After(testapp.Start) || testapp.Start.Sub(at) > 48*time.Hour {
					t.Errorf("%s is %s", field, at)
				}
			}
		})
	}
	w := newWitness(t)
	w.push("p4-report-of-2077", true)
	row := w.visit("p4drow000000001")
	if at := row.GetDateTime("report_at").Time(); !at.Equal(testapp.Start) || !row.GetBool("counts") {
		t.Errorf("a report of 2077: %s, counts %v", at, row.GetBool("counts"))
	}
}
