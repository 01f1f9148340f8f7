package expense_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"satchel/domain"
	"satchel/domain/expense"
)

func auditClaims(n int) (out []expense.AuditClaim) {
	for i := range n {
		out = append(out, expense.AuditClaim{ID: fmt.Sprintf("claim%03d", i), Fen: 100_00, Special: i%10 == 0, Warnings: i % 2})
	}
	return out
}

// TestTheSameSeedDrawsTheSame in whatever order the claims come, and never one twice.
func TestTheSameSeedDrawsTheSame(t *testing.T) {
	claims := auditClaims(100)
	first := expense.DrawAudit(claims, 1, 10)
	slices.Reverse(claims)
	again := expense.DrawAudit(claims, 1, 10)
	if fmt.Sprint(first) != fmt.Sprint(again) || expense.AuditHash(claims) != expense.AuditHash(auditClaims(100)) {
		t.Errorf("%v, then %v", first, again)
	}
	if fmt.Sprint(first) == fmt.Sprint(expense.DrawAudit(claims, 2, 10)) {
		t.Error("another seed draws the same")
	}
	seen := map[string]bool{}
	for _, p := range expense.DrawAudit(claims, 3, 1000) {
		seen[p.Claim] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d of 100", len(seen))
	}
}

// TestRiskIsDrawnMoreOften: at four times the weight some four times as often.
func TestRiskIsDrawnMoreOften(t *testing.T) {
	claims, drawn := auditClaims(100), map[bool]int{}
	for seed := range 500 {
		for _, p := range expense.DrawAudit(claims, seed, 5) {
			drawn[slices.Contains(p.Reasons, expense.RiskSpecial)]++
		}
	}
	special, plain := float64(drawn[true])/10, float64(drawn[false])/90
	if ratio := special / plain; ratio < 2 || ratio > 4 { // against weights of 1 and 2
		t.Errorf("%.1f times as often", ratio)
	}
}

// fair compares how often each claim is drawn alone with what its weight says: the
// greatest deviation of all, in standard deviations.
func fair(draw func(claims []expense.AuditClaim, seed, size int) []expense.AuditPick) (worst float64) {
	const seeds = 3000
	claims, drawn, sum := auditClaims(20), map[string]int{}, 0
	for _, c := range claims {
		weight, _ := expense.AuditRisk(c)
		sum += weight
	}
	for seed := range seeds {
		for _, p := range draw(claims, seed, 1) {
			drawn[p.Claim]++
		}
	}
	for _, c := range claims {
		weight, _ := expense.AuditRisk(c)
		share := float64(weight) / float64(sum)
		off := math.Abs(float64(drawn[c.ID])-seeds*share) / math.Sqrt(seeds*share*(1-share))
		worst = max(worst, off)
	}
	return worst
}

// policy: R7.9 unbiased
//
// TestABiasIsNoticed: each claim is drawn as often as its weight says; a draw that spares
// one, looks at no risk, or prefers who comes first, is not taken for fair.
func TestABiasIsNoticed(t *testing.T) {
	const noticed = 4.5
	if worst := fair(expense.DrawAudit); worst > noticed {
		t.Errorf("a claim is off by %.1f deviations", worst)
	}
	for bias, draw := range map[string]func([]expense.AuditClaim, int, int) []expense.AuditPick{
		"spares one": func(claims []expense.AuditClaim, seed, size int) []expense.AuditPick {
			return expense.DrawAudit(slices.DeleteFunc(slices.Clone(claims), func(c expense.AuditClaim) bool { return c.ID == "claim007" }), seed, size)
		},
		"sees no risk": func(claims []expense.AuditClaim, seed, size int) []expense.AuditPick {
			claims = slices.Clone(claims)
			for i := range claims {
				claims[i] = expense.AuditClaim{ID: claims[i].ID}
			}
			return expense.DrawAudit(claims, seed, size)
		},
		"prefers the first": func(claims []expense.AuditClaim, seed, size int) []expense.AuditPick {
			picks := expense.DrawAudit(claims, seed, 2)
			slices.SortFunc(picks, func(a, b expense.AuditPick) int { return cmp.Compare(a.Claim, b.Claim) })
			return picks[:size]
		},
	} {
		if worst := fair(draw); worst <= noticed {
			t.Errorf("%s: %.1f deviations pass for fair", bias, worst)
		}
	}
}

func TestAuditSize(t *testing.T) {
	for _, c := range [][4]int{{100, 500, 5, 5}, {200, 500, 5, 10}, {201, 500, 5, 11}, {3, 500, 5, 3}, {0, 500, 5, 0}} {
		if got := expense.AuditSize(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%v: %d", c, got)
		}
	}
}

func TestCheckRepayment(t *testing.T) {
	for fen, want := range map[int]string{1: "", 100: "", 0: "penalty.amount_invalid", 101: "penalty.amount_invalid", -1: "penalty.amount_invalid"} {
		if got := domain.CodeOf(expense.CheckRepayment(100, fen)); got != want {
			t.Errorf("%d: %q", fen, got)
		}
	}
}

// TestNobodyChoosesAnIdThatIsNotDrawn: seeds are known before claims are made, and phones
// choose ids. What others claim in the month decides too.
func TestNobodyChoosesAnIdThatIsNotDrawn(t *testing.T) {
	const seed = 202603
	mine, last := "", -1
	for i := range 200 { // the one that would be drawn last of a month as he expects it
		claims := append(auditClaims(40), expense.AuditClaim{ID: fmt.Sprint("mine", i), Fen: 100_00})
		at := slices.IndexFunc(expense.DrawAudit(claims, seed, 41), func(p expense.AuditPick) bool { return p.Claim == claims[40].ID })
		if at > last {
			mine, last = claims[40].ID, at
		}
	}
	early := 0
	for i := range 100 { // somebody else claims a little more
		claims := append(auditClaims(40), expense.AuditClaim{ID: mine, Fen: 100_00})
		claims[i%40].Fen += 1 + i
		if at := slices.IndexFunc(expense.DrawAudit(claims, seed, 41), func(p expense.AuditPick) bool { return p.Claim == mine }); at < 30 {
			early++
		}
	}
	if early < 30 {
		t.Errorf("drawn among the first thirty in %d months of 100", early)
	}
}
