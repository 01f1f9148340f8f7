package invoices

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// papersOf are the papers of invoices and their lists of goods.
func papersOf(rows ...records.Invoice) (ids []records.BlobID) {
	for _, row := range rows {
		for _, id := range []records.BlobID{row.Blob(), row.GoodsList()} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// showPapers lets those see papers who see any invoice on them.
func showPapers(ctx context.Context, tx core.App, papers []records.BlobID) error {
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
	// Most invoices have no such paper, so statistics call the indexes useless: they are named.
	err = tx.DB().NewQuery(`WITH p AS (SELECT DISTINCT value AS id FROM json_each({:ids})),
			s AS (SELECT p.id, i.reviewers FROM p CROSS JOIN invoices i INDEXED BY idx_invoices_blob ON i.blob = p.id
				UNION ALL SELECT p.id, i.reviewers FROM p CROSS JOIN invoices i INDEXED BY idx_invoices_goods_list ON i.goods_list = p.id)
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
	_, err := e.App.DB().NewQuery(`UPDATE invoices SET reviewers = s.reviewers, updated = {:now} FROM (
			SELECT t.invoice, json_group_array(DISTINCT r.value ORDER BY r.value) FILTER (WHERE r.value IS NOT NULL) AS reviewers
			FROM (SELECT DISTINCT invoice FROM expense_uses WHERE claim = {:claim} AND state IN ('active', 'paid', 'released')) t
				CROSS JOIN expense_uses u ON u.invoice = t.invoice AND u.state <> 'draft' CROSS JOIN expense_claims c ON c.id = u.claim
				LEFT JOIN json_each(IIF(json_valid(c.reviewers), c.reviewers, '[]')) r GROUP BY t.invoice) s
		WHERE invoices.id = s.invoice AND invoices.reviewers IS NOT s.reviewers`).
		Bind(dbx.Params{"claim": e.Row.ID(), "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("show invoices: %w", err)
	}
	var papers []records.BlobID
	err = e.App.DB().NewQuery(`SELECT paper FROM (SELECT i.blob AS paper FROM expense_uses u JOIN invoices i ON i.id = u.invoice WHERE u.claim = {:claim}
		UNION SELECT i.goods_list FROM expense_uses u JOIN invoices i ON i.id = u.invoice WHERE u.claim = {:claim}) WHERE paper <> ''`).
		Bind(dbx.Params{"claim": e.Row.ID()}).Column(&papers)
	if err != nil {
		return fmt.Errorf("read papers of a claim: %w", err)
	}
	return showPapers(contextOf(e.Context), e.App, papers)
}
