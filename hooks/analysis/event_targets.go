package analysis

import "fmt"

// The part of what was sold that a target t is of: all of its department's, whose
// head sees it; of that a rep's own, and what his reps and he himself sold for a manager.
const ofTarget = `(s.dept = t.dept AND (t.level = 'rep' AND s.owner = t.owner OR t.level = 'manager' AND t.owner IN (s.manager, s.owner) OR t.level = 'dept'))`

// monthOf is the month of a part of a target's months: they are numbered from 0.
const monthOf = `t.year || '-' || printf('%02d', m.key + 1)`

// targetEvents are what was reached of targets in force, a row for each month of
// each; those of single accounts are part of their reps'. dim is the target's level;
// the team of a manager's target is his own.
var targetEvents = []event{
	attained("attain_amount", "amount", soldTo("s.amount_fen")),
	attained("attain_volume", "volume", soldTo("s.base_milli")),
	attained("attain_profit", "profit", soldTo("s.amount_fen - s.tax_fen - s.cost_fen - s.rebate_fen")),
	attained("attain_new_accounts", "new_ka", fmt.Sprintf(`(SELECT COUNT(*) FROM (%s) s WHERE substr(s.day, 1, 7) = %s AND %s)`,
		newAccounts.rows(), monthOf, ofTarget)),
	monthsHit(),
	{
		key: "letters_unsigned", state: true, kept: true,
		from: `(SELECT *, ` + companyDay("sent_at") + ` AS since, MIN(` + over("effective_at", "''") + `, ` + over("ended_at", "''") + `) AS until
			FROM target_letters WHERE sent_at <> '' LIMIT -1) l CROSS JOIN ` + ends + ` WHERE l.since <= e.value AND e.value < l.until`,
		ref: "l.id", day: "e.value", owner: "l.subject", manager: "l.superior", dept: "l.dept",
	},
}

// soldTo adds up what was sold in a target's month, of those that it is of.
func soldTo(what string) string {
	return `(SELECT COALESCE(SUM(` + what + `), 0) FROM sales_months s WHERE s.month = ` + monthOf + ` AND ` + ofTarget + `)`
}

func attained(key, metric, reached string) event {
	return event{
		key: key, kept: true, levels: true,
		from: `targets t, json_each(IIF(json_valid(t.months), t.months, '[]')) m WHERE t.metric = '` + metric + `' AND t.level <> 'account' AND t.state IN ('issued', 'cascaded')`,
		ref:  "t.id || m.key", day: monthOf + ` || '-01'`, owner: "t.owner", manager: "IIF(t.level = 'manager', t.owner, t.manager)", dept: "t.dept", dim: "t.level",
		num: reached, den: "CAST(m.value AS INTEGER)",
	}
}

// monthsHit counts months that are over and have a target.
func monthsHit() event {
	e := attained("months_hit", "amount", "")
	e.from += ` AND m.value > 0 AND ` + monthOf + ` < substr({:today}, 1, 7)`
	e.num, e.den = "("+soldTo("s.amount_fen")+" >= m.value)", "1"
	return e
}
