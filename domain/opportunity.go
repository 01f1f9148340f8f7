package domain

// Stages of an opportunity.
const (
	OppFound       = "found"
	OppQualified   = "qualified"
	OppProposal    = "proposal"
	OppNegotiation = "negotiation"
	OppWon         = "won"
	OppLost        = "lost"
	OppSuspended   = "suspended"
)

// Steps that people take with an opportunity.
const (
	OppAdvance = "advance"
	OppWin     = "win"
	OppLose    = "lose"
	OppSuspend = "suspend"
	OppResume  = "resume"
)

var oppNext = map[string]string{OppFound: OppQualified, OppQualified: OppProposal, OppProposal: OppNegotiation}

// Deal is what the steps of an opportunity are judged by.
type Deal struct {
	Stage, Before string // Before is the stage that a suspended one goes back to
	Major         bool   // of an amount from which the department manager decides
	Decided       bool   // his decision is on record
	Proof         bool   // an order or a contract is linked
}

// OppMove returns the stage after a step: opportunity.state if it does not fit,
// opportunity.major_undecided (H-OPP-MAJ) or opportunity.proof_required.
func OppMove(d Deal, step string) (string, error) {
	_, underway := oppNext[d.Stage]
	underway = underway || d.Stage == OppNegotiation
	switch {
	case step == OppAdvance && oppNext[d.Stage] != "":
		return oppNext[d.Stage], nil
	case step == OppWin && d.Stage == OppNegotiation && d.Major && !d.Decided:
		return "", Problem{Code: "opportunity.major_undecided"}
	case step == OppWin && d.Stage == OppNegotiation && !d.Proof:
		return "", Problem{Code: "opportunity.proof_required"}
	case step == OppWin && d.Stage == OppNegotiation:
		return OppWon, nil
	case step == OppLose && underway:
		return OppLost, nil
	case step == OppSuspend && underway:
		return OppSuspended, nil
	case step == OppResume && d.Stage == OppSuspended:
		return d.Before, nil
	}
	return "", Problem{Code: "opportunity.state", Params: map[string]any{"from": d.Stage, "action": step}}
}
