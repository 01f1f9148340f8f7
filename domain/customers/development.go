package customers

import (
	"strings"

	"satchel/domain"
)

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

// Guards of an account's steps: the gates at the end of its stages, and the
// reason that all but advancing needs.
const (
	gateResearch  = "account.gate_research"
	gateScorecard = "account.gate_scorecard"
	gateContact   = "account.gate_contact"
	gateNeed      = "account.gate_need"
	gateVisit     = "account.gate_visit"
	gateDecider   = "account.gate_decider"
	gateTerms     = "account.gate_terms"
	gateContract  = "account.gate_contract"
	stageReason   = "account.stage_reason"
)

// DevelopmentFacts are what the guards ask of an account.
type DevelopmentFacts struct {
	Researched     bool // industry, region and purchasing needs are recorded
	Selected       bool // an approved scorecard of the active model, or an override
	Contacts       int  // logged communications
	FirstNeed      bool // the first need is noted
	OnSiteVisits   int  // valid visits on the spot
	DecisionMakers int
	Terms          bool // a negotiation with price and service terms
	OpenObjections int
	Contract       bool   // one is effective
	Reason         string // of the step
}

// Holds reports whether the condition behind a guard's code does.
func (f DevelopmentFacts) Holds(guard string) bool {
	switch guard {
	case gateResearch:
		return f.Researched
	case gateScorecard:
		return f.Selected
	case gateContact:
		return f.Contacts > 0
	case gateNeed:
		return f.FirstNeed
	case gateVisit:
		return f.OnSiteVisits > 0
	case gateDecider:
		return f.DecisionMakers > 0
	case gateTerms:
		return f.Terms && f.OpenObjections == 0
	case gateContract:
		return f.Contract
	case stageReason:
		return strings.TrimSpace(f.Reason) != ""
	}
	return false
}

// AccountMachine is the development of an account. Each step is logged; what the
// account counts as follows from its stage, see StageKind.
var AccountMachine = domain.Machine{
	Collection: "accounts",
	Field:      "stage",
	States: []string{
		StageResearch, StageScreened, StageFirstContact, StageInDepth, StageNegotiating,
		StageContracted, StageDormant, StageLost, StageDropped,
	},
	Begin: []string{StageResearch, StageContracted, StageDormant, StageLost}, // by what it is said to be
	Open: []string{
		StageResearch, StageScreened, StageFirstContact, StageInDepth, StageNegotiating,
		StageContracted, StageDormant, StageLost, StageDropped,
	},
	Refusal: "account.stage",
	Steps: []domain.Step{
		advance(StageResearch, StageScreened, gateResearch, gateScorecard),
		advance(StageScreened, StageFirstContact),
		advance(StageFirstContact, StageInDepth, gateContact, gateNeed),
		advance(StageInDepth, StageNegotiating, gateVisit, gateDecider),
		advance(StageNegotiating, StageContracted, gateTerms, gateContract, gateScorecard),
		stageStep(StageDrop, StageDropped, StageResearch, StageScreened, StageFirstContact, StageInDepth, StageNegotiating),
		stageStep(StageReopen, StageResearch, StageDropped),
		stageStep(StageReopen, StageContracted, StageDormant, StageLost),
		stageStep(StageRest, StageDormant, StageContracted),
		stageStep(StageLose, StageLost, StageDormant),
	},
}

// advance leads to the next stage through its gates.
func advance(from, to string, gates ...string) domain.Step {
	return domain.Step{
		Action: StageAdvance, From: []string{from}, To: []string{to}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed",
		Guards: gates, Leads: []string{"the step is logged"},
	}
}

// stageStep leads elsewhere, for a reason.
func stageStep(action, to string, from ...string) domain.Step {
	return domain.Step{
		Action: action, From: from, To: []string{to}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed",
		Guards: []string{stageReason}, Leads: []string{"the step is logged"},
	}
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
