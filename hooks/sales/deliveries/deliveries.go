// Package deliveries binds the rules of deliveries and returns: what leaves, what
// the customer took and signed, what comes back, and whether orders were
// delivered on time and in full.
package deliveries

import (
	"context"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// book knows today.
type book struct{ gate.Config }

// Area is what deliveries and returns are.
func Area(cfg gate.Config) kit.Area {
	b := book{cfg}
	return kit.Area{
		Name: "deliveries",
		Collections: []kit.Collection{
			{
				Name:    records.DeliveryTable,
				Machine: &sales.DeliveryMachine,
				Parties: kit.Parties(records.Deliveries, deliveryParties),
				Server: []string{
					records.DeliveryColAccount, records.DeliveryColOwner, records.DeliveryColManager, records.DeliveryColDept, records.DeliveryColNo,
					records.DeliveryColDispatchedAt, records.DeliveryColDeliveredAt, records.DeliveryColLate, records.DeliveryColShort,
					records.DeliveryColQuality, records.DeliveryColQualityNote, records.DeliveryColSignedBlob, records.DeliveryColSignedBy,
					records.DeliveryColAmountFen, records.DeliveryColBy, records.DeliveryColReason,
				},
				Once: []string{records.DeliveryColOrder},
				Within: &kit.Within{
					Field: records.DeliveryColOrder, Parent: records.OrderTable, Open: sales.DeliveryPlannable, Refusal: sales.DeliveryOrderState,
				},
				Audit: gate.Audit{Fields: []string{records.DeliveryColState, records.DeliveryColAmountFen}, Create: true},
				Rules: []kit.Rule{kit.On(kit.Create, records.Deliveries, "deliveryCreate", b.deliveryCreate)},
			},
			{
				Name: records.DeliveryLineTable,
				Server: []string{
					records.DeliveryLineColAccount, records.DeliveryLineColOwner, records.DeliveryLineColManager, records.DeliveryLineColDept,
					records.DeliveryLineColProduct, records.DeliveryLineColAcceptedMilli, records.DeliveryLineColAmountFen, records.DeliveryLineColTaxFen,
				},
				Once: []string{records.DeliveryLineColDelivery, records.DeliveryLineColLine},
				Within: &kit.Within{
					Field: records.DeliveryLineColDelivery, Parent: records.DeliveryTable, Open: []string{sales.DeliveryPlanned}, Refusal: "delivery.locked",
				},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.DeliveryLines, "deliveryLineCreate", deliveryLineSaved),
					kit.On(kit.Update, records.DeliveryLines, "deliveryLineUpdate", deliveryLineSaved),
				},
			},
			b.returns(),
			returnLines(),
			{
				Name:  records.OrderTable,
				Rules: []kit.Rule{kit.On(kit.Update, records.Orders, "orderDelivered", b.orderDelivered)},
			},
		},
		Actions: []kit.Action{
			kit.Guarded(records.Deliveries, kit.Do(records.Deliveries, sales.DeliveryDispatch, b.dispatch), deliveryGuards),
			kit.Do(records.Deliveries, sales.DeliveryDeliver, b.deliver),
			kit.Do(records.Deliveries, sales.DeliveryRefuse, b.refuse),
			kit.Do(records.Deliveries, sales.DeliveryCancel, b.cancel),
			kit.Do(records.Returns, sales.ReturnRequest, b.requestReturn),
			kit.Do(records.Returns, sales.ReturnApprove, b.approveReturn),
			kit.Do(records.Returns, sales.ReturnReject, b.rejectReturn),
			kit.Do(records.Returns, sales.ReturnReceive, b.receiveReturn),
			kit.Do(records.Returns, sales.ReturnCancel, b.cancelReturn),
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/otif", Run: b.answerOTIF}},
	}
}

// logistics reports whether somebody is of those who deliver.
func logistics(user *core.Record) bool {
	return user != nil && records.Users.Of(user).Role() == people.RoleOps
}

// deliveryParties is what the actor is to a delivery: of logistics, or of those who
// serve the account and may hand it over.
func deliveryParties(ctx context.Context, tx core.App, delivery records.Delivery) (by []domain.Party, err error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	if logistics(actor.User) {
		return []domain.Party{domain.PartyOffice}, nil
	}
	account, err := records.Accounts.Require(tx, delivery.Account())
	if err != nil {
		return nil, err
	}
	if id := records.UserID(actor.Author().Id); id == account.Owner() || id == account.Manager() || id == delivery.Owner() {
		by = append(by, domain.PartyTeam)
	}
	return by, nil
}

// deliveryGuards is what must hold of a delivery that leaves.
func deliveryGuards(_ context.Context, tx core.App, delivery records.Delivery) (func(string) bool, error) {
	order, err := records.Orders.Require(tx, delivery.Order())
	if err != nil {
		return nil, err
	}
	lines, err := records.DeliveryLines.Count(tx, "delivery = {:d}", dbx.Params{"d": delivery.ID()})
	if err != nil {
		return nil, err
	}
	return func(guard string) bool {
		switch guard {
		case sales.DeliveryOrderState:
			return in(order, sales.DeliveryOrderStates)
		case sales.DeliveryEmpty:
			return lines > 0
		}
		return false
	}, nil
}

// deliveryCreate takes whose a delivery is, and its number, from its order.
func (b book) deliveryCreate(e *kit.Change[records.Delivery]) error {
	order, found, err := records.Orders.Find(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.DeliveryColOrder, "record.not_found")
	}
	e.Row.SetAccount(order.Account())
	e.Row.SetOwner(order.Owner())
	e.Row.SetManager(order.Manager())
	e.Row.SetDept(order.Dept())
	if e.Row.No() == "" {
		no, err := nextNo(e.App, records.DeliveryTable, records.DeliveryColOrder, order, "D")
		if err != nil {
			return err
		}
		e.Row.SetNo(no)
	}
	return e.Next()
}
