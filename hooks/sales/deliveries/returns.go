package deliveries

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (b book) returns() kit.Collection {
	return kit.Collection{
		Name:    records.ReturnTable,
		Machine: &sales.ReturnMachine,
		Parties: kit.Parties(records.Returns, returnParties),
		Owned:   &kit.Owned{Stranger: "return.not_owner", NoAccount: "return.account_required"},
		Server: []string{
			records.ReturnColNo, records.ReturnColAmountFen, records.ReturnColGiftDue, records.ReturnColGiftFen, records.ReturnColReleased, records.ReturnColRequestedAt,
			records.ReturnColDecidedBy, records.ReturnColDecidedAt, records.ReturnColReason, records.ReturnColReturnedAt, records.ReturnColExchange,
		},
		Once:  []string{records.ReturnColOrder},
		Audit: gate.Audit{Fields: []string{records.ReturnColState, records.ReturnColAmountFen}},
		Rules: []kit.Rule{kit.On(kit.Create, records.Returns, "returnCreate", b.returnCreate)},
	}
}

func returnLines() kit.Collection {
	return kit.Collection{
		Name: records.ReturnLineTable,
		Server: []string{
			records.ReturnLineColAccount, records.ReturnLineColOwner, records.ReturnLineColManager, records.ReturnLineColDept, records.ReturnLineColProduct,
			records.ReturnLineColLineFen, records.ReturnLineColTaxFen, records.ReturnLineColPromoFen, records.ReturnLineColAmountFen, records.ReturnLineColReleased,
		},
		Once: []string{records.ReturnLineColReturnDoc, records.ReturnLineColLine},
		Within: &kit.Within{
			Field: records.ReturnLineColReturnDoc, Parent: records.ReturnTable, Open: []string{sales.ReturnDraft}, Refusal: "return.locked",
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ReturnLines, "returnLineCreate", returnLineSaved),
			kit.On(kit.Update, records.ReturnLines, "returnLineUpdate", returnLineSaved),
			kit.On(kit.Delete, records.ReturnLines, "returnLineDelete", returnLineRemoved),
		},
	}
}

// returnParties is what the actor is to a return: its owner, his superior, who
// never decides his own, or of logistics.
func returnParties(ctx context.Context, tx core.App, back records.Return) ([]domain.Party, error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	if string(back.Owner()) == actor.Author().Id {
		return []domain.Party{domain.PartyOwner}, nil
	}
	if logistics(actor.User) {
		return []domain.Party{domain.PartyOffice}, nil
	}
	account, err := records.Accounts.Require(tx, back.Account())
	if err != nil {
		return nil, err
	}
	if string(account.Manager()) == actor.User.Id || gate.Heads(actor.User, string(back.Dept())) {
		return []domain.Party{domain.PartySuperior}, nil
	}
	return nil, nil
}

// returnCreate takes a return of an order of its account, and gives it its number.
func (b book) returnCreate(e *kit.Change[records.Return]) error {
	order, found, err := records.Orders.Find(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if !found || !gate.ByServer(e.RecordEvent) && order.Account() != e.Row.Account() {
		return gate.RefuseField(records.ReturnColOrder, "record.not_found")
	}
	if e.Row.No() == "" {
		no, err := nextNo(e.App, records.ReturnTable, records.ReturnColOrder, order, "R")
		if err != nil {
			return err
		}
		e.Row.SetNo(no)
	}
	return e.Next()
}

// draftOf finds the return that a line is a part of, which must be the author's.
func draftOf(e *kit.Change[records.ReturnLine]) (back records.Return, found bool, err error) {
	back, found, err = records.Returns.Find(e.App, e.Row.ReturnDoc())
	if author := gate.From(e.RecordEvent).Author(); err == nil && found && author != nil && string(back.Owner()) != author.Id {
		err = gate.Refuse("return.not_owner")
	}
	return back, found, err
}

// returnLineSaved holds a line to what was delivered of the order's: it is below
// zero, as all of its figures are.
func returnLineSaved(e *kit.Change[records.ReturnLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	back, found, err := draftOf(e)
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.ReturnLineColReturnDoc, "record.not_found")
	}
	line, err := lineOf(e.App, e.Row.Line(), back.Order())
	if err != nil {
		return err
	}
	if err := checkReturned(e.App, back.ID(), line, -int64(e.Row.QtyMilli())); err != nil {
		return err
	}
	e.Row.SetAccount(back.Account())
	e.Row.SetOwner(back.Owner())
	e.Row.SetManager(back.Manager())
	e.Row.SetDept(back.Dept())
	e.Row.SetProduct(line.Product())
	return e.Next()
}

func returnLineRemoved(e *kit.Change[records.ReturnLine]) error {
	if !gate.ByServer(e.RecordEvent) {
		if _, _, err := draftOf(e); err != nil {
			return err
		}
	}
	return e.Next()
}

// checkReturned refuses more of a line than was delivered, came back, and is about
// to by other returns.
func checkReturned(app core.App, but records.ReturnID, line records.OrderLine, qty int64) error {
	step, err := stepOf(app, line)
	if err != nil {
		return err
	}
	if err := sales.CheckMilli("return.quantity_invalid", qty, 1, step); err != nil {
		return gate.WrapError(err)
	}
	var open int64
	err = app.DB().NewQuery(`SELECT COALESCE(SUM(-l.qty_milli), 0) FROM return_lines l JOIN returns r ON r.id = l.return_doc
		WHERE l.line = {:line} AND r.id <> {:but} AND r.state IN ('requested', 'approved')`).
		Bind(dbx.Params{"line": line.ID(), "but": but}).Row(&open)
	if err != nil {
		return fmt.Errorf("count what is to come back: %w", err)
	}
	return gate.WrapError(sales.CheckReturned(string(line.ID()), int64(line.DeliveredMilli()), int64(line.ReturnedMilli())+open, qty))
}
