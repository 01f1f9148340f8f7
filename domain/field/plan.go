package field

import (
	"fmt"
	"slices"
	"time"

	"satchel/domain"
)

// States of a monthly plan and of a visit plan, as approvals name them.
const (
	PlanDraft     = "draft"
	PlanSubmitted = "submitted"
	PlanApproved  = "approved"
	PlanReturned  = "returned"
	PlanRejected  = "rejected"
)

// MonthlyPlanMachine and VisitPlanMachine are the lives of plans. All of their
// steps are those of an approval.
var (
	MonthlyPlanMachine = planMachine("monthly_plans")
	VisitPlanMachine   = planMachine("visit_plans")
)

func planMachine(collection string) domain.Machine {
	return domain.Machine{
		Collection: collection,
		States:     []string{PlanDraft, PlanSubmitted, PlanApproved, PlanReturned, PlanRejected},
		Open:       []string{PlanDraft, PlanReturned, PlanRejected},
		Refusal:    "plan.locked",
	}
}

// PlanEditable reports whether its maker still writes a plan and its items.
func PlanEditable(state string) bool { return slices.Contains(VisitPlanMachine.Editable(), state) }

// States of a plan's item.
const (
	ItemOpen    = "open"
	ItemDone    = "done"
	ItemMissed  = "missed"  // its month ended before it was done
	ItemDropped = "dropped" // taken out by the superior after the approval
)

// Actions on an item of an approved plan.
const (
	ItemExplain = "explain" // why it was missed, and what is done about it
	ItemDrop    = "drop"
)

// ItemMachine is the life of a plan's item. What is done and what is missed
// follows from what is counted, see ItemState.
var ItemMachine = domain.Machine{
	Collection: "plan_items",
	States:     []string{ItemOpen, ItemDone, ItemMissed, ItemDropped},
	Refusal:    "plan.item_state",
	Steps: []domain.Step{
		{
			Action: ItemExplain, From: []string{ItemMissed}, By: []domain.Party{domain.PartyOwner, domain.PartySuperior}, Stranger: "plan.not_owner",
			Leads: []string{"an improvement action is there"},
		},
		{
			Action: ItemDrop, From: []string{ItemOpen, ItemDone, ItemMissed}, To: []string{ItemDropped}, By: []domain.Party{domain.PartySuperior}, Stranger: "plan.not_superior",
			Leads: []string{"visits that are still to come are flagged"},
		},
	},
}

// CauseCodes are why an item may have been missed.
var CauseCodes = []string{"customer", "workload", "stock", "price", "competition", "sick", "travel", "priority", "other"}

// ItemState is where an item stands: what is done in excess or later than its
// month still counts, and what was dropped stays so.
func ItemState(state string, qty, done int, monthOver bool) string {
	switch {
	case state == ItemDropped:
		return ItemDropped
	case done >= max(1, qty):
		return ItemDone
	case monthOver:
		return ItemMissed
	}
	return ItemOpen
}

// IsMonth reports whether a text is a month, YYYY-MM.
func IsMonth(text string) bool {
	_, err := time.Parse("2006-01", text)
	return err == nil
}

// AddMonths returns the month n months after month; what is no month comes back as it is.
func AddMonths(month string, n int) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, n, 0).Format("2006-01")
}

// PlanDue is the day on which a plan is to be handed in: the dueDay-th, 1 to 28,
// of the month before.
func PlanDue(month string, dueDay int) string {
	return fmt.Sprintf("%s-%02d", AddMonths(month, -1), min(max(dueDay, 1), 28))
}
