package customers

import (
	"testing"
	"time"

	"satchel/domain"
)

// trail is a way through stages, a step each so many days after the first of March.
func trail(steps ...any) (out []StageStep) {
	begin := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	for i := 0; i < len(steps); i += 2 {
		out = append(out, StageStep{steps[i].(string), begin.AddDate(0, 0, steps[i+1].(int))})
	}
	return out
}

// TestTheFunnelCounts conversion and days per stage: what went on, what was lost
// and what is open make what came in.
//
// policy: R4.10 opportunity_stage_log
func TestTheFunnelCounts(t *testing.T) {
	now := time.Date(2026, 3, 31, 2, 0, 0, 0, time.UTC)
	march := domain.Period{From: "2026-03-01", To: "2026-03-31"}
	deals := []FunnelDeal{
		{AmountFen: 100, Trail: trail(OppFound, 0, OppQualified, 4, OppProposal, 6, OppNegotiation, 10, OppWon, 20)},
		{AmountFen: 30, LostCode: "price", Trail: trail(OppFound, 0, OppQualified, 2, OppLost, 12)},
		{Trail: trail(OppFound, 10, OppSuspended, 12, OppFound, 20)},
		{Trail: trail(OppFound, 0, OppQualified, 1, OppProposal, 2, OppNegotiation, 3, OppWinPending, 4, OppNegotiation, 5)},
		{Trail: trail(OppFound, -10, OppQualified, 28)}, // found in February
		{},
	}
	f := CountFunnel(deals, march, now)
	for i, want := range []FunnelStage{
		{OppFound, 4, 3, 0, 1, 7500, 5, 10},
		{OppQualified, 4, 2, 1, 1, 5000, 4, 2},
		{OppProposal, 2, 2, 0, 0, 10000, 3, 0},
		{OppNegotiation, 2, 1, 0, 1, 5000, 18, 25},
		{OppWinPending, 1, 0, 0, 1, 0, 1, 0},
	} {
		if f.Stages[i] != want {
			t.Errorf("%+v, want %+v", f.Stages[i], want)
		}
	}
	for _, s := range f.Stages {
		if s.Advanced+s.Lost+s.Open != s.Entered {
			t.Errorf("%s: %d came in, %d, %d and %d", s.Stage, s.Entered, s.Advanced, s.Lost, s.Open)
		}
	}
	if f.Won != 1 || f.WonFen != 100 || f.Lost != 1 || f.LostFen != 30 || f.Reasons["price"] != 1 {
		t.Errorf("%+v", f)
	}
	if f := CountFunnel(deals, domain.Period{From: "2027-01-01", To: "2027-01-31"}, now); f.Won+f.Lost+f.Stages[0].Entered != 0 {
		t.Errorf("nothing of next year: %+v", f)
	}
}

// TestFollowUp: a grade has its days, and what has none is not bound to any.
func TestFollowUp(t *testing.T) {
	days := map[string]int{"A": 7}
	if by := FollowUpBy("A", "2026-02-26", days); by != "2026-03-05" {
		t.Error(by)
	}
	if by := FollowUpBy("", "2026-02-26", days); by != "" {
		t.Error(by)
	}
	for _, c := range []struct {
		next  string
		after int
		want  bool
	}{{"", 0, false}, {"2026-03-16", 0, false}, {"2026-03-15", 0, true}, {"2026-03-15", 1, false}, {"2026-03-14", 1, true}} {
		if got := FollowUpOverdue(c.next, "2026-03-16", c.after); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestGradesOfAModel: every score has a grade.
func TestGradesOfAModel(t *testing.T) {
	for want, bands := range map[bool][]Band{true: {{"A", 8000}, {"D", 0}}, false: {{"A", 8000}, {"D", 1}}} {
		if err := (ScoringModel{Bands: bands}).CheckGrades(); (err == nil) != want {
			t.Errorf("%v: %v", bands, err)
		}
	}
	for _, bands := range [][]Band{nil, {{"S", 0}}} {
		if (ScoringModel{Bands: bands}).CheckGrades() == nil {
			t.Errorf("%v is taken", bands)
		}
	}
}
