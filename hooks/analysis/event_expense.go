package analysis

const spending = `kind IN ('spend', 'reverse')`

// bornLines are what bears lines of claims c: each of a line's shares s, else the line l
// itself, with the category k of the expense. A share without an account has its line's.
const (
	bornLines = `expense_claims c JOIN expense_lines l ON l.claim = c.id LEFT JOIN expense_shares s ON s.line = l.id LEFT JOIN expense_categories k ON k.id = l.category`
	born      = `COALESCE(s.id, l.id)`
	bornBy    = `COALESCE(NULLIF(s.account, ''), l.account)`
	bornFen   = `COALESCE(s.approved_fen, l.approved_fen)`
	paid      = `c.state IN ('paid', 'archived') AND c.paid_at <> ''`
	lineKind  = `COALESCE(k.code, '')`
)

// judgedLate reports whether a line was judged late when it was handed in.
const judgedLate = `EXISTS (SELECT 1 FROM json_each(IIF(json_valid(l.hits), l.hits, '[]')) h
	WHERE IIF(h.type = 'object', h.value ->> 'code', '') IN ('expense.late', 'expense.late_invoice'))`

// perVisit are what claims were paid, and the visits that count.
var perVisit = `(SELECT ` + born + ` AS id, ` + companyDay("c.paid_at") + ` AS day, c.owner, c.manager, c.dept, ` + bornBy + ` AS account, ` + bornFen + ` AS fen, 0 AS visits
		FROM ` + bornLines + ` WHERE ` + paid + `
	UNION ALL SELECT v.id, ` + companyDay("v.in_at") + `, v.owner, v.manager, v.dept, v.account, 0, 1 FROM visits v WHERE v.counts = TRUE AND v.in_at <> '') e`

// perSales are what claims were paid, and what was sold, by months.
var perSales = `(SELECT ` + born + ` AS id, substr(` + companyDay("c.paid_at") + `, 1, 7) AS month, c.owner, c.manager, c.dept, ` + bornBy + ` AS account, '' AS tier, ` + bornFen + ` AS fen, 0 AS sold
		FROM ` + bornLines + ` WHERE ` + paid + `
	UNION ALL SELECT m.month || m.account || m.owner || m.manager || m.dept || m.tier, m.month, m.owner, m.manager, m.dept, m.account, m.tier, 0, m.amount_fen FROM sales_months m) e`

// expenseEvents are of what was spent. That of budgets is a row for each month of booking
// in which a department spent anything and whoever spent or sold in it: a node is its
// rep's, else its manager's, and of the team of its manager. Sales are whose they were
// then. What claims were paid is whose they are: who has an account now sees no other's.
var expenseEvents = []event{
	{
		key: "expense_ratio", kept: true,
		from: `(SELECT dept, month, owner, manager, SUM(fen) AS fen, SUM(sold) AS sold FROM (
			SELECT b.dept, b.month, COALESCE(NULLIF(n.rep, ''), n.manager, '') AS owner, COALESCE(n.manager, '') AS manager, IIF(b.kind = 'spend', b.amount_fen, -b.amount_fen) AS fen, 0 AS sold
			FROM budget_entries b LEFT JOIN budget_nodes n ON n.id = b.node WHERE b.` + spending + `
			UNION ALL SELECT s.dept, s.month, s.owner, s.manager, 0, s.amount_fen FROM sales_months s
			WHERE (s.dept, s.month) IN (SELECT dept, month FROM budget_entries WHERE ` + spending + `)
		) GROUP BY dept, month, owner, manager) e`,
		ref: "e.dept || e.month || e.owner || e.manager", day: "e.month || '-01'", owner: "e.owner", manager: "e.manager", dept: "e.dept",
		num: "e.fen", den: "e.sold",
	},
	{
		key: "expenses", from: bornLines + ` WHERE ` + paid,
		ref: born, day: companyDay("c.paid_at"), owner: "c.owner", manager: "c.manager", dept: "c.dept", account: bornBy, dim: lineKind, num: bornFen,
	},
	{
		key: "expense_cuts", from: `expense_claims c JOIN expense_lines l ON l.claim = c.id LEFT JOIN expense_categories k ON k.id = l.category
			WHERE ` + paid + ` AND l.amount_fen > l.approved_fen`,
		ref: "l.id", day: companyDay("c.paid_at"), owner: "c.owner", manager: "c.manager", dept: "c.dept", account: "l.account", dim: lineKind,
		num: "l.amount_fen - l.approved_fen",
	},
	{
		key: "claim_days", from: `expense_claims c WHERE ` + paid + ` AND c.submitted_at <> ''`,
		ref: "c.id", day: companyDay("c.paid_at"), owner: "c.owner", manager: "c.manager", dept: "c.dept",
		num: "(unixepoch(c.paid_at) - unixepoch(c.submitted_at)) * 1000 / 86400", den: "1",
	},
	{
		key: "late_claims", from: `expense_claims c JOIN expense_lines l ON l.claim = c.id LEFT JOIN expense_categories k ON k.id = l.category
			WHERE c.state IN ('submitted', 'approved', 'paid', 'archived') AND c.submitted_at <> ''`,
		ref: "l.id", day: companyDay("c.submitted_at"), owner: "c.owner", manager: "c.manager", dept: "c.dept", account: "l.account", dim: lineKind,
		num: judgedLate, den: "1",
	},
	{
		key: "expense_per_visit", from: perVisit,
		ref: "e.id", day: "e.day", owner: "e.owner", manager: "e.manager", dept: "e.dept", account: "e.account", num: "e.fen", den: "e.visits",
	},
	{
		key: "expense_per_100", from: perSales,
		ref: "e.id", day: "e.month || '-01'", owner: "e.owner", manager: "e.manager", dept: "e.dept", account: "e.account", tier: "e.tier", num: "e.fen", den: "e.sold",
	},
	{
		key: "savings", from: `cost_savings s LEFT JOIN expense_categories k ON k.id = s.category WHERE s.state = 'confirmed'`,
		ref: "s.id", day: "s.month || '-01'", owner: "s.owner", manager: "s.manager", dept: "s.dept", account: "s.account", dim: lineKind, num: "s.saved_fen",
	},
	{
		// A claim counts once, of whom it is and his line's to see.
		key: "false_expenses",
		from: `(SELECT claim, MIN(decided_at) AS at FROM audit_findings WHERE state = 'confirmed' AND decided_at <> '' AND kind IN ('false_invoice', 'altered', 'private')
			GROUP BY claim) f JOIN expense_claims c ON c.id = f.claim`,
		ref: "c.id", day: companyDay("f.at"), owner: "c.owner", manager: "c.manager", dept: "c.dept",
	},
	{
		key: "deductions", from: `penalties p LEFT JOIN users u ON u.id = p.owner WHERE p.kind = 'deduction' AND p.state <> 'waived'`,
		ref: "p.id", day: "p.month || '-01'", owner: "p.owner", manager: "COALESCE(u.manager, '')", dept: "p.dept", num: "p.points",
	},
}
