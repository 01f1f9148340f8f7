package expense_test

import (
	"fmt"
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
