package plans

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// closeMonth calls items missed whose month is over, of plans that were
// approved, and tells owner and manager how many there are.
func (s service) closeMonth(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(txApp core.App) error {
		rows, err := records.PlanItems.All(txApp, `state = 'open' AND month < {:m} AND (visit_plan IN (SELECT id FROM visit_plans WHERE state = 'approved')
			OR monthly_plan IN (SELECT id FROM monthly_plans WHERE state = 'approved'))`, dbx.Params{"m": domain.Month(domain.BusinessDay(now))}, "owner, id")
		if err != nil {
			return err
		}
		ctx := gate.AsServer(ctx)
		type whose struct {
			owner, manager records.UserID
			month          string
		}
		missed, order := map[whose]int{}, []whose{}
		for _, item := range rows {
			item.SetState(records.PlanItemState(field.ItemState(string(item.State()), item.Qty(), item.Done(), true)))
			if err := txApp.SaveNoValidateWithContext(ctx, item.Raw()); err != nil {
				return fmt.Errorf("close plan item %s: %w", item.ID(), err)
			}
			key := whose{item.Owner(), item.Manager(), item.Month()}
			if missed[key]++; missed[key] == 1 {
				order = append(order, key)
			}
		}
		for _, key := range order {
			params := map[string]any{"month": key.month, "items": missed[key]}
			err := gate.Notify(ctx, txApp, now,
				gate.Notice{User: string(key.owner), Kind: "plan.missed", Params: params}, gate.Notice{User: string(key.manager), Kind: "plan.missed", Params: params})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// remindDays is how many days before its due day a plan is asked for first.
const remindDays = 3

// remind asks those for next month's plan who have not handed it in: three days
// before it is due, on the day, and his superior on the day after. It may run
// more than once a day; a person is told once.
func (s service) remind(ctx context.Context, app core.App, now time.Time) error {
	day, err := gate.SettingsOn(app, domain.BusinessDay(now)).PlanDueDay()
	if err != nil {
		return err
	}
	today := domain.BusinessDay(now)
	month := field.AddMonths(domain.Month(today), 1)
	due := field.PlanDue(month, day)
	kind := "plan.due"
	switch today {
	case domain.AddDays(due, -remindDays), due:
	case domain.AddDays(due, 1):
		kind = "plan.overdue"
	default:
		return nil
	}
	for _, plan := range []struct{ table, roles string }{{records.MonthlyPlanTable, "'ka_manager'"}, {records.VisitPlanTable, "'rep'"}} {
		var people []struct {
			ID      string `db:"id"`
			Name    string `db:"name"`
			Manager string `db:"manager"`
		}
		err := app.DB().NewQuery(`SELECT id, name, manager FROM users u WHERE active = TRUE AND role = ` + plan.roles + ` AND NOT EXISTS
			(SELECT 1 FROM ` + plan.table + ` p WHERE p.owner = u.id AND p.month = {:m} AND p.state IN ('submitted', 'approved')) ORDER BY id`).
			Bind(dbx.Params{"m": month}).All(&people)
		if err != nil {
			return fmt.Errorf("look for plans that are due: %w", err)
		}
		for _, p := range people {
			notice := gate.Notice{User: p.ID, Kind: kind, Params: map[string]any{"month": month, "due": due, "name": p.Name}, Link: plan.table + "/" + month + "/" + today}
			if err := gate.NotifyOnce(ctx, app, now, notice); err != nil {
				return err
			}
			if kind == "plan.overdue" && p.Manager != "" {
				notice.User, notice.Kind, notice.Link = p.Manager, "plan.overdue_of", notice.Link+"/"+p.ID
				if err := gate.NotifyOnce(ctx, app, now, notice); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
