package deliveries

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// in reports whether an order is in one of some states.
func in(order records.Order, states []string) bool {
	return slices.Contains(states, string(order.State()))
}

// nextNo is the number of the next document of a kind that points at an order: KA1-D3.
func nextNo(app core.App, table, column string, order records.Order, kind string) (string, error) {
	var taken []string
	err := app.DB().Select("no").From(table).Where(dbx.HashExp{column: order.ID()}).Column(&taken)
	if err != nil {
		return "", fmt.Errorf("read the numbers of %s: %w", table, err)
	}
	prefix, last := order.No()+"-"+kind, 0
	for _, no := range taken {
		if n, err := strconv.Atoi(strings.TrimPrefix(no, prefix)); err == nil {
			last = max(last, n)
		}
	}
	return prefix + strconv.Itoa(last+1), nil
}

// toDeliver is how much of an order's line is to be delivered.
func toDeliver(line records.OrderLine) int64 { return int64(line.QtyMilli() - line.CutMilli()) }

// amountsOf is what an order's line comes to.
func amountsOf(line records.OrderLine) pricing.Amounts {
	return pricing.Amounts{
		PromoFen: int64(line.PromoFen()), LineFen: int64(line.LineFen()), TaxFen: int64(line.TaxFen()), TotalFen: int64(line.LineFen() + line.TaxFen()),
	}
}

// stepOf is the least part of a line that may be moved: a whole pack, or the
// product's own step.
func stepOf(app core.App, line records.OrderLine) (int64, error) {
	if line.Unit() != "" {
		return 1000, nil
	}
	product, err := records.Products.Require(app, line.Product())
	if err != nil {
		return 0, err
	}
	return int64(product.StepMilli()), nil
}

// lineOf finds the line of an order that a document's line points at.
func lineOf(app core.App, id records.OrderLineID, order records.OrderID) (records.OrderLine, error) {
	line, found, err := records.OrderLines.Find(app, id)
	if err == nil && (!found || line.Order() != order) {
		err = gate.RefuseField(records.DeliveryLineColLine, "record.not_found")
	}
	return line, err
}

// deliveryLineSaved holds a planned line to what is left of the order's.
func deliveryLineSaved(e *kit.Change[records.DeliveryLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	delivery, found, err := records.Deliveries.Find(e.App, e.Row.Delivery())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.DeliveryLineColDelivery, "record.not_found")
	}
	line, err := lineOf(e.App, e.Row.Line(), delivery.Order())
	if err != nil {
		return err
	}
	step, err := stepOf(e.App, line)
	if err != nil {
		return err
	}
	if err := sales.CheckMilli("delivery.quantity_invalid", int64(e.Row.QtyMilli()), 1, step); err != nil {
		return gate.WrapError(err)
	}
	var open int64
	err = e.App.DB().NewQuery(`SELECT COALESCE(SUM(l.qty_milli), 0) FROM delivery_lines l JOIN deliveries d ON d.id = l.delivery
		WHERE l.line = {:line} AND l.id <> {:id} AND d.state IN ('planned', 'dispatched')`).
		Bind(dbx.Params{"line": line.ID(), "id": e.Row.ID()}).Row(&open)
	if err != nil {
		return fmt.Errorf("count what is to be delivered: %w", err)
	}
	if err := sales.CheckDelivered(string(line.ID()), toDeliver(line), int64(line.DeliveredMilli())+open, int64(e.Row.QtyMilli())); err != nil {
		return gate.WrapError(err)
	}
	e.Row.SetAccount(delivery.Account())
	e.Row.SetOwner(delivery.Owner())
	e.Row.SetManager(delivery.Manager())
	e.Row.SetDept(delivery.Dept())
	e.Row.SetProduct(line.Product())
	return e.Next()
}
