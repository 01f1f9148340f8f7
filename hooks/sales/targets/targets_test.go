package targets_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company that sets targets for 2027: lin the department's, those of
// his managers wu and xu, and wu those of his reps.
type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// year makes a value of 12 × month, evenly.
func year(month int) map[string]any {
	q, m := make([]int, 4), make([]int, 12)
	for i := range m {
		m[i] = month
		q[i/3] += month
	}
	return map[string]any{"value": 12 * month, "quarters": q, "months": m}
}

// draft is what somebody writes for whom, below parent if there is one.
func (d desk) draft(level, owner string, parent *core.Record, more ...map[string]any) *core.Record {
	base := map[string]any{"level": level, "owner": d.As(owner).Id, "metric": "amount", "year": "2027"}
	if parent != nil {
		base["parent"] = parent.Id
	} else {
		base["basis_company"], base["basis_market"], base["basis_capability"] = "增长 15%", "渠道下沉", "16 名代表"
	}
	return d.Blank("targets", append([]map[string]any{base, year(100)}, more...)...)
}

// issued sets a target and puts it in force.
func (d desk) issued(by, level, owner string, parent *core.Record, more ...map[string]any) *core.Record {
	target := d.draft(level, owner, parent, more...)
	d.Must(d.SaveBy(by, target))
	d.Must(d.Act(by, target, "issue", ""))
	return d.Fresh(target)
}

func (d desk) state(target *core.Record) string { return d.Fresh(target).GetString("state") }

// policy: R4.1 targets
//
// TestTheDepartmentsTargetHasABasis: its manager sets it, and says what it rests on.
func TestTheDepartmentsTargetHasABasis(t *testing.T) {
	d := open(t)
	d.Expect("by a manager", d.SaveBy("manager.wu", d.draft("dept", "director.lin", nil)), "target.not_superior")
	target := d.draft("dept", "director.lin", nil, map[string]any{"basis_market": " "})
	d.Must(d.SaveBy("director.lin", target))
	d.Expect("without a basis", d.Act("director.lin", target, "issue", ""), "target.basis_required")
	d.Must(d.Update("director.lin", target, map[string]any{"basis_market": "商超增长放缓"}))
	d.Must(d.Act("director.lin", target, "issue", ""))
	row := d.Fresh(target)
	if row.GetString("state") != "issued" || row.GetInt("version") != 1 || row.GetString("issued_by") != d.As("director.lin").Id ||
		row.GetString("dept") != d.As("director.lin").GetString("department") || row.GetDateTime("issued_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	d.Expect("an edit in force", d.Update("director.lin", target, year(90)), "target.locked")
	d.Expect("a second one", d.SaveBy("director.lin", d.draft("dept", "director.lin", nil)), "target.twice")
	if n := d.Told("director.lin", "target.issued.amount"); n != 0 {
		t.Errorf("he was told %d times what he did himself", n)
	}
}

func TestATargetIsSetBySomebodyOver(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.issued("director.lin", "manager", "manager.wu", dept)
	xu := d.issued("director.lin", "manager", "manager.xu", dept)
	next := d.issued("director.lin", "dept", "director.lin", nil, map[string]any{"year": "2028"})
	for _, c := range []struct {
		what, by, level, owner string
		parent                 *core.Record
		more                   map[string]any
		want                   string
	}{
		{"by himself", "rep.chen", "rep", "rep.chen", wu, nil, "target.not_superior"},
		{"by another manager", "manager.xu", "rep", "rep.chen", wu, nil, "target.not_superior"},
		{"by his manager for another manager", "manager.wu", "manager", "manager.hu", dept, nil, "target.not_superior"},
		{"below another manager", "manager.wu", "rep", "rep.chen", xu, nil, "target.parent_invalid parent"},
		{"below the department", "manager.wu", "rep", "rep.chen", dept, nil, "target.parent_invalid parent"},
		{"below another year", "director.lin", "manager", "manager.hu", next, nil, "target.parent_invalid parent"},
		{"below another metric", "manager.wu", "rep", "rep.chen", wu, map[string]any{"metric": "volume"}, "target.parent_invalid parent"},
		{"below nothing", "manager.wu", "rep", "rep.chen", nil, nil, "target.parent_invalid parent"},
		{"a department below one", "director.lin", "dept", "director.lin", dept, map[string]any{"metric": "csat"}, "target.parent_invalid parent"},
		{"of another level", "manager.wu", "rep", "manager.wu", wu, nil, "target.level_invalid owner"},
		{"of nobody", "manager.wu", "rep", "rep.chen", wu, map[string]any{"owner": ""}, "target.level_invalid owner"},
		{"in force at once", "manager.wu", "rep", "rep.chen", wu, map[string]any{"state": "issued"}, "field.locked state"},
		{"with a version", "manager.wu", "rep", "rep.chen", wu, map[string]any{"version": 7}, "field.locked version"},
		{"of eleven months", "manager.wu", "rep", "rep.chen", wu, map[string]any{"months": []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}, "target.numbers_invalid"},
		{"of half fen", "manager.wu", "rep", "rep.chen", wu, map[string]any{"quarters": []any{0.5, 1, 1, 1}}, "target.numbers_invalid"},
		{"of words", "manager.wu", "rep", "rep.chen", wu, map[string]any{"quarters": "many"}, "target.numbers_invalid"},
		{"by his manager", "manager.wu", "rep", "rep.chen", wu, nil, ""},
		{"by the head", "director.lin", "rep", "rep.he", wu, nil, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			d.Expect(c.what, d.SaveBy(c.by, d.draft(c.level, c.owner, c.parent, c.more)), c.want)
		})
	}
}

// policy: R4.2 H-TGT-1
//
// TestHTgt1TheBreakDownCoversTheTarget: who has a target says that it is broken
// down once those below have all of it, and not too much more; whatever changes
// below opens the break-down again.
func TestHTgt1TheBreakDownCoversTheTarget(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.issued("director.lin", "manager", "manager.wu", dept)
	d.Expect("nobody below", d.Act("manager.wu", wu, "cascade", ""), "target.none_below")
	chen := d.issued("manager.wu", "rep", "rep.chen", wu, year(60))
	he := d.draft("rep", "rep.he", wu, year(40))
	d.Must(d.SaveBy("manager.wu", he))
	d.Expect("a draft does not count", d.Act("manager.wu", wu, "cascade", ""), "target.below_parent")
	d.Must(d.Act("manager.wu", he, "issue", ""))
	d.Expect("by a superior", d.Act("director.lin", wu, "cascade", ""), "target.not_owner")
	d.Must(d.Act("manager.wu", wu, "cascade", ""))
	d.Must(d.Act("director.lin", dept, "cascade", ""))

	zhou := d.draft("rep", "rep.zhou", wu, year(11))
	d.Must(d.SaveBy("manager.wu", zhou))
	d.Expect("more than a tenth more", d.Act("manager.wu", zhou, "issue", ""), "target.over_parent")
	d.Must(d.Update("manager.wu", zhou, year(10)))
	d.Must(d.Act("manager.wu", zhou, "issue", ""))
	d.Expect("without a reason", d.Act("manager.wu", chen, "revise", ""), "target.reason_required")
	d.Must(d.Act("manager.wu", chen, "revise", `{"reason":"换区"}`))
	if got := fmt.Sprint(d.state(wu), d.state(chen), d.Fresh(chen).GetInt("version")); got != "issueddraft2" {
		t.Error(got)
	}
	d.Expect("one is being revised", d.Act("manager.wu", wu, "cascade", ""), "target.below_parent")
	d.Must(d.Update("manager.wu", chen, year(50)))
	d.Must(d.Act("manager.wu", chen, "issue", ""))
	d.Must(d.Act("manager.wu", wu, "cascade", ""))
	d.Must(d.Act("director.lin", zhou, "cancel", `{"reason":"离职"}`))
	if got := d.state(wu); got != "issued" {
		t.Errorf("the break-down without it is %s", got)
	}
	for kind, want := range map[string]int{"target.issued.amount": 2, "target.revised.amount": 1} {
		if n := d.Told("rep.chen", kind); n != want {
			t.Errorf("rep.chen: %s %d times", kind, n)
		}
	}
	if n := d.Told("manager.wu", "target.reopened.amount"); n != 1 { // by lin; once he did it himself
		t.Errorf("manager.wu was told %d times", n)
	}
	d.Setting("target.over_bp", 0)
	d.issued("manager.wu", "rep", "rep.zhou", wu, year(11))
	d.Expect("nothing more than all of it", d.Act("manager.wu", wu, "cascade", ""), "target.over_parent")
}

// policy: R4.2 H-TGT-2
//
// TestHTgt2NothingInForceIsOff: a draft may be, what is in force is exact.
func TestHTgt2NothingInForceIsOff(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	off := year(100)
	off["value"] = 1201
	target := d.draft("manager", "manager.wu", dept, off)
	d.Must(d.SaveBy("director.lin", target))
	d.Expect("a fen is missing", d.Act("director.lin", target, "issue", ""), "target.periods_sum")
	d.Must(d.Update("director.lin", target, map[string]any{"months": nil}))
	d.Expect("no months", d.Act("director.lin", target, "issue", ""), "target.periods_required")
	d.Must(d.Update("director.lin", target, year(100)))
	d.Must(d.Act("director.lin", target, "issue", ""))
}

// TestWhatOthersHangOnStays: a target with others below it, and one that was in force.
func TestWhatOthersHangOnStays(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.draft("manager", "manager.wu", dept)
	d.Must(d.SaveBy("director.lin", wu))
	chen := d.draft("rep", "rep.chen", wu)
	d.Must(d.SaveBy("manager.wu", chen))
	d.Expect("below a draft", d.Act("manager.wu", chen, "issue", ""), "target.parent_open")
	d.Expect("a draft with one below", d.DeleteBy("director.lin", wu), "target.has_children")
	d.Must(d.Act("director.lin", wu, "issue", ""))
	d.Must(d.Act("manager.wu", chen, "issue", ""))
	d.Expect("one with others in force", d.Act("director.lin", wu, "cancel", `{"reason":"x"}`), "target.has_children")
	d.Expect("in force", d.DeleteBy("manager.wu", chen), "record.kept")
	d.Must(d.Act("manager.wu", chen, "revise", `{"reason":"x"}`))
	d.Expect("in force before", d.DeleteBy("manager.wu", chen), "record.kept")
	he := d.draft("rep", "rep.he", wu)
	d.Must(d.SaveBy("manager.wu", he))
	d.Must(d.DeleteBy("manager.wu", he))
}
