package analysis

// expenseEvents are of what was spent, a row for each department and month of booking
// in which anything was. Who heads the department sees it, and who sees all.
var expenseEvents = []event{{
	key: "expense_ratio", kept: true,
	from: `(SELECT dept, month, SUM(IIF(kind = 'spend', amount_fen, -amount_fen)) AS fen FROM budget_entries WHERE kind IN ('spend', 'reverse') GROUP BY dept, month) e
		LEFT JOIN departments d ON d.id = e.dept`,
	ref: "e.dept || e.month", day: "e.month || '-01'", owner: "COALESCE(d.head, '')", dept: "e.dept",
	num: "e.fen", den: "(SELECT COALESCE(SUM(s.amount_fen), 0) FROM sales_months s WHERE s.month = e.month AND s.dept = e.dept)",
}}
