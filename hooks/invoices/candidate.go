package invoices

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// paperStored makes a row of a paper whose bytes have come to be stored, in the
// transaction that says so. A row that names the paper already is given to read.
func (s *Service) paperStored(e *core.RecordEvent) error {
	paper, before := blob{e.Record}, blob{e.Record.Original()}
	was := !e.Record.IsNew() && before.stored()
	if err := e.Next(); err != nil {
		return err
	}
	if !paper.isPaper() || !paper.stored() || was {
		return nil
	}
	ctx := e.Context
	if ctx == nil {
		ctx = context.Background()
	}
	ctx = gate.AsServer(ctx)
	rows, err := e.App.FindAllRecords(collection, dbx.HashExp{"blob": paper.Id})
	if err != nil {
		return fmt.Errorf("failed to find the invoice of a paper: %w", err)
	}
	if len(rows) == 0 {
		coll, err := e.App.FindCachedCollectionByNameOrId(collection)
		if err != nil {
			return err
		}
		record := core.NewRecord(coll)
		record.Set("blob", paper.Id)
		invoice{record}.setOwner(paper.owner())
		invoice{record}.setPaper(domain.PaperPending, "")
		return e.App.SaveWithContext(ctx, record)
	}
	for _, record := range rows {
		if row := (invoice{record}); row.paperState() == "" {
			row.setPaper(domain.PaperPending, "")
			if err := e.App.SaveWithContext(ctx, record); err != nil {
				return err
			}
		}
	}
	return nil
}
