package sales

import (
	"satchel/domain"
)

// MaxQtyMilli bounds a quantity, as pricing does.
const MaxQtyMilli = 1_000_000_000

// Goods are what a line of an order asks for.
type Goods struct {
	Product, Unit    string
	QtyMilli, DiscBp int
	Comment          string
}

// States of an order (R4.11, R4.12).
const (
	OrderDraft           = "draft"
	OrderSubmitted       = "submitted"     // a superior looks at it
	OrderCreditReview    = "credit_review" // finance looks at it
	OrderApproved        = "approved"
	OrderRejected        = "rejected"
	OrderConfirmed       = "confirmed" // logistics promised a day
	OrderProcessing      = "processing"
	OrderPartlyDelivered = "partly_delivered"
	OrderDelivered       = "delivered"
	OrderAccepted        = "accepted" // by the customer's signature
	OrderSettled         = "settled"
	OrderCancelled       = "cancelled"
)

// Steps of an order. Submit, withdraw and the decisions belong to approvals.
const (
	OrderSubmit     = "submit"
	OrderWithdraw   = "withdraw"
	OrderReview     = "review"    // its chain came to another department
	OrderPass       = "pass"      // its chain passed
	OrderSendBack   = "send_back" // its chain returned it
	OrderReject     = "reject"    // its chain rejected it
	OrderConfirm    = "confirm"
	OrderRelease    = "release"
	OrderDeliver    = "deliver" // a part, or the rest
	OrderCloseShort = "close_short"
	OrderAccept     = "accept"
	OrderSettle     = "settle"
	OrderReopen     = "reopen" // a receipt did not hold
	OrderCancel     = "cancel"
	OrderCopy       = "copy"
)

// OrderUnderWay is the guard of an order of which nothing is on its way.
const OrderUnderWay = "order.under_way"

var (
	orderOwner    = []domain.Party{domain.PartyOwner}
	orderSuperior = []domain.Party{domain.PartySuperior}
	orderOps      = []domain.Party{domain.PartyOffice}
)

// OrderMachine is the life of an order. Its lines are locked from the submit on
// (H-LOCK): what is wrong is cancelled and copied.
var OrderMachine = domain.Machine{
	Collection: "orders",
	States: []string{
		OrderDraft, OrderSubmitted, OrderCreditReview, OrderApproved, OrderRejected, OrderConfirmed,
		OrderProcessing, OrderPartlyDelivered, OrderDelivered, OrderAccepted, OrderSettled, OrderCancelled,
	},
	Refusal: "order.state",
	Steps: []domain.Step{
		{
			Action: OrderSubmit, From: []string{OrderDraft}, To: []string{OrderSubmitted, OrderCreditReview, OrderApproved}, By: orderOwner, Stranger: "approval.not_author", Refusal: "approval.state",
			Leads: []string{"all is priced, with promotions", "credit is checked", "without a reason to ask anybody it is approved"},
		},
		{Action: OrderWithdraw, From: []string{OrderSubmitted, OrderCreditReview}, To: []string{OrderDraft}, By: orderOwner, Stranger: "approval.not_author", Refusal: "approval.state"},
		{Action: OrderReview, From: []string{OrderSubmitted}, To: []string{OrderCreditReview}},
		{Action: OrderPass, From: []string{OrderSubmitted, OrderCreditReview}, To: []string{OrderApproved}, Leads: []string{"logistics sees it"}},
		{Action: OrderSendBack, From: []string{OrderSubmitted, OrderCreditReview}, To: []string{OrderDraft}, Leads: []string{"it takes nothing of a promotion"}},
		{Action: OrderReject, From: []string{OrderSubmitted, OrderCreditReview}, To: []string{OrderRejected}, Leads: []string{"it takes nothing of a promotion"}},
		{Action: OrderConfirm, From: []string{OrderApproved}, To: []string{OrderConfirmed}, By: orderOps, Stranger: "order.not_ops"},
		{Action: OrderRelease, From: []string{OrderConfirmed}, To: []string{OrderProcessing}, By: orderOps, Stranger: "order.not_ops", Leads: []string{"credit is checked again"}},
		{Action: OrderDeliver, From: []string{OrderProcessing, OrderPartlyDelivered}, To: []string{OrderPartlyDelivered, OrderDelivered}},
		{Action: OrderCloseShort, From: []string{OrderPartlyDelivered}, To: []string{OrderDelivered}, By: orderOps, Stranger: "order.not_ops", Leads: []string{"the rest is dropped"}},
		{
			Action: OrderCloseShort, From: []string{OrderProcessing}, To: []string{OrderCancelled}, By: orderOps, Stranger: "order.not_ops",
			Guards: []string{OrderUnderWay}, Leads: []string{"nothing was delivered: it takes nothing of a promotion"},
		},
		{Action: OrderAccept, From: []string{OrderDelivered}, To: []string{OrderAccepted}, By: orderOwner, Stranger: "order.not_owner"},
		{Action: OrderSettle, From: []string{OrderDelivered, OrderAccepted}, To: []string{OrderSettled}, Leads: []string{"all that was delivered is paid"}},
		{Action: OrderReopen, From: []string{OrderSettled}, To: []string{OrderDelivered, OrderAccepted}, Leads: []string{"a receipt was reversed"}},
		{
			Action: OrderCancel, From: []string{OrderDraft, OrderSubmitted, OrderCreditReview}, To: []string{OrderCancelled}, By: orderOwner, Stranger: "order.not_owner",
			Leads: []string{"it takes nothing of a promotion", "its chain ends"},
		},
		{
			Action: OrderCancel, From: []string{OrderApproved, OrderConfirmed}, To: []string{OrderCancelled}, By: orderSuperior, Stranger: "order.not_superior",
			Leads: []string{"it takes nothing of a promotion"},
		},
		{Action: OrderCopy, From: []string{OrderRejected, OrderCancelled}, By: orderOwner, Stranger: "order.not_owner", Leads: []string{"a new draft has its lines"}},
	},
}

// OrderWaitsFor is the kind of department that a state waits for; its time is
// the setting order.step_hours.
var OrderWaitsFor = map[string]string{
	OrderSubmitted: "ka", OrderCreditReview: "finance", OrderApproved: "logistics", OrderConfirmed: "logistics",
	OrderProcessing: "logistics", OrderPartlyDelivered: "logistics", OrderDelivered: "ka", OrderAccepted: "finance",
}

// OrderReleased reports whether a state is one in which logistics has the order.
func OrderReleased(state string) bool {
	switch state {
	case OrderApproved, OrderConfirmed, OrderProcessing, OrderPartlyDelivered, OrderDelivered, OrderAccepted, OrderSettled:
		return true
	}
	return false
}
