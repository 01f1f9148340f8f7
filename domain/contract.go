package domain

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
)

var contractMoves = map[string]struct {
	from []string
	to   string
}{
	ContractSend:      {[]string{ContractApproved}, ContractSigning},
	ContractSign:      {[]string{ContractApproved, ContractSigning}, ContractEffective},
	ContractRenew:     {[]string{ContractEffective, ContractExpiring, ContractExpired}, ContractRenewed},
	ContractTerminate: {[]string{ContractEffective, ContractExpiring}, ContractTerminated},
}

// ContractMove returns the state after a step, or contract.state.
func ContractMove(state, step string) (string, error) {
	move := contractMoves[step]
	for _, from := range move.from {
		if from == state {
			return move.to, nil
		}
	}
	return "", Problem{Code: "contract.state", Params: map[string]any{"from": state, "action": step}}
}

// ContractBinds tells whether a contract of a state is in force.
func ContractBinds(state string) bool {
	return state == ContractEffective || state == ContractExpiring
}

// ContractOn is the state that a contract in force has on a day (H-CON-4): it
// is expiring from so many days before its end, and expired after it.
func ContractOn(state, end, today string, noticeDays int) string {
	switch {
	case !ContractBinds(state) || !IsDay(end):
		return state
	case today > end:
		return ContractExpired
	case today >= AddDays(end, -noticeDays):
		return ContractExpiring
	}
	return state
}
