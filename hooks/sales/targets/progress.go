package targets

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

const inForce = "state IN ('issued', 'cascaded')"

// sinceLast are the targets in force of the year before and of those after it: what
// is older moves no more.
func (s service) sinceLast(app core.App, where string, params dbx.Params) ([]records.Target, error) {
	if params == nil {
		params = dbx.Params{}
	}
	params["year"] = strconv.Itoa(s.Now().In(domain.BusinessZone).Year() - 1)
	return records.Targets.All(app, inForce+" AND year >= {:year} AND "+where, params, "year, id")
}

// inForce keeps the progress of a target, a row for phones with what all may know who
// see it; of one that is no longer in force nothing is told.
func (s service) inForce(e *kit.Change[records.Target]) error {
	before := e.Before().State()
	if err := e.Next(); err != nil || before == e.Row.State() {
		return err
	}
	if state := e.Row.State(); state == sales.TargetIssued || state == sales.TargetCascaded {
		seller := ""
		if level := e.Row.Level(); level == sales.TargetOfRep || level == sales.TargetOfAccount {
			seller = string(e.Row.Owner())
		}
		return s.count(e.Context, e.App, string(e.Row.Dept()), seller, []records.Target{e.Row})
	}
	row, found, err := records.TargetProgress.First(e.App, "target = {:t}", dbx.Params{"t": e.Row.ID()}, "")
	if err != nil || !found {
		return err
	}
	return s.tellProgress(e.Context, e.App, row, sales.ToldNone, sales.TargetProgress{})
}

// besideDeliveries counts what a rep reached by what was delivered, in its
// transaction; the facts are written by then. His manager's and department's rows
// follow by the clock.
func (s service) besideDeliveries() kit.Collection {
	return kit.Collection{Name: records.DeliveryTable, Rules: []kit.Rule{
		kit.On(kit.UpdateExecute, records.Deliveries, "deliveryTargets", func(e *kit.Change[records.Delivery]) error {
			before := e.Before().State()
			if err := e.Next(); err != nil || e.Row.State() == before || e.Row.State() != sales.DeliveryDelivered {
				return err
			}
			return s.sold(e.Context, e.App, e.Row.Owner())
		}),
	}}
}

func (s service) besideReturns() kit.Collection {
	return kit.Collection{Name: records.ReturnTable, Rules: []kit.Rule{
		kit.On(kit.UpdateExecute, records.Returns, "returnTargets", func(e *kit.Change[records.Return]) error {
			before := e.Before().State()
			if err := e.Next(); err != nil || e.Row.State() == before || e.Row.State() != sales.ReturnReturned {
				return err
			}
			return s.sold(e.Context, e.App, e.Row.Owner())
		}),
	}}
}

// sold counts anew what somebody has reached.
func (s service) sold(ctx context.Context, app core.App, seller records.UserID) error {
	targets, err := s.sinceLast(app, "owner = {:o} AND level IN ('rep', 'account')", dbx.Params{"o": seller})
	if err != nil {
		return err
	}
	return s.count(ctx, app, "", string(seller), targets)
}

// recount counts all targets anew: what was sold, and the working days that are left.
func (s service) recount(ctx context.Context, app core.App, _ time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		targets, err := s.sinceLast(tx, "TRUE", nil)
		if err != nil {
			return err
		}
		return s.count(ctx, tx, "", "", targets)
	})
}

// count writes the progress of targets as it is now, of a department and of one
// seller if they are named; what stayed is not written.
func (s service) count(ctx context.Context, app core.App, dept, seller string, targets []records.Target) error {
	var reached sales.TargetSales
	var days sales.TargetDays
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return err
	}
	today, year := domain.BusinessDay(s.Now()), ""
	for _, target := range targets {
		if target.Year() != year {
			year = target.Year()
			days = sales.TargetDaysLeft(calendar, year, today)
			if reached, err = s.Reached(app, year, dept, seller); err != nil {
				return err
			}
		}
		if err := s.keep(ctx, app, target, reached, days); err != nil {
			return fmt.Errorf("keep the progress of target %s: %w", target.ID(), err)
		}
	}
	return nil
}

func (s service) keep(ctx context.Context, app core.App, target records.Target, reached sales.TargetSales, days sales.TargetDays) error {
	row, found, err := records.TargetProgress.First(app, "target = {:t}", dbx.Params{"t": target.ID()}, "")
	if err != nil {
		return err
	}
	if !found {
		if row, err = records.TargetProgress.New(app); err != nil {
			return err
		}
		row.SetTarget(target.ID())
		row.SetOwner(target.Owner())
		row.SetManager(target.Manager())
		row.SetDept(target.Dept())
	}
	p := progressOf(target, reached, days)
	// Whoever sees a manager's target may know what goods earn.
	level := target.Level()
	return s.tellProgress(ctx, app, row, sales.TargetTold(string(target.Metric()), level == sales.TargetOfDept || level == sales.TargetOfManager), p)
}

// tellProgress writes what is told of a progress, if it is something else than was.
func (s service) tellProgress(ctx context.Context, app core.App, row records.TargetProgressRow, told string, p sales.TargetProgress) error {
	p = p.Told(told)
	row.SetTold(records.TargetProgressRowTold(told))
	row.SetActual(p.Actual)
	row.SetAttainmentBp(p.AttainmentBP)
	row.SetDaysLeft(p.DaysLeft)
	row.SetNeededPerDay(p.NeededPerDay)
	row.SetMonthDaysLeft(p.MonthDaysLeft)
	row.SetNeededOfMonth(p.NeededOfMonth)
	row.SetAsOf(domain.BusinessDay(s.Now()))
	if months, err := row.Months(); err != nil || !slices.Equal(months, p.Months) {
		row.SetMonths(p.Months)
	}
	if !row.IsNew() && !gate.HasChanged(row.Raw()) {
		return nil
	}
	return app.SaveWithContext(gate.AsServer(ctx), row.Raw())
}

// progressOf needs no months of a target: one that was put there past the rules may have none.
func progressOf(target records.Target, reached sales.TargetSales, days sales.TargetDays) sales.TargetProgress {
	_, months, err := numbers(target)
	if err != nil {
		months = nil
	}
	return sales.TargetReached(target.Value(), months, reached.Reached(of(target)), days)
}

// answered is the progress of a target at this moment; what is not told is null.
type answered struct {
	Target        records.TargetID     `json:"target"`
	Metric        records.TargetMetric `json:"metric"`
	Year          string               `json:"year"`
	Value         int                  `json:"value"`
	AsOf          string               `json:"as_of"`
	Told          string               `json:"told"`
	AttainmentBP  *int                 `json:"attainment_bp"`
	Actual        *int                 `json:"actual"`
	Months        *[]int               `json:"months"`
	DaysLeft      *int                 `json:"days_left"`
	NeededPerDay  *int                 `json:"needed_per_day"`
	MonthDaysLeft *int                 `json:"month_days_left"`
	NeededOfMonth *int                 `json:"needed_of_month"`
}

// answerProgress counts at once how far a target is reached, for who sees it.
func (s service) answerProgress(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.TargetTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	target := records.Targets.Of(record)
	calendar, err := gate.ReadCalendar(e.App)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(s.Now())
	reached, err := s.Reached(e.App, target.Year(), string(target.Dept()), "")
	if err != nil {
		return err
	}
	p := progressOf(target, reached, sales.TargetDaysLeft(calendar, target.Year(), today))
	told := sales.TargetTold(string(target.Metric()), analysis.RightsOf(string(records.Users.Of(e.Auth).Role())).Profit)
	p = p.Told(told)
	out := answered{Target: target.ID(), Metric: target.Metric(), Year: target.Year(), Value: target.Value(), AsOf: today, Told: told}
	if told != sales.ToldNone {
		out.AttainmentBP = &p.AttainmentBP
	}
	if told == sales.ToldAll {
		out.Actual, out.Months, out.DaysLeft = &p.Actual, &p.Months, &p.DaysLeft
		out.NeededPerDay, out.MonthDaysLeft, out.NeededOfMonth = &p.NeededPerDay, &p.MonthDaysLeft, &p.NeededOfMonth
	}
	return e.JSON(http.StatusOK, out)
}
