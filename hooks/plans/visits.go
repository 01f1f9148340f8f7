package plans

import (
	"context"
	"strings"

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
	if !gate.ByServer(e) {
		noteNoItem(e.Record)
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

// noteNoItem keeps the flag of a visit that is called planned and is on no plan.
func noteNoItem(visit *core.Record) {
	if begun := domain.VisitBegun(visit.GetString(fieldState)); begun {
		return
	}
	unflag(visit, flagNoItem)
	if visit.GetString("type") == typePlanned && planItemOf(visit) == "" {
		flag(visit, flagNoItem)
	}
}

// began tells whether this write is a check-in.
func began(visit *core.Record) bool {
	return !visit.IsNew() && stateOf(visit) == domain.VisitInProgress && stateOf(visit.Original()) != domain.VisitInProgress
}

// offPlan judges whether a visit that begins is on the month's plan, whatever it
// calls itself; nobody plans to be called. A desk that calls it unplanned is asked
// for the reason.
func (s *Service) offPlan(e *core.RecordEvent) error {
	if e.Record.GetString("type") == typePhone || strings.TrimSpace(e.Record.GetString("deviation_reason")) != "" {
		return nil
	}
	month := domain.Month(domain.BusinessDay(e.Record.GetDateTime("in_at").Time()))
	on, err := agreed(e.App, e.Record, month)
	if err != nil || on {
		return err
	}
	var n int
	err = e.App.DB().NewQuery("SELECT COUNT(*) FROM visit_plans WHERE owner = {:o} AND month = {:m} AND state = 'approved'").
		Bind(dbx.Params{"o": ownerOf(e.Record), "m": month}).Row(&n)
	if err != nil || n == 0 {
		return err
	}
	if gate.From(e).Device == "" && e.Record.GetString("type") == typeUnplanned {
		return gate.Refuse("visit.deviation_reason")
	}
	flag(e.Record, flagOffPlan)
	return nil
}

// agreed tells whether a visit is for an item of a month's plan.
func agreed(app core.App, visit *core.Record, month string) (bool, error) {
	if visit.GetString("type") == typeUnplanned || planItemOf(visit) == "" {
		return false, nil
	}
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM plan_items WHERE id = {:i} AND month = {:m} AND kind = 'visit'").
		Bind(dbx.Params{"i": planItemOf(visit), "m": month}).Row(&n)
	return n > 0, err
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
