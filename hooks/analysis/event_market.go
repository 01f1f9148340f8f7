package analysis

// rivals are what a store check c tells of competitors, one by one, each an object r:
// phones write one or a list of them, with competitor or name, price_fen and facings,
// and whatever else they put there is passed over.
const rivals = `json_each((SELECT json_group_array(json(value)) FROM json_each(CASE WHEN NOT json_valid(c.competitor) THEN '[]'
	WHEN json_type(c.competitor) = 'array' THEN c.competitor WHEN json_type(c.competitor) = 'object' THEN json_array(json(c.competitor)) ELSE '[]' END)
	WHERE type = 'object')) r`

// toldMost is the most that is believed of a number of a competitor's, such as a price in fen.
const toldMost = "10000000000"

// told is a number that is told of r; 0 if that is none.
func told(field string) string {
	return "IIF(json_type(r.value, '$." + field + "') IN ('integer', 'real', 'text'), MAX(0, MIN(" + toldMost + ", CAST(r.value ->> '" + field + "' AS INTEGER))), 0)"
}

// market sees what is told of competitors, and so does whom it was passed to.
const seenByMarket = `'|role:market|'`

// marketEvents are of what customers say and competitors do.
var marketEvents = []event{
	{
		key: "feedback", held: true, from: `visit_feedback f`,
		ref: "f.id", day: companyDay("f.created"), owner: "f.owner", manager: "f.manager", dept: "f.dept", account: "f.account",
		product: "f.product", dim: "f.theme", also: "'|' || f.target_dept || '|'",
	},
	{
		key: "competitor_price", held: true,
		from: `store_checks c, ` + rivals + ` WHERE ` + told("price_fen") + ` > 0`,
		ref:  "c.id || r.key", day: companyDay("c.at"), owner: "c.owner", manager: "c.manager", dept: "c.dept", account: "c.account",
		product: "c.product", dim: "COALESCE(r.value ->> 'competitor', r.value ->> 'name', '')", also: seenByMarket,
		num: told("price_fen"), den: "1",
	},
	{
		key: "shelf_share", held: true,
		from: `store_checks c WHERE EXISTS (SELECT 1 FROM ` + rivals + ` WHERE ` + told("facings") + ` > 0)`,
		ref:  "c.id", day: companyDay("c.at"), owner: "c.owner", manager: "c.manager", dept: "c.dept", account: "c.account",
		product: "c.product", also: seenByMarket,
		num: "c.facings", den: `c.facings + (SELECT SUM(` + told("facings") + `) FROM ` + rivals + `)`,
	},
	{
		key: "competitor_share", then: true, held: true, state: true, kept: true,
		from: ends + ` JOIN account_competitors c ON ` + companyDay("c.created") + ` <= e.value WHERE c.share_bp > 0`,
		ref:  "c.id", day: "e.value", account: "c.account", dim: "c.competitor", also: seenByMarket,
		num: "c.share_bp", den: "1",
	},
	reported("intel", "", "i.created", "i.kind"),
	reported("intel_accepted", "AND i.value_score >= 3 AND i.scored_at <> ''", "i.scored_at", "i.kind"),
	reported("competitor_intel", "AND i.competitor <> ''", "i.created", "i.competitor"),
	{
		key: "lost", then: true, held: true,
		from: `opportunity_stage_log l JOIN opportunities o ON o.id = l.opportunity WHERE l."to" = 'lost'`,
		ref:  "l.id", day: companyDay("l.at"), account: "l.account", dim: "o.lost_code",
	},
	{
		key: "conversion", then: true, held: true,
		from: `opportunity_stage_log l WHERE l."to" IN ('won', 'lost')`,
		ref:  "l.id", day: companyDay("l.at"), account: "l.account",
		num: `(l."to" = 'won')`, den: "1",
	},
}

// reported are reports i of intelligence from the field, of a condition, which count at a
// moment. Market sees them all, and so do the departments to which they went.
func reported(key, which, moment, dim string) event {
	return event{
		key: key, from: `intel_reports i WHERE i.direction = 'up' ` + which,
		ref: "i.id", day: companyDay(moment), owner: "i.owner", manager: "i.manager", dept: "i.dept", account: "i.account", dim: dim,
		also: `'|role:market|' || (SELECT COALESCE(group_concat(value, '|'), '') FROM json_each(IIF(json_valid(i.routed), i.routed, '[]'))) || '|'`,
	}
}
