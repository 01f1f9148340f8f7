package deals_test

import (
	"encoding/json/v2"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
)

// rated are the marks of the first model, in the order of its criteria.
func rated(scores ...int) map[string]any {
	out := map[string]any{}
	for i, key := range []string{"need", "budget", "decider", "fit", "timing"} {
		out[key] = map[string]any{"score": scores[i], "evidence": "面谈记录"}
	}
	return out
}

func with(fields, more map[string]any) map[string]any {
	maps.Copy(fields, more)
	return fields
}

// TestAnOpportunityHasItsSourceAndNeeds, and names the competitors.
//
// policy: R4.9 opportunity.field_required
func TestAnOpportunityHasItsSourceAndNeeds(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	rival := d.Make("manager.wu", "competitors", map[string]any{"name": "对手"})
	for field, want := range map[string]string{"source": "opportunity.field_required source", "needs": "opportunity.field_required needs"} {
		body := deal(account, 1)
		body[field] = " "
		_, got := d.Create("rep.chen", "opportunities", body)
		d.Expect(field, got, want)
	}
	for _, fen := range []int{-1, 1e14} {
		_, got := d.Create("rep.chen", "opportunities", deal(account, fen))
		d.Expect("amount", got, "opportunity.amount_invalid amount_fen")
	}
	opp, got := d.Create("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"competitors": []string{rival.Id}}))
	d.Must(got)
	d.Expect("competitors", strings.Join(opp.GetStringSlice("competitors"), ","), rival.Id)
	d.Expect("emptied", d.Set("rep.chen", opp, "needs", ""), "opportunity.field_required needs")
	d.Must(d.Set("rep.chen", opp, "needs", "端架与堆头"))
}

// TestAnOldOpportunityIsNotHeldToNewFields until somebody fills them.
func TestAnOldOpportunityIsNotHeldToNewFields(t *testing.T) {
	d := open(t)
	opp := d.Make("rep.chen", "opportunities", deal(d.AccountOf("rep.chen"), 1))
	if _, err := d.DB().NewQuery("UPDATE opportunities SET source = ''").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Set("rep.chen", opp, "strategy", "先试点"))
	d.Must(d.Set("rep.chen", opp, "source", "转介绍"))
	d.Expect("emptied", d.Set("rep.chen", opp, "source", ""), "opportunity.field_required source")
}

// TestHOppGradeSetsTheInterval: ratings with evidence make score and grade, the
// grade the last day of the next action.
//
// policy: R4.10 H-OPP-GRADE
func TestHOppGradeSetsTheInterval(t *testing.T) { // today is 2026-03-16
	d := open(t)
	account := d.AccountOf("rep.chen")
	for _, c := range []struct {
		ratings map[string]any
		next    string
		want    string
		score   int
		grade   string
		due     string
	}{
		{rated(5, 5, 5, 5, 5), "", "", 10000, "A", "2026-03-23"},
		{rated(4, 4, 4, 4, 4), "2026-03-20", "", 8000, "A", "2026-03-20"},
		{rated(4, 4, 4, 4, 4), "2026-03-24", "opportunity.next_late next_at", 0, "", ""},
		{rated(3, 3, 3, 3, 4), "2026-03-30", "", 6300, "B", "2026-03-30"},
		{rated(2, 2, 2, 2, 1), "", "", 3700, "D", "2026-05-15"},
		{nil, "2027-01-01", "", 0, "", "2027-01-01"},
		{map[string]any{"need": map[string]any{"score": 5, "evidence": "x"}}, "2027-01-01", "", 0, "", "2027-01-01"}, // in part
		{with(rated(5, 5, 5, 5, 5), map[string]any{"fit": map[string]any{"score": 5}}), "", "", 0, "", ""},
		{rated(6, 5, 5, 5, 5), "", "scorecard.rating_range", 0, "", ""},
		{with(rated(5, 5, 5, 5, 5), map[string]any{"luck": map[string]any{"score": 1, "evidence": "x"}}), "", "scorecard.criterion_unknown", 0, "", ""},
	} {
		opp, got := d.Create("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"ratings": c.ratings, "next_at": c.next}))
		d.Expect("made", got, c.want)
		if c.want != "" {
			continue
		}
		if opp.GetInt("score_bp") != c.score || opp.GetString("grade") != c.grade || opp.GetString("next_at") != c.due || opp.GetDateTime("graded_at").IsZero() != (c.grade == "") {
			t.Errorf("%v: %d %q by %q", c.ratings, opp.GetInt("score_bp"), opp.GetString("grade"), opp.GetString("next_at"))
		}
	}
	opp, got := d.Create("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"ratings": rated(3, 3, 3, 3, 4), "next_at": "2026-03-29"}))
	d.Must(got)
	for _, c := range []struct{ field, want, due string }{
		{"score_bp", "field.locked score_bp", "2026-03-29"}, {"grade", "field.locked grade", "2026-03-29"},
	} {
		d.Expect(c.field, d.Set("rep.chen", opp, c.field, map[string]any{"score_bp": 10000, "grade": "A"}[c.field]), c.want)
	}
	d.Expect("too late", d.Set("rep.chen", opp, "next_at", "2026-03-31"), "opportunity.next_late next_at")
	d.Must(d.Set("rep.chen", opp, "ratings", rated(5, 5, 5, 5, 5)))
	d.Expect("a better grade is sooner", d.Fresh(opp).GetString("next_at"), "2026-03-23")
	d.Must(d.Set("rep.chen", opp, "next_at", ""))
	d.Expect("it has a next action", d.Fresh(opp).GetString("next_at"), "2026-03-23")
	d.Setting("opportunity.follow_up_days", map[string]int{"A": 3, "B": 5, "C": 9, "D": 9})
	d.Must(d.Set("rep.chen", opp, "title", "改名")) // what stands is not judged anew
	d.Expect("by the new setting", d.Set("rep.chen", opp, "next_at", "2026-03-20"), "opportunity.next_late next_at")
}

// TestTheModelStaysWithTheGrade: a new version does not touch what was graded,
// and nobody grades by what is not published or scores accounts.
//
// policy: R4.10 scoring_models
func TestTheModelStaysWithTheGrade(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	first, err := d.FindFirstRecordByFilter("scoring_models", "subject = 'opportunity'")
	if err != nil {
		t.Fatal(err)
	}
	cards, err := d.FindFirstRecordByFilter("scoring_models", "subject = 'account'")
	if err != nil {
		t.Fatal(err)
	}
	graded := d.Make("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"ratings": rated(5, 5, 5, 5, 5)}))
	d.Expect("model", graded.GetString("model"), first.Id)
	d.Expect("published", d.Set("director.lin", first, "name", "改"), "scoring.model_used")
	model := map[string]any{
		"name": "二版", "subject": "opportunity", "criteria": []any{map[string]any{"key": "need", "weight_bp": 10000, "scale": 10}},
		"bands": []any{map[string]any{"tier": "A", "from_bp": 9000}, map[string]any{"tier": "C", "from_bp": 0}},
	}
	second := d.Make("director.lin", "scoring_models", model)
	d.Expect("its version", second.GetString("version"), "2")
	marks := map[string]any{"need": map[string]any{"score": 9, "evidence": "x"}}
	for id, want := range map[string]string{second.Id: "scoring.model_other model", cards.Id: "scoring.model_other model", "nosuchmodel0000": "record.not_found model"} {
		got := d.SaveBy("rep.chen", d.Blank("opportunities", with(deal(account, 1), map[string]any{"ratings": marks, "model": id})))
		d.Expect("by "+id, got, want)
	}
	d.Must(d.Set("director.lin", second, "active", true))
	if d.Fresh(first).GetBool("active") || !d.Fresh(cards).GetBool("active") {
		t.Error("what it replaces is the model of opportunities alone")
	}
	if again := d.Fresh(graded); again.GetString("grade") != "A" || again.GetString("model") != first.Id {
		t.Errorf("graded before: %v", again.PublicExport())
	}
	anew := d.Make("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"ratings": marks}))
	away := d.Make("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"ratings": rated(5, 5, 5, 5, 5), "model": first.Id}))
	d.Expect("by the new", anew.GetString("grade")+anew.GetString("model"), "A"+second.Id)
	d.Expect("rated where the new was not known", away.GetString("grade")+away.GetString("model"), "A"+first.Id)
	model["bands"] = []any{map[string]any{"tier": "A", "from_bp": 9000}}
	d.Expect("no grade for what is low", d.SaveBy("director.lin", d.Blank("scoring_models", model)), "scoring.model_invalid")
	d.Expect("a card by it", d.SaveBy("rep.chen", d.Blank("account_scorecards", map[string]any{"account": account.Id, "model": second.Id})), "scoring.model_other model")
}

// TestHOppGradeALateFollowUpIsToldOnce: to its owner, then to his superior, and
// anew when the next one is late.
//
// policy: R4.10 H-OPP-GRADE
func TestHOppGradeALateFollowUpIsToldOnce(t *testing.T) {
	d := open(t)
	opp := d.Make("rep.chen", "opportunities", with(deal(d.AccountOf("rep.chen"), 1), map[string]any{"next_at": "2026-03-18"}))
	rested := d.Make("rep.chen", "opportunities", with(deal(d.AccountOf("rep.chen"), 1), map[string]any{"next_at": "2026-03-18"}))
	d.stage(rested, customers.OppSuspended)
	on := func(day, want string) {
		t.Helper()
		at, err := time.Parse(time.RFC3339, day+"T02:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		d.Clock.Set(at)
		for range 2 {
			d.Job("opportunitiesOverdue")
		}
		if got := string(rune('0'+d.Told("rep.chen", "opportunity.overdue"))) + string(rune('0'+d.Told("manager.wu", "opportunity.overdue_of"))); got != want {
			t.Errorf("%s: told %s, want %s", day, got, want)
		}
	}
	on("2026-03-18", "00")
	on("2026-03-19", "10")
	on("2026-03-21", "10")
	on("2026-03-22", "11")
	d.Must(d.Set("rep.chen", opp, "next_at", "2026-03-25"))
	on("2026-03-25", "11")
	on("2026-03-26", "21")
	d.Must(d.Run("rep.chen", opp, "suspend", `{"reason":"等预算"}`))
	on("2026-04-26", "21")
}

// TestALateFollowUpIsOfWhoHasTheAccount once it went to somebody else.
func TestALateFollowUpIsOfWhoHasTheAccount(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	d.Make("rep.chen", "opportunities", with(deal(account, 1), map[string]any{"next_at": "2026-03-15"}))
	if _, err := d.DB().NewQuery("UPDATE accounts SET owner = '" + d.As("rep.he").Id + "' WHERE id = '" + account.Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Job("opportunitiesOverdue")
	if d.Told("rep.he", "opportunity.overdue") != 1 || d.Told("rep.chen", "opportunity.overdue") != 0 {
		t.Error("whose account it was is told")
	}
}

// TestALargeWinIsConfirmed by who is over the account's owner, or comes back with
// his word; what he says himself needs none.
//
// policy: R4.10 opportunity.confirm_fen
func TestALargeWinIsConfirmed(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	order, err := d.FindFirstRecordByData("orders", "account", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	proof := `{"order":"` + order.Id + `"}`
	made := func(fen int) *core.Record {
		opp := d.Make("rep.chen", "opportunities", with(deal(account, fen), map[string]any{"ratings": rated(5, 5, 5, 5, 5)}))
		d.stage(opp, customers.OppNegotiation)
		return opp
	}
	small, large, his := made(49_999_999), made(50_000_000), made(50_000_000)
	for _, c := range []struct {
		who  string
		opp  *core.Record
		step string
		args string
		want string
		to   string
	}{
		{"rep.chen", small, "win", proof, "", "won"},
		{"manager.wu", his, "win", proof, "", "won"},
		{"rep.chen", large, "win", proof, "", "win_pending"},
		{"rep.chen", large, "confirm", `{}`, "opportunity.not_superior", "win_pending"},
		{"manager.wu", large, "return", `{"reason":"合同未回"}`, "", "negotiation"},
		{"rep.chen", large, "win", proof, "", "win_pending"},
		{"manager.wu", large, "confirm", `{}`, "", "won"},
		{"manager.wu", large, "return", `{"reason":"x"}`, "opportunity.state", "won"},
	} {
		d.Expect(c.who+" "+c.step, d.Act(c.who, c.opp, c.step, c.args), c.want)
		d.Expect("stage", d.Fresh(c.opp).GetString("stage"), c.to)
		if c.to == "win_pending" {
			d.Expect("while it waits", d.Set("rep.chen", c.opp, "amount_fen", 1), "opportunity.locked")
		}
	}
	if n := d.Told("manager.wu", "opportunity.win_pending"); n != 2 {
		t.Errorf("who confirms is told %d times", n)
	}
	if d.Told("rep.chen", "opportunity.win_returned") != 1 || d.Told("rep.chen", "opportunity.win_confirmed") != 1 {
		t.Error("who won is not told")
	}
	var trail []*core.Record
	if err := d.RecordQuery("opportunity_stage_log").AndWhere(dbx.HashExp{"opportunity": large.Id}).OrderBy("rowid").All(&trail); err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, r := range trail {
		steps = append(steps, r.GetString("step")+">"+r.GetString("to"))
	}
	d.Expect("trail", strings.Join(steps, " "), "win>win_pending return>negotiation win>win_pending confirm>won")
	if last := trail[len(trail)-3]; last.GetString("note") != "合同未回" || last.GetString("by") != d.As("manager.wu").Id || last.GetString("dept") != account.GetString("dept") {
		t.Errorf("%v", last.PublicExport())
	}
}

// TestWhatGoesOnHasANextAction in time, though it rested long.
func TestWhatGoesOnHasANextAction(t *testing.T) {
	d := open(t)
	opp := d.Make("rep.chen", "opportunities", with(deal(d.AccountOf("rep.chen"), 1), map[string]any{"ratings": rated(5, 5, 5, 5, 5)}))
	d.Must(d.Run("rep.chen", opp, "suspend", `{"reason":"等预算"}`))
	d.Clock.Advance(30 * 24 * time.Hour)
	d.Must(d.Run("rep.chen", opp, "resume", ``))
	d.Expect("next", d.Fresh(opp).GetString("next_at"), "2026-04-22")
}

// TestALostOneHasItsCode beside its words.
//
// policy: R4.10 opportunity.lost_code_required
func TestALostOneHasItsCode(t *testing.T) {
	d := open(t)
	opp := d.Make("rep.chen", "opportunities", deal(d.AccountOf("rep.chen"), 1))
	d.Expect("no code", d.Act("rep.chen", opp, "lose", `{"reason":"太贵"}`), "opportunity.lost_code_required")
	d.Must(d.Act("rep.chen", opp, "lose", `{"reason":"太贵","code":"price"}`))
	now := d.Fresh(opp)
	d.Expect("kept", now.GetString("lost_code")+now.GetString("lost_reason"), "price太贵")
}

// TestTheFunnelIsOfWhatOneSees by owner, grade or stage.
//
// policy: R4.10 opportunities.funnel
func TestTheFunnelIsOfWhatOneSees(t *testing.T) {
	d := open(t)
	mine := d.Make("rep.chen", "opportunities", with(deal(d.AccountOf("rep.chen"), 100), map[string]any{"ratings": rated(5, 5, 5, 5, 5)}))
	d.Make("rep.ma", "opportunities", deal(d.AccountOf("rep.ma"), 100))
	d.Clock.Advance(48 * time.Hour)
	d.Must(d.Run("rep.chen", mine, "advance", ``))
	d.Must(d.Run("rep.chen", mine, "lose", `{"reason":"x","code":"price"}`))
	var answer struct {
		Groups []struct {
			Key    string
			Count  int
			Stages []customers.FunnelStage
			Lost   int
			Codes  map[string]int `json:"lost_reasons"`
		}
	}
	ask := func(who, query string) {
		t.Helper()
		got := d.Do(who, http.MethodGet, "/api/ka/opportunities/funnel?from=2026-03-01&to=2026-03-31"+query, "")
		answer.Groups = nil
		if err := json.Unmarshal(got.Body.Bytes(), &answer, json.MatchCaseInsensitiveNames(true)); err != nil || got.Code != http.StatusOK {
			t.Fatalf("%s: %d %s, %v", who, got.Code, got.Body, err)
		}
	}
	ask("rep.chen", "&by=owner")
	if len(answer.Groups) != 1 || answer.Groups[0].Key != d.As("rep.chen").Id || answer.Groups[0].Count != 1 {
		t.Errorf("%+v", answer)
	}
	found := answer.Groups[0].Stages[0]
	if found.Entered != 1 || found.Advanced != 1 || found.ConversionBP != 10000 || found.Days != 2 || answer.Groups[0].Codes["price"] != 1 {
		t.Errorf("%+v", answer.Groups[0])
	}
	ask("director.lin", "&by=owner")
	if len(answer.Groups) != 2 {
		t.Errorf("the head: %+v", answer)
	}
	ask("director.lin", "&by=grade")
	if len(answer.Groups) != 2 || answer.Groups[0].Key != "" || answer.Groups[1].Key != "A" {
		t.Errorf("by grade: %+v", answer)
	}
	ask("finance.zhao", "")
	if len(answer.Groups) != 0 {
		t.Errorf("finance: %+v", answer)
	}
	for query, field := range map[string]string{
		"from=2026-03-01": "to", "from=x&to=2026-03-01": "from", "from=2026-03-02&to=2026-03-01": "to", "from=2026-03-01&to=2026-03-31&by=account": "by",
		"from=2020-01-01&to=2026-03-31": "to",
	} {
		got := d.Do("rep.chen", http.MethodGet, "/api/ka/opportunities/funnel?"+query, "")
		if got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), `"params":{"field":"`+field+`"}`) {
			t.Errorf("%s: %d %s", query, got.Code, got.Body)
		}
	}
}
