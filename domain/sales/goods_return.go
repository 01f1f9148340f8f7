package sales

import (
	"slices"

	"satchel/domain"
)

// States of a return.
const (
	ReturnDraft     = "draft"
	ReturnRequested = "requested"
	ReturnApproved  = "approved"
	ReturnRejected  = "rejected"
	ReturnReturned  = "returned"
	ReturnCancelled = "cancelled"
)

// Actions on a return.
const (
	ReturnRequest = "request"
	ReturnApprove = "approve"
	ReturnReject  = "reject"
	ReturnReceive = "receive"
	ReturnCancel  = "cancel"
)

// Kinds of a return.
const (
	ReturnForCredit   = "return"
	ReturnForExchange = "exchange"
)

// ReturnMachine is the life of a return (R4.12): the rep asks with the reason, his
// superior decides, logistics takes the goods. Only then it counts.
var ReturnMachine = domain.Machine{
	Collection: "returns",
	States:     []string{ReturnDraft, ReturnRequested, ReturnApproved, ReturnRejected, ReturnReturned, ReturnCancelled},
	Refusal:    "return.state",
	Locked:     "return.locked",
	Steps: []domain.Step{
		{
			Action: ReturnRequest, From: []string{ReturnDraft}, To: []string{ReturnRequested}, By: []domain.Party{domain.PartyOwner}, Stranger: "return.not_owner",
			Leads: []string{"its lines are worth what they were sold for", "the manager is told"},
		},
		{
			Action: ReturnApprove, From: []string{ReturnRequested}, To: []string{ReturnApproved}, By: []domain.Party{domain.PartySuperior}, Stranger: "return.not_superior",
			Leads: []string{"logistics sees it", "its owner is told"},
		},
		{
			Action: ReturnReject, From: []string{ReturnRequested}, To: []string{ReturnRejected}, By: []domain.Party{domain.PartySuperior}, Stranger: "return.not_superior",
			Leads: []string{"its owner is told"},
		},
		{
			Action: ReturnReceive, From: []string{ReturnApproved}, To: []string{ReturnReturned}, By: []domain.Party{domain.PartyOffice}, Stranger: "return.not_ops",
			Leads: []string{"the account owes less", "an exchange makes the draft of an order", "its owner is told"},
		},
		{Action: ReturnCancel, From: []string{ReturnDraft, ReturnRequested}, To: []string{ReturnCancelled}, By: []domain.Party{domain.PartyOwner}, Stranger: "return.not_owner"},
		{
			Action: ReturnCancel, From: []string{ReturnApproved}, To: []string{ReturnCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "return.not_superior",
			Leads: []string{"the goods stay with the customer", "its owner is told"},
		},
	},
}

// ReturnOpenStates are those in which a return holds quantities that no other may have.
var ReturnOpenStates = []string{ReturnRequested, ReturnApproved}

// ReturnOrderStates are those of an order of which goods come back.
var ReturnOrderStates = []string{OrderPartlyDelivered, OrderDelivered, OrderAccepted, OrderSettled}

// ReturnNeedsPhoto reports whether a cause is to be seen.
func ReturnNeedsPhoto(cause string) bool {
	return slices.Contains([]string{"damaged", "expired", "wrong"}, cause)
}

// CheckReturned refuses to take back more of a line than was delivered and has not
// come back, or is not about to: return.too_much {line, left}. qty is above zero.
func CheckReturned(line string, delivered, returned, qty int64) error {
	if left := delivered - returned; qty > left {
		return domain.Problem{Code: "return.too_much", Params: map[string]any{"line": line, "left": max(left, 0)}}
	}
	return nil
}
