package customers

import (
	"strings"

	"satchel/domain"
)

// States of a contract (R3.2f).
const (
	ContractDraft      = "draft"
	ContractInReview   = "in_review"
	ContractApproved   = "approved"
	ContractSigning    = "signing"
	ContractEffective  = "effective"
	ContractExpiring   = "expiring"
	ContractRenewed    = "renewed"
	ContractTerminated = "terminated"
	ContractExpired    = "expired"
)

// Steps with a contract after its review. Submit, withdraw and the reviews
// themselves belong to approvals.
const (
	ContractSend      = "send"      // goes to the customer to be signed
	ContractSign      = "sign"      // the signed file is here: effective
	ContractRenew     = "renew"     // another contract follows
	ContractTerminate = "terminate" // ends before its time, with a reason
	ContractExpire    = "expire"    // the days pass
)

// Guards of a contract's steps.
const (
	contractFile   = "contract.file_required"
	contractReason = "contract.reason_required"
)

// ContractFacts are what the guards of a contract ask.
type ContractFacts struct {
	Signed bool   // the signed file is here
	Reason string // of the step
}

// Holds reports whether the condition behind a guard's code does.
func (f ContractFacts) Holds(guard string) bool {
	switch guard {
	case contractFile:
		return f.Signed
	case contractReason:
		return strings.TrimSpace(f.Reason) != ""
	}
	return false
}

var contractTeam = []domain.Party{domain.PartyTeam}

// ContractMachine is the life of a contract after its review (H-CON-3, H-CON-4).
var ContractMachine = domain.Machine{
	Collection: "contracts",
	States: []string{
		ContractDraft, ContractInReview, ContractApproved, ContractSigning, ContractEffective,
		ContractExpiring, ContractRenewed, ContractTerminated, ContractExpired,
	},
	Open:    []string{ContractDraft, ContractInReview},
	Refusal: "contract.state",
	Steps: []domain.Step{
		{Action: ContractSend, From: []string{ContractApproved}, To: []string{ContractSigning}, By: contractTeam, Stranger: "contract.not_line"},
		{
			Action: ContractSign, From: []string{ContractApproved, ContractSigning}, To: []string{ContractEffective}, By: contractTeam, Stranger: "contract.not_line",
			Guards: []string{contractFile},
		},
		{
			Action: ContractRenew, From: []string{ContractEffective, ContractExpiring, ContractExpired}, To: []string{ContractRenewed}, By: contractTeam, Stranger: "contract.not_line",
			Leads: []string{"the contract that follows is linked"},
		},
		{
			Action: ContractTerminate, From: []string{ContractEffective, ContractExpiring}, To: []string{ContractTerminated}, By: contractTeam, Stranger: "contract.not_line",
			Guards: []string{contractReason},
		},
		{
			Action: ContractExpire, From: []string{ContractEffective, ContractExpiring}, To: []string{ContractExpiring, ContractExpired},
			Leads: []string{"those who answer for it are told"},
		},
	},
}

// ContractBinds reports whether a contract of a state is in force.
func ContractBinds(state string) bool {
	return state == ContractEffective || state == ContractExpiring
}

// ContractOn is the state that a contract in force has on a day (H-CON-4): it
// is expiring from so many days before its end, and expired after it.
func ContractOn(state, end, today string, noticeDays int) string {
	switch {
	case !ContractBinds(state) || !domain.IsDay(end):
		return state
	case today > end:
		return ContractExpired
	case today >= domain.AddDays(end, -noticeDays):
		return ContractExpiring
	}
	return state
}
