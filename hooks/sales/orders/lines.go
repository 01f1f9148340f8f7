package orders

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// lineSaved prices a line of its owner's draft.
func (b book) lineSaved(e *kit.Change[records.OrderLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	order, found, err := records.Orders.Find(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.OrderLineColOrder, "record.not_found")
	}
	if err := mustOwn(e, order); err != nil {
		return err
	}
	e.Row.SetAccount(order.Account())
	e.Row.SetOwner(order.Owner())
	e.Row.SetDept(order.Dept())
	list, err := b.listFor(e.App, order)
	if err != nil {
		return err
	}
	if err := price(e.App, list, e.Row); err != nil {
		return err
	}
	return e.Next()
}

func lineDelete(e *kit.Change[records.OrderLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	order, found, err := records.Orders.Find(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if found { // else the order goes, and its lines with it
		if err := mustOwn(e, order); err != nil {
			return err
		}
	}
	return e.Next()
}

func mustOwn(e *kit.Change[records.OrderLine], order records.Order) error {
	if author := gate.From(e.RecordEvent).Author(); author != nil && string(order.Owner()) != author.Id {
		return gate.Refuse("order.not_owner")
	}
	return nil
}

// retotal keeps an order's totals equal to the sums of its lines.
func retotal(e *kit.Change[records.OrderLine]) error {
	if err := e.Next(); err != nil {
		return err
	}
	order, found, err := records.Orders.Find(e.App, e.Row.Order())
	if err != nil || !found { // the order goes, and its lines with it
		return err
	}
	changed, err := setTotals(e.App, order)
	if err != nil || !changed {
		return err
	}
	return e.App.SaveNoValidateWithContext(gate.AsServer(e.Context), order.Raw())
}

// setTotals adds up an order's lines and reports whether that changes it.
func setTotals(app core.App, order records.Order) (changed bool, err error) {
	var lines, tax int
	err = app.DB().NewQuery(`SELECT COALESCE(SUM(line_fen), 0), COALESCE(SUM(tax_fen), 0) FROM order_lines WHERE "order" = {:o}`).
		Bind(dbx.Params{"o": order.ID()}).Row(&lines, &tax)
	if err != nil || order.LinesFen() == lines && order.TaxFen() == tax {
		return false, err
	}
	order.SetLinesFen(lines)
	order.SetTaxFen(tax)
	order.SetTotalFen(lines + tax)
	return true, nil
}
