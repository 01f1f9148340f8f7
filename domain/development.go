package domain

import "slices"

// Stages of an account's development (policy 3(2)).
const (
	StageResearch     = "research"
	StageScreened     = "screened"
	StageFirstContact = "first_contact"
	StageInDepth      = "in_depth"
	StageNegotiating  = "negotiating"
	StageContracted   = "contracted" // a key account
	StageDropped      = "dropped"
	StageDormant      = "dormant" // contracted, without business
	StageLost         = "lost"
)

// Steps that people take with an account's stage.
const (
	StageAdvance = "advance" // to the next stage, if its gate is open
	StageDrop    = "drop"    // the development is given up, with a reason
	StageReopen  = "reopen"  // goes on at research, or wakes who is dormant or lost
	StageRest    = "rest"    // an active key account falls dormant
	StageLose    = "lose"    // a dormant one is lost
)

// DevelopmentFacts are what the gates ask of an account.
type DevelopmentFacts struct {
	Researched     bool // industry, region and purchasing needs are recorded
	Selected       bool // an approved scorecard of the active model, or an override
	Contacts       int  // logged communications
	FirstNeed      bool // the first need is noted
	OnSiteVisits   int  // valid visits on the spot
	DecisionMakers int
	Terms          bool // a negotiation with price and service terms
	OpenObjections int
	Contract       bool // one is effective
}

// development is the order of the stages with the gate at the end of each.
var development = []struct {
	stage string
	gate  func(DevelopmentFacts) string // the code of what is missing
}{
	{StageResearch, func(f DevelopmentFacts) string {
		return firstMissing("account.gate_research", f.Researched, "account.gate_scorecard", f.Selected)
	}},
	{StageScreened, func(DevelopmentFacts) string { return "" }},
	{StageFirstContact, func(f DevelopmentFacts) string {
		return firstMissing("account.gate_contact", f.Contacts > 0, "account.gate_need", f.FirstNeed)
	}},
	{StageInDepth, func(f DevelopmentFacts) string {
		return firstMissing("account.gate_visit", f.OnSiteVisits > 0, "account.gate_decider", f.DecisionMakers > 0)
	}},
	{StageNegotiating, func(f DevelopmentFacts) string {
		return firstMissing("account.gate_terms", f.Terms && f.OpenObjections == 0, "account.gate_contract", f.Contract, "account.gate_scorecard", f.Selected)
	}},
	{StageContracted, nil},
}

// firstMissing takes pairs of a code and whether its condition holds.
func firstMissing(pairs ...any) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if held, _ := pairs[i+1].(bool); !held {
			code, _ := pairs[i].(string)
			return code
		}
	}
	return ""
}

// StageMove returns the stage after a step: account.stage if the step does not
// fit, or the code of the gate that is closed.
func StageMove(stage, step string, facts DevelopmentFacts) (string, error) {
	at := slices.IndexFunc(development, func(d struct {
		stage string
		gate  func(DevelopmentFacts) string
	},
	) bool {
		return d.stage == stage
	})
	underway := at >= 0 && development[at].gate != nil
	switch {
	case step == StageAdvance && underway:
		if code := development[at].gate(facts); code != "" {
			return "", Problem{Code: code}
		}
		return development[at+1].stage, nil
	case step == StageDrop && underway:
		return StageDropped, nil
	case step == StageReopen && stage == StageDropped:
		return StageResearch, nil
	case step == StageReopen && (stage == StageDormant || stage == StageLost):
		return StageContracted, nil
	case step == StageRest && stage == StageContracted:
		return StageDormant, nil
	case step == StageLose && stage == StageDormant:
		return StageLost, nil
	}
	return "", Problem{Code: "account.stage", Params: map[string]any{"from": stage, "action": step}}
}

// StageKind is what an account of a stage counts as: prospect, ka or lost; and
// whether business with it is active or dormant.
func StageKind(stage string) (kind, status string) {
	switch stage {
	case StageContracted:
		return "ka", "active"
	case StageDormant:
		return "ka", "dormant"
	case StageLost:
		return "lost", "dormant"
	case StageDropped:
		return "prospect", "dormant"
	}
	return "prospect", "active"
}
