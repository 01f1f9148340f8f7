package orders

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// events are the steps that orders took.
func events() kit.Collection {
	return kit.Collection{
		Name: records.OrderEventTable,
		Keep: &gate.Keep{Log: true, Moves: []string{records.OrderEventColReleased}},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.OrderEventTable, Name: "orderEventCreate", Run: gate.OnlyServer},
			{On: kit.Update, Collection: records.OrderEventTable, Name: "orderEventUpdate", Run: gate.OnlyServer},
		},
	}
}

// moved follows an order into another state, whoever leads it there: whose turn
// it is and until when, who sees it, what it gives back, and the step on record.
func (b *Book) moved(e *kit.Change[records.Order]) error {
	from, to := string(e.Before().State()), string(e.Row.State())
	if from == to {
		return e.Next()
	}
	due, err := b.dueAt(e.App, to)
	if err != nil {
		return err
	}
	e.Row.SetStepDept(sales.OrderWaitsFor[to])
	e.Row.SetStepDueAt(due)
	e.Row.SetStepToldAt(time.Time{})
	switch to {
	case sales.OrderApproved, sales.OrderRejected, sales.OrderCancelled:
		e.Row.SetDecidedAt(b.now())
		e.Row.SetDecidedBy("")
		if by := gate.Of(e.Context).User; by != nil {
			e.Row.SetDecidedBy(records.UserID(by.Id))
		}
	}
	released := sales.OrderReleased(to) && !e.Row.Released()
	if released {
		e.Row.SetReleased(true)
	}
	if err := e.Next(); err != nil {
		return err
	}
	if released {
		if err := show(e.App, e.Row); err != nil {
			return err
		}
	}
	if b.GiveBack != nil && slices.Contains([]string{sales.OrderDraft, sales.OrderRejected, sales.OrderCancelled}, to) {
		if err := b.GiveBack(e.Context, e.App, e.Row); err != nil {
			return err
		}
	}
	of, verb, _ := strings.Cut(gate.Of(e.Context).Action, ".")
	kind := cmp.Or(kit.StepOf(e.Context).Action, verb, to)
	if of == records.OrderTable { // a step of its own within another's, such as its settling by a receipt
		kind = verb
	}
	return b.note(e.Context, e.App, e.Row, kind, from, map[string]any{"from": from, "to": to})
}

// show lets logistics see what is an order's by now.
func show(tx core.App, order records.Order) error {
	for table, column := range map[string]string{records.OrderLineTable: records.OrderLineColReleased, records.OrderEventTable: records.OrderEventColReleased} {
		_, err := tx.DB().Update(table, dbx.Params{column: true}, dbx.HashExp{"order": order.ID(), column: false}).Execute()
		if err != nil {
			return fmt.Errorf("show %s to logistics: %w", table, err)
		}
	}
	return nil
}

// note puts a step on record.
func (b *Book) note(ctx context.Context, tx core.App, order records.Order, kind, from string, facts map[string]any) error {
	row, err := records.OrderEvents.New(tx)
	if err != nil {
		return err
	}
	row.SetOrder(order.ID())
	row.SetAccount(order.Account())
	row.SetOwner(order.Owner())
	row.SetDept(order.Dept())
	row.SetKind(kind)
	row.SetAt(b.now())
	row.SetStepDept(cmp.Or(sales.OrderWaitsFor[from], people.DeptKA))
	if by := gate.Of(ctx).User; by != nil {
		row.SetBy(records.UserID(by.Id))
	}
	row.SetNote(cmp.Or(changed(order.Reason(), order.Original().Reason()), changed(order.DecisionComment(), order.Original().DecisionComment())))
	row.SetFacts(facts)
	row.SetReleased(order.Released())
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("note a step of an order: %w", err)
	}
	return nil
}

func changed(now, before string) string {
	if now == before {
		return ""
	}
	return now
}

// dueAt is when a state's step is due; never where the setting has no hours for it.
func (b *Book) dueAt(app core.App, state string) (time.Time, error) {
	if sales.OrderWaitsFor[state] == "" {
		return time.Time{}, nil
	}
	hours, err := gate.SettingsNow(app).OrderStepHours()
	if err != nil || hours[state] == 0 {
		return time.Time{}, err
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return time.Time{}, err
	}
	return calendar.AddWorkingTime(b.now(), time.Duration(hours[state])*time.Hour), nil
}

// remind tells the head of the department that an order waits for, once a step.
func (b *Book) remind(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		late, err := records.Orders.All(tx, "step_due_at <> '' AND step_due_at <= {:now} AND step_told_at = ''", dbx.Params{"now": gate.Stamp(now)}, "step_due_at, id")
		if err != nil || len(late) == 0 {
			return err
		}
		chart, err := gate.ReadChart(tx)
		if err != nil {
			return err
		}
		ctx = gate.With(ctx, gate.Actor{Action: "orders.remind"})
		for _, order := range late {
			order.SetStepToldAt(now)
			if err := tx.SaveWithContext(gate.AsServer(ctx), order.Raw()); err != nil {
				return fmt.Errorf("note who was told of an order: %w", err)
			}
			err := gate.Notify(ctx, tx, now, gate.Notice{
				User: headOf(chart, order), Kind: "order.overdue", Link: records.OrderTable + "/" + string(order.ID()),
				Params: map[string]any{"no": order.No(), "state": order.State(), "due": domain.BusinessTime(order.StepDueAt())},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// headOf is who leads the department that an order waits for: its own where it is
// the sales', the first of the kind else.
func headOf(chart people.Chart, order records.Order) string {
	if order.StepDept() == people.DeptKA {
		return cmp.Or(chart.Depts[string(order.Dept())].Head, string(order.Manager()))
	}
	if heads := chart.Heads(order.StepDept()); len(heads) > 0 {
		return heads[0]
	}
	return ""
}
