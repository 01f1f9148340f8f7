package plans

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Types of visits that are on the month's plan, or are not.
const (
	typePlanned   records.VisitType = "planned"
	typeUnplanned records.VisitType = "unplanned"
	typePhone     records.VisitType = "phone"
)

// Flags of visits.
const (
	flagPlanChanged = "plan_changed" // the superior changed the plan item while the phone was away
	flagOffPlan     = "off_plan"     // not in the approved plan, and no reason given
	flagNoItem      = "no_plan_item" // called planned, and on no plan
)

// setFlag marks a visit with what a person should know of its plan, or not.
func setFlag(visit records.Visit, name string, on bool) error {
	flags, err := visit.Flags()
	if err != nil {
		return err
	}
	switch at := slices.Index(flags, name); {
	case on && at < 0:
		visit.SetFlags(append(flags, name))
	case !on && at >= 0:
		visit.SetFlags(slices.Delete(flags, at, at+1))
	}
	return nil
}

// visitSaved judges how a visit stands to the plan. Its item is one of its owner
// for its account; if the superior changed that since, the visit keeps it and
// is flagged. A visit beside an approved plan has a reason: a desk is asked for
// it, what a phone captured without is flagged.
func (s service) visitSaved(e *core.RecordEvent) error {
	visit := records.Visits.Of(e.Record)
	if visit.PlanItem() != "" && (visit.IsNew() || visit.PlanItem() != visit.Original().PlanItem()) {
		if err := joinItem(e.App, visit); err != nil {
			return err
		}
	}
	if !gate.ByServer(e) && !field.VisitBegun(string(visit.State())) {
		if err := setFlag(visit, flagNoItem, visit.Type() == typePlanned && visit.PlanItem() == ""); err != nil {
			return err
		}
	}
	if began(visit) {
		if err := offPlan(e, visit); err != nil {
			return err
		}
	}
	return e.Next()
}

func joinItem(app core.App, visit records.Visit) error {
	item, found, err := records.PlanItems.Find(app, visit.PlanItem())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.VisitColPlanItem, "record.not_found")
	}
	if item.Owner() != visit.Owner() {
		return gate.RefuseField(records.VisitColPlanItem, "visit.plan_item_foreign")
	}
	fits, err := forVisit(item, visit)
	if err != nil {
		return err
	}
	changed := item.State() == field.ItemDropped || !item.ChangedAt().IsZero() // by the superior, after the approval
	switch {
	case changed && !fits:
		return setFlag(visit, flagPlanChanged, true)
	case item.Account() != "" && item.Account() != visit.Account():
		return gate.RefuseField(records.VisitColPlanItem, "visit.plan_item_foreign")
	}
	return nil
}

// forVisit reports whether an item is still of a visit's account and day.
func forVisit(item records.PlanItem, visit records.Visit) (bool, error) {
	days, err := item.Dates()
	elsewhere := item.Account() != "" && item.Account() != visit.Account()
	another := len(days) > 0 && !slices.Contains(days, visit.PlannedDate())
	return item.State() != field.ItemDropped && !elsewhere && !another, err
}

// began reports whether this write is a check-in.
func began(visit records.Visit) bool {
	return !visit.IsNew() && visit.State() == field.VisitInProgress && visit.Original().State() != field.VisitInProgress
}

// offPlan judges whether a visit that begins is on the month's plan, whatever it
// calls itself; nobody plans to be called. A desk that calls it unplanned is asked
// for the reason.
func offPlan(e *core.RecordEvent, visit records.Visit) error {
	if visit.Type() == typePhone || strings.TrimSpace(visit.DeviationReason()) != "" {
		return nil
	}
	month := domain.Month(domain.BusinessDay(visit.InAt()))
	on, err := agreed(e.App, visit, month)
	if err != nil || on {
		return err
	}
	n, err := records.VisitPlans.Count(e.App, "owner = {:o} AND month = {:m} AND state = 'approved'", dbx.Params{"o": visit.Owner(), "m": month})
	if err != nil || n == 0 {
		return err
	}
	if gate.From(e).Device == "" && visit.Type() == typeUnplanned {
		return gate.Refuse("visit.deviation_reason")
	}
	return setFlag(visit, flagOffPlan, true)
}

// agreed reports whether a visit is for an item of a month's plan.
func agreed(app core.App, visit records.Visit, month string) (bool, error) {
	if visit.Type() == typeUnplanned || visit.PlanItem() == "" {
		return false, nil
	}
	n, err := records.PlanItems.Count(app, "id = {:i} AND month = {:m} AND kind = 'visit'", dbx.Params{"i": visit.PlanItem(), "m": month})
	return n > 0, err
}

// visitCounted keeps plan_items.done with the visits that count.
func (s service) visitCounted(e *core.RecordEvent) error {
	visit := records.Visits.Of(e.Record)
	before, now := visit.Original().PlanItem(), visit.PlanItem()
	gone := e.Type == core.ModelEventTypeDelete
	same := !gone && before == now && visit.Counts() == visit.Original().Counts()
	if err := e.Next(); err != nil || same {
		return err
	}
	for i, id := range []records.PlanItemID{now, before} {
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
func flagOpenVisits(ctx context.Context, app core.App, item records.PlanItem) error {
	open, err := records.Visits.All(app, "plan_item = {:i} AND state IN ('draft', 'planned', 'approved')", dbx.Params{"i": item.ID()}, "id")
	if err != nil {
		return err
	}
	for _, visit := range open {
		fits, err := forVisit(item, visit)
		if err != nil {
			return err
		}
		if fits && item.Account() == visit.Account() {
			continue
		}
		if err := setFlag(visit, flagPlanChanged, true); err != nil {
			return err
		}
		if err := app.SaveNoValidateWithContext(gate.AsServer(ctx), visit.Raw()); err != nil {
			return err
		}
	}
	return nil
}
