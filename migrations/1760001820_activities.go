package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// activityPhoto is the purpose of blobs that show an activity.
const activityPhoto = "activity"

const (
	// namedLines are the lines of the accounts that a row lists, and the heads of the
	// departments that these were of when they were named.
	namedLines = `accounts.owner ?= @request.auth.id || accounts.manager ?= @request.auth.id || accounts.next_owner ?= @request.auth.id || ` +
		`(@request.auth.role = "dept_manager" && @request.auth.department != "" && depts.id ?= @request.auth.department)`
	// marketing sees whatever market does for accounts.
	marketing = `@request.auth.role = "market" || @request.auth.role = "executive" || @request.auth.role = "finance" || ` + auditor
)

// marketingKeys say to phones what namedLines and marketing say.
var marketingKeys = []string{"role:market", "role:executive", "role:finance", "account:{accounts}", "dept:{depts}", "role:auditor", "role:admin"}

// Market at work for accounts (policy 4(4)1): promotion plans, and activities with
// their tasks, costs, result and return on cost; intelligence that goes down to the
// field, and what market thought of what came up.
func init() {
	m.Register(func(app core.App) error {
		t, err := findMarket(app)
		if err != nil {
			return err
		}
		plans := t.plans()
		if err := create(app, plans); err != nil {
			return err
		}
		activities := t.activities(plans)
		if err := create(app, activities); err != nil {
			return err
		}
		if err := create(app, t.parts(activities)...); err != nil {
			return err
		}
		if err := marketIntel(app, true); err != nil {
			return err
		}
		if err := showActivities(app, true); err != nil {
			return err
		}
		own := append([]string{"user:{owner}"}, marketingKeys...)
		reviewed := append([]string{"user:{manager}", "dept:{dept}", "user:{reviewers}"}, own...)
		return addSyncRules(app,
			syncRule{name: "promo_plans", direction: "both", priority: 720, keys: reviewed},
			syncRule{name: "activities", direction: "both", priority: 721, keys: append([]string{"user:{helpers}"}, reviewed...)},
			syncRule{name: "activity_tasks", direction: "both", priority: 722, keys: own},
			syncRule{name: "activity_costs", direction: "both", priority: 723, keys: marketingKeys},
			syncRule{name: "activity_results", direction: "both", priority: 724, keys: own, late: "owner = @request.auth.id"},
			syncRule{
				name: "activity_returns", direction: "down", priority: 725,
				keys: []string{"role:market", "role:executive", "role:finance", "dept:{dept}", "role:auditor", "role:admin"},
			},
		)
	}, func(app core.App) error {
		names := []string{"activity_returns", "activity_results", "activity_costs", "activity_tasks", "activities", "promo_plans"}
		if err := dropRules(app, names...); err != nil {
			return err
		}
		if err := drop(app, names...); err != nil {
			return err
		}
		if err := showActivities(app, false); err != nil {
			return err
		}
		return marketIntel(app, false)
	})
}

// marketTables makes the collections out of those that they name.
type marketTables struct{ users, departments, accounts, products, blobs *core.Collection }

func findMarket(app core.App) (marketTables, error) {
	found, err := find(app, "users", "departments", "accounts", "products", "blobs")
	if err != nil {
		return marketTables{}, err
	}
	return marketTables{found[0], found[1], found[2], found[3], found[4]}, nil
}

func listOf(name string, to *core.Collection, most int) core.Field {
	return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: most}
}

// notBelow is a whole number from 0 up to what amounts may come to.
func notBelow(name string) core.Field {
	return &core.NumberField{Name: name, OnlyInt: true, Min: types.Pointer(0.0), Max: types.Pointer(1e13)}
}

// named are the accounts that a row is about, and their departments of then.
func (t marketTables) named() []core.Field {
	return []core.Field{listOf("accounts", t.accounts, 200), listOf("depts", t.departments, 50)}
}

// headed are the fields and rules of what somebody of market plans, has approved and carries out.
func (t marketTables) headed(name, more string, fields ...core.Field) *core.Collection {
	from, to := day("from_date"), day("to_date")
	from.Required, to.Required = true, true
	own := active + ` && owner = @request.auth.id`
	c := table(name, rules{
		see:    active + ` && (` + ownLine + ` || ` + reviewer + more + ` || ` + namedLines + ` || ` + marketing + `)`,
		create: own + ` && @request.auth.role = "market"`, update: own, remove: own,
	}, slices.Concat(
		[]core.Field{needs("owner", t.users), ref("manager", t.users), ref("dept", t.departments), must("name"), from, to},
		t.named(), []core.Field{listOf("products", t.products, 200)}, fields, reviewed(t.users),
	)...)
	for _, columns := range []string{"owner", "dept", "state, to_date"} {
		index(c, false, columns)
	}
	return c
}

func (t marketTables) plans() *core.Collection {
	return t.headed("promo_plans", "",
		&core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`}, must("goal"),
		&core.SelectField{Name: "tiers", Values: []string{"A", "B", "C"}, MaxSelect: 3}, notBelow("planned_fen"),
		oneOf("state", "draft", "submitted", "approved", "returned", "rejected", "closed"), text("outcome"), moment("closed_at"),
	)
}

func (t marketTables) activities(plans *core.Collection) *core.Collection {
	c := t.headed("activities", ` || helpers.id ?= @request.auth.id`,
		ref("promo_plan", plans), oneOf("kind", "launch", "seminar", "promotion", "display"), text("place"),
		listOf("helpers", t.users, 100), notBelow("planned_fen"), notBelow("actual_fen"), day("result_due"),
		oneOf("state", "draft", "submitted", "approved", "returned", "rejected", "running", "ended", "reported", "closed", "cancelled"),
		text("reason"), moment("result_told_at"), moment("closed_at"),
	)
	index(c, false, "promo_plan")
	return c
}

// parts are what hangs on an activity.
func (t marketTables) parts(activities *core.Collection) []*core.Collection {
	see := active + ` && (` + namedLines + ` || ` + marketing
	with := func(fields ...core.Field) []core.Field {
		return slices.Concat([]core.Field{part("activity", activities)}, t.named(), fields)
	}
	ofOwner := active + ` && @request.auth.role = "market" && activity.owner = @request.auth.id` // who sees them all
	due := day("due")
	due.Required = true
	tasks := table("activity_tasks", rules{see: see + ` || owner = @request.auth.id)`, create: ofOwner, update: ofOwner, remove: ofOwner}, with(
		must("title"), needs("owner", t.users), due, oneOf("state", "open", "done", "dropped"), text("note"), moment("done_at"), moment("overdue_told_at"),
	)...)
	index(tasks, false, "activity")
	index(tasks, false, "owner, state")
	index(tasks, false, "state, due")
	costs := table("activity_costs", rules{see: see + `)`, create: ofOwner, update: ofOwner, remove: ofOwner}, with(
		oneOf("kind", "venue", "material", "display", "gift", "travel", "staff", "media", "other"), notBelow("planned_fen"), notBelow("actual_fen"), text("note"),
	)...)
	index(costs, false, "activity")
	results := table("activity_results", rules{
		see: see + ` || owner = @request.auth.id)`,
		create: active + ` && owner = @request.auth.id && (activity.owner = @request.auth.id || ` +
			`activity.accounts.owner ?= @request.auth.id || activity.accounts.manager ?= @request.auth.id)`,
	}, with(
		needs("owner", t.users), must("text"), notBelow("attendance"), notBelow("leads"), listOf("photos", t.blobs, 20), moment("at"), flag("late"),
	)...)
	index(results, true, "activity")
	index(results, false, "owner")
	returns := table("activity_returns", rules{see: active + ` && (` + head + ` || ` + marketing + `)`},
		part("activity", activities), ref("dept", t.departments), day("from_date"), day("until_date"), day("before_date"),
		whole("gain_fen"), whole("cost_fen"), whole("return_bp"), day("counted_on"),
	)
	index(returns, true, "activity")
	index(returns, false, "dept")
	return []*core.Collection{tasks, costs, results, returns}
}

// marketIntel lets the offices write intelligence that goes down, and keeps what was
// thought of a report; or takes that back.
func marketIntel(app core.App, on bool) error {
	const market, offices = ` || @request.auth.role = "market")`, ` || @request.auth.role = "market" || @request.auth.role = "product" || @request.auth.role = "service")`
	intel, err := app.FindCollectionByNameOrId("intel_reports")
	if err != nil {
		return err
	}
	if !on {
		intel.CreateRule = rule(strings.Replace(*intel.CreateRule, offices, market, 1))
		if err := app.Save(intel); err != nil {
			return err
		}
		return removeFields(app, intel.Name, []string{"direction, reminded_at"}, "score_note", "scored_by", "scored_at", "reminded_at")
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	intel.CreateRule = rule(strings.Replace(*intel.CreateRule, market, offices, 1))
	intel.Fields.Add(text("score_note"), ref("scored_by", users), moment("scored_at"), moment("reminded_at"))
	index(intel, false, "direction, reminded_at")
	return app.Save(intel)
}

// showActivities adds photos of activities to the blobs: the line of the account sees
// them as it sees goods, and market all of them; or takes that back.
func showActivities(app core.App, on bool) error {
	const (
		goodsOnly, withActivities = `purpose = "` + goods + `")`, `purpose = "` + goods + `" || purpose = "` + activityPhoto + `")`
		last, market              = ` || ` + auditor + `)`, ` || (purpose = "` + activityPhoto + `" && @request.auth.role = "market") || ` + auditor + `)`
	)
	blobs, err := app.FindCollectionByNameOrId("blobs")
	if err != nil {
		return err
	}
	purposes := selectOf(blobs, "purpose")
	change := strings.NewReplacer(goodsOnly, withActivities, last, market)
	if on {
		purposes.Values = append(purposes.Values, activityPhoto)
	} else {
		change = strings.NewReplacer(withActivities, goodsOnly, market, last)
		purposes.Values = slices.DeleteFunc(purposes.Values, func(purpose string) bool { return purpose == activityPhoto })
		if _, err := app.DB().Delete(blobs.Name, dbx.HashExp{"purpose": activityPhoto}).Execute(); err != nil {
			return err
		}
	}
	see := rule(change.Replace(*blobs.ListRule))
	blobs.ListRule, blobs.ViewRule = see, see
	if err := app.Save(blobs); err != nil {
		return err
	}
	return activityKeys(app, on)
}

// activityKeys says the same to phones.
func activityKeys(app core.App, on bool) error {
	syncRule, err := app.FindFirstRecordByData("sync_rules", "name", "blobs")
	if err != nil {
		return err
	}
	var keys []seedKey
	if err := syncRule.UnmarshalJSONField("keys", &keys); err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(k seedKey) bool { return k.Key == "role:market" })
	for _, k := range keys {
		of, paper := k.When["purpose"]
		switch {
		case !paper:
		case on:
			k.When["purpose"] = append(of, activityPhoto)
		default:
			k.When["purpose"] = slices.DeleteFunc(of, func(purpose string) bool { return purpose == activityPhoto })
		}
	}
	if on {
		keys = append(keys, seedKey{Key: "role:market", When: map[string][]string{"purpose": {activityPhoto}}})
	}
	syncRule.Set("keys", keys)
	return app.Save(syncRule)
}
