package visits_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

func (d desk) all(collection string, where dbx.HashExp) []*core.Record {
	d.t.Helper()
	rows, err := d.FindAllRecords(collection, where)
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

// TestTheTemplateFitsTierAndType, unless the author names one.
//
// policy: R4.7 visit_templates
func TestTheTemplateFitsTierAndType(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	own, err := d.FindFirstRecordByFilter("visit_templates", "active = true && tier = {:t} && visit_type = 'planned'", dbx.Params{"t": account.GetString("tier")})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.visit(map[string]any{"type": "planned"}).GetString("template"); got != own.Id {
		t.Errorf("a planned visit: %q, want %q", got, own.Id)
	}
	if got := d.visit().GetString("template"); got != "" {
		t.Errorf("an unplanned visit: %q", got)
	}
	for _, kind := range []string{"", "joint"} {
		d.Must(d.SaveBy("", d.Blank("visit_templates", map[string]any{"name": "T" + kind, "active": true, "visit_type": kind, "steps": "[]"})))
	}
	every, joint := d.visit().GetString("template"), d.visit(map[string]any{"type": "joint"}).GetString("template")
	if every == "" || joint == "" || every == joint || joint == own.Id {
		t.Errorf("new templates are not seen: %q, %q", every, joint)
	}
	if got := d.visit(map[string]any{"type": "joint", "template": own.Id}).GetString("template"); got != own.Id {
		t.Errorf("what the author names: %q", got)
	}
	retired := d.Fresh(own)
	retired.Set("active", false)
	d.Must(d.SaveBy("", retired))
	if got := d.visit(map[string]any{"type": "planned"}).GetString("template"); got == own.Id {
		t.Error("a template that is no longer active")
	}
}

func TestCompanionsAndContactsAreReal(t *testing.T) {
	d := open(t)
	chens, hes := d.AccountOf("rep.chen"), d.AccountOf("rep.he")
	contact := func(account string) string {
		r := d.Blank("contacts", map[string]any{"account": account, "name": "王采购"})
		d.Must(d.SaveBy("", r))
		return r.Id
	}
	for _, c := range []struct {
		more map[string]any
		want string
	}{
		{map[string]any{"companions": []string{d.As("manager.wu").Id}}, ""},
		{map[string]any{"companions": []string{d.As("rep.chen").Id}}, "visit.companion_invalid companions"},
		{map[string]any{"companions": []string{d.As("rep.gone").Id}}, "visit.companion_invalid companions"},
		{map[string]any{"contacts_met": []string{contact(chens.Id)}}, ""},
		{map[string]any{"contacts_met": []string{contact(hes.Id)}}, "visit.contact_invalid contacts_met"},
	} {
		t.Run(fmt.Sprint(c.more), func(t *testing.T) {
			visit := d.Blank("visits", map[string]any{"account": chens.Id, "type": "joint", "planned_date": "2026-03-16"}, c.more)
			if got := d.SaveBy("rep.chen", visit); got != c.want {
				t.Errorf("%v: %q, want %q", c.more, got, c.want)
			}
		})
	}
	visit := d.visit()
	d.Force(visit, field.VisitCheckedOut)
	met := contact(chens.Id)
	d.Must(d.Run("rep.chen", visit, "report", fmt.Sprintf(`{"summary":"x","companions":[%q],"contacts_met":[%q]}`, d.As("manager.wu").Id, met)))
	if got := d.Fresh(visit); !slices.Equal(got.GetStringSlice("contacts_met"), []string{met}) || len(got.GetStringSlice("companions")) != 1 {
		t.Errorf("%v", got.PublicExport())
	}
}

// TestFeedbackBecomesWhatItsThemeSays (R4.8), in the department that it is for.
//
// policy: R4.7 visit_feedback
// policy: R4.8 visit_feedback
func TestFeedbackBecomesWhatItsThemeSays(t *testing.T) {
	d := open(t)
	visit := d.visit()
	say := func(who, theme string, more ...map[string]any) (*core.Record, string) {
		r := d.Blank("visit_feedback", append([]map[string]any{{"visit": visit.Id, "text": "客户说：" + theme, "theme": theme}}, more...)...)
		return r, d.SaveBy(who, r)
	}
	for _, theme := range field.FeedbackThemes {
		r, got := say("rep.chen", theme)
		d.Must(got)
		row, err := d.FindRecordById(r.GetString("routed_to"), r.GetString("routed_id"))
		if err != nil {
			t.Fatalf("%s went nowhere: %v", theme, err)
		}
		dept, err := d.FindRecordById("departments", r.GetString("target_dept"))
		if err != nil {
			t.Fatal(err)
		}
		if want := field.RouteFeedback(theme); dept.GetString("kind") != want.Department && r.GetString("target_dept") != visit.GetString("dept") {
			t.Errorf("%s went to %s, not %s", theme, dept.GetString("kind"), want.Department)
		}
		if whose(row) != visit.GetString("owner") || row.GetString("account") != visit.GetString("account") || r.GetString("state") != "routed" {
			t.Errorf("%s: %v", theme, row.PublicExport())
		}
	}
	for want, c := range map[string]struct {
		who, theme string
		more       map[string]any
	}{
		"visit.not_owner":             {"manager.wu", "price", nil},
		"feedback.text_required text": {"rep.chen", "price", map[string]any{"text": " "}},
		"field.locked routed_id":      {"rep.chen", "price", map[string]any{"routed_id": "x"}},
		"validation":                  {"rep.chen", "weather", nil},
	} {
		t.Run(want, func(t *testing.T) {
			if _, got := say(c.who, c.theme, c.more); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
	r, _ := say("rep.chen", "price")
	r.Set("text", "别的")
	if got := d.SaveBy("rep.chen", r); got != "field.locked state" {
		t.Errorf("what was said is changed: %q", got)
	}
}

// TestAnAccountWithoutAPlaceGetsAProposal, which its manager confirms.
func TestAnAccountWithoutAPlaceGetsAProposal(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	was := d.AccountOf("rep.chen")
	account.Set("lat", 0)
	account.Set("lng", 0)
	if err := d.SaveWithContext(gate.AsServer(t.Context()), account); err != nil {
		t.Fatal(err)
	}
	visit := d.visit()
	d.Must(d.Run("rep.chen", visit, "check_in", "{"+fixes(was, 0, checkInAt)+"}"))
	second := d.visit()
	d.Must(d.Run("rep.chen", second, "check_in", "{"+fixes(was, 50, checkInAt)+"}"))
	coarse := d.visit()
	d.Must(d.Run("rep.chen", coarse, "check_in", fmt.Sprintf(`{"lat":%f,"lng":%f,"acc_m":5000}`, was.GetFloat("lat"), was.GetFloat("lng"))))
	if got := reasons(d.Fresh(second)); !strings.Contains(got, "account_unplaced 15") {
		t.Errorf("nothing says that the account has no place: %s", got)
	}
	if got := d.Fresh(visit).GetString("in_result"); got != "unknown" {
		t.Errorf("in %s", got)
	}
	proposals := d.all("account_positions", dbx.HashExp{"account": account.Id})
	if len(proposals) != 1 || proposals[0].GetString("visit") != visit.Id {
		t.Fatalf("%d proposals", len(proposals))
	}
	p := proposals[0]
	for _, c := range []struct{ who, action, args, want string }{
		{"rep.chen", "confirm", "{}", "position.not_manager"},
		{"manager.xu", "confirm", "{}", "position.not_manager"},
		{"manager.wu", "refuse", "{}", "visit.reason_required"},
		{"manager.wu", "confirm", "{}", ""},
		{"manager.wu", "refuse", `{"reason":"x"}`, "position.decided"},
	} {
		if got := d.Run(c.who, p, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
	}
	placed := d.AccountOf("rep.chen")
	at := domain.Position{Lat: placed.GetFloat("lat"), Lng: placed.GetFloat("lng")}
	if domain.DistanceM(at, domain.Position{Lat: was.GetFloat("lat"), Lng: was.GetFloat("lng")}) > 1 {
		t.Errorf("the account is at %v", at)
	}
	for _, v := range []*core.Record{visit, second} { // the manager has said where it is
		if now := d.Fresh(v); now.GetString("in_result") != "inside" || strings.Contains(reasons(now), "account_unplaced") {
			t.Errorf("the visit is %s: %s", now.GetString("in_result"), reasons(now))
		}
	}
	if now := d.Fresh(coarse); now.GetString("in_result") != "unknown" || !strings.Contains(reasons(now), "place_coarse 30") {
		t.Errorf("the coarse one is %s: %s", now.GetString("in_result"), reasons(now))
	}
}

// TestTheFirstVisitHasAWiderFence, since the account's place is rough.
func TestTheFirstVisitHasAWiderFence(t *testing.T) {
	d := open(t)
	account := d.Blank("accounts", map[string]any{"name": "新店", "kind": "prospect", "owner": d.As("rep.chen").Id, "lat": 31.2, "lng": 121.4, "geofence_m": 100})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), account); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"inside", "outside"} {
		visit := d.visit(map[string]any{"account": account.Id})
		d.Must(d.Run("rep.chen", visit, "check_in", "{"+fixes(account, 450, checkInAt.Add(time.Duration(i)*time.Hour))+"}"))
		if now := d.Fresh(visit); now.GetString("in_result") != want {
			t.Errorf("visit %d is %s", i+1, now.GetString("in_result"))
		}
	}
}

// TestTwoPhonesOfOneRep: what the second captured is kept beside the first's
// (hard case c).
func TestTwoPhonesOfOneRep(t *testing.T) {
	d := open(t)
	visit, account := d.visit(), d.AccountOf("rep.chen")
	one, two := d.phone("rep.chen", "one"), d.phone("rep.chen", "two")
	d.Must(d.push("rep.chen", one, "check_in", visit, "{"+fixes(account, 5, checkInAt)+"}"))
	if got := d.push("rep.chen", one, "check_in", visit, "{}"); got != "visit.state" {
		t.Errorf("the same phone again: %q", got)
	}
	d.Must(d.push("rep.chen", two, "check_in", visit, "{"+fixes(account, 80, checkInAt.Add(time.Minute))+"}"))
	now := d.Fresh(visit)
	if now.GetInt("in_distance_m") != 5 || !slices.Contains(flags(now), "second_device") || now.GetString("state") != field.VisitInProgress {
		t.Errorf("%d m, %v, %s", now.GetInt("in_distance_m"), flags(now), now.GetString("state"))
	}
	events := d.all("visit_events", dbx.HashExp{"visit": visit.Id})
	if len(events) != 2 || events[1].GetString("device") != two || !strings.Contains(events[1].GetString("data"), "fixes") {
		t.Errorf("%d events", len(events))
	}
	if got := d.push("rep.he", two, "check_in", visit, "{}"); got != "visit.not_owner" {
		t.Errorf("somebody else: %q", got)
	}
}

// TestMissedAndForgottenVisits: the jobs call them so, and what a phone did
// meanwhile is taken all the same.
//
// policy: R2.13 visits.missed
func TestMissedAndForgottenVisits(t *testing.T) {
	d := open(t)
	today, gone, draft := d.visit(), d.visit(map[string]any{"planned_date": "2026-03-13"}), d.visit(map[string]any{"planned_date": "2026-03-13", "state": "draft"})
	running := d.visit()
	d.Must(d.Run("rep.chen", running, "check_in", "{}"))
	d.Clock.Set(testapp.Start.Add(7*time.Hour + 59*time.Minute))
	d.Job("visitsMissed")
	d.Job("visitsAutoClose")
	state := func(want string, visit *core.Record) {
		t.Helper()
		if got := d.Fresh(visit).GetString("state"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	state("planned", today)
	state("missed", gone)
	state("draft", draft)
	state("in_progress", running)
	d.Clock.Advance(time.Minute)
	d.Job("visitsAutoClose")
	state("auto_closed", running)
	d.Must(d.Run("rep.chen", gone, "check_in", "{}"))
	state("in_progress", gone)
	d.Must(d.Run("rep.chen", running, "check_out", "{}"))
	d.Must(d.Run("rep.chen", running, "report", `{"summary":"补报"}`))
	if got := d.Fresh(gone); !slices.Contains(flags(got), "was_missed") {
		t.Errorf("flags %v", flags(got))
	}
	if got := d.Fresh(running); !slices.Contains(flags(got), "auto_closed") || got.GetString("state") != field.VisitReported {
		t.Errorf("%s, flags %v", got.GetString("state"), flags(got))
	}
	d.Job("visitsMissed")
	d.Job("visitsAutoClose")
	told := d.all("notifications", dbx.HashExp{"kind": "visit.missed", "user": d.As("rep.chen").Id})
	if len(told) != 1 || !strings.Contains(told[0].GetString("params"), `"visits":`) {
		t.Errorf("told %d times", len(told))
	}
	if n := len(d.all("visit_events", dbx.HashExp{"action": "miss", "visit": gone.Id})); n != 1 {
		t.Errorf("missed %d times", n)
	}
}

// TestAuditsAreBySomebodyElse: drawn from the pool, or ordered by a superior.
//
// policy: R4.7 visit_audits
func TestAuditsAreBySomebodyElse(t *testing.T) {
	d := open(t)
	visit := d.whole(d.visit())
	for want, c := range map[string]struct{ who, auditor string }{
		"visit.not_superior": {"rep.he", "rep.he"}, "audit.self auditor": {"manager.wu", "rep.chen"}, "": {"manager.wu", "rep.he"},
	} {
		r := d.Blank("visit_audits", map[string]any{"visit": visit.Id, "auditor": d.As(c.auditor).Id})
		if got := d.SaveBy(c.who, r); got != want {
			t.Errorf("%s names %s: %q, want %q", c.who, c.auditor, got, want)
		}
	}
	audit := d.all("visit_audits", dbx.HashExp{"visit": visit.Id})[0]
	for _, c := range []struct{ who, args, want string }{
		{"rep.chen", `{"findings":{"x":1},"score":80}`, "audit.not_auditor"},
		{"rep.he", `{"score":80}`, "audit.incomplete"},
		{"rep.he", `{"findings":"在场","score":101}`, "audit.incomplete"},
		{"rep.he", `{"findings":"在场","score":80}`, ""},
		{"rep.he", `{"findings":"x","score":1}`, "audit.state"},
	} {
		if got := d.Run(c.who, audit, "finish", c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.args, got, c.want)
		}
	}
	drawn := 0
	for range 40 {
		v := d.visit()
		d.Force(v, field.VisitReported)
		v = d.Fresh(v)
		v.Set("sampled", true)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), v); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		d.Job("visitAuditSample")
		n := len(d.all("visit_audits", dbx.HashExp{"state": "open"}))
		if drawn > 0 && n != drawn {
			t.Errorf("a second draw made %d of %d", n, drawn)
		}
		drawn = n
	}
	if drawn == 0 || drawn > 25 {
		t.Errorf("%d of 40 are drawn, a fifth should be", drawn)
	}
}

// TestStoreChecksAreWrittenOnce, at the owner's visit.
//
// policy: R4.7 store_checks
func TestStoreChecksAreWrittenOnce(t *testing.T) {
	d := open(t)
	visit := d.visit()
	product, err := d.FindFirstRecordByFilter("products", "")
	if err != nil {
		t.Fatal(err)
	}
	base := map[string]any{"visit": visit.Id, "product": product.Id, "facings": 6, "stock_milli": 12000, "price_fen": 599}
	if got := d.SaveBy("rep.he", d.Blank("store_checks", base)); got != "visit.not_owner" {
		t.Errorf("a colleague: %q", got)
	}
	if got := d.SaveBy("rep.chen", d.Blank("store_checks", base, map[string]any{"facings": -1})); got != "validation" {
		t.Errorf("fewer than none: %q", got)
	}
	r := d.Blank("store_checks", base)
	d.Must(d.SaveBy("rep.chen", r))
	if r.GetString("account") != visit.GetString("account") || r.GetString("manager") != visit.GetString("manager") {
		t.Errorf("%v", r.PublicExport())
	}
	r.Set("facings", 7)
	if got := d.SaveBy("rep.chen", r); got != "field.locked state" {
		t.Errorf("changed: %q", got)
	}
}

// whose is who a piece of feedback came from: an issue of the customer names
// him as who raised it.
func whose(r *core.Record) string {
	if r.Collection().Name == "issues" {
		return r.GetString("by")
	}
	return r.GetString("owner")
}
