package domain

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestVisitMoves writes the whole table of §4.3 down once more, by state.
func TestVisitMoves(t *testing.T) {
	allowed := map[string]string{
		VisitDraft:      "plan>planned approve>approved check_in>in_progress cancel>cancelled",
		VisitPlanned:    "approve>approved check_in>in_progress cancel>cancelled miss>missed",
		VisitApproved:   "check_in>in_progress cancel>cancelled miss>missed",
		VisitInProgress: "check_out>checked_out auto_close>auto_closed",
		VisitCheckedOut: "report>reported",
		VisitReported:   "reopen>checked_out accept>accepted question>questioned auto_question>questioned",
		VisitAccepted:   "reopen>checked_out void>accepted confirm_void>void_fraud refuse_void>accepted",
		VisitQuestioned: "reopen>checked_out answer>reported accept>accepted void>questioned confirm_void>void_fraud refuse_void>questioned",
		VisitMissed:     "check_in>in_progress cancel>cancelled", // it happened without a network
		VisitAutoClosed: "check_out>checked_out report>reported",
		VisitCancelled:  "",
		VisitVoidFraud:  "",
	}
	for state, moves := range allowed {
		want := map[string]string{}
		for _, move := range strings.Fields(moves) {
			action, to, _ := strings.Cut(move, ">")
			want[action] = to
		}
		for action := range visitMoves {
			to, err := VisitMove(state, action)
			if to != want[action] || (err == nil) != (want[action] != "") || err != nil && codeOf(err) != "visit.state" {
				t.Errorf("%s from %s: %q, %v", action, state, to, err)
			}
		}
	}
	if _, err := VisitMove(VisitPlanned, "fly"); codeOf(err) != "action.unknown" {
		t.Error("an action that does not exist")
	}
	for _, state := range []string{VisitReported, VisitQuestioned, VisitAccepted, VisitCancelled, VisitVoidFraud} {
		if codeOf(VisitEditable(state)) != "visit.locked" {
			t.Errorf("%s can be edited", state)
		}
	}
}

func TestVisitTimes(t *testing.T) {
	in := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if DwellS(in, in.Add(25*time.Minute)) != 1500 || DwellS(in, in.Add(-time.Hour)) != 0 {
		t.Error("dwell")
	}
	if LateRecord(in, in.Add(24*time.Hour), 24) || !LateRecord(in, in.Add(24*time.Hour+time.Second), 24) {
		t.Error("late record")
	}
}

// TestValidVisit is the counting rule, a condition at a time.
func TestValidVisit(t *testing.T) {
	good := CountedVisit{Type: "planned", State: VisitReported, DwellS: 300, Score: 59, CheckedOut: true, Reported: true}
	for name, c := range map[string]struct {
		change func(*CountedVisit)
		counts bool
	}{
		"in order":                   {func(*CountedVisit) {}, true},
		"accepted":                   {func(v *CountedVisit) { v.State = VisitAccepted }, true},
		"a second short":             {func(v *CountedVisit) { v.DwellS = 299 }, false},
		"at the threshold":           {func(v *CountedVisit) { v.Score = 60 }, false},
		"above it, and in order":     {func(v *CountedVisit) { v.Score, v.Verdict = 90, VerdictOK }, true},
		"in order, but too short":    {func(v *CountedVisit) { v.DwellS, v.Verdict = 0, VerdictOK }, false},
		"of no known length":         {func(v *CountedVisit) { v.DwellS, v.Score, v.StayUnknown = 0, 0, true }, false},
		"and that is in order":       {func(v *CountedVisit) { v.DwellS, v.StayUnknown, v.Verdict = 0, true, VerdictOK }, true},
		"and that is doubted":        {func(v *CountedVisit) { v.DwellS, v.StayUnknown, v.Verdict = 0, true, VerdictDoubtful }, false},
		"doubted by a person":        {func(v *CountedVisit) { v.State, v.Verdict = VisitQuestioned, VerdictDoubtful }, false},
		"fraud that is not settled":  {func(v *CountedVisit) { v.State, v.Verdict = VisitAccepted, VerdictFraud }, false},
		"void":                       {func(v *CountedVisit) { v.State, v.Verdict = VisitVoidFraud, VerdictOK }, false},
		"no report":                  {func(v *CountedVisit) { v.State, v.Reported = VisitCheckedOut, false }, false},
		"no check-out":               {func(v *CountedVisit) { v.CheckedOut = false }, false},
		"at no known time":           {func(v *CountedVisit) { v.Score, v.ClockUnknown = 0, true }, false},
		"and a superior has seen it": {func(v *CountedVisit) { v.Verdict, v.ClockUnknown = VerdictOK, true }, true},
		"nowhere":                    {func(v *CountedVisit) { v.Score, v.PlaceUnknown = 0, true }, false},
		"nowhere, and accepted":      {func(v *CountedVisit) { v.Verdict, v.PlaceUnknown = VerdictOK, true }, true},
		"far away, without points":   {func(v *CountedVisit) { v.Score, v.Far = 0, true }, false},
		"far away, and accepted":     {func(v *CountedVisit) { v.Verdict, v.Far = VerdictOK, true }, true},
		"a call":                     {func(v *CountedVisit) { v.Type = "phone" }, false},
	} {
		v := good
		c.change(&v)
		if got := ValidVisit(v, RiskRules{}); got != c.counts {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !ValidVisit(CountedVisit{State: VisitReported, DwellS: 60, Score: 70, CheckedOut: true, Reported: true}, RiskRules{"dwell_min": 1, "question": 80}) {
		t.Error("the numbers are settings")
	}
}

func TestStepsDone(t *testing.T) {
	steps := []TemplateStep{{Key: "shelf", Required: true, Min: 2}, {Key: "stock", Required: true}, {Key: "talk"}}
	if err := StepsDone(steps, map[string]int{"shelf": 2, "stock": 1}); err != nil {
		t.Error(err)
	}
	err := StepsDone(steps, map[string]int{"shelf": 1, "talk": 1})
	if p, _ := errors.AsType[Problem](err); p.Code != "visit.step_required" || p.Params["missing"] != "shelf, stock" {
		t.Errorf("%v", err)
	}
}

func TestChooseTemplate(t *testing.T) {
	all := []VisitTemplate{
		{ID: "any"}, {ID: "A"}, {ID: "joint", Type: "joint"}, {ID: "A joint"}, {ID: "B planned", Tier: "B", Type: "planned"},
	}
	all[1].Tier, all[3].Tier, all[3].Type = "A", "A", "joint"
	for _, c := range []struct{ tier, kind, want string }{
		{"A", "joint", "A joint"}, {"B", "joint", "joint"}, {"A", "planned", "A"}, {"B", "planned", "B planned"}, {"", "audit", "any"}, {"C", "phone", "any"},
	} {
		if got, ok := ChooseTemplate(all, c.tier, c.kind); !ok || got.ID != c.want {
			t.Errorf("%s %s: %s, want %s", c.tier, c.kind, got.ID, c.want)
		}
	}
	if _, ok := ChooseTemplate(all[1:2], "B", "planned"); ok {
		t.Error("a template for others")
	}
}

func TestPrepMissing(t *testing.T) {
	tiers := []string{"A", "B"}
	for _, c := range []struct {
		kind, tier, objective, note string
		want                        int
	}{
		{"planned", "A", "", "", 2},
		{"planned", "B", "x", " ", 1},
		{"planned", "A", "x", "y", 0},
		{"planned", "C", "", "", 0},
		{"unplanned", "A", "", "", 0},
	} {
		if got := PrepMissing(c.kind, c.tier, tiers, c.objective, c.note); len(got) != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestVisitChain: whoever changes, drops, adds or swaps an event breaks it.
func TestVisitChain(t *testing.T) {
	chain := func() (events []VisitEvent, hashes []string) {
		prev := ""
		for n := 1; n <= 4; n++ {
			e := VisitEvent{N: n, Owner: "o", Visit: "v", Action: "check_in", At: time.Date(2026, 3, n, 1, 2, 3, 456_789_000, time.UTC), Prev: prev, Data: `{"lat":31}`}
			prev = e.Hash()
			events, hashes = append(events, e), append(hashes, prev)
		}
		return events, hashes
	}
	events, hashes := chain()
	if err := CheckVisitChain(events, hashes); err != nil {
		t.Fatal(err)
	}
	rounded := events[1]
	rounded.At = rounded.At.Truncate(time.Millisecond).In(businessZone)
	if rounded.Hash() != hashes[1] {
		t.Error("a time that the database has kept hashes otherwise")
	}
	for name, spoil := range map[string]func(e []VisitEvent, h []string) ([]VisitEvent, []string){
		"changed": func(e []VisitEvent, h []string) ([]VisitEvent, []string) { e[1].Data = `{"lat":32}`; return e, h },
		"changed and hashed anew": func(e []VisitEvent, h []string) ([]VisitEvent, []string) {
			e[1].Data = "{}"
			h[1] = e[1].Hash()
			return e, h
		},
		"dropped": func(e []VisitEvent, h []string) ([]VisitEvent, []string) { return e[1:], h[1:] },
		"cut out": func(e []VisitEvent, h []string) ([]VisitEvent, []string) {
			return append(e[:1], e[2:]...), append(h[:1], h[2:]...)
		},
		"by others": func(e []VisitEvent, h []string) ([]VisitEvent, []string) { e[3].Actor = "x"; return e, h },
	} {
		if e, h := spoil(chain()); CheckVisitChain(e, h) == nil {
			t.Errorf("%s: nobody notices", name)
		}
	}
}
