package quality_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// standard is a draft of service.qian's.
func (d desk) standard(more ...map[string]any) *core.Record {
	row := d.Blank("service_standards", append([]map[string]any{{"name": "客户服务标准", "processes": "受理、分派、回访。"}}, more...)...)
	d.Must(d.SaveBy("service.qian", row))
	return row
}

// levels of a standard that is answered within so many minutes.
func levels(first int) map[string]any {
	level := map[string]any{"first_minutes": first, "resolve_minutes": 10 * first, "always": false}
	return map[string]any{"levels": map[string]any{"urgent": level, "major": level, "normal": level}}
}

// TestAStandardBeginsWithTheSettings and is the head's to put in force; then it
// stays as it is.
//
// policy: R5.8 service_standards
func TestAStandardBeginsWithTheSettings(t *testing.T) {
	d := open(t)
	first := d.standard()
	want := `{"major":{"first_minutes":720,"resolve_minutes":2400,"always":false},"normal":{"first_minutes":1440,"resolve_minutes":1440,"always":false},` +
		`"urgent":{"first_minutes":120,"resolve_minutes":1440,"always":true}}`
	if got := d.Fresh(first).GetString("levels"); got != want || first.GetInt("version") != 1 || first.GetString("state") != "draft" {
		t.Errorf("%s, %v", got, first.PublicExport())
	}
	for _, wrong := range []any{map[string]any{}, map[string]any{"urgent": map[string]any{"first_minutes": 1, "resolve_minutes": 1}}, levels(0)["levels"]} {
		d.Expect(fmt.Sprint(wrong), d.Set("service.qian", first, "levels", wrong), "service_standard.levels_invalid")
	}
	d.Expect("a version of his own", d.Set("service.qian", first, "version", 7), "field.locked version")
	d.Expect("by a colleague", d.Act("service.yu", first, "enforce", ""), "service_standard.not_head")
	d.Expect("a rep sees no draft", d.Act("rep.chen", first, "enforce", ""), "record.not_found")
	d.Must(d.Act("service.qian", first, "enforce", ""))
	row := d.Fresh(first)
	if row.GetString("from_date") != "2026-03-16" || row.GetString("put_by") != d.As("service.qian").Id || row.GetDateTime("put_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	if d.Told("service.yu", "service.standard") != 1 || d.Told("director.lin", "service.standard") != 1 || d.Told("service.qian", "service.standard") != 0 {
		t.Error("not told to those whom it is for")
	}
	d.Expect("a rep sees it", d.Act("rep.chen", first, "enforce", ""), "service_standard.not_head")
	d.Expect("an edit", d.Set("service.qian", first, "name", "别的"), "service_standard.locked")
	d.Expect("the times", d.Set("service.qian", first, "levels", levels(30)["levels"]), "service_standard.locked")
	d.Expect("taken back", d.Act("service.qian", first, "withdraw", ""), "service_standard.begun")
	d.Expect("deleted", d.DeleteBy("service.qian", first), "record.kept")
	if second := d.standard(levels(30)); second.GetInt("version") != 2 {
		t.Errorf("version %d", second.GetInt("version"))
	}
}

// TestOneStandardIsInForceOnADay: the next one replaces it when its day has come.
//
// policy: R5.8 service_standards
func TestOneStandardIsInForceOnADay(t *testing.T) {
	d := open(t)
	first := d.standard()
	d.Must(d.Act("service.qian", first, "enforce", ""))
	for _, c := range []struct{ from, want string }{
		{"2026-03-15", "service_standard.from_past from_date"}, {"2026-03-16", "service_standard.twice from_date"}, {"", "service_standard.twice from_date"},
	} {
		row := d.standard(levels(30), map[string]any{"from_date": c.from})
		d.Expect("from "+c.from, d.Act("service.qian", row, "enforce", ""), c.want)
		if d.state(row) != "draft" {
			t.Error(d.state(row))
		}
	}
	next := d.standard(levels(30), map[string]any{"from_date": "2026-04-01"})
	d.Must(d.Act("service.qian", next, "enforce", ""))
	d.Must(d.Act("service.qian", next, "withdraw", ""))
	d.Must(d.Set("service.qian", next, "from_date", "2026-03-20"))
	d.Must(d.Act("service.qian", next, "enforce", ""))
	d.Job("serviceStandards")
	if d.state(first) != "in_force" {
		t.Error("replaced before the day")
	}
	d.Clock.Set(at("2026-03-19T16:01:00Z")) // 00:01 in Shanghai
	for range 2 {
		d.Job("serviceStandards")
	}
	if d.state(first) != "replaced" || d.state(next) != "in_force" {
		t.Errorf("%s, then %s", d.state(first), d.state(next))
	}
	today := d.standard(levels(60), map[string]any{"from_date": "2026-03-21"})
	d.Clock.Set(at("2026-03-21T02:00:00Z"))
	d.Must(d.Act("service.qian", today, "enforce", ""))
	if d.state(next) != "replaced" {
		t.Error("what begins today leaves what it replaces")
	}
}
