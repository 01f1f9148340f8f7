package analysis

import "cmp"

// event is how a figure is counted of records: a row for each of what it counts.
// Ref names what is counted, so that a frozen month is told from what records say of
// it later. What a column leaves out is empty; Num is 1, Den 0.
type event struct {
	key  string
	from string // FROM and WHERE, in SQL

	ref, day, owner, manager, dept, account string
	tier, product, dim, also, num, den      string

	// then: whose it was follows from who held the account on its day.
	then bool
	// held: who has the account now sees it.
	held bool
	// secret: whose it is does not see it.
	secret bool
	// state: what stands at the end of a period. from joins ends e, whose value is
	// the last day, and day is that.
	state bool
	// kept: no correction of a frozen month is added to an open one; the next months
	// show what is.
	kept bool
	// levels: dim is the level of a target, of which one answers; see Query.TargetLevel.
	levels bool
}

// eventColumns are what every event is counted of, in the order of the frozen cells.
// customer is the account as a dimension, account the one by which the row is seen;
// also are departments and roles that see it too, between bars.
const eventColumns = `ref, day, owner, manager, dept, account, customer, tier, region, product, category, dim, also, num, den`

// ends are the last days for which a state is asked, up to today.
const ends = `(SELECT MIN(value, {:today}) AS value FROM json_each({:ends}) GROUP BY 1) e`

// companyDay is the company's day of a moment, as domain.BusinessDay has it.
func companyDay(moment string) string { return "date(" + moment + ", '+8 hours')" }

// rows selects what is counted, with all its columns.
func (e event) rows() string {
	inner := "SELECT " + e.ref + " AS ref, " + e.day + " AS day, " + column(e.owner) + " AS owner, " + column(e.manager) + " AS manager, " +
		column(e.dept) + " AS dept, " + column(e.account) + " AS account, " + column(e.tier) + " AS tier, " + column(e.product) + " AS product, " +
		column(e.dim) + " AS dim, " + column(e.also) + " AS also, " + bounded(cmp.Or(e.num, "1")) + " AS num, " + bounded(cmp.Or(e.den, "0")) + " AS den FROM " + e.from
	whose, holder := "x.owner, x.manager, x.dept", ""
	if e.then {
		whose, holder = "COALESCE(h.user, '') AS owner, COALESCE(u.manager, '') AS manager, COALESCE(h.dept, '') AS dept", holderThen
	}
	seenBy := "'' AS account"
	if e.held {
		seenBy = "x.account"
	}
	return "SELECT x.ref, x.day, " + whose + ", " + seenBy + ", x.account AS customer, COALESCE(NULLIF(x.tier, ''), a.tier, '') AS tier, " +
		"COALESCE(a.region, '') AS region, x.product, COALESCE(p.category, '') AS category, x.dim, x.also, x.num, x.den FROM (" + inner +
		") x LEFT JOIN accounts a ON a.id = x.account LEFT JOIN products p ON p.id = x.product" + holder
}

// bounded is a whole number that sums of any number of rows can hold, whatever people
// put into the columns that it is counted of.
func bounded(sql string) string {
	const most = "1000000000000" // ten thousand million yuan
	return "MAX(-" + most + ", MIN(" + most + ", CAST(" + sql + " AS INTEGER)))"
}

func column(sql string) string { return cmp.Or(sql, "''") }

// holderThen joins who held the account x.account on the day x.day, as assignments tell.
const holderThen = ` LEFT JOIN account_assignments h ON h.id = (SELECT s.id FROM account_assignments s WHERE s.account = x.account
	AND s.from_date <= x.day AND (s.state = 'active' OR s.state = 'ended' AND s.to_date >= x.day) ORDER BY s.from_date DESC, s.began_at DESC, s.id DESC LIMIT 1)
	LEFT JOIN users u ON u.id = h.user`

// counted are all events, by the keys of their figures.
var counted = byKey(accountEvents, workEvents, teamEvents, marketEvents, targetEvents, expenseEvents)

func byKey(lists ...[]event) map[string]event {
	out := map[string]event{}
	for _, list := range lists {
		for _, e := range list {
			out[e.key] = e
		}
	}
	return out
}
