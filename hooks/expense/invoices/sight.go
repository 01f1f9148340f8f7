package invoices

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// show lets those see an invoice, and its paper, who decide or decided on a claim that
// uses it.
func show(ctx context.Context, tx core.App, row records.Invoice, seen []records.UserID) error {
	row.SetReviewers(sortedOnce(seen))
	for _, id := range papersOf(row) {
		if err := showPaper(ctx, tx, row, id); err != nil {
			return err
		}
	}
	return nil
}

// papersOf are the paper of an invoice and its list of goods.
func papersOf(row records.Invoice) (ids []records.BlobID) {
	for _, id := range []records.BlobID{row.Blob(), row.GoodsList()} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func showPaper(ctx context.Context, tx core.App, row records.Invoice, id records.BlobID) error {
	paper, found, err := records.Blobs.Find(tx, id)
	if err != nil || !found {
		return err
	}
	others, err := reviewersOf(tx, `SELECT DISTINCT r.value FROM invoices i, json_each(IIF(json_valid(i.reviewers), i.reviewers, '[]')) r
		WHERE (i.blob = {:id} OR i.goods_list = {:id}) AND i.id <> {:not}`, string(paper.ID()), string(row.ID()))
	if err != nil {
		return err
	}
	paper.SetReviewers(sortedOnce(append(others, row.Reviewers()...)))
	return gate.SaveChanged(ctx, tx, paper.Raw())
}

func reviewersOf(app core.App, query string, id ...string) (out []records.UserID, err error) {
	bind := dbx.Params{"id": id[0]}
	if len(id) > 1 {
		bind["not"] = id[1]
	}
	if err := app.DB().NewQuery(query).Bind(bind).Column(&out); err != nil {
		return nil, fmt.Errorf("read who decides: %w", err)
	}
	return out, nil
}

func sortedOnce(users []records.UserID) []records.UserID {
	slices.Sort(users)
	return slices.Compact(users)
}

// claimShown lets those who have come to decide on a claim see its invoices, and those
// who do not any more not.
func (s *Service) claimShown(e *kit.Change[records.ExpenseClaim]) error {
	_, changed := gate.Difference(e.Record, []string{records.ExpenseClaimColReviewers})
	if err := e.Next(); err != nil || len(changed) == 0 || e.Row.IsNew() {
		return err
	}
	rows, err := invoicesUsed(e.App, e.Row.ID(), expense.UseActive, expense.UsePaid, expense.UseReleased)
	if err != nil {
		return err
	}
	of, err := knownUses(e.App, e.Row.ID())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := show(contextOf(e.Context), e.App, row, of.seen[row.ID()]); err != nil {
			return err
		}
	}
	return storeReviewers(e.App, rows)
}

// storeReviewers writes who sees invoices past their rules, which say nothing of it.
func storeReviewers(app core.App, rows []records.Invoice) error {
	same := map[string][]records.InvoiceID{}
	for _, row := range rows {
		if gate.HasChanged(row.Raw()) {
			all, err := row.Raw().DBExport(app)
			if err != nil {
				return fmt.Errorf("read who sees an invoice: %w", err)
			}
			text := fmt.Sprint(all[records.InvoiceColReviewers])
			same[text] = append(same[text], row.ID())
		}
	}
	for reviewers, ids := range same {
		which, err := json.Marshal(ids)
		if err != nil {
			return fmt.Errorf("name invoices: %w", err)
		}
		_, err = app.DB().NewQuery("UPDATE invoices SET reviewers = {:reviewers}, updated = {:now} WHERE id IN (SELECT value FROM json_each({:ids}))").
			Bind(dbx.Params{"reviewers": reviewers, "now": types.NowDateTime().String(), "ids": string(which)}).Execute()
		if err != nil {
			return fmt.Errorf("show invoices: %w", err)
		}
	}
	return nil
}
