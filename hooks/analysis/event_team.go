package analysis

// answeredSupport is that of a support request s that is not open again.
const answeredSupport = `(s.state IN ('answered', 'refused', 'closed') AND s.answered_at <> '')`

// accompanied are the people of a visit v who support whom it is of: its companions,
// and who made it if it is a joint one.
const accompanied = `json_each(CASE WHEN v.type = 'joint' THEN json_insert(` + companions + `, '$[#]', v.owner) ELSE ` + companions + ` END)`

const companions = `IIF(json_valid(v.companions) AND json_type(v.companions) = 'array', v.companions, '[]')`

// teamEvents are of what people do for each other, and of what customers and auditors
// say of their work.
var teamEvents = []event{
	{
		// Of who answered, and his line's to see; the department that was asked sees all
		// that it was asked.
		key: "support_answered",
		from: `support_requests s LEFT JOIN users a ON a.id = s.answered_by AND ` + answeredSupport + `
			WHERE s.due <> '' AND (` + answeredSupport + ` OR s.state IN ('open', 'accepted') AND ` + companyDay("s.due") + ` < {:today})`,
		ref: "s.id", day: companyDay("s.due"), owner: "COALESCE(a.id, '')", manager: "COALESCE(a.manager, '')", dept: "s.to_dept", account: "s.account", dim: "s.kind",
		also: "'|' || s.to_dept || '|'",
		num:  "(" + answeredSupport + " AND s.answered_at <= s.due)", den: "1",
	},
	{
		key: "joint_visits", held: true,
		from: `visits v, ` + accompanied + ` c JOIN users a ON a.id = c.value WHERE v.in_at <> '' AND v.state <> 'void_fraud' GROUP BY v.id, a.id`,
		ref:  "v.id || a.id", day: companyDay("v.in_at"), owner: "a.id", manager: "a.manager", dept: "a.department", account: "v.account",
	},
	{
		key: "reply_on_time", then: true, held: true,
		from: `communications c WHERE c.direction = 'in' AND c.needs_reply_by <> '' AND (c.replied_at <> '' OR ` + companyDay("c.needs_reply_by") + ` < {:today})`,
		ref:  "c.id", day: companyDay("c.needs_reply_by"), account: "c.account",
		num: "(c.replied_at <> '' AND c.replied_at <= c.needs_reply_by)", den: "1",
	},
	{
		// Auditors and those over him see it, never who was audited.
		key: "audit_score", secret: true,
		from: `visit_audits v WHERE v.state = 'done' AND v.done_at <> ''`,
		ref:  "v.id", day: companyDay("v.done_at"), owner: "v.owner", manager: "v.manager", dept: "v.dept", account: "v.account",
		num: "v.score * 100", den: "1",
	},
}
