package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

const (
	// headOfBudget is who heads the department of a part's budget.
	headOfBudget = `(@request.auth.role = "dept_manager" && @request.auth.department != "" && budget.dept = @request.auth.department)`
	// countsMoney sees every department's budget.
	countsMoney = `@request.auth.role = "finance" || @request.auth.role = "executive" || ` + auditor
)

// budgetKeys say to phones what head and countsMoney say.
var budgetKeys = []string{"dept:{dept}", "role:finance", "role:executive", "role:auditor", "role:admin"}

// Budgets (policy 7(1)): what a department may spend in a year, as a tree; the entries
// that reserve and spend it, which only grow, and their sums by month, a table of the
// budgets' own; changes of it, and what was thought of how it went.
func init() {
	names := []string{"expense_reviews", "budget_adjustments", "budget_entries", "budget_nodes", "budgets", "expense_categories"}
	m.Register(func(app core.App) error {
		t, err := findBudgets(app)
		if err != nil {
			return err
		}
		categories, budgets := expenseCategories(), t.budgets()
		if err := create(app, categories, budgets); err != nil {
			return err
		}
		for c, column := range map[*core.Collection]string{categories: "parent", budgets: "carried_from"} {
			c.Fields.Add(ref(column, c))
			index(c, false, column)
			if err := app.Save(c); err != nil {
				return err
			}
		}
		nodes := t.nodes(budgets, categories)
		if err := create(app, nodes); err != nil {
			return err
		}
		nodes.Fields.Add(&core.RelationField{Name: "parent", CollectionId: nodes.Id, MaxSelect: 1, CascadeDelete: true})
		index(nodes, false, "parent")
		if err := create(app, nodes, t.entries(budgets, nodes), t.adjustments(budgets, nodes), t.reviews(budgets, nodes)); err != nil {
			return err
		}
		err = run(app,
			`CREATE TABLE budget_balances (node TEXT NOT NULL, month TEXT NOT NULL, allocated_fen INTEGER NOT NULL, reserved_fen INTEGER NOT NULL, spent_fen INTEGER NOT NULL,
				PRIMARY KEY (node, month)) WITHOUT ROWID`)
		if err != nil {
			return err
		}
		own := append([]string{"user:{owner}", "user:{reviewers}"}, budgetKeys...)
		return addSyncRules(app,
			syncRule{name: "expense_categories", direction: "down", priority: 305, keys: []string{"all"}},
			syncRule{name: "budgets", direction: "both", priority: 346, keys: own},
			syncRule{name: "budget_nodes", direction: "both", priority: 347, keys: append([]string{"user:{viewers}"}, budgetKeys...)},
			syncRule{name: "budget_adjustments", direction: "both", priority: 348, keys: own},
			syncRule{name: "expense_reviews", direction: "both", priority: 349, keys: append([]string{"user:{owner}"}, budgetKeys...)},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "expense_reviews", "budget_adjustments", "budget_nodes", "budgets", "expense_categories"); err != nil {
			return err
		}
		if err := run(app, "DROP TABLE budget_balances"); err != nil {
			return err
		}
		return drop(app, names...)
	})
}

// budgetTables makes the collections out of those that they name.
type budgetTables struct{ users, departments, accounts, activities, plans *core.Collection }

func findBudgets(app core.App) (budgetTables, error) {
	found, err := find(app, "users", "departments", "accounts", "activities", "annual_plans")
	if err != nil {
		return budgetTables{}, err
	}
	return budgetTables{found[0], found[1], found[2], found[3], found[4]}, nil
}

// expenseCategories are what money is spent on.
func expenseCategories() *core.Collection {
	write := active + ` && (@request.auth.role = "finance" || @request.auth.role = "admin")`
	c := table("expense_categories", rules{see: active, create: write, update: write},
		must("code"), must("name_zh"), text("name_en"), flag("active"))
	index(c, true, "code")
	return c
}

// controlled is what holds spending to an amount.
func controlled() []core.Field {
	return []core.Field{one("control", "forbid", "warn", "ignore"), notBelow("over_bp"), one("window", "year", "cumulative", "month"), data("alerts")}
}

// month is a month (YYYY-MM); it may be empty.
func month(name string) *core.TextField {
	return &core.TextField{Name: name, Pattern: `^(\d{4}-(0[1-9]|1[0-2]))?$`}
}

func (t budgetTables) budgets() *core.Collection {
	year := &core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`}
	write := active + ` && ` + head
	c := table("budgets", rules{
		see:    active + ` && (owner = @request.auth.id || ` + reviewer + ` || ` + head + ` || ` + countsMoney + `)`,
		create: active + ` && @request.auth.role = "dept_manager" && owner = @request.auth.id`, update: write, remove: write,
	}, slices.Concat(
		[]core.Field{needs("owner", t.users), ref("dept", t.departments), year, whole("version"), must("title"), ref("plan", t.plans)},
		controlled(),
		[]core.Field{
			flag("gross"), day("freeze_until"), one("carry", "none", "free"), notBelow("small_transfer_fen"), whole("review_over_bp"),
			notBelow("total_fen"), oneOf("state", "draft", "submitted", "approved", "active", "frozen", "closed", "returned", "rejected", "cancelled"),
			text("reason"), moment("approved_at"), moment("active_at"), moment("frozen_at"), moment("closed_at"), ref("closed_by", t.users), moment("carried_at"),
		},
		reviewed(t.users),
	)...)
	c.AddIndex("idx_budgets_one", true, "dept, year", "state <> 'cancelled'")
	for _, columns := range []string{"owner", "state, year", "plan"} {
		index(c, false, columns)
	}
	return c
}

// nodes are the tree; entries are on its leaves alone.
func (t budgetTables) nodes(budgets, categories *core.Collection) *core.Collection {
	write := active + ` && ` + headOfBudget
	from, to := day("from_date"), day("to_date")
	c := table("budget_nodes", rules{
		see:    active + ` && (viewers.id ?= @request.auth.id || ` + head + ` || ` + countsMoney + `)`,
		create: write, update: write, remove: write,
	}, slices.Concat(
		[]core.Field{
			part("budget", budgets), ref("dept", t.departments), must("name"), whole("position"),
			ref("category", categories), ref("manager", t.users), ref("rep", t.users), ref("account", t.accounts), ref("activity", t.activities),
			one("period", "year", "quarter", "month"), from, to, notBelow("amount_fen"), data("months"),
		},
		controlled(),
		[]core.Field{
			whole("allocated_fen"), whole("reserved_fen"), whole("spent_fen"), whole("free_fen"), moment("as_of"), whole("alerted_bp"),
			flag("is_leaf"), whole("depth"), text("path"), listOf("viewers", t.users, 50),
		},
	)...)
	for _, columns := range []string{"budget", "dept", "manager", "rep", "account", "activity", "category"} {
		index(c, false, columns)
	}
	c.AddIndex("idx_budget_nodes_leaf", false, "budget, manager, rep, account, activity, category, julianday(to_date) - julianday(from_date), depth DESC, position, name, id, from_date, to_date", "is_leaf = TRUE")
	return c
}

// entries are what was allocated, reserved, released, spent, reversed and adjusted.
func (t budgetTables) entries(budgets, nodes *core.Collection) *core.Collection {
	of := day("day")
	of.Required = true
	booked := month("month")
	booked.Required = true
	c := table("budget_entries", rules{see: active + ` && (` + head + ` || ` + countsMoney + `)`},
		needs("budget", budgets), needs("node", nodes), ref("dept", t.departments), oneOf("kind", "allocate", "reserve", "release", "spend", "reverse", "adjust"),
		whole("amount_fen"), of, booked, month("corrects"), text("ref_collection"), text("ref_id"), text("ref_line"),
		text("drawn_collection"), text("drawn_id"), text("drawn_line"), ref("by", t.users), moment("at"), text("note"))
	for _, columns := range []string{"node, month", "ref_collection, ref_id", "budget, month", "dept"} {
		index(c, false, columns)
	}
	c.AddIndex("idx_budget_entries_drawn", false, "drawn_collection, drawn_id", "drawn_id <> ''")
	return c
}

// adjustments move, raise and lower what nodes have.
func (t budgetTables) adjustments(budgets, nodes *core.Collection) *core.Collection {
	own := active + ` && owner = @request.auth.id`
	c := table("budget_adjustments", rules{
		see:    active + ` && (owner = @request.auth.id || ` + reviewer + ` || ` + head + ` || ` + countsMoney + `)`,
		create: own + ` && (@request.auth.role = "dept_manager" || @request.auth.role = "ka_manager")`, update: own, remove: own,
	}, slices.Concat(
		[]core.Field{
			needs("owner", t.users), ref("manager", t.users), ref("dept", t.departments), needs("budget", budgets), oneOf("kind", "transfer", "raise", "lower"),
			ref("from_node", nodes), ref("to_node", nodes), month("month"), notBelow("amount_fen"), must("reason"),
			oneOf("state", "draft", "submitted", "approved", "returned", "rejected", "withdrawn"), flag("small"), moment("applied_at"),
		},
		reviewed(t.users),
	)...)
	for _, columns := range []string{"budget", "owner", "dept", "from_node", "to_node", "state"} {
		index(c, false, columns)
	}
	return c
}

// reviews say each month why a node went as it did, and what is done about it.
func (t budgetTables) reviews(budgets, nodes *core.Collection) *core.Collection {
	of := month("month")
	of.Required = true
	c := table("expense_reviews", rules{
		see:    active + ` && (owner = @request.auth.id || ` + head + ` || ` + countsMoney + `)`,
		create: active + ` && (` + headOfBudget + ` || @request.auth.role = "finance")`, update: active + ` && (owner = @request.auth.id || ` + head + `)`,
	},
		needs("budget", budgets), needs("node", nodes), ref("dept", t.departments), needs("owner", t.users), of,
		whole("budget_fen"), whole("actual_fen"), whole("variance_fen"), whole("variance_bp"), whole("forecast_fen"),
		text("cause"), text("action"), day("due"), oneOf("state", "open", "done"), moment("done_at"), moment("told_at"))
	index(c, true, "node, month")
	for _, columns := range []string{"budget", "owner, state", "dept"} {
		index(c, false, columns)
	}
	return c
}
