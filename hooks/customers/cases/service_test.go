package cases_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// channel opens one of rep.chen's account.
func (d desk) channel(hours string) *core.Record {
	return d.Make("service.qian", "service_channels", map[string]any{
		"account": d.AccountOf("rep.chen").Id, "owner": d.As("service.qian").Id, "kind": "phone", "address": "400-800-1234", "hours": hours, "active": true,
	})
}

// standard puts one in force from a day on.
func (d desk) standard(from string, levels map[string]any) *core.Record {
	row := d.Make("service.qian", "service_standards", map[string]any{"name": "客户服务标准", "from_date": from, "levels": levels})
	d.Must(d.Act("service.qian", row, "enforce", ""))
	return row
}

func level(first, resolve int, always bool) map[string]any {
	return map[string]any{"first_minutes": first, "resolve_minutes": resolve, "always": always}
}

// TestAChannelIsAnsweredAtItsHours: the first response of its account's issues
// counts at them, the solution as its level does. Nights are no office hours.
//
// policy: R5.7 cases.first_response
func TestAChannelIsAnsweredAtItsHours(t *testing.T) {
	for hours, want := range map[string][2]string{
		"office": {"03-16 11:00 03-14 20:00", "03-18 18:00 03-18 18:00"},
		"always": {"03-13 22:00 03-14 20:00", "03-14 20:00 03-18 18:00"},
	} {
		d := open(t)
		d.Clock.Set(at("2026-03-13T12:00:00Z")) // Friday 20:00
		d.channel(hours)
		for i, level := range []string{"urgent", "normal"} {
			issue := d.raised("rep.chen", map[string]any{"level": level, "kind": "service"})
			if got := shanghai(issue, "first_response_due") + " " + shanghai(issue, "resolve_due"); got != want[i] {
				t.Errorf("%s on %s: %s, want %s", level, hours, got, want[i])
			}
		}
	}
}

// TestTechnicalProblemsGoToProduct, whose head is told and who alone solves them; their
// times count as every case's, and what is overdue is told over his head.
//
// policy: R5.6 cases
func TestTechnicalProblemsGoToProduct(t *testing.T) {
	d := open(t)
	d.Clock.Set(at("2026-03-16T01:00:00Z"))
	issue := d.raised("rep.chen", map[string]any{"kind": "technical", "title": "冰柜不制冷"})
	d.Expect("solved by", d.Row("departments", issue.GetString("owner_dept")).GetString("kind"), "product")
	if issue.GetDateTime("first_response_due").IsZero() || issue.GetDateTime("resolve_due").IsZero() {
		t.Error("it has no times")
	}
	if d.Told("product.guo", "issue.raised") != 1 {
		t.Error("product is not told")
	}
	if got := d.Act("finance.zhao", issue, "acknowledge", ""); got == "" {
		t.Error("another department takes it up")
	}
	d.Must(d.Act("product.guo", issue, "acknowledge", ""))
	d.Must(d.Act("product.guo", issue, "resolve", `{"cause":"压缩机","solution":"已更换"}`))
	if now := d.Fresh(issue); now.GetString("state") != "resolved" || now.GetBool("first_late") || now.GetBool("resolve_late") {
		t.Errorf("%v", now.PublicExport())
	}
	late := d.raised("rep.chen", map[string]any{"kind": "technical", "level": "urgent"})
	d.Clock.Advance(96 * time.Hour)
	d.Job("issuesEscalate")
	if now := d.Fresh(late); !now.GetBool("first_late") || now.GetInt("escalation") == 0 {
		t.Errorf("nobody is told that it is late: %v", now.PublicExport())
	}
}

// TestWhoAnswersTheChannelHearsOfAnIssue, whoever solves it.
//
// policy: R5.7 service_channels
func TestWhoAnswersTheChannelHearsOfAnIssue(t *testing.T) {
	d := open(t)
	d.channel("office")
	d.raised("rep.chen", map[string]any{"kind": "service"}) // the head of the service answers it: once
	d.raised("rep.chen", map[string]any{"kind": "billing"})
	if d.Told("service.qian", "issue.raised") != 2 || d.Told("finance.zhao", "issue.raised") != 1 {
		t.Errorf("the channel hears of %d", d.Told("service.qian", "issue.raised"))
	}
}

// TestACaseCountsByTheStandardOfItsDay, and goes on by it when another is in force.
//
// policy: R5.8 cases.standard
func TestACaseCountsByTheStandardOfItsDay(t *testing.T) {
	d := open(t)
	d.Clock.Set(at("2026-03-16T01:00:00Z")) // Monday 09:00
	before := d.raised("rep.chen", nil)
	first := d.standard("2026-03-16", map[string]any{"urgent": level(30, 60, true), "major": level(60, 180, false), "normal": level(60, 480, false)})
	issue := d.raised("rep.chen", nil)
	if before.GetString("standard") != "" || issue.GetString("standard") != first.Id {
		t.Errorf("%q, %q", before.GetString("standard"), issue.GetString("standard"))
	}
	due := func(r *core.Record) string {
		r = d.Fresh(r)
		return shanghai(r, "first_response_due") + " " + shanghai(r, "resolve_due")
	}
	d.Expect("without a standard", due(before), "03-18 18:00 03-18 18:00")
	d.Expect("by the standard", due(issue), "03-16 10:00 03-16 18:00")
	d.Expect("a standard of his own", d.Set("rep.chen", issue, "standard", ""), "field.locked standard")

	d.Clock.Set(at("2026-03-17T01:00:00Z"))
	second := d.standard("2026-03-17", map[string]any{"urgent": level(10, 20, true), "major": level(10, 20, true), "normal": level(10, 20, true)})
	d.Must(d.Set("rep.chen", issue, "level", "major"))
	d.Expect("at another level", due(issue), "03-16 10:00 03-16 12:00")
	d.Must(d.Act("service.qian", issue, "acknowledge", ""))
	d.Must(d.Act("service.qian", issue, "resolve", `{"cause":"漏装","solution":"补送"}`))
	d.Must(d.Act("rep.chen", issue, "reopen", `{"note":"仍少一箱"}`))
	d.Expect("once more", due(issue), "03-16 10:00 03-17 12:00")
	if later := d.raised("rep.chen", nil); later.GetString("standard") != second.Id || due(later) != "03-17 09:10 03-17 09:20" {
		t.Errorf("%s by %s", due(later), later.GetString("standard"))
	}
	told := d.raised("rep.chen", map[string]any{"raised_at": "2026-03-16 02:00:00.000Z"})
	d.Expect("of yesterday, told today", told.GetString("standard"), first.Id)
	if d.Fresh(issue).GetString("standard") != first.Id {
		t.Error("it changed its standard")
	}
}

// TestALateChannelEscalatesAtItsHours: the night between does not count.
//
// policy: R5.7 issues.escalation
func TestALateChannelEscalatesAtItsHours(t *testing.T) {
	d := open(t)
	d.channel("office")
	d.standard("2026-03-16", map[string]any{"urgent": level(60, 6000, true), "major": level(60, 6000, true), "normal": level(60, 6000, true)})
	d.Clock.Set(at("2026-03-16T09:30:00Z")) // Monday 17:30
	issue := d.raised("rep.chen", nil)
	for _, c := range []struct {
		when string
		rung int
	}{{"2026-03-16T16:00:00Z", 0}, {"2026-03-17T01:30:00Z", 0}, {"2026-03-17T01:30:01Z", 1}} { // due on Tuesday 09:30
		d.Clock.Set(at(c.when))
		d.Job("issuesEscalate")
		if got := d.Fresh(issue).GetInt("escalation"); got != c.rung {
			t.Errorf("%s: rung %d, want %d", c.when, got, c.rung)
		}
	}
}

// TestAFaultIsAttributedByAHead once the issue is solved, and again with a reason;
// who is responsible reads it.
//
// policy: R5.9 cases.attribute
func TestAFaultIsAttributedByAHead(t *testing.T) {
	d := open(t)
	issue := d.raised("rep.chen", map[string]any{"kind": "complaint", "level": "major"})
	guo, bai := d.As("product.guo").Id, d.As("ops.bai").Id
	sees := func(who string) bool {
		return d.Do(who, http.MethodGet, "/api/collections/cases/records/"+issue.Id, "").Code == http.StatusOK
	}
	own := func(user, note string) string {
		return `{"fault":"own","responsible":"` + user + `","note":"` + note + `"}`
	}
	d.Expect("before it is solved", d.Act("service.qian", issue, "attribute", own(guo, "")), "customer_issue.state")
	d.Must(d.Act("service.qian", issue, "acknowledge", ""))
	d.Must(d.Act("service.qian", issue, "resolve", `{"cause":"漏装","solution":"补送"}`))
	if sees("product.guo") {
		t.Fatal("seen already")
	}
	for _, c := range []struct{ who, args, want string }{
		{"rep.chen", own(guo, ""), "customer_issue.not_head"},
		{"manager.wu", own(guo, ""), "customer_issue.not_head"},
		{"admin.fang", own(guo, ""), "customer_issue.not_head"},
		{"service.qian", `{}`, "customer_issue.responsible_required"},
		{"service.qian", `{"fault":"own"}`, "customer_issue.responsible_required"},
		{"service.qian", `{"fault":"carrier","responsible":"` + guo + `"}`, "customer_issue.responsible_required"},
		{"service.qian", own("nosuchperson000", ""), "record.not_found responsible"},
		{"service.qian", own(guo, ""), ""},
		{"director.lin", own(bai, " "), "customer_issue.reason_required"},
		{"director.lin", own(bai, "仓库漏装"), ""},
	} {
		t.Run(c.who+" "+c.want, func(*testing.T) { d.Expect(c.args, d.Act(c.who, issue, "attribute", c.args), c.want) })
	}
	row := d.Fresh(issue)
	if row.GetString("responsible") != bai || row.GetString("responsible_by") != d.As("director.lin").Id || row.GetDateTime("responsible_at").IsZero() ||
		row.GetString("fault") != "own" || row.GetString("responsible_note") != "仓库漏装" || row.GetString("state") != "resolved" {
		t.Errorf("%v", row.PublicExport())
	}
	if !sees("product.guo") || !sees("ops.bai") || d.Told("ops.bai", "issue.attributed") != 1 || d.Told("product.guo", "issue.relieved") != 1 {
		t.Error("those whom it is about do not hear of it")
	}
	d.Must(d.Act("service.qian", issue, "attribute", `{"fault":"carrier","note":"承运商签收单有误"}`))
	if row := d.Fresh(issue); row.GetString("responsible") != "" || d.Told("ops.bai", "issue.relieved") != 1 {
		t.Errorf("%v", row.PublicExport())
	}
	d.Must(d.Act("director.lin", issue, "attribute", own(d.As("service.qian").Id, "客服未跟进")))
	d.Expect("relieves himself", d.Act("service.qian", issue, "attribute", own(bai, "仓库漏装")), "customer_issue.own_fault")
	d.Expect("relieves himself", d.Act("service.qian", issue, "attribute", `{"fault":"none","note":"无责"}`), "customer_issue.own_fault")
	d.Must(d.Act("director.lin", issue, "attribute", own(bai, "仓库漏装")))
	d.Expect("by hand", d.Set("service.qian", issue, "fault", "none"), "field.locked fault")
}
