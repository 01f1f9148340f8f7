package analysis

// newAccounts are accounts that were contracted for the first time.
var newAccounts = event{
	key: "new_accounts", then: true, held: true,
	from: `account_stage_log l WHERE l."to" = 'contracted' AND NOT EXISTS
		(SELECT 1 FROM account_stage_log b WHERE b.account = l.account AND b."to" = 'contracted' AND (b.at, b.id) < (l.at, l.id))`,
	ref: "l.account", day: companyDay("l.at"), account: "l.account",
}

// accountEvents are of accounts and their orders.
var accountEvents = []event{
	newAccounts,
	{
		// The stage that an account was in is that of its last step by then; before its
		// first, the one from which that led.
		key: "account_count", then: true, held: true, state: true, kept: true,
		from: ends + ` JOIN accounts c ON ` + companyDay("c.created") + ` <= e.value WHERE 'contracted' = COALESCE(
			(SELECT l."to" FROM account_stage_log l WHERE l.account = c.id AND ` + companyDay("l.at") + ` <= e.value ORDER BY l.at DESC, l.id DESC LIMIT 1),
			(SELECT l."from" FROM account_stage_log l WHERE l.account = c.id ORDER BY l.at, l.id LIMIT 1), c.stage)`,
		ref: "c.id", day: "e.value", account: "c.id",
	},
	{
		// As GET /api/ka/otif counts: one that is open counts, as failed, once
		// its day is over.
		key: "otif", held: true,
		from: `orders o WHERE o.promised_on <> '' AND o.state IN ('confirmed', 'processing', 'partly_delivered', 'delivered', 'accepted', 'settled')
			AND (o.on_time <> '' OR o.promised_on < {:today})`,
		ref: "o.id", day: "o.promised_on", owner: "o.owner", manager: "o.manager", dept: "o.dept", account: "o.account",
		num: "(o.on_time = 'yes' AND o.in_full = 'yes')", den: "1",
	},
	{
		// Each order's days are found once, and not again for each end of ten years.
		key: "order_age", held: true, state: true, kept: true,
		from: `(SELECT *, ` + companyDay("submitted_at") + ` AS since, MIN(` + over("delivered_at", "'delivered', 'accepted', 'settled'") + `, ` +
			over("cancelled_at", "'cancelled'") + `) AS until FROM orders WHERE submitted_at <> '' AND state NOT IN ('draft', 'rejected') LIMIT -1) o
			CROSS JOIN ` + ends + ` WHERE o.since <= e.value AND e.value < o.until`,
		ref: "o.id", day: "e.value", owner: "o.owner", manager: "o.manager", dept: "o.dept", account: "o.account",
		num: "CAST(julianday(e.value) - julianday(o.since) AS INTEGER) * 1000", den: "1",
	},
}

// over is the day on which an order was over by a moment, never if that has not come;
// if it is in the states that follow without it, it was at no time open.
func over(moment, states string) string {
	return "CASE WHEN " + moment + " <> '' THEN " + companyDay(moment) + " WHEN state IN (" + states + ") THEN '' ELSE '9999-12-31' END"
}
