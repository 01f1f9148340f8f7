package orders

import (
	"context"
	"slices"
	"strings"

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
func (b *book) confirm(_ context.Context, _ core.App, order records.Order, args promise) error {
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
// than finance saw. Finance releases in spite of it, with a reason.
func (b *book) release(ctx context.Context, tx core.App, order records.Order, args because) error {
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
	return exceeded(order, now, reasons)
}

// closeShort drops what is not delivered: that it came short, and whether on time,
// is written with the state.
func closeShort(_ context.Context, _ core.App, order records.Order, args because) error {
	order.SetReason(args.Reason)
	return args.needed()
}

// signature is the customer's.
type signature struct {
	Name string         `json:"name"`
	Blob records.BlobID `json:"blob"`
}

// accept notes that the customer has what he ordered.
func (b *book) accept(ctx context.Context, tx core.App, order records.Order, args signature) error {
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
func (b *book) cancel(_ context.Context, _ core.App, order records.Order, args because) error {
	order.SetReason(args.Reason)
	order.SetCancelledAt(b.now())
	return args.needed()
}

// copied names the draft that is to be made.
type copied struct {
	ID records.OrderID `json:"id"` // by the phone that makes it; else the server's
	No string          `json:"no"`
}

// copyLines makes a draft of what was rejected or cancelled. Lines without a
// price of today come along without one.
func (b *book) copyLines(ctx context.Context, tx core.App, order records.Order, args copied) error {
	author := gate.Of(ctx).Author()
	team, err := gate.TeamOf(tx, string(order.Account()))
	if err != nil {
		return err
	}
	if !team.Serves(author) {
		return gate.Refuse("record.not_allowed")
	}
	draft, err := records.Orders.New(tx)
	if err != nil {
		return err
	}
	if args.ID != "" {
		draft.Raw().Id = string(args.ID)
	}
	draft.SetNo(args.No)
	draft.SetAccount(order.Account())
	draft.SetOwner(order.Owner())
	draft.SetManager(records.UserID(team.Manager))
	draft.SetDept(records.DepartmentID(team.Dept))
	draft.SetCopiedFrom(order.ID())
	draft.SetShipTo(order.ShipTo())
	draft.SetNote(order.Note())
	server := gate.AsServer(ctx)
	if err := tx.SaveWithContext(server, draft.Raw()); err != nil {
		return err
	}
	w, err := read(tx, order)
	if err != nil {
		return err
	}
	of := head{draft.ID(), draft.Owner(), draft.Account(), draft.Dept(), string(w.account.Tier())}
	for _, line := range w.lines {
		next, err := records.OrderLines.New(tx)
		if err != nil {
			return err
		}
		next.SetOrder(draft.ID())
		next.SetAccount(draft.Account())
		next.SetOwner(draft.Owner())
		next.SetDept(draft.Dept())
		next.SetProduct(line.Product())
		next.SetUnit(line.Unit())
		next.SetQtyMilli(line.QtyMilli())
		next.SetDiscBp(line.DiscBp())
		next.SetComment(line.Comment())
		if err := b.price(tx, of, next); err != nil && domain.CodeOf(err) == "" {
			return err
		}
		if err := tx.SaveWithContext(server, next.Raw()); err != nil {
			return err
		}
	}
	return b.note(ctx, tx, order, sales.OrderCopy, string(order.State()), map[string]any{"order": draft.ID()})
}
