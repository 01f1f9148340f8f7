package orders

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// reasonDiscount is why a superior is asked, beside those of credit.
const reasonDiscount = "discount"

// review is how orders are approved: by nobody without a reason, by the manager
// for a discount, by him and finance for credit.
func (b *Book) review() kit.Approval {
	return kit.Approval{
		Collection: records.OrderTable,
		States: kit.States{
			Draft: sales.OrderDraft, Submitted: sales.OrderSubmitted, Approved: sales.OrderApproved, Rejected: sales.OrderRejected, Returned: sales.OrderDraft,
		},
		Open:       []string{sales.OrderCreditReview},
		Oversight:  people.RoleFinance,
		Title:      func(subject *core.Record) string { return records.Orders.Of(subject).No() },
		Submit:     kit.Carrying(b.submit),
		Route:      route,
		Snapshot:   snapshot,
		Decide:     kit.Carrying(b.cut),
		OnApproved: b.approved,
	}
}

// route asks by the reasons that the submit found.
func route(_ core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	reasons, err := records.Orders.Of(subject).RouteReasons()
	if err != nil || len(reasons) == 0 {
		return nil, err
	}
	steps := []people.ApprovalStep{{Key: "manager", By: people.BySuperior}}
	if slices.ContainsFunc(reasons, ofCredit) {
		steps = append(steps, people.ApprovalStep{Key: "finance", By: people.ByRole, Role: people.RoleFinance, Any: true, State: sales.OrderCreditReview})
	}
	return steps, nil
}

func ofCredit(reason string) bool { return strings.HasPrefix(reason, "credit_") }

// reasons says why somebody is to be asked about an order, which is priced.
func (b *Book) reasons(tx core.App, w *whole) error {
	limit, err := gate.SettingsNow(tx).OrderRepDiscountBp()
	if err != nil {
		return err
	}
	credit, reasons, err := b.credit(tx, w.order)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(w.lines, func(line records.OrderLine) bool { return line.DiscBp() > limit }) {
		reasons = append(reasons, reasonDiscount)
	}
	w.order.SetCredit(credit)
	w.order.SetRouteReasons(reasons)
	return nil
}

// credit is what the account may order beside an order, and what speaks against it.
func (b *Book) credit(tx core.App, order records.Order) (credit sales.Credit, reasons []string, err error) {
	if credit, err = b.Credit(tx, order.Account(), order.ID()); err != nil {
		return credit, nil, err
	}
	required, err := gate.SettingsNow(tx).OrderCreditRequired()
	if err != nil {
		return credit, nil, err
	}
	return credit, credit.Reasons(int64(order.TotalFen()), required), nil
}

// approved lets an order through whose credit finance has seen, or which needs
// none: what changed since the submit is refused, and the rep hands it in again.
func (b *Book) approved(_ context.Context, tx core.App, subject *core.Record) error {
	order := records.Orders.Of(subject)
	asked, err := order.RouteReasons()
	if err != nil || len(asked) == 0 { // the submit has just looked
		return err
	}
	credit, reasons, err := b.credit(tx, order)
	if err != nil {
		return err
	}
	if len(reasons) > 0 && !slices.ContainsFunc(asked, ofCredit) {
		return exceeded(order, credit, reasons)
	}
	order.SetCredit(credit)
	return nil
}

func exceeded(order records.Order, credit sales.Credit, reasons []string) error {
	return gate.Refuse("order.credit_exceeded", "limit", credit.LimitFen, "open", credit.OpenFen, "overdue", credit.OverdueFen,
		"total", order.TotalFen(), "reasons", reasons)
}

// snapshot is what is signed of an order: what it is, with its lines, and the credit
// that its account had, which the order itself shows nobody.
func snapshot(tx core.App, subject *core.Record) (map[string]any, error) {
	order := records.Orders.Of(subject)
	w, err := read(tx, order)
	if err != nil {
		return nil, err
	}
	credit, err := order.Credit()
	if err != nil {
		return nil, err
	}
	var lines []map[string]any
	for _, line := range slices.Concat(w.lines, w.free) {
		lines = append(lines, map[string]any{
			"id": line.ID(), "product": line.Product(), "unit": line.Unit(), "qty_milli": line.QtyMilli(), "cut_milli": line.CutMilli(),
			"disc_bp": line.DiscBp(), "price_fen": line.PriceFen(), "promo_fen": line.PromoFen(), "line_fen": line.LineFen(), "tax_fen": line.TaxFen(),
			"free": line.Free(), "comment": line.Comment(),
		})
	}
	return map[string]any{
		"no": order.No(), "account": order.Account(), "ship_to": order.ShipTo(), "wanted_on": order.WantedOn(), "note": order.Note(),
		"lines_fen": order.LinesFen(), "tax_fen": order.TaxFen(), "total_fen": order.TotalFen(), "disc_fen": order.DiscFen(), "lines": lines,
		"credit": credit,
	}, nil
}

// cuts are what a decision on an order carries.
type cuts struct {
	Lines []struct {
		Line     records.OrderLineID `json:"line"`
		QtyMilli int                 `json:"qty_milli"`
		Comment  string              `json:"comment"`
	} `json:"lines"`
}

// cut lowers quantities while somebody approves; all is priced anew, and never
// comes to more than before.
func (b *Book) cut(ctx context.Context, tx core.App, subject *core.Record, args cuts) error {
	if kit.StepOf(ctx).Action != people.ApprovalApprove {
		return gate.Refuse("order.cut_invalid")
	}
	order := records.Orders.Of(subject)
	w, err := read(tx, order)
	if err != nil {
		return err
	}
	for _, c := range args.Lines {
		i := slices.IndexFunc(w.lines, func(line records.OrderLine) bool { return line.ID() == c.Line })
		if i < 0 || c.QtyMilli < 0 || c.QtyMilli > w.lines[i].QtyMilli()-w.lines[i].CutMilli() {
			return gate.Refuse("order.cut_invalid", "line", c.Line)
		}
		w.lines[i].SetCutMilli(w.lines[i].QtyMilli() - c.QtyMilli)
		if c.Comment != "" {
			w.lines[i].SetComment(c.Comment)
		}
	}
	if b.GiveBack != nil { // so that its own part counts again
		if err := b.GiveBack(ctx, tx, order); err != nil {
			return err
		}
	}
	before := int64(order.TotalFen())
	d := day{on: order.PricedOn(), basis: string(order.DayBasis()), arrived: order.PricedOn(), pulled: order.PricedOn()}
	if err := b.priceWhole(tx, w, &d); err != nil {
		return err
	}
	if now := w.result.Totals.TotalFen; now > before {
		return gate.Refuse("order.total_rose", "shown", before, "now", now, "lines", []any{})
	}
	if len(w.result.Lines) == 0 {
		return gate.Refuse("order.empty")
	}
	if err := w.save(ctx, tx); err != nil || b.Hold == nil {
		return err
	}
	return b.Hold(ctx, tx, order, w.result.Uses)
}
