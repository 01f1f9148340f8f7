package sales

import (
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/domain"
)

func TestTargetMachine(t *testing.T) {
	owner, superior, both := []domain.Party{domain.PartyOwner}, []domain.Party{domain.PartySuperior}, []domain.Party{domain.PartyOwner, domain.PartySuperior}
	for _, c := range []struct {
		state, action string
		by            []domain.Party
		fails         string // guard
		to, code      string
	}{
		{TargetDraft, TargetIssue, superior, "", TargetIssued, ""},
		{TargetDraft, TargetIssue, both, "", TargetIssued, ""},
		{TargetDraft, TargetIssue, owner, "", "", "target.not_superior"},
		{TargetDraft, TargetIssue, superior, "target.basis_required", "", "target.basis_required"},
		{TargetDraft, TargetIssue, superior, "target.parent_open", "", "target.parent_open"},
		{TargetDraft, TargetCascade, owner, "", "", "target.state"},
		{TargetIssued, TargetCascade, owner, "", TargetCascaded, ""},
		{TargetIssued, TargetCascade, superior, "", "", "target.not_owner"},
		{TargetIssued, TargetRevise, superior, "", TargetDraft, ""},
		{TargetCascaded, TargetRevise, superior, "", TargetDraft, ""},
		{TargetCascaded, TargetRevise, owner, "", "", "target.not_superior"},
		{TargetDraft, TargetRevise, superior, "", "", "target.state"},
		{TargetCascaded, TargetCancel, superior, "", TargetCancelled, ""},
		{TargetCascaded, TargetCancel, superior, "target.has_children", "", "target.has_children"},
		{TargetCancelled, TargetIssue, superior, "", "", "target.state"},
		{TargetCancelled, TargetRevise, superior, "", "", "target.state"},
	} {
		t.Run(c.state+" "+c.action+" "+c.code, func(t *testing.T) {
			to := ""
			step, err := TargetMachine.Take(c.state, c.action, c.by, func(guard string) bool { return guard != c.fails })
			if err == nil {
				to = step.Next(c.state)
			}
			if to != c.to || domain.CodeOf(err) != c.code {
				t.Errorf("by %v: %q, %v", c.by, to, err)
			}
		})
	}
}

// policy: R4.2 H-TGT-2
//
// TestHTgt2PeriodsAddUp: quarters to the year and months to their quarter, to
// the last fen; what does not add up by its nature is not added.
func TestHTgt2PeriodsAddUp(t *testing.T) {
	quarters, months := []int{3, 6, 9, 12}, []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}
	off := func(list []int, at, by int) []int {
		list = slices.Clone(list)
		list[at] += by
		return list
	}
	for _, c := range []struct {
		name, metric     string
		value            int
		quarters, months []int
		code             string
	}{
		{"exact", "amount", 30, quarters, months, ""},
		{"a fen more in the year", "amount", 31, quarters, months, "target.periods_sum"},
		{"a fen less in a quarter", "profit", 29, off(quarters, 2, -1), months, "target.periods_sum"},
		{"a fen from month to month of a quarter", "amount", 30, quarters, off(off(months, 0, 1), 2, -1), ""},
		{"a fen from quarter to quarter", "volume", 30, quarters, off(off(months, 2, -1), 3, 1), "target.periods_sum"},
		{"no months", "new_ka", 30, quarters, nil, "target.periods_required"},
		{"three quarters", "new_ka", 30, quarters[:3], months, "target.periods_required"},
		{"a satisfaction is no sum", "csat", 9000, []int{8800, 8900, 9000, 9100}, off(months, 0, 8000), ""},
		{"nor without its parts", "csat", 9000, nil, nil, "target.periods_required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := CheckTargetPeriods(c.metric, c.value, c.quarters, c.months); domain.CodeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
	dice := rand.New(rand.NewPCG(4, 2))
	for range 1000 {
		months, quarters, year := make([]int, 12), make([]int, 4), 0
		for m := range months {
			months[m] = dice.IntN(1_000_000_00)
			quarters[m/3] += months[m]
			year += months[m]
		}
		if err := CheckTargetPeriods("amount", year, quarters, months); err != nil {
			t.Fatal(err)
		}
		if err := CheckTargetPeriods("amount", year, quarters, off(months, dice.IntN(12), 1)); domain.CodeOf(err) != "target.periods_sum" {
			t.Fatal(months, err)
		}
	}
}

// policy: R4.2 target.over_bp
//
// TestHTgt1Bounds: those below have at least what is above, and not too much more.
func TestHTgt1Bounds(t *testing.T) {
	for _, c := range []struct {
		name, metric string
		below        []int
		over         int
		code         string
	}{
		{"all of it", "amount", []int{400, 600}, 1000, ""},
		{"a fen less", "amount", []int{400, 599}, 1000, "target.below_parent"},
		{"the most", "amount", []int{500, 600}, 1000, ""},
		{"a fen more", "amount", []int{501, 600}, 1000, "target.over_parent"},
		{"nothing more", "volume", []int{1001}, 0, "target.over_parent"},
		{"nobody", "amount", nil, 1000, "target.none_below"},
		{"no sum of satisfactions", "csat", []int{800, 900}, 0, ""},
		{"the greatest", "amount", []int{TargetMost, TargetMost}, 10_000, "target.over_parent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := CheckTargetCascade(c.metric, 1000, c.below, c.over); domain.CodeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

func TestTargetNumbers(t *testing.T) {
	full := make([]int, 12)
	for _, c := range []struct {
		quarters, months []int
		code             string
	}{
		{nil, nil, ""},
		{full[:4], full, ""},
		{full[:4], nil, ""},
		{full[:3], full, "target.numbers_invalid"},
		{full[:4], full[:11], "target.numbers_invalid"},
		{[]int{0, 0, 0, -1}, full, "target.numbers_invalid"},
		{[]int{0, 0, 0, TargetMost + 1}, full, "target.numbers_invalid"},
	} {
		if err := CheckTargetNumbers(c.quarters, c.months); domain.CodeOf(err) != c.code {
			t.Errorf("%v %v: %v", c.quarters, c.months, err)
		}
	}
}
