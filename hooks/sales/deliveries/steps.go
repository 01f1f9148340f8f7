package deliveries

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// moment is when a phone says that a step was taken.
type moment struct {
	At    time.Time             `json:"at"`
	Clock *domain.ClockEvidence `json:"clock"`
}

// read corrects a moment by what is known of the phone's clock; it is never before
// what went before it.
func (b book) read(ctx context.Context, tx core.App, said moment, before time.Time) (time.Time, error) {
	reading, err := b.ReadClock(ctx, tx, said.At, said.Clock)
	if err != nil || !reading.At.Before(before) {
		return reading.At, err
	}
	return before, nil
}

type dispatchArgs struct {
	At         time.Time             `json:"at"`
	Clock      *domain.ClockEvidence `json:"clock"`
	Carrier    string                `json:"carrier"`
	TrackingNo string                `json:"tracking_no"`
}

// dispatch lets the goods leave.
func (b book) dispatch(ctx context.Context, tx core.App, delivery records.Delivery, args dispatchArgs) error {
	at, err := b.read(ctx, tx, moment{args.At, args.Clock}, time.Time{})
	if err != nil {
		return err
	}
	delivery.SetDispatchedAt(at)
	if args.Carrier != "" {
		delivery.SetCarrier(args.Carrier)
	}
	if args.TrackingNo != "" {
		delivery.SetTrackingNo(args.TrackingNo)
	}
	return b.tell(ctx, tx, "delivery.dispatched", linkOf(delivery), map[string]any{"no": delivery.No()}, delivery.Owner())
}

// taken is what the customer took of a line; a line that is not named was taken whole.
type taken struct {
	Line          records.DeliveryLineID `json:"line"`
	AcceptedMilli *int64                 `json:"accepted_milli"` // all of it if it is not said
	Lot           string                 `json:"lot"`
}

type deliverArgs struct {
	Lines       []taken               `json:"lines"`
	Quality     string                `json:"quality"` // good or damaged; good if empty
	QualityNote string                `json:"quality_note"`
	SignedBy    string                `json:"signed_by"` // delivery.signature_required
	SignedBlob  records.BlobID        `json:"signed_blob"`
	DeliveredAt time.Time             `json:"delivered_at"`
	Clock       *domain.ClockEvidence `json:"clock"`
}

// deliver counts what the customer took and signed for.
func (b book) deliver(ctx context.Context, tx core.App, delivery records.Delivery, args deliverArgs) error {
	order, err := records.Orders.Require(tx, delivery.Order())
	if err != nil {
		return err
	}
	if !in(order, sales.DeliveryArrivesFor) {
		return gate.Refuse(sales.DeliveryOrderState, "from", order.State())
	}
	if err := sign(ctx, tx, delivery, args); err != nil {
		return err
	}
	at, err := b.read(ctx, tx, moment{args.DeliveredAt, args.Clock}, delivery.DispatchedAt())
	if err != nil {
		return err
	}
	short, fen, err := take(ctx, tx, delivery, args.Lines)
	if err != nil {
		return err
	}
	delivery.SetDeliveredAt(at)
	delivery.SetLate(sales.Late(order.PromisedOn(), domain.BusinessDay(at)))
	delivery.SetShort(short)
	delivery.SetAmountFen(fen)
	delivery.SetBy(records.UserID(gate.Of(ctx).Author().Id))
	delivery.SetReason("")
	if err := b.arrived(ctx, tx, order, delivery); err != nil {
		return err
	}
	return b.tellDelivered(ctx, tx, delivery)
}

// sign holds a delivery to who signed for it, and to the paper.
func sign(ctx context.Context, tx core.App, delivery records.Delivery, args deliverArgs) error {
	paper, err := gate.SettingsNow(tx).DeliverySignature()
	if err != nil {
		return err
	}
	if strings.TrimSpace(args.SignedBy) == "" || paper && args.SignedBlob == "" {
		return gate.Refuse("delivery.signature_required")
	}
	quality := records.DeliveryQuality(args.Quality)
	switch quality {
	case "":
		quality = "good"
	case "good", "damaged":
	default:
		return gate.RefuseField(records.DeliveryColQuality, "args.invalid")
	}
	delivery.SetQuality(quality)
	delivery.SetQualityNote(args.QualityNote)
	delivery.SetSignedBy(args.SignedBy)
	if args.SignedBlob == "" {
		return nil
	}
	delivery.SetSignedBlob(args.SignedBlob)
	return showGoods(ctx, tx, records.DeliveryColSignedBlob, delivery.Account(), true, args.SignedBlob)
}

// because is why something did not come about: delivery.reason_required.
type because struct {
	Reason string `json:"reason"`
}

// refuse ends a delivery that the customer did not take.
func (b book) refuse(ctx context.Context, tx core.App, delivery records.Delivery, args because) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("delivery.reason_required")
	}
	delivery.SetReason(args.Reason)
	delivery.SetBy(records.UserID(gate.Of(ctx).Author().Id))
	return b.tell(ctx, tx, "delivery.refused", linkOf(delivery), map[string]any{"no": delivery.No(), "reason": args.Reason}, delivery.Owner(), delivery.Manager())
}

// cancel takes a delivery back.
func (b book) cancel(ctx context.Context, tx core.App, delivery records.Delivery, args because) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("delivery.reason_required")
	}
	delivery.SetReason(args.Reason)
	return b.tell(ctx, tx, "delivery.cancelled", linkOf(delivery), map[string]any{"no": delivery.No(), "reason": args.Reason}, delivery.Owner())
}

// tellDelivered tells the order's owner what came, and his manager what was late or short.
func (b book) tellDelivered(ctx context.Context, tx core.App, delivery records.Delivery) error {
	params := map[string]any{"no": delivery.No()}
	if err := b.tell(ctx, tx, "delivery.delivered", linkOf(delivery), params, delivery.Owner()); err != nil {
		return err
	}
	for kind, so := range map[string]bool{"delivery.late": delivery.Late(), "delivery.short": delivery.Short()} {
		if so {
			if err := b.tell(ctx, tx, kind, linkOf(delivery), params, delivery.Owner(), delivery.Manager()); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell tells people of a document, but nobody of what he does himself.
func (b book) tell(ctx context.Context, tx core.App, kind, link string, params map[string]any, whom ...records.UserID) error {
	for _, user := range whom {
		if actor := gate.Of(ctx).User; actor != nil && string(user) == actor.Id {
			continue
		}
		if err := gate.Notify(ctx, tx, b.Now(), gate.Notice{User: string(user), Kind: kind, Params: params, Link: link}); err != nil {
			return err
		}
	}
	return nil
}

func linkOf(delivery records.Delivery) string {
	return records.DeliveryTable + "/" + string(delivery.ID())
}
