package facts

// What documents say, as SELECTs of happened and columns. A condition says of which;
// {:id} is bound. Days are the company's.

// deliveries gives what was taken of each line of an order, at what the goods cost on that day.
func deliveries(which string) string {
	return `SELECT *, COALESCE(base_milli / 1000 * unit + (base_milli % 1000 * unit + 500) / 1000, 0) AS cost_fen, unit IS NULL AS uncosted,
			0 AS rebate_fen, 0 AS receipt_fen
		FROM (
			SELECT *, (SELECT c.cost_fen FROM product_costs c WHERE c.product = taken.product AND c.from_date <= happened ORDER BY c.from_date DESC LIMIT 1) AS unit
			FROM (
				SELECT date(d.delivered_at, '+8 hours') AS happened, d.id AS ref, l.line, d."order" AS ord, d.owner, d.manager, d.dept, d.account, a.tier, a.region,
					o.product, p.category, o.promotion,
					SUM(` + inBase("l.accepted_milli") + `) AS base_milli, SUM(l.amount_fen) AS amount_fen, SUM(l.tax_fen) AS tax_fen
				FROM deliveries d JOIN delivery_lines l ON l.delivery = d.id JOIN order_lines o ON o.id = l.line
					JOIN accounts a ON a.id = d.account JOIN products p ON p.id = o.product
				WHERE d.state = 'delivered' AND l.accepted_milli > 0 AND ` + which + `
				GROUP BY d.id, l.line
			) AS taken
		)`
}

// returns gives what came back of each line; its numbers are below zero, and what it
// cost is found in the facts.
func returns(which string) string {
	return `SELECT date(r.returned_at, '+8 hours') AS happened, r.id AS ref, l.line, r."order" AS ord, r.owner, r.manager, r.dept, r.account, a.tier, a.region,
			o.product, p.category, o.promotion,
			SUM(` + inBase("l.qty_milli") + `) AS base_milli, SUM(l.amount_fen) AS amount_fen, SUM(l.tax_fen) AS tax_fen,
			0 AS cost_fen, 0 AS uncosted, 0 AS rebate_fen, 0 AS receipt_fen
		FROM returns r JOIN return_lines l ON l.return_doc = r.id JOIN order_lines o ON o.id = l.line
			JOIN accounts a ON a.id = r.account JOIN products p ON p.id = o.product
		WHERE r.state = 'returned' AND ` + which + `
		GROUP BY r.id, l.line`
}

// inBase is a quantity of a line of an order o in the product's own unit.
func inBase(qty string) string {
	return `CASE WHEN o.qty_milli = 0 OR o.base_milli = 0 THEN ` + qty + `
		ELSE o.base_milli / o.qty_milli * ` + qty + ` + o.base_milli % o.qty_milli * ` + qty + ` / o.qty_milli END`
}

// rebates gives by how much what accrued is not what the facts say, on a day of its period.
func rebates(which string) string {
	const first = `CASE WHEN length(r.period) = 4 THEN r.period || '-01-01'
		WHEN substr(r.period, 6, 1) = 'Q' THEN printf('%s-%02d-01', substr(r.period, 1, 4), 3 * substr(r.period, 7, 1) - 2)
		ELSE r.period || '-01' END`
	const length = `CASE WHEN length(r.period) = 4 THEN '+12 months' WHEN substr(r.period, 6, 1) = 'Q' THEN '+3 months' ELSE '+1 months' END`
	return `SELECT max(since, min(until, {:today})) AS happened, ref, '' AS line, '' AS ord, a.owner, a.manager, a.dept, a.id AS account, a.tier, a.region,
			'' AS product, '' AS category, '' AS promotion, 0 AS base_milli, 0 AS amount_fen, 0 AS tax_fen, 0 AS cost_fen, 0 AS uncosted,
			more AS rebate_fen, 0 AS receipt_fen
		FROM (
			SELECT r.id AS ref, r.account, max(t.valid_from, ` + first + `) AS since, min(t.valid_to, date(` + first + `, ` + length + `, '-1 day')) AS until,
				r.accrued_fen - COALESCE((SELECT SUM(f.rebate_fen) FROM sales_facts f WHERE f.ref = r.id), 0) AS more
			FROM rebate_accruals r JOIN rebate_terms t ON t.id = r.term WHERE ` + which + `
		) JOIN accounts a ON a.id = account
		WHERE more <> 0`
}

// receipts gives what finance confirmed, to who held the account then: who reported
// it may be anybody.
func receipts(which string) string {
	return `SELECT e."on" AS happened, e.ref_id AS ref, '' AS line, '' AS ord, a.owner, a.manager, a.dept, a.id AS account, a.tier, a.region,
			'' AS product, '' AS category, '' AS promotion, 0 AS base_milli, 0 AS amount_fen, 0 AS tax_fen, 0 AS cost_fen, 0 AS uncosted,
			0 AS rebate_fen, -e.amount_fen AS receipt_fen
		FROM account_entries e JOIN accounts a ON a.id = e.account WHERE e.kind = 'receipt' AND ` + which
}

// reversals takes back what a receipt brought, from whom it brought it to.
func reversals(which string) string {
	return `SELECT e."on" AS happened, e.ref_id AS ref, f.line, f.ord, f.owner, f.manager, f.dept, f.account, f.tier, f.region,
			f.product, f.category, f.promotion, 0 AS base_milli, 0 AS amount_fen, 0 AS tax_fen, 0 AS cost_fen, 0 AS uncosted,
			0 AS rebate_fen, -e.amount_fen AS receipt_fen
		FROM account_entries e JOIN sales_facts f ON f.ref = e.ref_id AND f.receipt_fen > 0 WHERE e.kind = 'reversal' AND ` + which
}
