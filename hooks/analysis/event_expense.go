package analysis

const spending = `kind IN ('spend', 'reverse')`

// expenseEvents are of what was spent, a row for each month of booking in which a
// department spent anything and whoever spent or sold in it: a node is its rep's, else
// its manager's, and of the team of its manager. Sales are whose they were then.
var expenseEvents = []event{{
	key: "expense_ratio", kept: true,
	from: `(SELECT dept, month, owner, manager, SUM(fen) AS fen, SUM(sold) AS sold FROM (
			SELECT b.dept, b.month, COALESCE(NULLIF(n.rep, ''), n.manager, '') AS owner, COALESCE(n.manager, '') AS manager, IIF(b.kind = 'spend', b.amount_fen, -b.amount_fen) AS fen, 0 AS sold
			FROM budget_entries b LEFT JOIN budget_nodes n ON n.id = b.node WHERE b.` + spending + `
			UNION ALL SELECT s.dept, s.month, s.owner, s.manager, 0, s.amount_fen FROM sales_months s
			WHERE (s.dept, s.month) IN (SELECT dept, month FROM budget_entries WHERE ` + spending + `)
		) GROUP BY dept, month, owner, manager) e`,
	ref: "e.dept || e.month || e.owner || e.manager", day: "e.month || '-01'", owner: "e.owner", manager: "e.manager", dept: "e.dept",
	num: "e.fen", den: "e.sold",
}}
