package plans

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// approvals are what is approved of the area, each by who is over its owner: a
// rep's visits by his manager, a manager's month by the head of the department.
func (s service) approvals() []kit.Approval {
	kind := func(collection, title string, content ...string) kit.Approval {
		return kit.Approval{
			Collection: collection, Content: content,
			Title: func(subject *core.Record) string { return planIn(subject).Month() + " " + title },
			Route: func(core.App, *core.Record) ([]people.ApprovalStep, error) {
				return []people.ApprovalStep{{Key: "superior", By: people.BySuperior}}, nil
			},
			Snapshot: func(tx core.App, subject *core.Record) (map[string]any, error) {
				all, err := signed(tx, planIn(subject))
				out := map[string]any{"items": all}
				if err != nil || !planIn(subject).ofMonth() {
					return out, err
				}
				split, err := records.MonthlyPlans.Of(subject).Targets()
				if len(split) > 0 {
					out["targets"] = split
				}
				return out, err
			},
			OnSubmit:   s.submitted,
			OnApproved: s.approved,
		}
	}
	return []kit.Approval{
		kind(records.MonthlyPlanTable, "月度销售计划", records.MonthlyPlanColMonth, records.MonthlyPlanColGoals, records.MonthlyPlanColActivities),
		kind(records.VisitPlanTable, "客户拜访计划", records.VisitPlanColMonth),
	}
}

// signed lists what of a plan's items is signed.
func signed(app core.App, p plan) ([]map[string]any, error) {
	items, err := p.items(app)
	if err != nil {
		return nil, err
	}
	out := make([]map[string]any, len(items))
	for i, item := range items {
		days, err := item.Dates()
		if err != nil {
			return nil, err
		}
		out[i] = map[string]any{"id": item.ID(), "kind": item.Kind(), "account": item.Account(), "title": item.Title(), "qty": item.Qty(), "dates": days}
	}
	return out, nil
}

// submitted refuses a plan without items and notes whether it comes after its
// day (R4.3).
func (s service) submitted(_ context.Context, tx core.App, subject *core.Record) error {
	p := planIn(subject)
	items, err := p.items(tx)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return gate.Refuse("plan.empty")
	}
	day, err := gate.SettingsNow(tx).PlanDueDay()
	if err != nil {
		return err
	}
	p.SetLate(domain.BusinessDay(s.Now()) > field.PlanDue(p.Month(), day))
	return nil
}

// approved refuses a plan as long as items of earlier months were missed and
// nobody has said why (R4.5): the owner's, and for a manager those of his team.
func (s service) approved(_ context.Context, tx core.App, subject *core.Record) error {
	p := planIn(subject)
	whose := "owner = {:o}"
	if p.ofMonth() {
		whose = "(owner = {:o} OR manager = {:o})"
	}
	open, err := records.PlanItems.Count(tx, whose+" AND month < {:m} AND state = 'missed' AND explained_at = ''",
		dbx.Params{"o": p.Owner(), "m": p.Month()})
	if err != nil {
		return err
	}
	if open > 0 {
		return gate.Refuse("plan.misses_unexplained", "items", open)
	}
	return nil
}
