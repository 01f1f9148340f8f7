package plans

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// Kinds are what is approved of the area, each by who is over its owner: a rep's
// visits by his manager, a manager's month by the head of the department.
func Kinds(cfg gate.Config) []kit.Approval {
	s := &Service{now: cfg.Now}
	kind := func(collection, title string, content ...string) kit.Approval {
		return kit.Approval{
			Collection: collection, Content: content,
			Title: func(plan *core.Record) string { return monthOf(plan) + " " + title },
			Route: func(core.App, *core.Record) ([]domain.ApprovalStep, error) {
				return []domain.ApprovalStep{{Key: "superior", By: domain.BySuperior}}, nil
			},
			Snapshot: func(txApp core.App, plan *core.Record) (map[string]any, error) {
				all, err := itemsOf(txApp, plan)
				return map[string]any{"items": all}, err
			},
			OnSubmit:   s.submitted,
			OnApproved: s.approved,
		}
	}
	return []kit.Approval{
		kind(monthly, "月度销售计划", fieldMonth, "goals", "activities"),
		kind(visiting, "客户拜访计划", fieldMonth),
	}
}

// itemsOf lists what of a plan's items is signed.
func itemsOf(app core.App, plan *core.Record) ([]map[string]any, error) {
	field := "visit_plan"
	if plan.Collection().Name == monthly {
		field = "monthly_plan"
	}
	rows, err := app.FindRecordsByFilter(items, field+" = {:p}", "id", 0, 0, dbx.Params{"p": plan.Id})
	if err != nil {
		return nil, err
	}
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = map[string]any{"id": r.Id, "kind": r.GetString("kind"), "account": accountOf(r), "title": r.GetString("title"), "qty": r.GetInt("qty"), "dates": datesOf(r)}
	}
	return out, nil
}

// submitted refuses a plan without items and notes whether it comes after its
// day (R4.3).
func (s *Service) submitted(_ context.Context, txApp core.App, plan *core.Record) error {
	rows, err := itemsOf(txApp, plan)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return gate.Refuse("plan.empty")
	}
	day, err := gate.SettingsNow(txApp).Whole("plan.due_day")
	if err != nil {
		return err
	}
	plan.Set("late", domain.BusinessDay(s.now()) > domain.PlanDue(monthOf(plan), day))
	return nil
}

// approved refuses a plan as long as items of earlier months were missed and
// nobody has said why (R4.5): the owner's, and for a manager those of his team.
func (s *Service) approved(_ context.Context, txApp core.App, plan *core.Record) error {
	whose := "owner = {:o}"
	if plan.Collection().Name == monthly {
		whose = "(owner = {:o} OR manager = {:o})"
	}
	var open int
	err := txApp.DB().NewQuery("SELECT COUNT(*) FROM plan_items WHERE " + whose + " AND month < {:m} AND state = 'missed' AND explained_at = ''").
		Bind(dbx.Params{"o": ownerOf(plan), "m": monthOf(plan)}).Row(&open)
	if err != nil {
		return err
	}
	if open > 0 {
		return gate.Refuse("plan.misses_unexplained", "items", open)
	}
	return nil
}
