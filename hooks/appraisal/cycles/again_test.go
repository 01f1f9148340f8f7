package cycles_test

import (
	"encoding/json/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/appraisal"
	"satchel/hooks/analysis"
	"satchel/hooks/appraisal/cycles"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// copyAt names a copy of a company for another process.
const copyAt = "SATCHEL_TEST_APPRAISED"

// digests are those of a period's results, as they are reckoned again.
func (d *desk) digests(period string) string {
	d.t.Helper()
	rows, err := records.Appraisals.All(d.App, "period = {:p}", dbx.Params{"p": period}, "id")
	if err != nil || len(rows) == 0 {
		d.t.Fatalf("%d appraisals, %v", len(rows), err)
	}
	var out []string
	for _, row := range rows {
		trace, _ := d.trace("executive.sun", row)
		if trace.Digest != trace.Recomputed {
			d.t.Errorf("%s is reckoned as %s, kept as %s", row.ID(), trace.Recomputed, trace.Digest)
		}
		out = append(out, trace.Recomputed)
	}
	return strings.Join(out, " ")
}

// TestReckonedElsewhere is what the fresh process of the next test does; it is nothing by itself.
func TestReckonedElsewhere(t *testing.T) {
	path := os.Getenv(copyAt)
	if path == "" {
		t.SkipNow()
	}
	d := &desk{Desk: testapp.Open(t, testapp.FromBackup(path)), t: t}
	d.day("2026-04-21")
	t.Log("digests: " + d.digests("2026Q1") + ";")
}

// policy: R6.6 H-APR-3
//
// TestHAPR3ALockedCycleIsReckonedTheSame: in a fresh process, after a restore, and after a
// thousand corrections of its data, which are listed.
func TestHAPR3ALockedCycleIsReckonedTheSame(t *testing.T) {
	d := locked(t)
	before := d.digests("2026Q1")
	copied := d.Backup()
	run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReckonedElsewhere$", "-test.v")
	run.Env = append(os.Environ(), copyAt+"="+copied)
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "digests: "+before+";") {
		t.Errorf("in a fresh process after a restore: %v\n%s", err, out)
	}
	chen := d.As("rep.chen")
	_, err = d.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO sales_facts (day, happened, corrects, kind, ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion,
			base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen)
		SELECT '2026-04-20', '2026-02-10', '2026-02', 'delivery', 'late' || i, 'late' || i, '', {:u}, {:m}, {:d}, '', '', '', '', '', '', 1000, 100, 10, 50, 0, 0, 0 FROM n`).
		Bind(dbx.Params{"u": chen.Id, "m": chen.GetString("manager"), "d": chen.GetString("department")}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	for _, stmt := range []string{
		"UPDATE visits SET late_record = TRUE WHERE owner = {:u}",
		"UPDATE account_coverage SET state = 'breach' WHERE owner = {:u}",
	} {
		if _, err := d.DB().NewQuery(stmt).Bind(dbx.Params{"u": chen.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.night("2026-04-22")
	if after := d.digests("2026Q1"); after != before {
		t.Error("after corrections it is reckoned otherwise")
	}
	figures := analysis.New(analysis.Config{Config: gate.Config{Now: d.Clock.Now}})
	service := cycles.New(cycles.Config{Config: gate.Config{Now: d.Clock.Now}, Figures: cycles.Figures{Each: figures.Each}})
	row := d.of("rep.chen", "2026Q1")
	again, counted, err := service.Recount(t.Context(), d.App, row)
	if err != nil || again != counted {
		t.Errorf("counted again it is otherwise: %v\n%s\n%s", err, again, counted)
	}
	if _, err := d.DB().NewQuery("UPDATE targets SET months = '[1,1,1,1,1,1,1,1,1,1,1,1]' WHERE owner = {:u}").Bind(dbx.Params{"u": chen.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if after := d.digests("2026Q1"); after != before {
		t.Error("after other targets it is reckoned otherwise")
	}
	var list struct {
		Corrections []map[string]any `json:"corrections"`
		LeftOut     int              `json:"left_out"`
	}
	answer := d.Do("director.lin", http.MethodGet, "/api/ka/appraisals/"+string(row.ID())+"/corrections", "")
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil || len(list.Corrections)+list.LeftOut < 1000 {
		t.Errorf("%d and %d corrections, %v", len(list.Corrections), list.LeftOut, err)
	}
}

// policy: R6.2 H-APR-3
// policy: R6.4 H-APR-3
//
// TestHAPR3WhoMovesAndWhoLeaves: who led somebody before cut-off has a form that is shown;
// who left is rated for his days; the form of a superior who left goes up.
func TestHAPR3WhoMovesAndWhoLeaves(t *testing.T) {
	d := open(t)
	d.day("2026-03-20")
	d.Must(d.Update("admin.fang", d.As("rep.chen"), map[string]any{"manager": d.As("manager.xu").Id}))
	d.day("2026-03-25")
	left := d.As("rep.he")
	left.Set("active", false)
	if err := d.Override(left); err != nil {
		t.Fatal(err)
	}
	d.night("2026-04-01")
	d.night("2026-04-12")
	his, earlier := d.form("rep.chen", "2026Q1", "superior"), d.form("rep.chen", "2026Q1", "earlier")
	if his.GetString("rater") != d.As("manager.xu").Id || his.GetInt("days") != 12 || earlier == nil || earlier.GetString("rater") != d.As("manager.wu").Id || earlier.GetInt("days") != 78 {
		t.Fatalf("%v %v", his.PublicExport(), earlier)
	}
	d.hands("manager.wu", earlier, 70)
	if !d.sees("manager.xu", records.AppraisalRatings.Of(earlier)) {
		t.Error("who leads him now does not see it")
	}
	if row := d.of("rep.he", "2026Q1"); row.Days() != 83 || d.form("rep.he", "2026Q1", "self") != nil {
		t.Errorf("who left has %d days", row.Days())
	}
	gone := d.As("manager.hu")
	gone.Set("active", false)
	if err := d.Override(gone); err != nil {
		t.Fatal(err)
	}
	d.night("2026-04-13")
	if form := d.form("rep.peng", "2026Q1", "superior"); form.GetString("rater") != d.As("director.lin").Id {
		t.Errorf("it is %s's", form.GetString("rater"))
	}
	d.superiors("2026Q1", 80)
	d.night("2026-04-14")
	if got := d.cycle("2026Q1").State(); got != appraisal.CycleCalibration {
		t.Fatalf("the cycle is %s", got)
	}
	facts, err := records.Decode[appraisal.Facts](d.of("rep.chen", "2026Q1").Inputs())
	if err != nil || len(facts.Superiors) != 2 {
		t.Errorf("%d superiors, %v", len(facts.Superiors), err)
	}
}

// TestAnOpenCycleKeepsItsScheme, whatever is published meanwhile.
func TestAnOpenCycleKeepsItsScheme(t *testing.T) {
	d := open(t)
	d.night("2026-04-01")
	before := string(d.cycle("2026Q1").Schemes())
	other := appraisal.Default("rep", appraisal.CycleQuarter)
	other.Version, other.MinDays = 7, 60
	d.scheme(other, "published")
	d.night("2026-04-12")
	d.superiors("2026Q1", 80)
	d.night("2026-04-13")
	if after := string(d.cycle("2026Q1").Schemes()); after != before || !strings.Contains(d.of("rep.chen", "2026Q1").Raw().GetString("final_score"), ".") {
		t.Error("it took another scheme")
	}
}
