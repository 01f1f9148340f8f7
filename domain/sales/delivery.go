package sales

import (
	"slices"

	"satchel/domain"
)

// States of a delivery.
const (
	DeliveryPlanned    = "planned"
	DeliveryDispatched = "dispatched"
	DeliveryDelivered  = "delivered"
	DeliveryRefused    = "refused"
	DeliveryCancelled  = "cancelled"
)

// Actions on a delivery.
const (
	DeliveryDispatch = "dispatch"
	DeliveryDeliver  = "deliver"
	DeliveryRefuse   = "refuse"
	DeliveryCancel   = "cancel"
)

// Guards of a delivery's steps.
const (
	DeliveryOrderState = "delivery.order_state" // the order's goods may leave
	DeliveryEmpty      = "delivery.empty"       // it has lines
)

const deliveryStranger = "delivery.not_party"

// DeliveryMachine is the life of a delivery (R4.12): logistics sends it, and who
// hands it over, a driver or the account's rep, has it signed.
var DeliveryMachine = domain.Machine{
	Collection: "deliveries",
	States:     []string{DeliveryPlanned, DeliveryDispatched, DeliveryDelivered, DeliveryRefused, DeliveryCancelled},
	Refusal:    "delivery.state",
	Locked:     "delivery.locked",
	Steps: []domain.Step{
		{
			Action: DeliveryDispatch, From: []string{DeliveryPlanned}, To: []string{DeliveryDispatched}, By: []domain.Party{domain.PartyOffice}, Stranger: deliveryStranger,
			Guards: []string{DeliveryOrderState, DeliveryEmpty}, Leads: []string{"the order's owner is told"},
		},
		{
			Action: DeliveryDeliver, From: []string{DeliveryDispatched}, To: []string{DeliveryDelivered}, By: []domain.Party{domain.PartyOffice, domain.PartyTeam}, Stranger: deliveryStranger,
			Leads: []string{"what the customer took counts for the order", "the order is delivered, in part or whole"},
		},
		{
			Action: DeliveryRefuse, From: []string{DeliveryDispatched}, To: []string{DeliveryRefused}, By: []domain.Party{domain.PartyOffice, domain.PartyTeam}, Stranger: deliveryStranger,
			Leads: []string{"its goods may be sent again"},
		},
		{
			Action: DeliveryCancel, From: []string{DeliveryPlanned, DeliveryDispatched}, To: []string{DeliveryCancelled}, By: []domain.Party{domain.PartyOffice}, Stranger: deliveryStranger,
			Leads: []string{"its goods may be sent again"},
		},
	},
}

// States of an order, as deliveries see them.
var (
	DeliveryPlannable    = []string{OrderConfirmed, OrderProcessing, OrderPartlyDelivered} // a delivery is planned
	DeliveryOrderStates  = []string{OrderProcessing, OrderPartlyDelivered}                 // its goods leave
	DeliveredOrderStates = []string{OrderDelivered, OrderAccepted, OrderSettled}           // nothing leaves any more
	DeliveryArrivesFor   = slices.Concat(DeliveryOrderStates, DeliveredOrderStates)        // what left before arrives
)

// CheckMilli judges a quantity in thousandths: at least so much, at most
// MaxQtyMilli, and of whole steps, if there are any. The problem has the code given.
func CheckMilli(code string, qty, least, step int64) error {
	if qty < least || qty > MaxQtyMilli || step > 0 && qty%step != 0 {
		return domain.Problem{Code: code, Params: map[string]any{"qty_milli": qty, "step_milli": step}}
	}
	return nil
}

// CheckDelivered refuses to deliver more of a line than was ordered and not cut:
// delivery.too_much {line, left}.
func CheckDelivered(line string, ordered, done, qty int64) error {
	if left := ordered - done; qty > left {
		return domain.Problem{Code: "delivery.too_much", Params: map[string]any{"line": line, "left": max(left, 0)}}
	}
	return nil
}

// Late reports whether goods came after the day that was promised, if one was.
func Late(promised, day string) bool { return promised != "" && day > promised }

// OnTimeInFull is how an order was delivered: on time if nothing came after the
// promised day, in full if nothing is left. last is the day of the last delivery,
// "" if nothing came.
func OnTimeInFull(promised, last string, left int64) (onTime, inFull bool) {
	return last != "" && !Late(promised, last), left == 0
}

// OTIF counts the orders that were promised in a period.
type OTIF struct {
	Orders int `json:"orders"`
	OnTime int `json:"on_time"`
	InFull int `json:"in_full"`
	Both   int `json:"otif"`
}

// Add counts an order.
func (o *OTIF) Add(onTime, inFull bool) {
	o.Orders++
	if onTime {
		o.OnTime++
	}
	if inFull {
		o.InFull++
	}
	if onTime && inFull {
		o.Both++
	}
}

// OTIFMonth is the month for which an order counts, that of the day promised, and
// whether it counts by a day: one that is open counts, as failed, once its day is over.
func OTIFMonth(promised, today string, delivered bool) (month string, counts bool) {
	if promised == "" || !delivered && promised >= today {
		return "", false
	}
	return promised[:len("2006-01")], true
}
