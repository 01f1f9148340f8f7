package analysis_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// policy: R2.5 metric_snapshots
//
// TestFrozenMonthsStayAsTheyWere: whatever is learnt later, of whatever kind, a month
// that is frozen is answered as it was; what it would have changed counts in the open
// month, which says what it corrects, so that nothing is lost.
func TestFrozenMonthsStayAsTheyWere(t *testing.T) {
	app := company(t)
	desk := testapp.Desk{App: app}
	d := &dice{t: t, app: app, r: rand.New(rand.NewPCG(5, 24))}
	for range effort.Times(50, 2_000) {
		d.throw()
	}
	desk.Job("analysisClose")
	before := frozenAnswers(t, app, [][2]string{{"2026-02-01", "2026-02-28"}, {"2026-01-01", "2026-02-28"}, {"2025-12-10", "2026-01-31"}})
	for range 3 {
		for range effort.Times(30, 400) {
			d.throw()
		}
		app.Clock.Advance(24 * time.Hour)
		desk.Job("analysisClose")
	}
	for what, was := range before {
		if is := frozenAnswer(t, app, what); is != was {
			t.Errorf("%v moved:\nwas %s\nis  %s", what, was, is)
		}
	}
	b := open(t, app)
	for _, key := range slices.Sorted(maps.Keys(naive)) {
		f, err := analysis.Find(key)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(key, "attain_") || key == "months_hit" || key == "expense_ratio" || !f.By(analysis.Day) {
			continue // of these the next months show what is
		}
		got, refused := ask(t, app, "auditor.jin", key, url.Values{"from": {"2025-01-01"}, "to": {"2026-03-31"}})
		desk.Must(refused)
		var want [2]int64
		for _, x := range naive[key](b, b.today) {
			if x.day >= "2025-01-01" && x.day <= "2026-03-31" {
				want[0] += x.num
				want[1] += x.den
			}
		}
		if is := part(got.Total.Num, got.Total.Den); is != part(&want[0], &want[1]) {
			t.Errorf("%s in all: %s, records say %v", key, is, want)
		}
		for _, c := range got.Corrections {
			if c.Month > "2026-02" {
				t.Errorf("%s corrects the open month %s", key, c.Month)
			}
		}
	}
}

// asked is one answer of a frozen month.
type asked struct{ who, key, by, from, to string }

func frozenAnswers(t *testing.T, app *testapp.App, periods [][2]string) map[asked]string {
	t.Helper()
	out := map[asked]string{}
	for _, f := range analysis.Figures {
		for _, by := range []analysis.Dimension{"", analysis.Person, analysis.Department, analysis.Month, analysis.Account, analysis.Tier, analysis.Region} {
			if by != "" && !f.By(by) {
				continue
			}
			for _, p := range effort.Some(periods, 1, len(out)) {
				for _, who := range []string{"finance.zhao", "executive.sun"}[:effort.Times(1, 2)] {
					what := asked{who, f.Key, string(by), p[0], p[1]}
					out[what] = frozenAnswer(t, app, what)
				}
			}
		}
	}
	return out
}

// frozenAnswer is an answer without the moment at which it was given.
func frozenAnswer(t *testing.T, app *testapp.App, a asked) string {
	t.Helper()
	params := url.Values{"from": {a.from}, "to": {a.to}}
	if a.by != "" {
		params.Set("by", a.by)
	}
	answer := app.Do(a.who, http.MethodGet, "/api/ka/analysis/"+a.key+"?"+params.Encode(), "")
	var out map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%v: %d %s", a, answer.Code, answer.Body)
	}
	delete(out, "seq")
	delete(out, "as_of")
	text, err := json.Marshal(out, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// policy: R1.4 metric_snapshots
// policy: R2.5 business_reviews
//
// TestAMonthIsClosedByFinanceOrTheClock, once, with what its departments' figures
// were, and who froze it.
func TestAMonthIsClosedByFinanceOrTheClock(t *testing.T) {
	d := testapp.Open(t)
	close := func(who, month string) string {
		return testapp.Answered(d.Do(who, http.MethodPost, "/api/ka/analysis/months/"+month+"/close", ""))
	}
	d.Clock.Set(time.Date(2026, 3, 3, 0, 30, 0, 0, time.UTC))
	d.Job("analysisClose")
	if n, _ := d.CountRecords("metric_snapshots"); n != 0 {
		t.Fatal("closed before its day")
	}
	for _, who := range []string{"director.lin", "executive.sun", "admin.fang", "rep.chen"} {
		d.Expect(who, close(who, "2026-02"), "analysis.not_finance")
	}
	d.Expect("an open month", close("finance.zhao", "2026-03"), "analysis.month_open")
	d.Expect("no month", close("finance.zhao", "2026-2"), "analysis.month_invalid")
	d.Must(close("finance.zhao", "2026-02"))
	d.Expect("once more", close("finance.zhao", "2026-02"), "analysis.month_frozen")
	d.Expect("an earlier one", close("finance.zhao", "2026-01"), "analysis.month_frozen")

	dept := d.As("director.lin").GetString("department")
	snapshot, err := d.FindFirstRecordByFilter("metric_snapshots", "dept = {:d} && month = '2026-02'", dbx.Params{"d": dept})
	if err != nil {
		t.Fatal(err)
	}
	var figures map[string]analysis.Frozen
	text := snapshot.GetString("figures")
	if err := json.Unmarshal([]byte(text), &figures); err != nil {
		t.Fatal(err)
	}
	if len(figures) != len(analysis.Figures) || figures["satisfaction"].Month != nil || figures["account_count"].Month == nil {
		t.Errorf("figures: %s", text)
	}
	sum := sha256.Sum256([]byte(text))
	if snapshot.GetString("sha256") != hex.EncodeToString(sum[:]) || snapshot.GetString("frozen_by") != d.As("finance.zhao").Id || snapshot.GetDateTime("frozen_at").IsZero() {
		t.Errorf("%v", snapshot.PublicExport())
	}
	review, err := d.FindFirstRecordByFilter("business_reviews", "dept = {:d} && period = '2026-02'", dbx.Params{"d": dept})
	if err != nil {
		t.Fatal(err)
	}
	if review.GetString("figures") != text {
		t.Errorf("the review says %s", review.GetString("figures"))
	}
	d.Clock.Set(time.Date(2026, 4, 5, 0, 30, 0, 0, time.UTC))
	d.Job("analysisClose")
	d.Job("analysisClose")
	late := d.Make("director.lin", "business_reviews", map[string]any{"owner": d.As("director.lin").Id, "period": "2026-03", "state": "draft"})
	march, err := d.FindFirstRecordByFilter("metric_snapshots", "dept = {:d} && month = '2026-03'", dbx.Params{"d": dept})
	if err != nil {
		t.Fatal(err)
	}
	if d.Fresh(late).GetString("figures") != march.GetString("figures") || march.GetString("frozen_by") != "" {
		t.Error("a review that is begun later has other figures")
	}
	_, refused := d.Create("director.lin", "business_reviews", map[string]any{"owner": d.As("director.lin").Id, "period": "2026-04", "state": "draft", "figures": `{"amount":1}`})
	d.Expect("figures that somebody wrote", refused, "field.locked figures")
}

// TestWhoLeadsNoMoreIsNotToldWhatItEarned: the review that he began stays his, without
// the figures of a month that is frozen after he went.
func TestWhoLeadsNoMoreIsNotToldWhatItEarned(t *testing.T) {
	for name, change := range map[string]dbx.Params{"leads nobody": {"role": "rep"}, "leads others": {"department": "another00000000"}} {
		d := testapp.Open(t)
		review := d.Make("director.lin", "business_reviews", map[string]any{"owner": d.As("director.lin").Id, "period": "2026-03", "state": "draft"})
		if _, err := d.DB().Update("users", change, dbx.HashExp{"id": d.As("director.lin").Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		d.Clock.Set(time.Date(2026, 4, 6, 0, 30, 0, 0, time.UTC))
		d.Job("analysisClose")
		if figures := d.Fresh(review).GetString("figures"); strings.Contains(figures, "profit") {
			t.Errorf("who %s reads %s", name, figures)
		}
	}
}

// TestANewFigureCorrectsNothing in months that were frozen before there was one.
func TestANewFigureCorrectsNothing(t *testing.T) {
	app := company(t)
	d := testapp.Desk{App: app}
	d.Job("analysisClose")
	exec := func(sql string) {
		t.Helper()
		if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	exec("UPDATE metric_snapshots SET figures = json_remove(figures, '$.otif')")
	exec("DELETE FROM metric_cells WHERE key IN ('otif', 'late_records')")
	app.Clock.Advance(24 * time.Hour)
	d.Job("analysisClose")
	for key, want := range map[string]bool{"otif": false, "late_records": true} {
		n := 0
		err := app.DB().NewQuery("SELECT COUNT(*) FROM metric_cells WHERE corrects <> '' AND key = {:k}").Bind(dbx.Params{"k": key}).Row(&n)
		if err != nil || (n > 0) != want {
			t.Errorf("%d corrections of %s: %v", n, key, err)
		}
	}
}

// TestSnapshotsAreSeenByWhoMaySeeProfit of a whole department.
func TestSnapshotsAreSeenByWhoMaySeeProfit(t *testing.T) {
	d := testapp.Open(t)
	d.Job("analysisClose")
	for who, want := range map[string]int{
		"director.lin": 1, "finance.zhao": 1, "executive.sun": 1, "auditor.jin": 1, "admin.fang": 1,
		"manager.wu": 0, "rep.chen": 0, "market.tang": 0, "ops.luo": 0, "service.qian": 0,
	} {
		answer := d.Do(who, http.MethodGet, "/api/collections/metric_snapshots/records", "")
		var page struct {
			Items []any `json:"items"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil || len(page.Items) != want {
			t.Errorf("%s sees %d: %v", who, len(page.Items), fmt.Sprint(err))
		}
	}
}
