package field

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/domain"
)

// TestVisitMachine writes the whole table of R4.3 down once more, by state: what
// its owner does, his superior, the head, and nobody.
func TestVisitMachine(t *testing.T) {
	owner, superior, head := []domain.Party{domain.PartyOwner}, []domain.Party{domain.PartySuperior}, []domain.Party{domain.PartyHead}
	strangers := map[string]string{"": "", "owner": "visit.not_owner", "superior": "visit.not_superior", "head": "visit.not_head"}
	by := map[string][]domain.Party{"": nil, "owner": owner, "superior": superior, "head": head}
	allowed := map[string]string{
		VisitDraft:      "owner:plan>planned :approve>approved owner:check_in>in_progress owner:cancel>cancelled",
		VisitPlanned:    ":approve>approved owner:check_in>in_progress owner:cancel>cancelled :miss>missed",
		VisitApproved:   "owner:check_in>in_progress owner:cancel>cancelled :miss>missed",
		VisitInProgress: "owner:check_out>checked_out :auto_close>auto_closed :check_in_again>in_progress :place>in_progress",
		VisitCheckedOut: "owner:report>reported :check_in_again>checked_out :place>checked_out",
		VisitReported: "owner:reopen>reported superior:accept>accepted superior:question>questioned :auto_question>questioned" +
			" :check_in_again>reported :place>reported :late_part>reported :override>reported",
		VisitAccepted: "superior:reopen>accepted superior:void>accepted head:confirm_void>void_fraud head:refuse_void>accepted" +
			" :check_in_again>accepted :place>accepted :late_part>accepted :override>accepted",
		VisitQuestioned: "owner:reopen>questioned owner:answer>reported superior:accept>accepted superior:void>questioned" +
			" head:confirm_void>void_fraud head:refuse_void>questioned" +
			" :check_in_again>questioned :place>questioned :late_part>questioned :override>questioned",
		VisitMissed:     "owner:check_in>in_progress owner:cancel>cancelled", // it happened without a network
		VisitAutoClosed: "owner:check_out>checked_out owner:report>reported :check_in_again>auto_closed :place>auto_closed",
		VisitCancelled:  ":override>cancelled",
		VisitVoidFraud:  ":place>void_fraud :override>void_fraud",
	}
	holds := func(string) bool { return true }
	take := func(state, action, who string) (string, error) {
		step, err := VisitMachine.Take(state, action, by[who], holds)
		if who == "" {
			step, err = VisitMachine.Own(state, action)
		}
		return step.Next(state), err
	}
	for _, state := range VisitMachine.States {
		want := map[string]string{}
		for _, move := range strings.Fields(allowed[state]) {
			who, to, _ := strings.Cut(move, ">")
			want[who] = to
		}
		for _, step := range VisitMachine.Steps {
			for who := range by {
				to, err := take(state, step.Action, who)
				expect, ok := want[who+":"+step.Action]
				switch {
				case ok && (err != nil || to != expect):
					t.Errorf("%s by %q from %s: %q, %v", step.Action, who, state, to, err)
				case !ok && err == nil:
					t.Errorf("%s by %q from %s leads to %q", step.Action, who, state, to)
				case !ok && domain.CodeOf(err) != "visit.state" && domain.CodeOf(err) != "action.unknown" && !slices.Contains(slices.Collect(maps.Values(strangers)), domain.CodeOf(err)):
					t.Errorf("%s by %q from %s: %v", step.Action, who, state, err)
				}
			}
		}
	}
	for _, c := range []struct{ state, action, guard string }{
		{VisitReported, VisitReopen, "visit.void_pending"}, {VisitAccepted, VisitConfirmVoid, "visit.void_missing"}, {VisitAccepted, VisitRefuseVoid, "visit.void_missing"},
	} {
		_, err := VisitMachine.Take(c.state, c.action, slices.Concat(owner, superior, head), func(guard string) bool { return guard != c.guard })
		if domain.CodeOf(err) != c.guard {
			t.Errorf("%s from %s: %v, want %s", c.action, c.state, err, c.guard)
		}
	}
	if _, err := VisitMachine.Take(VisitPlanned, "fly", owner, nil); domain.CodeOf(err) != "action.unknown" {
		t.Error("an action that does not exist")
	}
	for _, state := range []string{VisitReported, VisitQuestioned, VisitAccepted, VisitCancelled, VisitVoidFraud} {
		if domain.CodeOf(VisitEditable(state)) != "visit.locked" {
			t.Errorf("%s can be edited", state)
		}
	}
}

// TestSmallVisitMachines: an audit and a proposal end once, by whom they ask.
func TestSmallVisitMachines(t *testing.T) {
	asked, superior := []domain.Party{domain.PartyAsked}, []domain.Party{domain.PartySuperior}
	for _, c := range []struct {
		machine       *domain.Machine
		state, action string
		by            []domain.Party
		to, code      string
	}{
		{&VisitAuditMachine, AuditOpen, AuditFinish, asked, AuditDone, ""},
		{&VisitAuditMachine, AuditOpen, AuditFinish, superior, "", "audit.not_auditor"},
		{&VisitAuditMachine, AuditDone, AuditFinish, asked, "", "audit.state"},
		{&VisitAuditMachine, AuditOpen, AuditCancel, superior, AuditCancelled, ""},
		{&VisitAuditMachine, AuditOpen, AuditCancel, asked, "", "visit.not_superior"},
		{&VisitAuditMachine, AuditDone, AuditCancel, superior, "", "audit.state"},
		{&PositionMachine, PositionOpen, PositionConfirm, superior, PositionConfirmed, ""},
		{&PositionMachine, PositionOpen, PositionRefuse, superior, PositionRefused, ""},
		{&PositionMachine, PositionOpen, PositionConfirm, nil, "", "position.not_manager"},
		{&PositionMachine, PositionConfirmed, PositionRefuse, superior, "", "position.decided"},
		{&PositionMachine, PositionRefused, PositionConfirm, superior, "", "position.decided"},
	} {
		to := ""
		step, err := c.machine.Take(c.state, c.action, c.by, nil)
		if err == nil {
			to = step.Next(c.state)
		}
		if to != c.to || domain.CodeOf(err) != c.code {
			t.Errorf("%s from %s by %v: %q, %v", c.action, c.state, c.by, to, err)
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
	if p, _ := errors.AsType[domain.Problem](err); p.Code != "visit.step_required" || p.Params["missing"] != "shelf, stock" {
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
	rounded.At = rounded.At.Truncate(time.Millisecond).In(domain.BusinessZone)
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
