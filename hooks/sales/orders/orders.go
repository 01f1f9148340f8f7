// Package orders binds the rules of orders: what they cost, who is asked about
// them, and their way to the customer.
package orders

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what orders ask of other areas.
type Config struct {
	gate.Config
	// Offers is all that goods cost an account on a day, but for promotions.
	Offers func(app core.App, account records.AccountID, tier, day string, products []string) (pricing.Input, error)
	// Promotions are those in force for an account on a day; Hold takes an order's
	// part of them in place of what it held, GiveBack returns it. Nil: there are none.
	Promotions func(app core.App, account records.Account, day string) ([]pricing.Promotion, error)
	Hold       func(ctx context.Context, tx core.App, order records.Order, uses []pricing.Use) error
	GiveBack   func(ctx context.Context, tx core.App, order records.Order) error
	// Credit is what an account may still order, one order aside.
	Credit func(tx core.App, account records.AccountID, except records.OrderID) (sales.Credit, error)
}

// Book is the area's state.
type Book struct {
	Config
	now func() time.Time
}

// New makes the book of orders.
func New(cfg Config) *Book { return &Book{cfg, cfg.Now} }

// Area is what orders are.
func (b *Book) Area() kit.Area {
	return kit.Area{
		Name:        "orders",
		Collections: []kit.Collection{b.orders(), b.lines(), events()},
		Actions: []kit.Action{
			kit.Do(records.Orders, sales.OrderConfirm, b.confirm),
			kit.Do(records.Orders, sales.OrderRelease, b.release),
			kit.Guarded(records.Orders, kit.Do(records.Orders, sales.OrderCloseShort, b.closeShort), underWay),
			kit.Do(records.Orders, sales.OrderAccept, b.accept),
			kit.Do(records.Orders, sales.OrderCancel, b.cancel),
			kit.Do(records.Orders, sales.OrderCopy, b.copyLines),
		},
		Approvals: []kit.Approval{b.review()},
		Jobs:      []gate.Job{{Name: "orderSteps", Schedule: "*/15 * * * *", Run: b.remind}},
		Routes:    []kit.Route{{Method: http.MethodPost, Path: "/api/ka/orders/{id}/quote", Run: b.quote}},
	}
}

func (b *Book) orders() kit.Collection {
	return kit.Collection{
		Name:    records.OrderTable,
		Machine: &sales.OrderMachine,
		Parties: kit.Parties(records.Orders, parties),
		Owned:   &kit.Owned{Stranger: "order.not_owner", NoAccount: "order.account_required"},
		Server: []string{
			records.OrderColLate, records.OrderColReleasedBy, records.OrderColFormerNo, records.OrderColCopiedFrom, records.OrderColReason,
			records.OrderColLinesFen, records.OrderColTaxFen, records.OrderColTotalFen, records.OrderColDiscFen, records.OrderColAcceptedTotalFen,
			records.OrderColPriceChanged, records.OrderColPricedOn, records.OrderColDayBasis, records.OrderColRouteReasons, records.OrderColCredit,
			records.OrderColDecidedBy, records.OrderColDecidedAt, records.OrderColReleased, records.OrderColStepDept, records.OrderColStepDueAt, records.OrderColStepToldAt,
			records.OrderColSubmittedAt, records.OrderColConfirmedAt, records.OrderColDeliveredAt, records.OrderColAcceptedAt, records.OrderColSettledAt,
			records.OrderColCancelledAt, records.OrderColPromisedOn, records.OrderColExternalNo, records.OrderColDeliveredFen, records.OrderColReturnedFen,
			records.OrderColPaidFen, records.OrderColOnTime, records.OrderColInFull, records.OrderColAcceptBlob, records.OrderColAcceptedBy,
		},
		Once: []string{records.OrderColNo},
		Audit: gate.Audit{Fields: []string{
			records.OrderColState, records.OrderColTotalFen, records.OrderColPromisedOn, records.OrderColRouteReasons, records.OrderColReason,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Orders, "orderCreate", orderCreate),
			kit.On(kit.Update, records.Orders, "orderUpdate", orderUpdate),
			kit.On(kit.Update, records.Orders, "orderMoved", b.moved),
		},
	}
}

func (b *Book) lines() kit.Collection {
	return kit.Collection{
		Name: records.OrderLineTable,
		Server: []string{
			records.OrderLineColAccount, records.OrderLineColOwner, records.OrderLineColDept, records.OrderLineColLate, records.OrderLineColReleasedBy,
			records.OrderLineColPriceFen, records.OrderLineColTaxBp, records.OrderLineColLineFen, records.OrderLineColTaxFen, records.OrderLineColBaseMilli,
			records.OrderLineColList, records.OrderLineColTaxIncluded, records.OrderLineColPromoFen, records.OrderLineColWhy, records.OrderLineColFree,
			records.OrderLineColPromotion, records.OrderLineColCutMilli, records.OrderLineColDeliveredMilli, records.OrderLineColReturnedMilli,
			records.OrderLineColReleased,
		},
		Once:   []string{records.OrderLineColOrder},
		Within: &kit.Within{Field: records.OrderLineColOrder, Parent: records.OrderTable, Open: []string{sales.OrderDraft}, Refusal: "order.locked"},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.OrderLines, "orderLineCreate", b.lineSaved),
			kit.On(kit.Update, records.OrderLines, "orderLineUpdate", b.lineSaved),
			kit.On(kit.Delete, records.OrderLines, "orderLineDelete", lineDelete),
		},
	}
}

// parties is what the actor is to an order; nobody approves his own. Finance has
// a part in the release alone.
func parties(ctx context.Context, tx core.App, order records.Order) (out []domain.Party, err error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	user := records.Users.Of(actor.User)
	if user.Role() == people.RoleOps || user.Role() == people.RoleFinance && kit.StepOf(ctx).Action == sales.OrderRelease {
		out = append(out, domain.PartyOffice)
	}
	account, err := records.Accounts.Require(tx, order.Account())
	if err != nil {
		return nil, err
	}
	switch {
	case string(order.Owner()) == actor.Author().Id:
		out = append(out, domain.PartyOwner)
	case account.Manager() == user.ID(), gate.Heads(actor.User, string(order.Dept())):
		out = append(out, domain.PartySuperior)
	}
	return out, nil
}

// orderCreate holds a draft to a visit of its account, and to days that are some.
func orderCreate(e *kit.Change[records.Order]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := checkDraft(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// orderUpdate holds a changed draft to the same; all else is locked (H-LOCK).
func orderUpdate(e *kit.Change[records.Order]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if e.Before().State() != sales.OrderDraft {
		return gate.Refuse("order.locked", "from", e.Before().State())
	}
	if err := checkDraft(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// checkDraft refuses a visit at another account, and a total that is none.
func checkDraft(app core.App, order records.Order) error {
	if shown := int64(order.ShownTotalFen()); shown < 0 || shown > pricing.MaxFen {
		return gate.RefuseField(records.OrderColShownTotalFen, "order.amount_too_large")
	}
	if order.Visit() == "" || order.Visit() == order.Original().Visit() {
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
