package plans

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// progress are entries that add up and are never changed.
func (s service) progress() kit.Collection {
	return kit.Collection{
		Name:   records.PlanProgressRowTable,
		Server: []string{records.PlanProgressRowColOwner, records.PlanProgressRowColManager, records.PlanProgressRowColDept},
		Keep:   &gate.Keep{Log: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PlanProgress, "planProgressCreate", s.progressCreate),
			kit.On(kit.Update, records.PlanProgress, "planProgressUpdate", progressUpdate),
		},
	}
}

func progressUpdate(e *kit.Change[records.PlanProgressRow]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	return gate.Refuse("plan.locked")
}

// progressCreate notes how far an item got.
func (s service) progressCreate(e *kit.Change[records.PlanProgressRow]) error {
	if e.Row.Qty() == 0 {
		return gate.RefuseField(records.PlanProgressRowColQty, "plan.progress_invalid")
	}
	if e.Row.At().IsZero() {
		e.Row.SetAt(s.Now())
	}
	if !gate.ByServer(e.RecordEvent) {
		item, found, err := records.PlanItems.Find(e.App, e.Row.Item())
		if err != nil {
			return err
		}
		if !found {
			return gate.RefuseField(records.PlanProgressRowColItem, "record.not_found")
		}
		if author := gate.From(e.RecordEvent).Author(); author != nil && author.Id != string(item.Owner()) {
			return gate.Refuse("plan.not_owner")
		}
		e.Row.SetOwner(item.Owner())
		e.Row.SetManager(item.Manager())
		e.Row.SetDept(item.Dept())
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.recount(e.Context, e.App, e.Row.Item())
}

// recount adds up what was done of an item: entries of progress and visits that count.
func (s service) recount(ctx context.Context, app core.App, id records.PlanItemID) error {
	item, err := records.PlanItems.Require(app, id)
	if err != nil {
		return err
	}
	var done int
	err = app.DB().NewQuery(`SELECT (SELECT COALESCE(SUM(qty), 0) FROM plan_progress WHERE item = {:i}) +
		(SELECT COUNT(*) FROM visits WHERE plan_item = {:i} AND counts = TRUE)`).Bind(dbx.Params{"i": id}).Row(&done)
	if err != nil {
		return fmt.Errorf("add up plan item %s: %w", id, err)
	}
	before := string(item.State())
	over := item.Month() < domain.Month(domain.BusinessDay(s.Now())) && before == field.ItemMissed
	state := field.ItemState(before, item.Qty(), done, over)
	if item.Done() == done && before == state {
		return nil
	}
	item.SetDone(done)
	item.SetState(records.PlanItemState(state))
	return app.SaveNoValidateWithContext(gate.AsServer(ctx), item.Raw())
}
