package invoices

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// papersOf are the paper of an invoice and its list of goods.
func papersOf(row records.Invoice) (ids []records.BlobID) {
	for _, id := range []records.BlobID{row.Blob(), row.GoodsList()} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// showPapers lets those see the papers of invoices who see any invoice on them.
func showPapers(ctx context.Context, tx core.App, rows ...records.Invoice) error {
	var papers []records.BlobID
	for _, row := range rows {
		papers = append(papers, papersOf(row)...)
	}
	if len(papers) == 0 {
		return nil
	}
	ids, err := json.Marshal(papers)
	if err != nil {
		return fmt.Errorf("name papers: %w", err)
	}
	of := dbx.Params{"ids": string(ids)}
	var decide []struct {
		Paper records.BlobID `db:"paper"`
		User  records.UserID `db:"user"`
	}
	err = tx.DB().NewQuery(`WITH p AS (SELECT DISTINCT value AS id FROM json_each({:ids})),
			s AS (SELECT p.id, i.reviewers FROM p CROSS JOIN invoices i ON i.blob = p.id UNION ALL SELECT p.id, i.reviewers FROM p CROSS JOIN invoices i ON i.goods_list = p.id)
		SELECT DISTINCT s.id AS paper, r.value AS user FROM s, json_each(IIF(json_valid(s.reviewers), s.reviewers, '[]')) r`).Bind(of).All(&decide)
	if err != nil {
		return fmt.Errorf("read who decides: %w", err)
	}
	seen := map[records.BlobID][]records.UserID{}
	for _, d := range decide {
		seen[d.Paper] = append(seen[d.Paper], d.User)
	}
	blobs, err := records.Blobs.All(tx, "id IN (SELECT value FROM json_each({:ids}))", of, "id")
	if err != nil {
		return err
	}
	raw := make([]*core.Record, len(blobs))
	for i, paper := range blobs {
		paper.SetReviewers(sortedOnce(seen[paper.ID()]))
		raw[i] = paper.Raw()
	}
	return gate.SaveMany(ctx, tx, raw)
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
		row.SetReviewers(sortedOnce(of.seen[row.ID()]))
	}
	if err := saveMany(contextOf(e.Context), e.App, rows); err != nil {
		return err
	}
	return showPapers(contextOf(e.Context), e.App, rows...)
}
