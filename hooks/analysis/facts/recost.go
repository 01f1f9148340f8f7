package facts

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
)

// moved is what was moved of a line of an order, and of which product.
type moved struct {
	analysis.Moved
	Product string `db:"product"`
}

// recost counts anew what was moved cost, and writes what is different. A condition
// on facts says of which lines; all facts of a line are among them.
func (b Book) recost(which, id string) error {
	var rows []moved
	err := b.db.NewQuery(`SELECT seq, line, kind = 'return' AS back, happened, base_milli, product,
			cost_fen + COALESCE((SELECT SUM(c.cost_fen) FROM sales_facts c WHERE c.line = f.line AND c.ref = f.ref AND c.kind = 'cost'), 0) AS cost_fen,
			uncosted + COALESCE((SELECT SUM(c.uncosted) FROM sales_facts c WHERE c.line = f.line AND c.ref = f.ref AND c.kind = 'cost'), 0) AS uncosted
		FROM sales_facts f WHERE kind IN ('delivery', 'return') AND ` + which + ` ORDER BY line, seq`).Bind(dbx.Params{"id": id}).All(&rows)
	if err != nil {
		return fmt.Errorf("find what was moved: %w", err)
	}
	costs := map[string][]analysis.Cost{}
	for from := 0; from < len(rows); {
		line, to := []analysis.Moved{}, from
		for ; to < len(rows) && rows[to].Line == rows[from].Line; to++ {
			line = append(line, rows[to].Moved)
		}
		product := rows[from].Product
		if _, read := costs[product]; !read {
			if costs[product], err = b.costs(product); err != nil {
				return err
			}
		}
		for _, r := range analysis.Recost(line, costs[product]) {
			if err := b.correct(r); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// costs are what a product cost, in order of the days.
func (b Book) costs(product string) (costs []analysis.Cost, err error) {
	err = b.db.NewQuery("SELECT from_date, cost_fen FROM product_costs WHERE product = {:p} ORDER BY from_date").Bind(dbx.Params{"p": product}).All(&costs)
	if err != nil {
		return nil, fmt.Errorf("read what a product costs: %w", err)
	}
	return costs, nil
}

// correct writes by how much a fact's cost is another: where the fact counts, unless
// that month is frozen.
func (b Book) correct(r analysis.Recosted) error {
	_, err := b.db.NewQuery(`INSERT INTO sales_facts (kind, day, happened, corrects, ` + columns + `)
		SELECT 'cost', CASE WHEN m.month IS NULL THEN day ELSE {:today} END, happened, CASE WHEN m.month IS NULL AND corrects = '' THEN '' ELSE substr(happened, 1, 7) END,
			ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion, 0, 0, 0, {:fen}, {:uncosted}, 0, 0
		FROM sales_facts LEFT JOIN analysis_months m ON m.month = substr(day, 1, 7) WHERE seq = {:seq}`).
		Bind(dbx.Params{"today": b.today, "fen": r.Fen, "uncosted": r.Uncosted, "seq": r.Seq}).Execute()
	if err != nil {
		return fmt.Errorf("correct a cost: %w", err)
	}
	return nil
}
