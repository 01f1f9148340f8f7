package cycles_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is the demo company with schemes for everybody, as a quarter ends.
type desk struct {
	testapp.Desk
	t *testing.T
}

// at is ten o'clock of a day in Shanghai.
func at(t *testing.T, day string) time.Time {
	t.Helper()
	when, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return when.Add(2 * time.Hour)
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	for _, role := range appraisal.Roles {
		for _, kind := range []string{appraisal.CycleQuarter, appraisal.CycleAnnual} {
			if role == "dept_manager" && kind == appraisal.CycleQuarter {
				continue
			}
			scheme := appraisal.Default(role, kind)
			scheme.SelfInflation = decimal.NewFromInt(5)
			d.scheme(scheme, "published")
		}
	}
	return d
}

// scheme stores a version of a scheme, in place of one that is in force.
func (d *desk) scheme(scheme appraisal.Scheme, state string) *core.Record {
	d.t.Helper()
	content, err := scheme.JSON()
	if err != nil {
		d.t.Fatal(err)
	}
	if state == "published" {
		if _, err := d.DB().Update("appraisal_schemes", dbx.Params{"state": "retired"}, dbx.HashExp{"role": scheme.Role, "cycle_kind": scheme.Cycle, "state": "published"}).Execute(); err != nil {
			d.t.Fatal(err)
		}
	}
	row := d.Blank("appraisal_schemes", map[string]any{"name": "test-" + scheme.Name, "role": scheme.Role, "cycle_kind": scheme.Cycle, "content": string(content), "version": 101 + scheme.Version, "state": state})
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), row); err != nil {
		d.t.Fatal(err)
	}
	return row
}

func (d *desk) day(day string) {
	d.t.Helper()
	d.Clock.Set(at(d.t, day))
}

// night is what runs by the clock on a day.
func (d *desk) night(day string) {
	d.t.Helper()
	d.day(day)
	d.Job("analysisClose")
	d.Job("appraisals")
}

func (d *desk) cycle(period string) records.AppraisalCycle {
	d.t.Helper()
	return d.cycleOf(period, d.As("director.lin").GetString("department"))
}

func (d *desk) cycleOf(period, dept string) records.AppraisalCycle {
	d.t.Helper()
	row, found, err := records.AppraisalCycles.First(d.App, "period = {:p} AND dept = {:d}", dbx.Params{"p": period, "d": dept}, "")
	if err != nil || !found {
		d.t.Fatalf("cycle %s: %v %v", period, found, err)
	}
	return row
}

func (d *desk) of(who, period string) records.Appraisal {
	d.t.Helper()
	row, found, err := records.Appraisals.First(d.App, "period = {:p} AND subject = {:u}", dbx.Params{"p": period, "u": d.As(who).Id}, "")
	if err != nil || !found {
		d.t.Fatalf("appraisal of %s: %v %v", who, found, err)
	}
	return row
}

// form is the form of a kind about somebody; nil if there is none.
func (d *desk) form(who, period, kind string) *core.Record {
	d.t.Helper()
	row, found, err := records.AppraisalRatings.First(d.App, "appraisal = {:a} AND kind = {:k}", dbx.Params{"a": d.of(who, period).ID(), "k": kind}, "")
	if err != nil {
		d.t.Fatal(err)
	}
	if !found {
		return nil
	}
	return row.Raw()
}

// rated are the rated items with scores in the order of the form, each with a comment if
// the scheme wants one.
func (d *desk) rated(form *core.Record, scores ...int) []map[string]any {
	d.t.Helper()
	questions, err := records.Decode[[]appraisal.Question](records.AppraisalRatings.Of(form).Questions())
	if err != nil || len(questions) == 0 {
		d.t.Fatalf("%d questions, %v", len(questions), err)
	}
	out := []map[string]any{}
	for i, q := range questions {
		score := scores[min(i, len(scores)-1)]
		item := map[string]any{"ind": q.Item, "score": score}
		if score < 60 || score > 95 {
			item["comment"] = "理由"
		}
		out = append(out, item)
	}
	return out
}

// hands writes a form and hands it in.
func (d *desk) hands(who string, form *core.Record, scores ...int) {
	d.t.Helper()
	if form == nil {
		d.t.Fatalf("%s has no form", who)
	}
	d.Must(d.Update(who, form, map[string]any{"items": d.rated(form, scores...)}))
	d.Must(d.Act(who, form, "submit", ""))
}


// superiors hand in all their forms of a period.
func (d *desk) superiors(period string, score int) {
	d.t.Helper()
	forms, err := records.AppraisalRatings.All(d.App, "kind = 'superior' AND state = 'draft' AND cycle IN (SELECT id FROM appraisal_cycles WHERE period = {:p})", dbx.Params{"p": period}, "id")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, form := range forms {
		d.hands(d.byID(string(form.Rater())), form.Raw(), score)
	}
}

// people who take part.
var people = []string{
	"director.lin", "manager.wu", "manager.xu", "manager.hu", "executive.sun", "rep.chen", "rep.he", "rep.zhou", "rep.zheng",
	"rep.ma", "rep.feng", "rep.deng", "rep.cao", "rep.peng", "rep.zeng", "rep.xiao", "rep.tian", "auditor.jin", "admin.fang", "finance.zhao",
}

func (d *desk) byID(id string) string {
	d.t.Helper()
	i := slices.IndexFunc(people, func(name string) bool { return d.As(name).Id == id })
	if i < 0 {
		d.t.Fatalf("who is %s", id)
	}
	return people[i]
}

// sees reports whether somebody reads a row over REST.
func (d *desk) sees(who string, row interface{ Raw() *core.Record }) bool {
	d.t.Helper()
	r := row.Raw()
	return d.Do(who, http.MethodGet, "/api/collections/"+r.Collection().Name+"/records/"+r.Id, "").Code == http.StatusOK
}

// expectSees compares who of all reads a row.
func (d *desk) expectSees(what string, row interface{ Raw() *core.Record }, want ...string) {
	d.t.Helper()
	var got []string
	for _, who := range people {
		if d.sees(who, row) {
			got = append(got, who)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		d.t.Errorf("%s: seen by %v, want %v", what, got, want)
	}
}

// traced is the answer of the trace, as somebody reads it.
type traced struct {
	Score      string `json:"score"`
	Grade      string `json:"grade"`
	Digest     string `json:"digest"`
	Recomputed string `json:"recomputed"`
	Steps      []struct {
		appraisal.Step
		Hidden bool `json:"hidden"`
	} `json:"steps"`
}

func (d *desk) trace(who string, row records.Appraisal) (out traced, text string) {
	d.t.Helper()
	answer := d.Do(who, http.MethodGet, "/api/ka/appraisals/"+string(row.ID())+"/trace", "")
	if answer.Code != http.StatusOK {
		d.t.Fatalf("%s: %d %s", who, answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		d.t.Fatal(err)
	}
	return out, answer.Body.String()
}

// calibrated is a cycle of the first quarter in which all are rated.
func calibrated(t *testing.T) *desk {
	t.Helper()
	d := open(t)
	d.night("2026-04-01")
	d.night("2026-04-12") // forms that are not handed in lapse
	d.superiors("2026Q1", 80)
	d.night("2026-04-13")
	if got := d.cycle("2026Q1").State(); got != appraisal.CycleCalibration {
		t.Fatalf("the cycle is %s", got)
	}
	return d
}

// published is the same, published.
func published(t *testing.T) *desk {
	t.Helper()
	d := calibrated(t)
	d.Must(d.Act("director.lin", d.cycle("2026Q1").Raw(), "publish", ""))
	return d
}

// locked is the same after all windows.
func locked(t *testing.T) *desk {
	t.Helper()
	d := published(t)
	d.night("2026-04-21")
	if got := d.cycle("2026Q1").State(); got != appraisal.CycleLocked {
		t.Fatalf("the cycle is %s: %s", got, fmt.Sprint(d.of("rep.chen", "2026Q1").State()))
	}
	return d
}
