package incentive

import (
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Tier is the rate on the part of what was delivered that lies from this share of the
// target up to where the next tier begins.
type Tier struct {
	FromBP int `json:"from_bp"`
	RateBP int `json:"rate_bp"`
}

// Gate is from which attainment and grade commission is paid.
type Gate struct {
	AttainmentBP int    `json:"attainment_bp"`
	Grade        string `json:"grade"`
}

// Plan is by which rules commission is paid.
type Plan struct {
	Tiers     []Tier `json:"tiers"`
	GateBP    int    `json:"gate_bp"`    // attainment from which it is paid
	GateGrade string `json:"gate_grade"` // and grade
	FloorBP   int    `json:"floor_bp"`   // gross margin below which a line is guarded
	LowBP     int    `json:"low_bp"`     // of a guarded line that counts above the target
	HoldDays  int    `json:"hold_days"`  // until which what is not collected lapses
	PayLate   bool   `json:"pay_late"`   // what lapsed is paid if it is collected after all
	ManagerBP int    `json:"manager_bp"` // of the team's commission
}

// Check judges a plan: problems commission_plan.tiers and commission_plan.value.
func (p Plan) Check() error {
	last := whole - 1
	for _, t := range p.Tiers {
		if t.FromBP <= last || t.RateBP < 0 || t.RateBP > whole {
			return domain.Problem{Code: "commission_plan.tiers"}
		}
		last = t.FromBP
	}
	if len(p.Tiers) == 0 {
		return domain.Problem{Code: "commission_plan.tiers"}
	}
	for name, bad := range map[string]bool{
		"gate_bp": p.GateBP < 0 || p.GateBP > 10*whole, "floor_bp": p.FloorBP < -whole || p.FloorBP > whole, "low_bp": p.LowBP < 0 || p.LowBP > whole,
		"hold_days": p.HoldDays < 0 || p.HoldDays > 3660, "manager_bp": p.ManagerBP < 0 || p.ManagerBP > whole, "gate_grade": !slices.Contains(Grades, p.GateGrade),
	} {
		if bad {
			return domain.Problem{Code: "commission_plan.value", Params: map[string]any{"field": name}}
		}
	}
	return nil
}

// Grades from the best.
var Grades = []string{"S", "A", "B", "C", "D"}

// AtLeast reports whether a grade is as good as another. No grade is not.
func AtLeast(grade, least string) bool {
	at := slices.Index(Grades, grade)
	return at >= 0 && at <= slices.Index(Grades, least)
}

// Low reports whether a line's gross margin is below a floor. What goods cost that nobody
// knows says nothing of it.
func Low(fenWithTax, tax, cost, floorBP int, costed bool) bool {
	net := fenWithTax - tax
	if !costed || net <= 0 {
		return false
	}
	return fen(net - cost).Mul(fen(whole)).LessThan(fen(net).Mul(fen(floorBP)))
}

// Attained reports whether an amount reaches a share of its target; a target that is 0 or
// below is none, and is not reached.
func Attained(amount int, target decimal.Decimal, gateBP int) bool {
	return target.IsPositive() && fen(amount).GreaterThanOrEqual(byBP(target, gateBP))
}
