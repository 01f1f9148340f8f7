package orders

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// promise is what logistics answers to an approved order.
type promise struct {
	PromisedOn string `json:"promised_on"`
	ExternalNo string `json:"external_no"`
	Note       string `json:"note"`
}

// confirm promises the day of delivery (H-ORD-4).
func (b *Book) confirm(_ context.Context, _ core.App, order records.Order, args promise) error {
	if !domain.IsPlausibleDay(args.PromisedOn) || args.PromisedOn < domain.BusinessDay(b.now()) {
		return gate.RefuseField(records.OrderColPromisedOn, "order.promised_invalid")
	}
	order.SetPromisedOn(args.PromisedOn)
	order.SetExternalNo(args.ExternalNo)
	order.SetReason(args.Note)
	order.SetConfirmedAt(b.now())
	return nil
}

// because is why somebody takes a step.
type because struct {
	Reason string `json:"reason"`
}

// needed is a reason that must be given: order.reason_required.
func (r because) needed() error {
	if strings.TrimSpace(r.Reason) == "" {
		return gate.Refuse("order.reason_required")
	}
	return nil
}

// release lets goods leave, if the account may still have them, or has no more
// than finance saw: order.credit_release. Finance releases in spite of it, with a reason.
func (b *Book) release(ctx context.Context, tx core.App, order records.Order, args because) error {
	order.SetReason(args.Reason)
	now, reasons, err := b.credit(tx, order)
	if err != nil || len(reasons) == 0 {
		return err
	}
	if records.Users.Of(gate.Of(ctx).User).Role() == people.RoleFinance {
		order.SetCredit(now)
		return args.needed()
	}
	asked, err := order.RouteReasons()
	if err != nil {
		return err
	}
	seen, err := order.Credit()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(asked, ofCredit) && now.OpenFen-now.LimitFen <= seen.OpenFen-seen.LimitFen && now.OverdueFen <= seen.OverdueFen {
		return nil
	}
	return gate.Refuse("order.credit_release") // logistics sees no credit
}

// closeShort drops what is not delivered: that it came short, and whether on time,
// is written with the state. An order of which nothing was delivered is cancelled.
func (b *Book) closeShort(_ context.Context, _ core.App, order records.Order, args because) error {
	order.SetReason(args.Reason)
	if order.State() == sales.OrderCancelled {
		order.SetCancelledAt(b.now())
	}
	return args.needed()
}

// underWay finds out whether goods of an order have left and not arrived.
func underWay(_ context.Context, tx core.App, order records.Order) (func(string) bool, error) {
	n, err := records.Deliveries.Count(tx, `"order" = {:o} AND state = 'dispatched'`, dbx.Params{"o": order.ID()})
	return func(guard string) bool { return guard == sales.OrderUnderWay && n == 0 }, err
}

// signature is the customer's.
type signature struct {
	Name string         `json:"name"`
	Blob records.BlobID `json:"blob"`
}

// accept notes that the customer has what he ordered.
func (b *Book) accept(ctx context.Context, tx core.App, order records.Order, args signature) error {
	if strings.TrimSpace(args.Name) == "" {
		return gate.RefuseField("name", "order.signature_required")
	}
	_, found, err := gate.PaperOf(ctx, tx, order.Account(), args.Blob)
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField("blob", "order.signature_required")
	}
	order.SetAcceptedBy(args.Name)
	order.SetAcceptBlob(args.Blob)
	order.SetAcceptedAt(b.now())
	return nil
}

// cancel ends an order; whoever decides on it is asked no longer.
func (b *Book) cancel(_ context.Context, _ core.App, order records.Order, args because) error {
	order.SetReason(args.Reason)
	order.SetCancelledAt(b.now())
	return args.needed()
}
