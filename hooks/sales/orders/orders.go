// Package orders binds the rules of orders: their lines, prices and decisions,
// and the price lists.
package orders

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// book knows today.
type book struct{ now func() time.Time }

// Area is what orders are.
func Area(cfg gate.Config) kit.Area {
	b := book{now: cfg.Now}
	return kit.Area{
		Name: "orders",
		Collections: []kit.Collection{
			{
				Name:    records.OrderTable,
				Machine: &sales.OrderMachine,
				Parties: kit.Parties(records.Orders, parties),
				Owned:   &kit.Owned{Stranger: "order.not_owner", NoAccount: "order.account_required"},
				Server: []string{
					records.OrderColLate, records.OrderColReleasedBy,
					records.OrderColLinesFen, records.OrderColTaxFen, records.OrderColTotalFen, records.OrderColPriceChanged,
					records.OrderColSubmittedAt, records.OrderColReason,
				},
				Once:  []string{records.OrderColNo},
				Audit: gate.Audit{Fields: []string{records.OrderColState, records.OrderColTotalFen}},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.Orders, "orderCreate", b.orderCreate),
					kit.On(kit.Update, records.Orders, "orderUpdate", b.orderUpdate),
				},
			},
			{
				Name: records.OrderLineTable,
				Server: []string{
					records.OrderLineColAccount, records.OrderLineColOwner, records.OrderLineColDept, records.OrderLineColLate, records.OrderLineColReleasedBy,
					records.OrderLineColPriceFen, records.OrderLineColTaxBp, records.OrderLineColLineFen, records.OrderLineColTaxFen,
				},
				Once:   []string{records.OrderLineColOrder},
				Within: &kit.Within{Field: records.OrderLineColOrder, Parent: records.OrderTable, Open: []string{sales.OrderDraft}, Refusal: "order.locked"},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.OrderLines, "orderLineCreate", b.lineSaved),
					kit.On(kit.Update, records.OrderLines, "orderLineUpdate", b.lineSaved),
					kit.On(kit.Delete, records.OrderLines, "orderLineDelete", lineDelete),
					kit.On(kit.CreateExecute, records.OrderLines, "orderLineAdded", retotal),
					kit.On(kit.UpdateExecute, records.OrderLines, "orderLineChanged", retotal),
					kit.On(kit.DeleteExecute, records.OrderLines, "orderLineRemoved", retotal),
				},
			},
			priceLists(),
			priceItems(),
		},
		Actions: []kit.Action{
			kit.Do(records.Orders, sales.OrderSubmit, b.submit),
			kit.Do(records.Orders, sales.OrderApprove, b.decide),
			kit.Do(records.Orders, sales.OrderReject, b.refuse),
			kit.Do(records.Orders, sales.OrderCancel, b.refuse),
		},
	}
}

// parties is what the actor is to an order; nobody approves his own.
func parties(ctx context.Context, tx core.App, order records.Order) ([]domain.Party, error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	account, err := records.Accounts.Require(tx, order.Account())
	if err != nil {
		return nil, err
	}
	user := records.Users.Of(actor.User)
	switch {
	case string(order.Owner()) == actor.Author().Id:
		return []domain.Party{domain.PartyOwner}, nil
	case account.Manager() == user.ID(), gate.Heads(actor.User, string(order.Dept())):
		return []domain.Party{domain.PartySuperior}, nil
	}
	return nil, nil
}

// orderCreate holds a draft to a price list and a visit of its account.
func (b book) orderCreate(e *kit.Change[records.Order]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := checkVisit(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// orderUpdate holds a changed draft to the same; all else is locked.
func (b book) orderUpdate(e *kit.Change[records.Order]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	before := e.Before()
	if before.State() != sales.OrderDraft {
		return gate.Refuse("order.locked")
	}
	if e.Row.Visit() != before.Visit() {
		if err := checkVisit(e.App, e.Row); err != nil {
			return err
		}
	}
	return e.Next()
}

// checkVisit refuses a visit at another account.
func checkVisit(app core.App, order records.Order) error {
	if order.Visit() == "" {
		return nil
	}
	visit, found, err := records.Visits.Find(app, order.Visit())
	if err != nil {
		return err
	}
	if !found || visit.Account() != order.Account() {
		return gate.RefuseField(records.OrderColVisit, "record.not_found")
	}
	return nil
}
