package requests_test

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// down is a report that an office sends to the field.
func (d desk) down(who string, more ...map[string]any) (*core.Record, string) {
	body := map[string]any{"kind": "market", "text": "竞品五月起调价", "direction": "down"}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	return d.ask(who, "intel_reports", body)
}

// policy: R5.3 intel_reports
//
// TestIntelligenceGoesDown: market, product and service write to KA departments,
// whose people all have it on their phones, are told, and say that they read it.
func TestIntelligenceGoesDown(t *testing.T) {
	d := open(t)
	ka := d.As("rep.chen").GetString("department")
	second := d.Make("", "departments", map[string]any{"name": "KA二部", "kind": "ka"}).Id
	row, refused := d.down("market.tang")
	d.Must(refused)
	if routed := row.GetStringSlice("routed"); len(routed) != 2 || !slices.Contains(routed, ka) || !slices.Contains(routed, second) {
		t.Errorf("to all KA departments: %v", routed)
	}
	one, refused := d.down("product.guo", map[string]any{"routed": []string{ka}, "direction": ""})
	d.Must(refused)
	if routed := one.GetStringSlice("routed"); one.GetString("direction") != "down" || !slices.Equal(routed, []string{ka}) {
		t.Errorf("%s to %v", one.GetString("direction"), routed)
	}
	for _, c := range []struct {
		what, who string
		more      map[string]any
		want      string
	}{
		{"by the field", "rep.chen", nil, "intel.direction direction"},
		{"by the head of the field", "director.lin", nil, "intel.direction direction"},
		{"up from the service", "service.qian", map[string]any{"direction": "up"}, "intel.direction direction"},
		{"to the service", "market.tang", map[string]any{"routed": []string{d.As("service.qian").GetString("department")}}, "intel.routed_invalid routed"},
		{"up to where he likes", "rep.chen", map[string]any{"direction": "up", "routed": []string{ka}}, "field.locked routed"},
		{"with a score", "market.tang", map[string]any{"value_score": 5}, "field.locked value_score"},
	} {
		_, got := d.down(c.who, c.more)
		d.Expect(c.what, got, c.want)
	}
	for who, want := range map[string]int{"rep.chen": 2, "rep.ma": 2, "manager.wu": 2, "director.lin": 2, "market.tang": 0, "finance.zhao": 0} {
		if n := d.Told(who, "intel.new"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	phone := d.Phone(d.Token("rep.ma"), "ma")
	phone.Pull()
	if phone.Rows["intel_reports"][row.Id] == "" {
		t.Error("it is not on a rep's phone")
	}
	d.Must(d.Act("rep.ma", row, "acknowledge", `{"note":"已阅"}`))
	d.Expect("its author's", d.Act("market.tang", row, "acknowledge", ""), "intel.own")
	d.Expect("of another office", d.Act("service.qian", row, "acknowledge", ""), "record.not_found")
	d.Expect("a score of what went down", d.Act("director.lin", row, "score", `{"value":3}`), "intel.not_scorer")
}

// policy: R5.3 intel.read_days
//
// TestWhoHasNotReadIsToldOnce, and its author sees who has and who has not.
func TestWhoHasNotReadIsToldOnce(t *testing.T) {
	d := open(t)
	d.Clock.Set(time.Now().UTC()) // as rows are stamped
	row, refused := d.down("market.tang")
	d.Must(refused)
	d.Must(d.Act("rep.chen", row, "acknowledge", `{"note":"已通知客户"}`))
	d.Clock.Advance(71 * time.Hour)
	d.Job("intelUnread")
	if n := d.Told("rep.he", "intel.unread"); n != 0 {
		t.Errorf("before three days have passed: %d", n)
	}
	d.Clock.Advance(2 * time.Hour)
	d.Job("intelUnread")
	d.Clock.Advance(100 * time.Hour)
	d.Job("intelUnread")
	for who, want := range map[string]int{"rep.chen": 0, "rep.he": 1, "director.lin": 1, "market.tang": 0} {
		if n := d.Told(who, "intel.unread"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	path := fmt.Sprintf("/api/ka/intel_reports/%s/readers", row.Id)
	for who, want := range map[string]int{"market.tang": 200, "director.lin": 200, "auditor.jin": 200, "rep.he": 403, "service.qian": 404} {
		if got := d.Do(who, "GET", path, "").Code; got != want {
			t.Errorf("%s gets %d, want %d", who, got, want)
		}
	}
	type reader struct{ User, Name, At, Note string }
	var list struct{ Read, Unread []reader }
	if err := json.Unmarshal(d.Do("market.tang", "GET", path, "").Body.Bytes(), &list, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(list.Read) != 1 || list.Read[0].Name != d.As("rep.chen").GetString("name") || list.Read[0].Note != "已通知客户" || list.Read[0].At == "" {
		t.Errorf("read by %+v", list.Read)
	}
	he := d.As("rep.he")
	if !slices.ContainsFunc(list.Unread, func(r reader) bool { return r.User == he.Id && r.Name == he.GetString("name") }) ||
		slices.ContainsFunc(list.Unread, func(r reader) bool { return r.User == d.As("rep.chen").Id }) {
		t.Errorf("not read by %+v", list.Unread)
	}
}

// policy: R2.10 intel_reports
//
// TestAReportIsScored by the head of its department or by market, from 1 to 5, and
// not by who wrote it; from 3 on it was taken up.
func TestAReportIsScored(t *testing.T) {
	d := open(t)
	row := d.must("rep.chen", "intel_reports", map[string]any{"kind": "price", "text": "对手降价5%"})
	for _, c := range []struct{ who, args, want string }{
		{"rep.chen", `{"value":5}`, "intel.own"},
		{"manager.wu", `{"value":5}`, "intel.not_scorer"},
		{"rep.he", `{"value":5}`, "record.not_found"},
		{"auditor.jin", `{"value":5}`, "intel.not_scorer"},
		{"director.lin", `{"value":0}`, "intel.score_invalid value"},
		{"director.lin", `{"value":6}`, "intel.score_invalid value"},
		{"director.lin", `{"value":2,"note":"已知"}`, ""},
		{"market.tang", `{"value":3,"note":"已用于调价"}`, ""},
	} {
		d.Expect(c.who+" "+c.args, d.Act(c.who, row, "score", c.args), c.want)
	}
	got := d.Fresh(row)
	if got.GetInt("value_score") != 3 || got.GetString("score_note") != "已用于调价" || got.GetString("scored_by") != d.As("market.tang").Id || got.GetDateTime("scored_at").IsZero() {
		t.Errorf("%v", got.PublicExport())
	}
	if scored, accepted := d.Told("rep.chen", "intel.scored"), d.Told("rep.chen", "intel.accepted"); scored != 1 || accepted != 1 {
		t.Errorf("told %d and %d times", scored, accepted)
	}
	own := d.must("market.tang", "intel_reports", map[string]any{"kind": "market", "text": "展会观察", "direction": "up"})
	d.Expect("one's own", d.Act("market.tang", own, "score", `{"value":5}`), "intel.own")
}
