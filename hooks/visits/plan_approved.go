package visits

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// planApproved follows a rep's visit plan: when it is approved, the visits that
// were made for its items are, and those of its days that nobody made yet are
// there for the rep to see.
func (s *Service) planApproved(e *core.RecordEvent) error {
	now, before := stateOf(e.Record), stateOf(e.Record.Original())
	if err := e.Next(); err != nil || now != domain.PlanApproved || before == domain.PlanApproved {
		return err
	}
	items, err := e.App.FindAllRecords("plan_items", dbx.HashExp{"visit_plan": e.Record.Id, "kind": "visit"})
	if err != nil {
		return fmt.Errorf("failed to read plan items: %w", err)
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil {
		return fmt.Errorf("failed to find the owner of a plan: %w", err)
	}
	coll, err := e.App.FindCachedCollectionByNameOrId(visits)
	if err != nil {
		return err
	}
	for _, item := range items {
		made, err := e.App.FindAllRecords(visits, dbx.HashExp{"plan_item": item.Id})
		if err != nil {
			return err
		}
		days := map[string]bool{}
		for _, visit := range made {
			if stateOf(visit) != domain.VisitCancelled {
				days[visit.GetString("planned_date")] = true
			}
			if err := s.approve(e, visit); err != nil {
				return err
			}
		}
		var planned []string
		if err := item.UnmarshalJSONField("dates", &planned); err != nil && item.GetString("dates") != "" {
			return fmt.Errorf("failed to read the days of plan item %s: %w", item.Id, err)
		}
		for _, day := range planned {
			if days[day] || len(days) >= max(1, item.GetInt("qty")) {
				continue
			}
			days[day] = true
			visit := core.NewRecord(coll)
			visit.Load(map[string]any{
				"account": accountOf(item), fieldOwner: owner.Id, "type": "planned", "planned_date": day, "plan_item": item.Id,
				"objective": item.GetString("title"),
			})
			// Under the rep's own rules: the account may have left him since.
			err := e.App.SaveWithContext(gate.With(e.Context, gate.Actor{User: owner, Device: planDevice}), visit)
			if _, _, refused := gate.ProblemOf(err); refused {
				continue
			}
			if err == nil {
				err = s.approve(e, visit)
			}
			if err != nil {
				return fmt.Errorf("failed to make a visit of plan item %s: %w", item.Id, err)
			}
		}
	}
	return nil
}

// planDevice stands for the plan where others have a phone.
const planDevice = "plan"

func (s *Service) approve(e *core.RecordEvent, visit *core.Record) error {
	from, err := s.move(visit, domain.VisitApprove)
	if err != nil {
		return nil //nolint:nilerr // it has moved on: what happened needs no approval any more
	}
	return s.step(e.Context, e.App, visit, domain.VisitApprove, from, nil)
}
