package orders

import (
	"context"
	"encoding/json/jsontext"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// begin judges who acts and where the action leads.
func (b book) begin(ctx context.Context, app core.App, order *core.Record, action string) error {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return gate.Refuse("order.not_owner")
	}
	account, err := app.FindRecordById("accounts", accountOf(order))
	if err != nil {
		return err
	}
	next, err := domain.OrderMove(stateOf(order), action, standing(actor, order, account))
	if err != nil {
		return gate.WrapError(err)
	}
	setState(order, next)
	return nil
}

// submit takes no args. All prices are computed anew, whatever the phone showed.
func (b book) submit(ctx context.Context, txApp core.App, order *core.Record, raw jsontext.Value) error {
	if err := b.begin(ctx, txApp, order, domain.OrderSubmit); err != nil {
		return err
	}
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	count, err := txApp.CountRecords(lines, dbx.HashExp{"order": order.Id})
	if err != nil {
		return err
	}
	if count == 0 {
		return gate.Refuse("order.empty")
	}
	server := gate.AsServer(ctx)
	if err := b.reprice(server, txApp, order); err != nil {
		return err
	}
	linesFen, taxFen, err := sums(txApp, order.Id)
	if err != nil {
		return err
	}
	setTotals(order, linesFen, taxFen)
	flagPriceChange(order)
	order.Set("submitted_at", b.now())
	return txApp.SaveWithContext(server, order)
}

// approve takes no args.
func (b book) approve(ctx context.Context, txApp core.App, order *core.Record, raw jsontext.Value) error {
	return b.decide(ctx, txApp, order, domain.OrderApprove, raw, false)
}

// reject args: {reason}.
func (b book) reject(ctx context.Context, txApp core.App, order *core.Record, raw jsontext.Value) error {
	return b.decide(ctx, txApp, order, domain.OrderReject, raw, true)
}

// cancel args: {reason}.
func (b book) cancel(ctx context.Context, txApp core.App, order *core.Record, raw jsontext.Value) error {
	return b.decide(ctx, txApp, order, domain.OrderCancel, raw, true)
}

func (b book) decide(ctx context.Context, txApp core.App, order *core.Record, action string, raw jsontext.Value, needsReason bool) error {
	if err := b.begin(ctx, txApp, order, action); err != nil {
		return err
	}
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if needsReason && strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("order.reason_required")
	}
	setDecision(order, gate.Of(ctx).User.Id, b.now(), args.Reason)
	return txApp.SaveWithContext(gate.AsServer(ctx), order)
}
