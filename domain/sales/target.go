package sales

import (
	"satchel/domain"
)

// States of a target.
const (
	TargetDraft     = "draft"
	TargetIssued    = "issued"   // in force
	TargetCascaded  = "cascaded" // and broken down to those below
	TargetCancelled = "cancelled"
)

// Actions on a target.
const (
	TargetIssue   = "issue"
	TargetCascade = "cascade"
	TargetRevise  = "revise"
	TargetCancel  = "cancel"
	TargetSpread  = "spread"
	TargetSplit   = "split"
)

// TargetMachine is the life of a target (R4.1, R4.2). Who leads its owner sets
// it, the department manager his department's own, a rep those of his accounts; its
// owner breaks it down.
var TargetMachine = domain.Machine{
	Collection: "targets",
	States:     []string{TargetDraft, TargetIssued, TargetCascaded, TargetCancelled},
	Refusal:    "target.state",
	Locked:     "target.locked",
	Steps: []domain.Step{
		{
			Action: TargetSpread, From: []string{TargetDraft}, By: []domain.Party{domain.PartySuperior}, Stranger: "target.not_superior",
			Leads: []string{"its quarters and months add up to its value"},
		},
		{
			Action: TargetSplit, From: []string{TargetDraft, TargetIssued, TargetCascaded}, By: []domain.Party{domain.PartyOwner, domain.PartySuperior}, Stranger: "target.not_superior",
			Leads: []string{"those below have drafts that add up to it"},
		},
		{
			Action: TargetIssue, From: []string{TargetDraft}, To: []string{TargetIssued}, By: []domain.Party{domain.PartySuperior}, Stranger: "target.not_superior",
			Guards: []string{"target.basis_required", "target.parent_open"}, Leads: []string{"its owner is told"},
		},
		{Action: TargetCascade, From: []string{TargetIssued}, To: []string{TargetCascaded}, By: []domain.Party{domain.PartyOwner}, Stranger: "target.not_owner"},
		{
			Action: TargetRevise, From: []string{TargetIssued, TargetCascaded}, To: []string{TargetDraft}, By: []domain.Party{domain.PartySuperior}, Stranger: "target.not_superior",
			Leads: []string{"a version more", "the break-down that it was of is open again", "its owner is told"},
		},
		{
			Action: TargetCancel, From: []string{TargetIssued, TargetCascaded}, To: []string{TargetCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "target.not_superior",
			Guards: []string{"target.has_children"}, Leads: []string{"the break-down that it was of is open again", "its owner is told"},
		},
	},
}

// Levels of targets, from the top down.
const (
	TargetOfDept    = "dept"
	TargetOfManager = "manager"
	TargetOfRep     = "rep"
	TargetOfAccount = "account" // of what its rep is to sell to one account
)

// TargetLevels are whose target it is by level, and the level over it.
var TargetLevels = map[string]struct{ Role, Over string }{
	TargetOfDept:    {Role: "dept_manager"},
	TargetOfManager: {Role: "ka_manager", Over: TargetOfDept},
	TargetOfRep:     {Role: "rep", Over: TargetOfManager},
	TargetOfAccount: {Role: "rep", Over: TargetOfRep},
}

// TargetBelow is the level under one; "" under the last.
func TargetBelow(level string) string {
	for below, l := range TargetLevels {
		if l.Over == level {
			return below
		}
	}
	return ""
}

// TargetOfAccounts reports whether accounts have targets of a metric: what they
// earn is not told to reps, and a new one is none yet.
func TargetOfAccounts(metric string) bool { return metric != "profit" && metric != "new_ka" }

// TargetMetrics are what targets are set in: fen, thousandths of a product's
// unit, fen, customers, basis points.
var TargetMetrics = map[string]domain.Texts{
	"amount": {"销售额", "sales amount"},
	"volume": {"销售量", "sales volume"},
	"profit": {"销售利润", "gross profit"},
	"new_ka": {"新增KA客户", "new key accounts"},
	"csat":   {"客户满意度", "satisfaction"},
}

// TargetMost is the greatest number of a target.
const TargetMost = 10_000_000_000_000

// TargetAdds reports whether a metric's numbers add up; a satisfaction does not.
func TargetAdds(metric string) bool { return metric != "csat" }

// CheckTargetNumbers judges what a draft may hold: no numbers yet, or those of
// four quarters and twelve months. Problem target.numbers_invalid.
func CheckTargetNumbers(quarters, months []int) error {
	for _, part := range []struct {
		numbers []int
		many    int
	}{{quarters, 4}, {months, 12}} {
		if len(part.numbers) != 0 && len(part.numbers) != part.many {
			return domain.Problem{Code: "target.numbers_invalid"}
		}
		for _, n := range part.numbers {
			if n < 0 || n > TargetMost {
				return domain.Problem{Code: "target.numbers_invalid"}
			}
		}
	}
	return nil
}

// CheckTargetPeriods holds a year's value to its quarters and each quarter to
// its months, exactly (H-TGT-2). Problems target.periods_required and
// target.periods_sum: period ("year", "Q1" …), sum, value.
func CheckTargetPeriods(metric string, value int, quarters, months []int) error {
	if len(quarters) != 4 || len(months) != 12 {
		return domain.Problem{Code: "target.periods_required"}
	}
	if !TargetAdds(metric) {
		return nil
	}
	if sum := total(quarters); sum != value {
		return targetSum("year", sum, value)
	}
	for q, value := range quarters {
		if sum := total(months[3*q : 3*q+3]); sum != value {
			return targetSum([]string{"Q1", "Q2", "Q3", "Q4"}[q], sum, value)
		}
	}
	return nil
}

func targetSum(period string, sum, value int) error {
	return domain.Problem{Code: "target.periods_sum", Params: map[string]any{"period": period, "sum": sum, "value": value}}
}

// CheckTargetCascade holds the sum of those below to at least a target's value
// and at most overBP basis points more (H-TGT-1). Problems target.none_below,
// target.below_parent: sum, value; and target.over_parent: sum, most.
func CheckTargetCascade(metric string, value int, below []int, overBP int) error {
	if len(below) == 0 {
		return domain.Problem{Code: "target.none_below"}
	}
	if !TargetAdds(metric) {
		return nil
	}
	sum, most := total(below), value+value*overBP/10_000
	switch {
	case sum < value:
		return domain.Problem{Code: "target.below_parent", Params: map[string]any{"sum": sum, "value": value}}
	case sum > most:
		return domain.Problem{Code: "target.over_parent", Params: map[string]any{"sum": sum, "most": most}}
	}
	return nil
}

func total(numbers []int) (sum int) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}
