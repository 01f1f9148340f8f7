package orders

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// submit hands the order in: it has lines and its list still holds. All lines
// are priced anew and the totals computed.
func (b book) submit(ctx context.Context, tx core.App, order records.Order, _ kit.None) error {
	count, err := records.OrderLines.Count(tx, `"order" = {:o}`, dbx.Params{"o": order.ID()})
	if err != nil {
		return err
	}
	if count == 0 {
		return gate.Refuse("order.empty")
	}
	if err := b.reprice(gate.AsServer(ctx), tx, order); err != nil {
		return err
	}
	if _, err := setTotals(tx, order); err != nil {
		return err
	}
	shown := order.ShownTotalFen()
	order.SetPriceChanged(shown != 0 && shown != order.TotalFen())
	order.SetSubmittedAt(b.now())
	return nil
}

// decision is what is said with a decision.
type decision struct {
	Reason string `json:"reason"`
}

// decide signs an order's decision.
func (b book) decide(_ context.Context, _ core.App, order records.Order, args decision) error {
	order.SetReason(args.Reason)
	return nil
}

// refuse is a decision that needs a reason: order.reason_required.
func (b book) refuse(ctx context.Context, tx core.App, order records.Order, args decision) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("order.reason_required")
	}
	return b.decide(ctx, tx, order, args)
}
