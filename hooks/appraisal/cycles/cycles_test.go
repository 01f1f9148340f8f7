package cycles_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/records"
)

// policy: R6.2 H-APR-3
// policy: R6.3 H-APR-3
// policy: R6.4 H-APR-3
// policy: R6.6 H-APR-3
//
// TestHAPR3FromTheQuartersEndToTheLock: who sees and does what, step by step.
func TestHAPR3FromTheQuartersEndToTheLock(t *testing.T) {
	d := open(t)
	d.night("2026-04-01")
	d.night("2026-04-01")
	cycle := d.cycle("2026Q1")
	if cycle.State() != appraisal.CycleCollecting || cycle.People() != 15 || d.Told("rep.chen", "appraisal.self_due") != 1 {
		t.Fatalf("%s of %d, told %d times", cycle.State(), cycle.People(), d.Told("rep.chen", "appraisal.self_due"))
	}
	if n, err := records.Appraisals.Count(d.App, "", nil); err != nil || n != 15 {
		t.Errorf("%d appraisals, %v", n, err)
	}
	if n, err := records.Appraisals.Count(d.App, "subject = {:u}", dbx.Params{"u": d.As("director.lin").Id}); err != nil || n != 0 {
		t.Errorf("who manages the department has a quarter: %d, %v", n, err)
	}
	self := d.form("rep.chen", "2026Q1", "self")
	d.expectSees("an open appraisal", d.of("rep.chen", "2026Q1"), "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	d.expectSees("a draft", records.AppraisalRatings.Of(self), "rep.chen")
	d.badItems(self)
	d.Expect("handed in empty", d.Act("rep.chen", self, "submit", ""), "appraisal.item_missing")
	d.hands("rep.chen", self, 100)
	d.Expect("after it was handed in", d.Update("rep.chen", self, map[string]any{"comment": "x"}), "appraisal_rating.locked")
	d.expectSees("a self-rating", records.AppraisalRatings.Of(self), "rep.chen", "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	d.Expect("before cut-off", d.Act("director.lin", cycle.Raw(), "advance", ""), "appraisal_cycle.not_countable")
	d.night("2026-04-09")
	if d.Told("rep.he", "appraisal.remind") != 1 || d.Told("rep.chen", "appraisal.remind") != 0 {
		t.Errorf("reminded: %d and %d", d.Told("rep.he", "appraisal.remind"), d.Told("rep.chen", "appraisal.remind"))
	}
	d.Expect("by a superior", d.Act("manager.wu", cycle.Raw(), "advance", ""), "appraisal_cycle.not_head")
	d.Must(d.Act("director.lin", cycle.Raw(), "advance", ""))
	if lapsed := d.form("rep.he", "2026Q1", "self"); lapsed.GetString("state") != appraisal.RatingLapsed {
		t.Errorf("a form is %s", lapsed.GetString("state"))
	}
	form := d.form("rep.chen", "2026Q1", "superior")
	d.expectSees("a superior's draft", records.AppraisalRatings.Of(form), "manager.wu")
	facts, err := records.Decode[[]appraisal.Hint](records.AppraisalRatings.Of(form).Facts())
	if err != nil || len(facts) < 5 {
		t.Errorf("%d facts, %v", len(facts), err)
	}
	d.Expect("before all are rated", d.Act("director.lin", cycle.Raw(), "advance", ""), "appraisal_cycle.unrated")
	d.Must(d.Update("manager.wu", form, map[string]any{"items": []map[string]any{{"ind": "T1", "score": 50}}}))
	d.Expect("in part", d.Act("manager.wu", form, "submit", ""), "appraisal.comment_required")
	d.hands("manager.wu", form, 62)
	d.expectSees("a superior's rating", records.AppraisalRatings.Of(form), "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	d.superiors("2026Q1", 80)
	d.night("2026-04-11")
	if got := d.cycle("2026Q1").State(); got != appraisal.CycleCalibration {
		t.Fatalf("the cycle is %s", got)
	}
	d.calibrates()
	d.publishes()
	d.ends()
}

// badItems tries what no form may say.
func (d *desk) badItems(self *core.Record) {
	d.t.Helper()
	one := func(values map[string]any) any { return []map[string]any{values} }
	for what, c := range map[string]struct {
		items any
		want  string
	}{
		"an item of its own":    {one(map[string]any{"ind": "Z9", "score": 80}), "appraisal.item_unknown"},
		"a computed item":       {one(map[string]any{"ind": "S1", "score": 80}), "appraisal.item_unknown"},
		"above a hundred":       {one(map[string]any{"ind": "T1", "score": 100.5}), "appraisal.rating_invalid"},
		"below nothing":         {one(map[string]any{"ind": "T1", "score": -1}), "appraisal.rating_invalid"},
		"a thousandth":          {one(map[string]any{"ind": "T1", "score": 80.123}), "appraisal.rating_invalid"},
		"a number of no end":    {one(map[string]any{"ind": "T1", "score": "1e999999999"}), "appraisal_rating.items_invalid items"},
		"twice":                 {[]map[string]any{{"ind": "T1", "score": 80}, {"ind": "T1", "score": 90}}, "appraisal_rating.item_twice"},
		"a book":                {one(map[string]any{"ind": "T1", "score": 80, "comment": strings.Repeat("长", 501)}), "appraisal_rating.comment_long"},
		"no list":               {map[string]any{"T1": 80}, "appraisal_rating.items_invalid items"},
		"a score that is words": {one(map[string]any{"ind": "T1", "score": "good"}), "appraisal_rating.items_invalid items"},
	} {
		d.Expect(what, d.Update("rep.chen", self, map[string]any{"items": c.items}), c.want)
	}
	d.Expect("another's facts", d.Update("rep.chen", self, map[string]any{"facts": []any{}}), "field.locked facts")
	d.Expect("a state", d.Update("rep.chen", self, map[string]any{"state": "submitted"}), "field.locked state")
}

// calibrates: within the bound, with a reason, by the head alone and not his own.
func (d *desk) calibrates() {
	d.t.Helper()
	row := d.of("rep.chen", "2026Q1")
	if row.FinalScore() == "" || row.TraceDigest() == "" || !row.Inflated() || row.SelfTotal() == "" {
		d.t.Fatalf("%q %q %v", row.FinalScore(), row.Grade(), row.Inflated())
	}
	d.Expect("by the superior", d.Act("manager.wu", row.Raw(), "calibrate", `{"points":"1","reason":"x"}`), "appraisal.not_head")
	d.Expect("beyond the bound", d.Act("director.lin", row.Raw(), "calibrate", `{"points":"5.01","reason":"x"}`), "appraisal.calibration_beyond")
	d.Expect("without a reason", d.Act("director.lin", row.Raw(), "calibrate", `{"points":"-5","reason":" "}`), "appraisal.calibration_reason")
	d.Must(d.Act("director.lin", row.Raw(), "calibrate", `{"points":"-5","reason":"跨组比较"}`))
	moved := d.of("rep.chen", "2026Q1")
	if moved.FinalHundredths() != row.FinalHundredths()-500 || moved.Calibration() != "-5" || moved.State() != appraisal.StateCalibrated {
		d.t.Errorf("%d, before %d; %s", moved.FinalHundredths(), row.FinalHundredths(), moved.Calibration())
	}
	if d.sees("rep.chen", moved) {
		d.t.Error("the person sees it early")
	}
	d.Expect("of a self-rating far from the superior's", d.Act("director.lin", d.cycle("2026Q1").Raw(), "publish", ""), "appraisal_cycle.note_missing")
	d.Expect("an empty note", d.Act("manager.wu", moved.Raw(), "discuss", `{"note":""}`), "appraisal.note_required")
	d.Must(d.Act("manager.wu", moved.Raw(), "discuss", `{"note":"对协作部分的理解不同，已沟通"}`))
}

// publishes: everybody sees his own then, and nobody another's.
func (d *desk) publishes() {
	d.t.Helper()
	cycle := d.cycle("2026Q1")
	d.Expect("by a superior", d.Act("manager.wu", cycle.Raw(), "publish", ""), "appraisal_cycle.not_head")
	d.Must(d.Act("director.lin", cycle.Raw(), "publish", ""))
	row := d.of("rep.chen", "2026Q1")
	d.expectSees("a published appraisal", row, "rep.chen", "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	d.expectSees("a manager's own", d.of("manager.wu", "2026Q1"), "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	d.expectSees("what his superior rated", records.AppraisalRatings.Of(d.form("rep.chen", "2026Q1", "superior")), "rep.chen", "manager.wu", "director.lin", "executive.sun", "auditor.jin")
	body := d.Do("rep.chen", http.MethodGet, "/api/collections/appraisals/records/"+string(row.ID()), "").Body.String()
	for _, hidden := range []string{`"metrics"`, `"inputs"`, `"trace"`} {
		if strings.Contains(body, hidden) {
			d.t.Errorf("the row shows %s", hidden)
		}
	}
	d.Must(d.Act("manager.wu", row.Raw(), "interview", `{"note":"下季度改进协作"}`))
	d.Expect("without a word", d.Act("rep.chen", row.Raw(), "confirm", `{}`), "appraisal.agreed_required agreed")
	d.Expect("another's", d.Act("manager.wu", row.Raw(), "confirm", `{"agreed":true}`), "appraisal.not_subject")
	d.Must(d.Act("rep.chen", row.Raw(), "confirm", `{"agreed":false}`))
	if got := d.of("rep.chen", "2026Q1"); got.ConfirmHash() == "" || got.Agreed() || got.ConfirmedAt().IsZero() || got.State() != appraisal.StateConfirmed {
		d.t.Errorf("%q %v %s", got.ConfirmHash(), got.Agreed(), got.State())
	}
}

// ends: an appeal changes the grade, silence is recorded, results are locked, and reopened
// with a reason.
func (d *desk) ends() {
	d.t.Helper()
	row := d.of("rep.chen", "2026Q1")
	d.Expect("without a reason", d.Act("rep.chen", row.Raw(), "appeal", `{"reason":""}`), "appraisal.reason_required")
	d.Must(d.Act("rep.chen", row.Raw(), "appeal", `{"reason":"协作评分未计入跨部门项目"}`))
	d.Expect("his own", d.Act("rep.chen", row.Raw(), "decide", `{"reason":"x"}`), "appraisal.not_head")
	d.Expect("beyond the limits", d.Act("director.lin", row.Raw(), "decide", `{"reason":"x","score":"121"}`), "appraisal.decision_score score")
	d.Expect("of no gate", d.Act("director.lin", row.Raw(), "decide", `{"reason":"x","lifted":["none"]}`), "appraisal.decision_gate lifted")
	d.Must(d.Act("director.lin", row.Raw(), "decide", `{"reason":"项目属实","score":"95.5"}`))
	decided := d.of("rep.chen", "2026Q1")
	if decided.Grade() == row.Grade() || decided.FinalScore() != "95.50" || decided.Grade() != "S" || d.Told("rep.chen", "appraisal.decided") != 1 {
		d.t.Errorf("%s %s, before %s", decided.FinalScore(), decided.Grade(), row.Grade())
	}
	d.night("2026-04-16")
	if d.Told("rep.he", "appraisal.confirm_due") != 1 {
		d.t.Errorf("told %d times", d.Told("rep.he", "appraisal.confirm_due"))
	}
	if got := d.of("rep.he", "2026Q1"); got.State() != appraisal.StatePublished {
		d.t.Errorf("before its end it is %s", got.State())
	}
	d.night("2026-04-19")
	if got := d.of("rep.he", "2026Q1"); got.State() != appraisal.StateLocked || !got.Silent() || got.LockedAt().IsZero() {
		d.t.Errorf("%s, silent %v", got.State(), got.Silent())
	}
	if got := d.cycle("2026Q1").State(); got != appraisal.CycleLocked {
		d.t.Errorf("the cycle is %s", got)
	}
	d.Expect("after the lock", d.Act("rep.he", d.of("rep.he", "2026Q1").Raw(), "appeal", `{"reason":"x"}`), "appraisal.state")
}

// policy: R6.6 H-APR-3
//
// TestHAPR3AnAppealHasItsDays: after them it is refused with the day.
func TestHAPR3AnAppealHasItsDays(t *testing.T) {
	d := published(t)
	d.day("2026-04-21")
	d.Expect("after the last day", d.Act("rep.chen", d.of("rep.chen", "2026Q1").Raw(), "appeal", `{"reason":"x"}`), "appraisal.appeal_over")
}

// policy: R6.6 H-APR-3
//
// TestHAPR3ALockedResultIsReopened by the head alone, with a reason that is audited; its
// subject does not see it until it is published anew, and it is locked anew.
func TestHAPR3ALockedResultIsReopened(t *testing.T) {
	d := locked(t)
	row := d.of("manager.wu", "2026Q1")
	d.Expect("his own", d.Act("manager.wu", row.Raw(), "reopen", `{"reason":"x"}`), "appraisal.not_head")
	d.Expect("without a reason", d.Act("director.lin", row.Raw(), "reopen", `{"reason":"\n"}`), "appraisal.reason_required")
	d.Must(d.Act("director.lin", row.Raw(), "reopen", `{"reason":"漏计一个合同","score":"88"}`))
	again := d.of("manager.wu", "2026Q1")
	if again.State() != appraisal.StateComposite || again.FinalScore() != "88.00" || again.Reopens() != 1 || d.sees("manager.wu", again) {
		t.Errorf("%s %s", again.State(), again.FinalScore())
	}
	n, err := records.AuditLog.Count(d.App, "collection = 'appraisals' AND record = {:r} AND after LIKE '%漏计一个合同%'", dbx.Params{"r": row.ID()})
	if err != nil || n != 1 {
		t.Errorf("%d entries of the log, %v", n, err)
	}
	d.Must(d.Act("director.lin", row.Raw(), "republish", ""))
	d.Must(d.Act("manager.wu", row.Raw(), "confirm", `{"agreed":true}`))
	d.night("2026-05-10")
	if got := d.of("manager.wu", "2026Q1"); got.State() != appraisal.StateLocked || !got.Agreed() {
		t.Errorf("%s", got.State())
	}
	d.Expect("what was not reopened", d.Act("director.lin", d.of("rep.he", "2026Q1").Raw(), "republish", ""), "appraisal.state")
}

// policy: R6.2 H-APR-3
//
// TestHAPR3TheYear: half the mean of the quarters, half its own form; who manages a
// department is rated and calibrated by the management, and does not see it early.
func TestHAPR3TheYear(t *testing.T) {
	d := locked(t)
	d.night("2027-01-01")
	dept := d.cycle("2026")
	own := d.cycleOf("2026", "")
	if dept.State() != appraisal.CycleCollecting || own.People() != 1 {
		t.Fatalf("%s, %d", dept.State(), own.People())
	}
	lin := d.of("director.lin", "2026")
	d.expectSees("the head's own", lin, "executive.sun", "auditor.jin")
	d.hands("director.lin", d.form("director.lin", "2026", "self"), 80)
	d.night("2027-01-12")
	d.superiors("2026", 80)
	d.night("2027-01-13")
	if got := d.cycleOf("2026", "").State(); got != appraisal.CycleCalibration {
		t.Fatalf("the managers' cycle is %s", got)
	}
	lin = d.of("director.lin", "2026")
	d.expectSees("the head's own, reckoned", lin, "executive.sun", "auditor.jin")
	d.Expect("his own", d.Run("director.lin", lin.Raw(), "calibrate", `{"points":"5","reason":"x"}`), "appraisal.not_head")
	d.Expect("his own cycle", d.Run("director.lin", own.Raw(), "publish", ""), "appraisal_cycle.not_head")
	d.Must(d.Act("executive.sun", lin.Raw(), "calibrate", `{"points":"1","reason":"全年"}`))
	d.Must(d.Act("executive.sun", own.Raw(), "publish", ""))
	d.expectSees("the head's own, published", d.of("director.lin", "2026"), "director.lin", "executive.sun", "auditor.jin")
	d.Must(d.Act("director.lin", lin.Raw(), "appeal", `{"reason":"x"}`))
	d.Expect("his own appeal", d.Act("director.lin", lin.Raw(), "decide", `{"reason":"x"}`), "appraisal.not_head")
	d.Must(d.Act("executive.sun", lin.Raw(), "decide", `{"reason":"维持"}`))
	year := d.of("rep.chen", "2026")
	facts, err := records.Decode[appraisal.Facts](year.Inputs())
	if err != nil || len(facts.Quarters) != 1 || facts.Quarters[0].Score.StringFixed(2) != d.of("rep.chen", "2026Q1").FinalScore() {
		t.Errorf("%v, %v", facts.Quarters, err)
	}
}

// TestWhoComesToManageADepartment sees his own no more than another.
func TestWhoComesToManageADepartment(t *testing.T) {
	d := calibrated(t)
	row := d.of("manager.wu", "2026Q1")
	dept := d.Row("departments", d.As("director.lin").GetString("department"))
	d.Must(d.Act("admin.fang", dept, "appoint", fmt.Sprintf(`{"user":%q,"former":"ka_manager"}`, d.As("manager.wu").Id)))
	if role := d.Fresh(d.As("manager.wu")).GetString("role"); role != "dept_manager" {
		t.Fatalf("he is %s", role)
	}
	d.expectSees("his own", row, "executive.sun", "auditor.jin")
	d.Expect("his own", d.Run("manager.wu", row.Raw(), "calibrate", `{"points":"5","reason":"x"}`), "appraisal.not_head")
	if !d.sees("manager.wu", d.of("rep.ma", "2026Q1")) {
		t.Error("he does not see the others'")
	}
}
