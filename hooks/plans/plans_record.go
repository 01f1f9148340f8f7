package plans

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	monthly  = "monthly_plans"
	visiting = "visit_plans"
	items    = "plan_items"
	progress = "plan_progress"
	visits   = "visits"
	accounts = "accounts"

	fieldState = "state"
	fieldOwner = "owner"
	fieldMonth = "month"
)

var (
	planFilled = []string{"manager", "dept", "late"}
	itemFilled = []string{
		fieldOwner, "manager", "dept", fieldMonth, "done", fieldState, "changed_at",
		"cause_code", "cause_note", "action", "explained_at",
	}
	itemParents    = []string{"visit_plan", "monthly_plan"}
	progressFilled = []string{fieldOwner, "manager", "dept"}
)

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		monthly:  {Fields: []string{fieldState}},
		visiting: {Fields: []string{fieldState}},
		items:    {Fields: []string{fieldState, "qty", "dates", "change_note", "cause_code"}},
	}
}

func stateOf(r *core.Record) string        { return r.GetString(fieldState) }
func setState(r *core.Record, s string)    { r.Set(fieldState, s) }
func ownerOf(r *core.Record) string        { return r.GetString(fieldOwner) }
func managerOf(r *core.Record) string      { return r.GetString("manager") }
func deptOf(r *core.Record) string         { return r.GetString("dept") }
func monthOf(r *core.Record) string        { return r.GetString(fieldMonth) }
func accountOf(r *core.Record) string      { return r.GetString("account") }
func planItemOf(visit *core.Record) string { return visit.GetString("plan_item") }
func counts(visit *core.Record) bool       { return visit.GetBool("counts") }
func dayOf(visit *core.Record) string      { return visit.GetString("planned_date") }

// parentOf names the plan of an item: its collection and id.
func parentOf(item *core.Record) (collection, id string) {
	if id := item.GetString("visit_plan"); id != "" {
		return visiting, id
	}
	return monthly, item.GetString("monthly_plan")
}

// setLine fills who a plan's owner reports to.
func setLine(plan, owner *core.Record) {
	plan.Set("manager", owner.GetString("manager"))
	plan.Set("dept", owner.GetString("department"))
}

// copyPlan takes from a plan what its items need to be found.
func copyPlan(item, plan *core.Record) {
	for _, f := range []string{fieldOwner, "manager", "dept", fieldMonth} {
		item.Set(f, plan.GetString(f))
	}
}

func copyItem(entry, item *core.Record) {
	for _, f := range progressFilled {
		entry.Set(f, item.GetString(f))
	}
}

func datesOf(item *core.Record) (days []string) {
	_ = item.UnmarshalJSONField("dates", &days) // what is no list of texts is refused when it is saved
	return days
}

// changedByManager tells whether an item differs from what was approved.
func changedByManager(item *core.Record) bool {
	return stateOf(item) == domain.ItemDropped || !item.GetDateTime("changed_at").IsZero()
}

func setExplained(item *core.Record, a explainArgs, action string, at time.Time) {
	item.Set("cause_code", a.CauseCode)
	item.Set("cause_note", a.Note)
	item.Set("action", action)
	item.Set("explained_at", at)
}

// flag marks a visit with what a person should know of its plan.
func flag(visit *core.Record, name string) {
	var flags []string
	_ = visit.UnmarshalJSONField("flags", &flags) // nothing but lists of ours is written there
	if !slices.Contains(flags, name) {
		visit.Set("flags", append(flags, name))
	}
}

func unflag(visit *core.Record, name string) {
	var flags []string
	_ = visit.UnmarshalJSONField("flags", &flags) // nothing but lists of ours is written there
	if i := slices.Index(flags, name); i >= 0 {
		visit.Set("flags", slices.Delete(flags, i, i+1))
	}
}

// Types of visits that are on the month's plan, or are not.
const (
	typePlanned   = "planned"
	typeUnplanned = "unplanned"
	typePhone     = "phone"
)

// Flags of visits.
const (
	flagPlanChanged = "plan_changed" // the superior changed the plan item while the phone was away
	flagOffPlan     = "off_plan"     // not in the approved plan, and no reason given
	flagNoItem      = "no_plan_item" // called planned, and on no plan
)
