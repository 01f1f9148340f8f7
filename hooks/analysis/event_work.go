package analysis

// workEvents are of people's work: visits, plans, approvals.
var workEvents = []event{
	{
		key: "coverage", held: true,
		from: `account_coverage c WHERE c.state IN ('met', 'breach')`,
		ref:  "c.id", day: "c.to_date", owner: "c.owner", manager: "c.manager", dept: "c.dept", account: "c.account", tier: "c.tier",
		num: "(c.state = 'met')", den: "1",
	},
	{
		key: "plan_completion",
		from: `plan_items i LEFT JOIN visit_plans v ON v.id = i.visit_plan LEFT JOIN monthly_plans m ON m.id = i.monthly_plan
			WHERE i.state <> 'dropped' AND 'approved' IN (v.state, m.state)`,
		ref: "i.id", day: "i.month || '-01'", owner: "i.owner", manager: "i.manager", dept: "i.dept", account: "i.account",
		num: "MIN(i.done, MAX(i.qty, 1))", den: "MAX(i.qty, 1)",
	},
	{
		key: "late_records", held: true,
		from: `visits v WHERE v.in_at <> '' AND v.report_at <> ''`,
		ref:  "v.id", day: companyDay("v.in_at"), owner: "v.owner", manager: "v.manager", dept: "v.dept", account: "v.account",
		num: "v.late_record", den: "1",
	},
	{
		key: "visits_voided", held: true,
		from: `visits v WHERE v.state = 'void_fraud' AND v.void_at <> ''`,
		ref:  "v.id", day: companyDay("v.void_at"), owner: "v.owner", manager: "v.manager", dept: "v.dept", account: "v.account",
	},
	{
		// Whose turn it was is the approver's, and his line's to see.
		key: "overdue_approvals",
		from: `approvals v JOIN users a ON a.id = v.approver
			WHERE v.state IN ('approved', 'rejected', 'returned', 'pending') AND v.due_at <> '' AND (v.at <> '' OR ` + companyDay("v.due_at") + ` < {:today})`,
		ref: "v.id", day: companyDay("v.due_at"), owner: "v.approver", manager: "a.manager", dept: "a.department",
		num: "(v.at = '' OR v.at > v.due_at)", den: "1",
	},
	{
		// Of who was tried, and his line's to see; product sees all.
		key: "training_score", from: `training_records r WHERE r.state = 'submitted' AND r.submitted_at <> ''`,
		ref: "r.id", day: companyDay("r.submitted_at"), owner: "r.user", manager: "r.manager", dept: "r.dept", also: `'|role:product|'`,
		num: "r.score_bp", den: "1",
	},
	{
		// Of whom somebody found that he answers for it, and his line's to see; the
		// department that solves the case sees it too.
		key: "major_complaints", held: true,
		from: `cases c JOIN users a ON a.id = c.responsible
			WHERE c.kind = 'complaint' AND c.level IN ('urgent', 'major') AND c.fault = 'own' AND c.responsible_at <> ''`,
		ref: "c.id", day: companyDay("c.responsible_at"), owner: "c.responsible", manager: "a.manager", dept: "a.department", account: "c.account",
		also: "'|' || c.owner_dept || '|'",
	},
}
