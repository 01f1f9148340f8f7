package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// headOfOthers is the department manager of a row of somebody else's.
const headOfOthers = `(` + head + ` && person != @request.auth.id)`

// Incentives (policy R6.7 to R6.11): what a grade is worth, commission with its plan and
// lines, who may be promoted, who is honoured, and how people are developed. A bonus says
// what somebody's base is, so that he and finance alone see it. No phone keeps money.
func init() {
	names := []string{"development_actions", "honors", "promotion_candidates", "commission_lines", "incentive_results", "commission_plans"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "orders", "appraisal_cycles")
		if err != nil {
			return err
		}
		t := incentiveTables{found[0], found[1], found[2], found[3]}
		plans := t.plans()
		if err := create(app, plans); err != nil {
			return err
		}
		results := t.results(plans)
		if err := create(app, results); err != nil {
			return err
		}
		results.Fields.Add(ref("corrects", results))
		index(results, false, "corrects")
		lines := t.lines(results)
		if err := create(app, results, lines); err != nil {
			return err
		}
		lines.Fields.Add(ref("refers", lines))
		index(lines, false, "refers")
		return create(app, lines, t.candidates(), t.honours(), t.development())
	}, func(app core.App) error { return drop(app, names...) })
}

// incentiveTables makes the collections out of those that they name.
type incentiveTables struct{ users, departments, orders, cycles *core.Collection }

// whose are the person, who led him then, and the cycle that a row is of.
func (t incentiveTables) whose() []core.Field {
	return []core.Field{needs("person", t.users), ref("manager", t.users), ref("dept", t.departments), needs("cycle", t.cycles), must("period")}
}

// plans are the rules of commission of a department, by version.
func (t incentiveTables) plans() *core.Collection {
	write := active + ` && ` + head
	from := day("from_date")
	from.Required = true
	c := table("commission_plans", rules{
		see:    active + ` && (state != "draft" || ` + head + ` || @request.auth.role = "finance" || ` + auditor + `)`,
		create: write, update: write + ` && state = "draft"`, remove: write + ` && state = "draft"`,
	},
		needs("dept", t.departments), must("name"), whole("version"), from, data("rules"), oneOf("state", "draft", "published", "retired"),
		ref("published_by", t.users), moment("published_at"))
	index(c, true, "dept, version")
	index(c, false, "published_by")
	return c
}

// results are what somebody is paid of a cycle, by kind; a correction is the next version.
func (t incentiveTables) results(plans *core.Collection) *core.Collection {
	c := table("incentive_results", rules{
		see: active + ` && ((person = @request.auth.id && state != "draft") || (@request.auth.role = "finance" && person != @request.auth.id) || ` +
			`((kind = "commission" || kind = "manager_share") && ` + headOfOthers + `))`,
	}, slices.Concat(t.whose(), []core.Field{
		oneOf("kind", "bonus", "hold_settlement", "commission", "manager_share"), whole("version"), ref("plan", plans),
		text("grade"), text("reason"), whole("coef_bp"), whole("factor_bp"), whole("hold_bp"), whole("days"), whole("cycle_days"),
		whole("amount_fen"), whole("held_fen"), whole("lapsed_fen"), whole("carried_fen"), whole("due_fen"), whole("pay_fen"), whole("carry_fen"), whole("owed_fen"),
		data("content"), unseen(data("guarded")), text("sha256"), oneOf("state", "draft", "approved", "exported", "paid"),
		ref("approved_by", t.users), moment("approved_at"), ref("exported_by", t.users), moment("exported_at"), text("batch"), day("paid_on"),
	})...)
	index(c, true, "cycle, person, kind, version")
	for _, columns := range []string{"person, kind", "dept", "manager", "plan", "approved_by", "exported_by"} {
		index(c, false, columns)
	}
	return c
}

// lines are the commission on an order in a tier; the first of an order and tier says what
// of it was paid and what is held, those that refer to it change it.
func (t incentiveTables) lines(results *core.Collection) *core.Collection {
	c := table("commission_lines", rules{see: active + ` && ((person = @request.auth.id && result.state != "draft") || (@request.auth.role = "finance" && person != @request.auth.id) || ` + headOfOthers + `)`},
		slices.Concat(t.whose(), []core.Field{
			part("result", results), must("sold"), oneOf("kind", "sale", "return", "shift", "regrade"), needs("order", t.orders),
			whole("from_bp"), whole("rate_bp"), whole("amount_fen"), whole("collected_bp"), whole("payable_fen"), whole("paid_fen"), whole("held_fen"), whole("lapsed_fen"), day("held_till"),
		})...)
	for _, columns := range []string{"result", "person, sold", "manager, sold", "order", "cycle", "dept"} {
		index(c, false, columns)
	}
	return c
}

// candidates are who may be promoted.
func (t incentiveTables) candidates() *core.Collection {
	c := table("promotion_candidates", rules{see: active + ` && ((person = @request.auth.id && state = "promoted") || ` + headOfOthers + ` || (@request.auth.role = "executive" && person != @request.auth.id))`},
		slices.Concat(t.whose(), []core.Field{
			oneOf("basis", "quarters", "years"), day("grade_since"), oneOf("state", "proposed", "promoted", "declined", "lapsed"),
			ref("decided_by", t.users), moment("decided_at"), text("comment"),
		})...)
	index(c, true, "cycle, person")
	for _, columns := range []string{"person", "dept", "manager", "decided_by"} {
		index(c, false, columns)
	}
	return c
}

// honours are published as name, category and period; no number stands in them.
func (t incentiveTables) honours() *core.Collection {
	c := table("honors", rules{see: active + ` && (state = "published" || ` + headOfOthers + ` || @request.auth.role = "executive")`},
		slices.Concat(t.whose(), []core.Field{
			must("name"), oneOf("category", "sales_champion", "new_accounts", "satisfaction", "collaboration"),
			oneOf("state", "nominated", "published", "withdrawn", "lapsed"), ref("published_by", t.users), moment("published_at"), text("comment"),
		})...)
	index(c, true, "cycle, person, category")
	for _, columns := range []string{"person", "dept", "manager", "published_by"} {
		index(c, false, columns)
	}
	return c
}

// development is what good performers are given beyond money.
func (t incentiveTables) development() *core.Collection {
	leads := active + ` && ` + headOfOthers
	c := table("development_actions", rules{
		see:    active + ` && ((person = @request.auth.id && (state = "planned" || state = "done")) || ` + headOfOthers + ` || (manager = @request.auth.id && person != @request.auth.id))`,
		update: leads + ` && (state = "proposed" || state = "planned")`,
	}, slices.Concat(t.whose(), []core.Field{
		oneOf("kind", "training", "exchange", "project"), text("title"), day("due"), oneOf("state", "proposed", "planned", "done", "cancelled", "lapsed"), text("result"),
	})...)
	index(c, true, "cycle, person")
	for _, columns := range []string{"person, state", "dept", "manager"} {
		index(c, false, columns)
	}
	return c
}
