package incentive

import "satchel/domain"

// Lapsed is the state of a proposal that results no longer make; Retract and Renew are the
// server's own steps into it and back, as long as nobody has decided.
const (
	Lapsed  = "lapsed"
	Retract = "retract"
	Renew   = "renew"
)

// Standing is the state of a proposal that results make, or make no more.
func Standing(m *domain.Machine, state string, made bool) string {
	action := Retract
	if made {
		action = Renew
	}
	next, err := m.OwnNext(state, action)
	if err != nil {
		return state
	}
	return next
}

// States of a plan of commission.
const (
	PlanDraft     = "draft"
	PlanPublished = "published"
	PlanRetired   = "retired"
)

// Steps of a plan.
const (
	PlanPublish = "publish"
	PlanReplace = "replace" // the server's: a later version was published
)

// PlanMachine is the life of a version of a department's rules of commission: published
// it stays as it is.
var PlanMachine = domain.Machine{
	Collection: "commission_plans",
	States:     []string{PlanDraft, PlanPublished, PlanRetired},
	Refusal:    "commission_plan.state",
	Locked:     "commission_plan.locked",
	Steps: []domain.Step{
		{
			Action: PlanPublish, From: []string{PlanDraft}, To: []string{PlanPublished}, By: []domain.Party{domain.PartyHead}, Stranger: "commission_plan.not_head",
			Leads: []string{"cycles that begin on its day or later are paid by it", "the version before it is retired"},
		},
		{Action: PlanReplace, From: []string{PlanPublished}, To: []string{PlanRetired}},
	},
}

// States of a result.
const (
	ResultDraft    = "draft" // reckoned anew as often as anything changes
	ResultApproved = "approved"
	ResultExported = "exported" // to payroll
	ResultPaid     = "paid"
)

// Steps of a result.
const (
	ResultApprove = "approve"
	ResultExport  = "export"
	ResultPay     = "pay"
)

// LetterUnsigned is the guard of a bonus without a signed target letter.
const LetterUnsigned = "incentive.letter_unsigned"

// ResultMachine is the life of what somebody is paid for a cycle. From its approval on it
// stays as it is; what changes later is a row of its own.
var ResultMachine = domain.Machine{
	Collection: "incentive_results",
	States:     []string{ResultDraft, ResultApproved, ResultExported, ResultPaid},
	Open:       []string{},
	Refusal:    "incentive.state",
	Steps: []domain.Step{
		{
			Action: ResultApprove, From: []string{ResultDraft}, To: []string{ResultApproved}, By: []domain.Party{domain.PartyOffice}, Stranger: "incentive.not_finance",
			Guards: []string{LetterUnsigned}, Leads: []string{"the person sees it and is told", "what changes later becomes a difference"},
		},
		{Action: ResultExport, From: []string{ResultApproved}, To: []string{ResultExported}, Leads: []string{"payroll's list has it"}},
		{Action: ResultPay, From: []string{ResultExported}, To: []string{ResultPaid}, By: []domain.Party{domain.PartyOffice}, Stranger: "incentive.not_finance"},
	},
}

// States of a candidate for promotion.
const (
	CandidateProposed = "proposed"
	CandidatePromoted = "promoted"
	CandidateDeclined = "declined"
)

// Steps of a candidate.
const (
	CandidatePromote = "promote"
	CandidateDecline = "decline"
)

// CandidateReason is the guard of a candidate who is declined.
const CandidateReason = "promotion_candidate.reason_required"

// CandidateMachine is the life of a proposal that results made. Nobody decides on himself.
var CandidateMachine = domain.Machine{
	Collection: "promotion_candidates",
	States:     []string{CandidateProposed, CandidatePromoted, CandidateDeclined, Lapsed},
	Open:       []string{},
	Refusal:    "promotion_candidate.state",
	Steps: []domain.Step{
		{Action: Retract, From: []string{CandidateProposed}, To: []string{Lapsed}},
		{Action: Renew, From: []string{Lapsed}, To: []string{CandidateProposed}},
		{
			Action: CandidatePromote, From: []string{CandidateProposed}, To: []string{CandidatePromoted}, By: []domain.Party{domain.PartyHead},
			Stranger: "promotion_candidate.not_head", Leads: []string{"the person is told; finance enters the new job grade"},
		},
		{
			Action: CandidateDecline, From: []string{CandidateProposed}, To: []string{CandidateDeclined}, By: []domain.Party{domain.PartyHead},
			Stranger: "promotion_candidate.not_head", Guards: []string{CandidateReason},
		},
	},
}

// States of an honour.
const (
	HonourNominated = "nominated"
	HonourPublished = "published"
	HonourWithdrawn = "withdrawn"
)

// Steps of an honour.
const (
	HonourPublish  = "publish"
	HonourWithdraw = "withdraw"
)

// HonourReason is the guard of an honour that is withdrawn.
const HonourReason = "honor.reason_required"

// HonourMachine is the life of an honour: published, everybody sees name, category and
// period, and its certificate is there.
var HonourMachine = domain.Machine{
	Collection: "honors",
	States:     []string{HonourNominated, HonourPublished, HonourWithdrawn, Lapsed},
	Open:       []string{},
	Refusal:    "honor.state",
	Steps: []domain.Step{
		{Action: Retract, From: []string{HonourNominated}, To: []string{Lapsed}},
		{Action: Renew, From: []string{Lapsed}, To: []string{HonourNominated}},
		{
			Action: HonourPublish, From: []string{HonourNominated}, To: []string{HonourPublished}, By: []domain.Party{domain.PartyHead},
			Stranger: "honor.not_head", Leads: []string{"all see it, the person is told, there is a certificate"},
		},
		{
			Action: HonourWithdraw, From: []string{HonourNominated, HonourPublished}, To: []string{HonourWithdrawn}, By: []domain.Party{domain.PartyHead},
			Stranger: "honor.not_head", Guards: []string{HonourReason},
		},
	},
}

// States of a measure of development.
const (
	DevelopmentProposed  = "proposed"
	DevelopmentPlanned   = "planned"
	DevelopmentDone      = "done"
	DevelopmentCancelled = "cancelled"
)

// Steps of a measure of development.
const (
	DevelopmentPlan   = "plan"
	DevelopmentFinish = "finish"
	DevelopmentCancel = "cancel"
)

// DevelopmentMachine is the life of what a good performer is given: training, exchange or
// a project.
var DevelopmentMachine = domain.Machine{
	Collection: "development_actions",
	States:     []string{DevelopmentProposed, DevelopmentPlanned, DevelopmentDone, DevelopmentCancelled, Lapsed},
	Open:       []string{DevelopmentProposed, DevelopmentPlanned},
	Refusal:    "development_action.state",
	Locked:     "development_action.locked",
	Steps: []domain.Step{
		{Action: Retract, From: []string{DevelopmentProposed}, To: []string{Lapsed}},
		{Action: Renew, From: []string{Lapsed}, To: []string{DevelopmentProposed}},
		{
			Action: DevelopmentPlan, From: []string{DevelopmentProposed}, To: []string{DevelopmentPlanned}, By: []domain.Party{domain.PartyHead},
			Stranger: "development_action.not_head", Leads: []string{"the person is told"},
		},
		{Action: DevelopmentFinish, From: []string{DevelopmentPlanned}, To: []string{DevelopmentDone}, By: []domain.Party{domain.PartyHead}, Stranger: "development_action.not_head"},
		{Action: DevelopmentCancel, From: []string{DevelopmentProposed, DevelopmentPlanned}, To: []string{DevelopmentCancelled}, By: []domain.Party{domain.PartyHead}, Stranger: "development_action.not_head"},
	},
}
