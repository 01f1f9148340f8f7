package plans

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// visitSaved judges how a visit stands to the plan. Its item is one of its owner
// for its account; if the superior changed that since, the visit keeps it and
// is flagged. A visit beside an approved plan has a reason: a desk is asked for
// it, what a phone captured without is flagged.
func (s *Service) visitSaved(e *core.RecordEvent) error {
	if item := planItemOf(e.Record); item != "" && (e.Record.IsNew() || item != planItemOf(e.Record.Original())) {
		if err := joinItem(e.App, e.Record, item); err != nil {
			return err
		}
	}
	if began(e.Record) {
		if err := s.offPlan(e); err != nil {
			return err
		}
	}
	return e.Next()
}

func joinItem(app core.App, visit *core.Record, id string) error {
	item, err := app.FindRecordById(items, id)
	if err != nil {
		return gate.RefuseField("plan_item", "record.not_found")
	}
	days := datesOf(item)
	elsewhere := accountOf(item) != "" && accountOf(item) != accountOf(visit)
	another := len(days) > 0 && !anyOf(days, dayOf(visit))
	switch {
	case ownerOf(item) != ownerOf(visit):
		return gate.RefuseField("plan_item", "visit.plan_item_foreign")
	case changedByManager(item) && (stateOf(item) == domain.ItemDropped || elsewhere || another):
		flag(visit, flagPlanChanged)
	case elsewhere:
		return gate.RefuseField("plan_item", "visit.plan_item_foreign")
	}
	return nil
}

// began tells whether this write is a check-in.
func began(visit *core.Record) bool {
	return !visit.IsNew() && stateOf(visit) == domain.VisitInProgress && stateOf(visit.Original()) != domain.VisitInProgress
}

func (s *Service) offPlan(e *core.RecordEvent) error {
	if e.Record.GetString("type") != "unplanned" || e.Record.GetString("deviation_reason") != "" {
		return nil
	}
	month := domain.Month(domain.BusinessDay(e.Record.GetDateTime("in_at").Time()))
	var n int
	err := e.App.DB().NewQuery("SELECT COUNT(*) FROM visit_plans WHERE owner = {:o} AND month = {:m} AND state = 'approved'").
		Bind(dbx.Params{"o": ownerOf(e.Record), "m": month}).Row(&n)
	if err != nil || n == 0 {
		return err
	}
	if gate.From(e).Device == "" {
		return gate.Refuse("visit.deviation_reason")
	}
	flag(e.Record, flagOffPlan)
	return nil
}

// visitCounted keeps plan_items.done with the visits that count.
func (s *Service) visitCounted(e *core.RecordEvent) error {
	before, now := planItemOf(e.Record.Original()), planItemOf(e.Record)
	gone := e.Type == core.ModelEventTypeDelete
	same := !gone && before == now && counts(e.Record) == counts(e.Record.Original())
	if err := e.Next(); err != nil || same {
		return err
	}
	for i, id := range []string{now, before} {
		if id == "" || i == 1 && before == now {
			continue
		}
		if err := s.recount(e.Context, e.App, id); err != nil {
			return err
		}
	}
	return nil
}

// flagOpenVisits tells of a changed item on the visits that are still to come.
func flagOpenVisits(ctx context.Context, app core.App, item *core.Record) error {
	if ctx == nil {
		ctx = context.Background()
	}
	open, err := app.FindRecordsByFilter(visits, "plan_item = {:i} && (state = 'draft' || state = 'planned' || state = 'approved')", "id", 0, 0, dbx.Params{"i": item.Id})
	if err != nil {
		return err
	}
	days := datesOf(item)
	for _, visit := range open {
		if stateOf(item) != domain.ItemDropped && accountOf(item) == accountOf(visit) && (len(days) == 0 || anyOf(days, dayOf(visit))) {
			continue
		}
		flag(visit, flagPlanChanged)
		if err := app.SaveNoValidateWithContext(gate.AsServer(ctx), visit); err != nil {
			return err
		}
	}
	return nil
}
