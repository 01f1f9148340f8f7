package quality_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// evaluation is the account's of a quarter; nil if there is none.
func (d desk) evaluation(account *core.Record, quarter string) *core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("service_evaluations", "account = {:a} && quarter = {:q}", "", 0, 0, map[string]any{"a": account.Id, "q": quarter})
	if err != nil || len(rows) > 1 {
		d.t.Fatalf("%d evaluations, %v", len(rows), err)
	}
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// improvement is one that the service's head asks of a colleague.
func (d desk) improvement() *core.Record {
	row, refused := d.Create("service.qian", "improvement_actions", map[string]any{"owner": d.As("service.yu").Id, "title": "增设午间值班", "due": "2031-01-01"})
	d.Must(refused)
	return row
}

// TestAQuarterIsEvaluated: made when it is over for important accounts, from what
// was promised and kept; satisfaction, of which nothing is known, is said to be
// missing and weighs nothing.
//
// policy: R5.9 service_evaluations
func TestAQuarterIsEvaluated(t *testing.T) {
	d := open(t)
	account := d.only(1)[0]
	d.exec("DELETE FROM communications", nil)
	d.opened(account, map[string]any{"owner": d.As("service.yu").Id})
	d.Must(d.Act("service.qian", d.standard(), "enforce", ""))
	issue := func() *core.Record {
		return d.Make("rep.chen", "cases", map[string]any{"account": account.Id, "kind": "service", "level": "urgent", "channel": "phone", "title": "冷柜不制冷"})
	}
	kept, late := issue(), issue()
	d.Make("rep.chen", "communications", map[string]any{"account": account.Id, "channel": "phone", "direction": "in", "at": d.Clock.Now(), "summary": "问价"})
	d.Must(d.Act("service.yu", kept, "acknowledge", ""))
	d.Must(d.Act("service.yu", kept, "resolve", `{"cause":"电源","solution":"已修"}`))
	d.Clock.Set(at("2026-03-17T02:00:00Z"))
	d.Must(d.Act("service.yu", late, "acknowledge", ""))

	d.Job("serviceEvaluations")
	if made := d.evaluation(account, "2026-Q1"); made != nil {
		t.Fatal("a quarter is evaluated that is not over")
	}
	d.Clock.Set(at("2026-03-31T17:23:00Z")) // the first of April in Shanghai
	for range 2 {
		d.Job("serviceEvaluations")
	}
	row := d.evaluation(account, "2026-Q1")
	if row == nil {
		t.Fatal("no evaluation is made")
	}
	// Answered first: one of two issues, the message not at all; solved: one of two.
	want := `[{"key":"first_response","num":1,"den":3,"score_bp":3333,"missing":false},{"key":"solution","num":1,"den":2,"score_bp":5000,"missing":false},` +
		`{"key":"satisfaction","num":0,"den":0,"score_bp":null,"missing":true}]`
	if got := row.GetString("parts"); got != want {
		t.Errorf("parts %s", got)
	}
	got := fmt.Sprintf("%s %v %d %s %s", row.GetString("missing"), row.GetBool("scored"), row.GetInt("score_bp"), row.GetString("state"), row.GetString("due"))
	if got != `["satisfaction"] true 4286 open 2026-04-30` { // (30×3333 + 40×5000) / 70
		t.Error(got)
	}
	if row.GetString("owner") != d.As("service.yu").Id || row.GetString("dept") != account.GetString("dept") || row.GetString("standard") == "" {
		t.Errorf("%v", row.PublicExport())
	}
	if d.Told("service.yu", "service.evaluations_due") != 1 {
		t.Error("who evaluates is not told")
	}

	d.Must(d.Act("service.yu", late, "resolve", `{"cause":"电源","solution":"已修"}`))
	asked := d.improvement()
	with := func(result string) string {
		return `{"findings":"午间无人接听","result":"` + result + `","actions":["` + asked.Id + `"]}`
	}
	for _, c := range []struct{ who, action, args, want, state string }{
		{"rep.he", "evaluate", with("good"), "record.not_found", "open"},
		{"rep.chen", "evaluate", with("good"), "service_evaluation.not_service", "open"},
		{"service.yu", "close", `{}`, "service_evaluation.state", "open"},
		{"service.yu", "evaluate", `{"findings":" ","result":"good"}`, "service_evaluation.findings_required", "open"},
		{"service.yu", "evaluate", `{"findings":"x","result":"superb"}`, "service_evaluation.findings_required", "open"},
		{"service.yu", "evaluate", `{"findings":"x","result":"improve"}`, "service_evaluation.action_required", "open"},
		{"service.yu", "evaluate", `{"findings":"x","result":"improve","actions":["nosuchaction000"]}`, "record.not_found actions", "open"},
		{"service.yu", "evaluate", with("improve"), "", "evaluated"},
		{"service.yu", "close", `{}`, "service_evaluation.improving", "evaluated"},
		{"service.yu", "evaluate", with("fair"), "", "evaluated"},
		{"service.yu", "evaluate", `{"findings":"x","result":"good"}`, "", "evaluated"}, // what was to become better is not forgotten
		{"service.yu", "close", `{}`, "service_evaluation.improving", "evaluated"},
	} {
		t.Run(c.who+" "+c.action+" "+c.want, func(t *testing.T) {
			d.Expect(c.args, d.Act(c.who, row, c.action, c.args), c.want)
			if d.state(row) != c.state {
				t.Error(d.state(row))
			}
		})
	}
	if d.Told("rep.chen", "service.evaluated") != 3 || d.Told("manager.wu", "service.evaluated") != 3 {
		t.Error("the line is not told")
	}
	d.Must(d.Act("service.yu", asked, "done", `{"result":"已排班"}`))
	d.Expect("before it is verified", d.Act("service.yu", row, "close", ""), "service_evaluation.improving")
	d.Must(d.Act("service.qian", asked, "verify", `{"comment":"抽查"}`))
	d.Must(d.Act("service.yu", row, "close", ""))
	d.Expect("once more", d.Act("service.yu", row, "evaluate", with("good")), "service_evaluation.state")
	d.Expect("an edit", d.SaveBy("admin.fang", loaded(d.Fresh(row), "score_bp", 10000)), "record.unchanging")
	d.Expect("one that somebody makes", d.SaveBy("service.qian", d.Blank("service_evaluations", map[string]any{"account": account.Id, "quarter": "2025-Q1"})), "field.locked state")
}

func loaded(row *core.Record, field string, value any) *core.Record {
	row.Set(field, value)
	return row
}

// TestAnAccountWithoutAnythingHasNoScore, and is not perfect.
//
// policy: R5.9 service_evaluations
func TestAnAccountWithoutAnythingHasNoScore(t *testing.T) {
	d := open(t)
	account := d.only(1)[0]
	d.exec("DELETE FROM communications", nil)
	d.exec("DELETE FROM cases", nil)
	d.Clock.Set(at("2026-04-01T02:00:00Z"))
	d.Job("serviceEvaluations")
	row := d.evaluation(account, "2026-Q1")
	if row == nil || row.GetBool("scored") || row.GetString("missing") != `["first_response","solution","satisfaction"]` || row.GetString("owner") != d.As("service.qian").Id {
		t.Fatalf("%v", row)
	}
}

// TestAnOverdueEvaluationIsTold to the head once a quarter.
//
// policy: R5.9 service.evaluation_days
func TestAnOverdueEvaluationIsTold(t *testing.T) {
	d := open(t)
	d.Setting("service.evaluation_days", 10)
	row := d.only(1)[0]
	d.Clock.Set(at("2026-04-01T02:00:00Z"))
	d.Job("serviceEvaluations")
	for _, c := range []struct {
		when string
		told int
	}{{"2026-04-10T02:00:00Z", 0}, {"2026-04-11T02:00:00Z", 1}, {"2026-04-12T02:00:00Z", 1}} {
		d.Clock.Set(at(c.when))
		d.Job("serviceEvaluationsOverdue")
		if n := d.Told("service.qian", "service.evaluations_overdue"); n != c.told {
			t.Errorf("%s: told %d times of %s", c.when, n, row.Id)
		}
	}
}
