package schemes_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/appraisal/schemes"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is a company with a second department of sales.
type desk struct {
	testapp.Desk
	t *testing.T
}

func open(t *testing.T) desk {
	t.Parallel()
	d := desk{testapp.Open(t), t}
	other := d.Make("", "departments", map[string]any{"name": "KA二部", "kind": "ka"})
	for name, dept := range map[string]string{"director.he": other.Id, "director.none": ""} {
		d.Make("", "users", map[string]any{"email": name + "@demo.test", "password": "a-password-of-tests", "name": name, "role": "dept_manager", "department": dept, "active": true})
	}
	return d
}

// draft of a scheme for reps by the quarter, with defaults.
func (d desk) draft(who string, more ...map[string]any) *core.Record {
	d.t.Helper()
	row := d.Blank("appraisal_schemes", append([]map[string]any{{"name": "rep-quarter", "role": "rep", "cycle_kind": "quarter"}}, more...)...)
	d.Must(d.SaveBy(who, row))
	return row
}

// content is what a scheme says.
func (d desk) content(row *core.Record) appraisal.Scheme {
	d.t.Helper()
	s, err := schemes.Of(records.AppraisalSchemes.Of(d.Fresh(row)))
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// with is a scheme's content with another text in it.
func (d desk) with(row *core.Record, old, now string) string {
	d.t.Helper()
	was := d.Fresh(row).GetString("content")
	is := strings.Replace(was, old, now, 1)
	if is == was {
		d.t.Fatalf("no %s in %s", old, was)
	}
	return is
}

// policy: R2.3 appraisal_schemes
//
// TestOnlyADepartmentManagerPublishes, of his own department or for all, and then it stays
// as it is: for him, for the dashboard, and for our own code.
func TestOnlyADepartmentManagerPublishes(t *testing.T) {
	d := open(t)
	lin := d.As("director.lin")
	first := d.draft("director.lin", map[string]any{"dept": lin.GetString("department")})
	for who, code := range map[string]string{
		"rep.chen": "record.not_found", "manager.wu": "record.not_found", "finance.zhao": "record.not_found", "director.he": "record.not_found",
	} {
		d.Expect("publish by "+who, d.Act(who, first, "publish", ""), code)
	}
	d.Expect("for another's department", d.SaveBy("director.he", d.Blank("appraisal_schemes", map[string]any{"name": "x", "role": "rep", "cycle_kind": "quarter", "dept": lin.GetString("department")})), "appraisal_scheme.not_head dept")
	d.Expect("a published one from the start", d.SaveBy("director.lin", d.Blank("appraisal_schemes", map[string]any{"name": "x", "role": "rep", "cycle_kind": "quarter", "state": "published"})), "field.locked state")
	d.Must(d.Act("director.lin", first, "publish", ""))
	row := d.Fresh(first)
	if row.GetString("state") != "published" || row.GetString("published_by") != lin.Id || row.GetDateTime("published_at").IsZero() || row.GetInt("version") != 1 {
		t.Errorf("%v", row.PublicExport())
	}
	if d.Told("rep.chen", "appraisal_scheme.published") != 1 || d.Told("manager.wu", "appraisal_scheme.published") != 0 {
		t.Error("not told to those whom it is for")
	}
	d.Expect("published twice", d.Act("director.lin", first, "publish", ""), "appraisal_scheme.state")
	d.Expect("edited", d.Set("director.lin", first, "content", d.with(first, `"w":"30"`, `"w":"31"`)), "appraisal_scheme.locked")
	d.Expect("renamed", d.Set("director.lin", first, "note", "改"), "appraisal_scheme.locked")
	d.Expect("deleted", d.DeleteBy("director.lin", first), "record.kept")
	for field, value := range map[string]any{"content": d.with(first, `"min_days":30`, `"min_days":31`), "version": 9, "name": "y", "note": "z", "state": "draft", "published_by": "", "role": "ka_manager"} {
		raw := d.Fresh(first)
		raw.Set(field, value)
		if code := testapp.Code(d.SaveWithContext(gate.AsServer(context.Background()), raw)); code != "appraisal_scheme.locked" {
			t.Errorf("our own code changes %s: %q", field, code)
		}
		raw = d.Fresh(first)
		raw.Set(field, value)
		if d.Save(raw) == nil {
			t.Errorf("a save of nobody's changes %s", field)
		}
	}
	if got := d.Fresh(first).GetString("content"); got != row.GetString("content") {
		t.Errorf("it changed: %s", got)
	}
}

// policy: R2.3 appraisal_schemes
//
// TestTheNextVersionTakesThePlaceOfTheOneBefore, and what a department has of its own goes
// before what all have.
func TestTheNextVersionTakesThePlaceOfTheOneBefore(t *testing.T) {
	d := open(t)
	dept := d.As("director.lin").GetString("department")
	company := d.draft("director.he")
	d.Must(d.Act("director.he", company, "publish", ""))
	inForce := func(want *core.Record) {
		t.Helper()
		row, found, err := schemes.InForce(d.App, "rep", "quarter", records.DepartmentID(dept))
		if err != nil || !found || string(row.ID()) != want.Id {
			t.Errorf("in force is %v, %v, %v", row, found, err)
		}
	}
	inForce(company)
	first := d.draft("director.lin", map[string]any{"name": "ours", "dept": dept})
	d.Must(d.Act("director.lin", first, "publish", ""))
	inForce(first)
	second := d.Blank("appraisal_schemes", map[string]any{"name": "ours", "based_on": first.Id, "dept": dept})
	d.Must(d.SaveBy("director.lin", second))
	if second.GetInt("version") != 2 || second.GetString("role") != "rep" || d.content(second).Version != 2 {
		t.Errorf("%v", second.PublicExport())
	}
	d.Must(d.Set("director.lin", second, "content", d.with(second, `"min_days":30`, `"min_days":45`)))
	d.Must(d.Act("director.lin", second, "publish", ""))
	inForce(second)
	if got := d.Fresh(first).GetString("state"); got != "retired" {
		t.Errorf("the one before is %s", got)
	}
	d.Must(d.Act("director.lin", second, "retire", ""))
	inForce(company)
	d.Expect("a name of another role", d.SaveBy("director.lin", d.Blank("appraisal_schemes", map[string]any{"name": "ours", "role": "ka_manager", "cycle_kind": "quarter", "dept": dept})), "appraisal_scheme.name_taken name")
	if _, found, err := schemes.InForce(d.App, "ka_manager", "quarter", ""); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}

// policy: R6.1 H-APR-1
//
// TestHApr1WeightsPerFormMake100: a draft is judged when it is saved, and is told in both
// languages what is wrong, where, and how much else is.
func TestHApr1WeightsPerFormMake100(t *testing.T) {
	d := open(t)
	draft := d.draft("director.lin")
	for name, c := range map[string]struct{ old, now, code, at, zh, en string }{
		"weights":    {`"w":"30"`, `"w":"29"`, appraisal.FaultWeights, "items", "各指标权重之和须为 100，现为 99。", "The weights of the indicators must make 100, and make 99."},
		"formula":    {"ratio(metric.amount, metric.amount_target)", "ratio(metric.amount,\\n metric.sales)", "formula.unknown_name", "items/S1/formula", "第 2 行第 2 列：没有名为“metric.sales”的指标或变量。", "Line 2, column 2: there is no metric or name “metric.sales”."},
		"band falls": {`["1.2","120"]`, `["1.2","20"]`, appraisal.FaultBandFalls, "items/S1/band/4", "评分标准的得分不能下降，在 1.2 处下降。", "A score band does not fall; it does at 1.2."},
		"division":   {"ratio(metric.amount, metric.amount_target)", "metric.amount / metric.amount_target", "formula.division", "items/S1/formula", "第 1 行第 15 列：除数可能为零，请改用 ratio(分子, 分母)。", "Line 1, column 15: this may divide by zero; use ratio(numerator, denominator)."},
		"no scheme":  {`{"scheme"`, `{"luck":true,"scheme"`, appraisal.FaultJSON, "", "", ""},
	} {
		answer := d.Do("director.lin", http.MethodPatch, "/api/collections/appraisal_schemes/records/"+draft.Id, fmt.Sprintf(`{"content":%s}`, d.with(draft, c.old, c.now)))
		if !strings.Contains(answer.Body.String(), "appraisal_scheme.invalid") || !strings.Contains(answer.Body.String(), c.code) || !strings.Contains(answer.Body.String(), c.zh) || !strings.Contains(answer.Body.String(), c.en) || !strings.Contains(answer.Body.String(), c.at) {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
	}
	d.Expect("no scheme at all", d.Set("director.lin", draft, "content", []int{1}), "appraisal_scheme.invalid content")
	d.Expect("a rep's scheme of a head's quarter", d.SaveBy("director.lin", d.Blank("appraisal_schemes", map[string]any{"name": "h", "role": "dept_manager", "cycle_kind": "quarter"})), "appraisal_scheme.invalid content")
	d.Must(d.Set("director.lin", draft, "content", d.with(draft, `"version":1`, `"version":77`)))
	if got := d.content(draft); got.Version != 1 || got.Name != "rep-quarter" {
		t.Errorf("it calls itself %s %d", got.Name, got.Version)
	}
}

// policy: R6.1 appraisal_schemes
//
// TestANewSchemeBeginsWithTheSettings, which say nothing of it any more.
func TestANewSchemeBeginsWithTheSettings(t *testing.T) {
	d := open(t)
	d.Setting("appraisal.rater_weights", map[string]any{"rep": map[string]any{"self": 20, "superior": 60, "customer": 20}})
	for key, value := range map[string]any{
		"appraisal.grades": map[string]any{"A": 88}, "appraisal.missing_customer": "block", "appraisal.min_responses": 4, "appraisal.min_accounts": 3, "appraisal.min_days": 20,
		"appraisal.calibration": 3, "appraisal.self_inflation": 12, "appraisal.annual_form": 60, "appraisal.hold_bp": 3000, "appraisal.managers": "days",
	} {
		d.Setting(key, value)
	}
	draft := d.draft("director.lin")
	d.Setting("appraisal.min_days", 10)
	s := d.content(draft)
	got := fmt.Sprintln(s.Raters.Self, s.Raters.Superior, s.Raters.Customer, s.Grades[1].From, s.Raters.MissingCustomer, s.Raters.MinResponses, s.Raters.MinAccounts, s.MinDays, s.Calibration.Points, s.SelfInflation, s.Annual.Form, s.Annual.Quarters, s.Bonus.HoldBP, s.Managers)
	if want := "20 60 20 88 block 4 3 20 3 12 60 40 3000 days\n"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	d.Must(d.Set("director.lin", draft, "note", "改"))
	if d.content(draft).MinDays != 20 {
		t.Error("a setting moved a scheme")
	}
}

// policy: R6.1 indicators
//
// TestTheLibraryIsWhatTheDomainSays, and what is computed is locked.
func TestTheLibraryIsWhatTheDomainSays(t *testing.T) {
	d := open(t)
	rows, err := records.Indicators.All(d.App, "", nil, "code")
	if err != nil {
		t.Fatal(err)
	}
	byCode := map[string]records.Indicator{}
	for _, row := range rows {
		byCode[row.Code()] = row
	}
	library := appraisal.Library()
	if len(rows) != len(library) {
		t.Errorf("%d rows, %d indicators", len(rows), len(library))
	}
	for _, item := range library {
		row := byCode[item.Code]
		band, err := row.Band()
		if err != nil {
			t.Fatal(err)
		}
		hints, err := row.Hints()
		if err != nil {
			t.Fatal(err)
		}
		if string(row.Category()) != item.Group || row.NameZh() != item.Name.ZH || row.NameEn() != item.Name.EN || string(row.Kind()) != item.Kind || row.Formula() != string(item.Formula) ||
			fmt.Sprint(band) != fmt.Sprint(item.Band) || fmt.Sprint(hints) != fmt.Sprint(item.Hints) || row.Locked() != (item.Kind == appraisal.IndicatorComputed) || !row.Active() {
			t.Errorf("%s: %v", item.Code, row.Raw().PublicExport())
		}
	}
	s1, t1 := byCode["S1"].Raw(), byCode["T1"].Raw()
	d.Expect("a locked formula", d.Set("director.lin", s1, "formula", "1"), "indicator.locked")
	d.Expect("a locked band", d.Set("director.lin", s1, "band", []any{[]int{0, 0}, []int{1, 1}}), "indicator.locked")
	d.Must(d.Set("director.lin", s1, "active", false))
	d.Must(d.Set("director.lin", t1, "name_zh", "协作"))
	d.Expect("a metric that there is not", d.Set("director.lin", t1, "hints", []string{"mood"}), "indicator.invalid")
	d.Expect("unlocked", d.Set("director.lin", s1, "locked", false), "field.locked locked")
	if _, refused := d.Create("rep.chen", "indicators", map[string]any{"code": "Z1"}); refused == "" {
		t.Error("a rep adds an indicator")
	}
	own := map[string]any{"code": "Z1", "category": "sales", "name_zh": "毛利", "name_en": "Margin", "kind": "computed", "formula": "metric.profit", "band": []any{[]int{0, 0}, []int{1000, 100}}, "active": true}
	if _, refused := d.Create("director.lin", "indicators", own); refused != "" {
		t.Errorf("one of his own: %s", refused)
	}
	own["code"], own["formula"] = "Z2", "metric.luck"
	if _, refused := d.Create("director.lin", "indicators", own); refused != "indicator.invalid" {
		t.Errorf("a formula that is none: %s", refused)
	}
}

// policy: R2.3 appraisal_schemes
//
// TestTheDifferenceOfVersionsIsTold to who sees both.
func TestTheDifferenceOfVersionsIsTold(t *testing.T) {
	d := open(t)
	first := d.draft("director.lin")
	path := func(row *core.Record, from string) string {
		return "/api/ka/appraisal_schemes/" + row.Id + "/difference" + from
	}
	if answer := d.Do("director.lin", http.MethodGet, path(first, ""), ""); !strings.Contains(answer.Body.String(), "appraisal_scheme.first") {
		t.Errorf("of the first: %s", answer.Body)
	}
	second := d.draft("director.lin", map[string]any{"based_on": first.Id})
	d.Must(d.Set("director.lin", second, "content", strings.Replace(d.with(second, `"w":"30"`, `"w":"25"`), `"w":"10"`, `"w":"15"`, 1)))
	for _, from := range []string{"", "?from=" + first.Id} {
		answer := d.Do("director.lin", http.MethodGet, path(second, from), "")
		for _, want := range []string{"指标 S1的权重：由 30 改为 25", "Indicator S2, weight: 10 becomes 15", "版本：由 1 改为 2"} {
			if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: %d %s", want, answer.Code, answer.Body)
			}
		}
	}
	d.Must(d.Act("director.lin", second, "publish", ""))
	if answer := d.Do("rep.chen", http.MethodGet, path(second, "?from="+first.Id), ""); answer.Code != http.StatusNotFound {
		t.Errorf("a rep reads a draft: %d %s", answer.Code, answer.Body)
	}
}

// policy: R2.3 appraisal_schemes
//
// TestWhatWasNotTriedIsNotPublished: what a dry run says is asked.
func TestWhatWasNotTriedIsNotPublished(t *testing.T) {
	d := open(t)
	row := records.AppraisalSchemes.Of(d.draft("director.lin", map[string]any{"role": "dept_manager", "cycle_kind": "annual"})) // whom it is for read drafts
	asked := 0
	cfg := schemes.Config{Config: gate.Config{Now: time.Now}, DryRun: func(_ core.App, scheme records.AppraisalScheme) error {
		asked++
		if scheme.ID() != row.ID() || asked > 1 {
			return nil
		}
		return domain.Problem{Code: "appraisal_scheme.first"}
	}}
	if err := schemes.Publish(d.By("director.lin"), cfg, d.App, row); testapp.Code(err) != "appraisal_scheme.first" || row.PublishedBy() != "" {
		t.Errorf("%v", err)
	}
	if err := schemes.Publish(d.By("director.lin"), cfg, d.App, row); err != nil || row.PublishedBy() == "" || asked != 2 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}
