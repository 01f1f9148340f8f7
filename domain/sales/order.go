package sales

import (
	"satchel/domain"
)

// States of an order.
const (
	OrderDraft     = "draft"
	OrderSubmitted = "submitted"
	OrderApproved  = "approved"
	OrderRejected  = "rejected"
	OrderCancelled = "cancelled"
)

// Actions on an order.
const (
	OrderSubmit  = "submit"
	OrderApprove = "approve"
	OrderReject  = "reject"
	OrderCancel  = "cancel"
)

// OrderMachine is the life of an order (R4.9). The owner withdraws what was not
// approved, a superior cancels what was.
var OrderMachine = domain.Machine{
	Collection: "orders",
	States:     []string{OrderDraft, OrderSubmitted, OrderApproved, OrderRejected, OrderCancelled},
	Refusal:    "order.state",
	Steps: []domain.Step{
		{
			Action: OrderSubmit, From: []string{OrderDraft}, To: []string{OrderSubmitted}, By: []domain.Party{domain.PartyOwner}, Stranger: "order.not_owner",
			Leads: []string{"lines are priced anew"},
		},
		{Action: OrderApprove, From: []string{OrderSubmitted}, To: []string{OrderApproved}, By: []domain.Party{domain.PartySuperior}, Stranger: "order.not_superior"},
		{Action: OrderReject, From: []string{OrderSubmitted}, To: []string{OrderRejected}, By: []domain.Party{domain.PartySuperior}, Stranger: "order.not_superior"},
		{Action: OrderCancel, From: []string{OrderDraft, OrderSubmitted}, To: []string{OrderCancelled}, By: []domain.Party{domain.PartyOwner}, Stranger: "order.not_owner"},
		{Action: OrderCancel, From: []string{OrderApproved}, To: []string{OrderCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "order.not_superior"},
	},
}
