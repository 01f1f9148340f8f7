package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Facts of what was sold, which only grow, their sums by month, and the months that
// are frozen: tables of the figures' own, which are no collections. What goods cost
// gets days, and a line of a delivery its tax, as a line of a return has it.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "product_costs", "delivery_lines")
		if err != nil {
			return err
		}
		costs, lines := found[0], found[1]
		costs.RemoveIndex(indexName(costs, "product"))
		costs.Fields.Add(day("from_date"))
		index(costs, true, "product, from_date")
		lines.Fields.Add(whole("tax_fen"))
		if err := create(app, costs, lines); err != nil {
			return err
		}
		return run(app, deliveredTax,
			`CREATE TABLE sales_facts (seq INTEGER PRIMARY KEY, day TEXT NOT NULL, happened TEXT NOT NULL, corrects TEXT NOT NULL, kind TEXT NOT NULL,
				ref TEXT NOT NULL, line TEXT NOT NULL, ord TEXT NOT NULL, owner TEXT NOT NULL, manager TEXT NOT NULL, dept TEXT NOT NULL,
				account TEXT NOT NULL, tier TEXT NOT NULL, region TEXT NOT NULL, product TEXT NOT NULL, category TEXT NOT NULL, promotion TEXT NOT NULL,
				base_milli INTEGER NOT NULL, amount_fen INTEGER NOT NULL, tax_fen INTEGER NOT NULL, cost_fen INTEGER NOT NULL, uncosted INTEGER NOT NULL,
				rebate_fen INTEGER NOT NULL, receipt_fen INTEGER NOT NULL)`,
			`CREATE UNIQUE INDEX sales_facts_once ON sales_facts (ref, line, kind) WHERE kind IN ('delivery', 'return')`,
			`CREATE INDEX sales_facts_ref ON sales_facts (ref)`,
			`CREATE INDEX sales_facts_line ON sales_facts (line)`,
			`CREATE INDEX sales_facts_product ON sales_facts (product)`,
			`CREATE INDEX sales_facts_account ON sales_facts (account, day)`,
			`CREATE INDEX sales_facts_owner ON sales_facts (owner, day)`,
			`CREATE TABLE sales_months (month TEXT NOT NULL, account TEXT NOT NULL, owner TEXT NOT NULL, manager TEXT NOT NULL, dept TEXT NOT NULL, tier TEXT NOT NULL,
				amount_fen INTEGER NOT NULL, tax_fen INTEGER NOT NULL, cost_fen INTEGER NOT NULL, base_milli INTEGER NOT NULL,
				rebate_fen INTEGER NOT NULL, receipt_fen INTEGER NOT NULL,
				PRIMARY KEY (month, account, owner, manager, dept, tier)) WITHOUT ROWID`,
			`CREATE INDEX sales_months_owner ON sales_months (owner, month)`,
			`CREATE INDEX sales_months_account ON sales_months (account, month)`,
			`CREATE TABLE analysis_months (month TEXT PRIMARY KEY, frozen_at TEXT NOT NULL, frozen_by TEXT NOT NULL) WITHOUT ROWID`,
			soldSoFar("'delivery'", "base_milli / 1000 * unit_fen + (base_milli % 1000 * unit_fen + 500) / 1000", "0", "0", deliveredSoFar),
			soldSoFar("'return'", "-(-base_milli / 1000 * unit_fen + (-base_milli % 1000 * unit_fen + 500) / 1000)", "0", "0", returnedSoFar),
			soldSoFar("'rebate'", "0", "more", "0", rebatedSoFar),
			soldSoFar("'receipt'", "0", "0", "more", receivedSoFar),
			`INSERT INTO sales_months SELECT substr(day, 1, 7), account, owner, manager, dept, tier,
				SUM(amount_fen), SUM(tax_fen), SUM(cost_fen), SUM(base_milli), SUM(rebate_fen), SUM(receipt_fen) FROM sales_facts GROUP BY 1, 2, 3, 4, 5, 6`,
		)
	}, func(app core.App) error {
		err := run(app, "DROP TABLE analysis_months", "DROP TABLE sales_months", "DROP TABLE sales_facts",
			`DELETE FROM product_costs WHERE EXISTS (SELECT 1 FROM product_costs c WHERE c.product = product_costs.product AND c.from_date > product_costs.from_date)`)
		if err != nil {
			return err
		}
		costs, err := app.FindCollectionByNameOrId("product_costs")
		if err != nil {
			return err
		}
		costs.RemoveIndex(indexName(costs, "product, from_date"))
		costs.Fields.RemoveByName("from_date")
		index(costs, true, "product")
		if err := app.Save(costs); err != nil {
			return err
		}
		return removeFields(app, "delivery_lines", nil, "tax_fen")
	})
}

// deliveredTax gives lines of deliveries what they have of their order line's tax: any
// parts that make the whole come to all of it.
const deliveredTax = `UPDATE delivery_lines SET tax_fen = part.fen FROM (
		SELECT id, CASE WHEN upto >= whole THEN tax ELSE tax / whole * upto + (tax % whole * upto * 2 + whole) / (2 * whole) END -
			CASE WHEN upto - qty >= whole THEN tax ELSE tax / whole * (upto - qty) + (tax % whole * (upto - qty) * 2 + whole) / (2 * whole) END AS fen
		FROM (
			SELECT l.id, l.accepted_milli AS qty, o.tax_fen AS tax, o.qty_milli - o.cut_milli AS whole,
				SUM(l.accepted_milli) OVER (PARTITION BY l.line ORDER BY d.delivered_at, d.id, l.lot, l.id ROWS UNBOUNDED PRECEDING) AS upto
			FROM delivery_lines l JOIN deliveries d ON d.id = l.delivery JOIN order_lines o ON o.id = l.line WHERE d.state = 'delivered'
		)
	) AS part WHERE part.id = delivery_lines.id`

// soldSoFar writes facts of what documents say so far, of accounts and goods as they are.
func soldSoFar(kind, cost, rebate, receipt, of string) string {
	return `INSERT INTO sales_facts (kind, day, happened, corrects, ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion,
			base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen)
		SELECT ` + kind + `, happened, happened, '', ref, line, ord, f.owner, f.manager, f.dept, a.id, a.tier, a.region, product, COALESCE(p.category, ''), promotion,
			base_milli, amount_fen, tax_fen, COALESCE(` + cost + `, 0), product <> '' AND unit_fen IS NULL, ` + rebate + `, ` + receipt + `
		FROM (SELECT *, (SELECT c.cost_fen FROM product_costs c WHERE c.product = s.product) AS unit_fen FROM (` + of + `) s) f
			JOIN accounts a ON a.id = f.account LEFT JOIN products p ON p.id = f.product
		ORDER BY happened, ref, line`
}

// soldInBase is a quantity of a line of an order o in the product's own unit.
func soldInBase(qty string) string {
	return `CASE WHEN o.qty_milli = 0 OR o.base_milli = 0 THEN ` + qty + ` ELSE o.base_milli / o.qty_milli * ` + qty + ` + o.base_milli % o.qty_milli * ` + qty + ` / o.qty_milli END`
}

const noGoods = `'' AS line, '' AS ord, '' AS product, '' AS promotion, 0 AS base_milli, 0 AS amount_fen, 0 AS tax_fen`

var (
	deliveredSoFar = `SELECT date(d.delivered_at, '+8 hours') AS happened, d.id AS ref, l.line, d."order" AS ord, d.owner, d.manager, d.dept, d.account, o.product, o.promotion,
			SUM(` + soldInBase("l.accepted_milli") + `) AS base_milli, SUM(l.amount_fen) AS amount_fen, SUM(l.tax_fen) AS tax_fen
		FROM deliveries d JOIN delivery_lines l ON l.delivery = d.id JOIN order_lines o ON o.id = l.line
		WHERE d.state = 'delivered' AND l.accepted_milli > 0 GROUP BY d.id, l.line`
	returnedSoFar = `SELECT date(r.returned_at, '+8 hours') AS happened, r.id AS ref, l.line, r."order" AS ord, r.owner, r.manager, r.dept, r.account, o.product, o.promotion,
			SUM(` + soldInBase("l.qty_milli") + `) AS base_milli, SUM(l.amount_fen) AS amount_fen, SUM(l.tax_fen) AS tax_fen
		FROM returns r JOIN return_lines l ON l.return_doc = r.id JOIN order_lines o ON o.id = l.line WHERE r.state = 'returned' GROUP BY r.id, l.line`
	rebatedSoFar = `SELECT min(date(r.updated, '+8 hours'), t.valid_to, CASE WHEN length(r.period) = 4 THEN r.period || '-12-31'
				WHEN substr(r.period, 6, 1) = 'Q' THEN date(substr(r.period, 1, 4) || '-01-01', '+' || (3 * substr(r.period, 7, 1)) || ' months', '-1 day')
				ELSE date(r.period || '-01', '+1 months', '-1 day') END) AS happened,
			r.id AS ref, a.owner, a.manager, a.dept, r.account, r.accrued_fen AS more, ` + noGoods + `
		FROM rebate_accruals r JOIN rebate_terms t ON t.id = r.term JOIN accounts a ON a.id = r.account WHERE r.accrued_fen <> 0`
	receivedSoFar = `SELECT e."on" AS happened, e.ref_id AS ref, a.owner, a.manager, a.dept, e.account, -e.amount_fen AS more, ` + noGoods + `
		FROM account_entries e JOIN accounts a ON a.id = e.account WHERE e.kind IN ('receipt', 'reversal')`
)
