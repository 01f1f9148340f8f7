package invoices

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// paperStored makes a row of a paper whose bytes have come to be stored, in the
// transaction that says so. A row that names the paper already is given to read; a list
// of goods is none of its own.
func paperStored(e *kit.Change[records.Blob]) error {
	was := !e.Row.IsNew() && isStored(e.Before())
	if err := e.Next(); err != nil {
		return err
	}
	if !isPaper(e.Row) || !isStored(e.Row) || was {
		return nil
	}
	rows, err := records.Invoices.All(e.App, "blob = {:blob} OR goods_list = {:blob}", dbx.Params{"blob": e.Row.ID()}, "")
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		row, err := records.Invoices.New(e.App)
		if err != nil {
			return err
		}
		row.SetBlob(e.Row.ID())
		row.SetOwner(e.Row.Owner())
		rows = []records.Invoice{row}
	}
	ctx := gate.AsServer(contextOf(e.Context))
	for _, row := range rows {
		if row.PaperState() != "" || row.Blob() != e.Row.ID() {
			continue
		}
		setPaper(row, expense.PaperPending, "")
		if err := e.App.SaveWithContext(ctx, row.Raw()); err != nil {
			return fmt.Errorf("save the invoice of a paper: %w", err)
		}
	}
	return nil
}

// alike judges the invoices on two papers again that turn out to look the same: papers are
// compared when their bytes have come, invoices may have been judged before.
func (s *Service) alike(e *kit.Change[records.PhotoMatch]) error {
	if err := e.Next(); err != nil {
		return err
	}
	rows, err := records.Invoices.All(e.App, "blob IN ({:a}, {:b}) AND state <> 'released'", dbx.Params{"a": e.Row.Blob(), "b": e.Row.Other()}, "")
	if err != nil {
		return err
	}
	return again(contextOf(e.Context), e.App, rows)
}

// contextOf is an event's context; saves without one have none.
func contextOf(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
