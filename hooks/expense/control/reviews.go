package control

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) reviews() kit.Collection {
	return kit.Collection{
		Name: records.ExpenseReviewTable,
		Server: []string{
			records.ExpenseReviewColDept, records.ExpenseReviewColBudgetFen, records.ExpenseReviewColActualFen, records.ExpenseReviewColVarianceFen,
			records.ExpenseReviewColVarianceBp, records.ExpenseReviewColForecastFen, records.ExpenseReviewColState, records.ExpenseReviewColDoneAt,
			records.ExpenseReviewColToldAt,
		},
		Once: []string{
			records.ExpenseReviewColBudget, records.ExpenseReviewColNode, records.ExpenseReviewColMonth, records.ExpenseReviewColOwner, records.ExpenseReviewColDue,
		},
		Audit: gate.Audit{Fields: []string{records.ExpenseReviewColState, records.ExpenseReviewColCause, records.ExpenseReviewColAction}, Create: true},
		Open:  kit.Open(records.ExpenseReviews, "owner = {:user} AND state = 'open'"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseReviews, "expenseReviewCreate", s.reviewCreated),
			kit.On(kit.Update, records.ExpenseReviews, "expenseReviewUpdate", s.reviewSaved),
		},
	}
}

// reviewCreated takes a review that nobody asked for, of a month that is over.
func (s service) reviewCreated(e *kit.Change[records.ExpenseReview]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	budget, found, err := records.Budgets.Find(e.App, e.Row.Budget())
	if err != nil {
		return err
	}
	node, has, err := records.BudgetNodes.Find(e.App, e.Row.Node())
	if err != nil {
		return err
	}
	if !found || !has || node.Budget() != budget.ID() {
		return gate.RefuseField(records.ExpenseReviewColNode, "review.node_invalid")
	}
	month := e.Row.Month()
	if month < domain.Month(node.FromDate()) || month > domain.Month(node.ToDate()) || month >= domain.Month(domain.BusinessDay(s.Now())) {
		return gate.RefuseField(records.ExpenseReviewColMonth, "review.month_invalid")
	}
	owner, has, err := records.Users.Find(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	if has && (!owner.Active() || owner.Department() != node.Dept() && owner.Role() != people.RoleFinance) {
		return gate.RefuseField(records.ExpenseReviewColOwner, "review.owner_invalid")
	}
	twice, err := records.ExpenseReviews.Count(e.App, "node = {:n} AND month = {:m}", dbx.Params{"n": node.ID(), "m": month})
	if err != nil {
		return err
	}
	if twice > 0 {
		return gate.Refuse("review.twice")
	}
	if err := s.fill(e.App, e.Row, node); err != nil {
		return err
	}
	return s.reviewSaved(e)
}

// reviewSaved notes when cause and action are given.
func (s service) reviewSaved(e *kit.Change[records.ExpenseReview]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	state := records.ExpenseReviewState(expense.ReviewState(e.Row.Cause(), e.Row.Action()))
	if state != e.Row.State() {
		e.Row.SetState(state)
		e.Row.SetDoneAt(time.Time{})
		if state == expense.ReviewDone {
			e.Row.SetDoneAt(s.Now())
		}
	}
	return e.Next()
}

// fill writes how a node's month went.
func (s service) fill(app core.App, row records.ExpenseReview, node records.BudgetNode) error {
	booked, err := s.Months(app, node.ID())
	if err != nil {
		return err
	}
	byMonth, err := node.Months()
	if err != nil {
		return err
	}
	at := expense.MonthOf(row.Month())
	planned := expense.PlannedMonths(node.FromDate(), node.ToDate(), len(byMonth) > 0, booked)[at]
	fen, bp := expense.Variance(planned, booked[at].Spent)
	row.SetDept(node.Dept())
	row.SetBudgetFen(planned)
	row.SetActualFen(booked[at].Spent)
	row.SetVarianceFen(fen)
	row.SetVarianceBp(bp)
	row.SetForecastFen(expense.Forecast(node.FromDate(), node.ToDate(), booked, at))
	if row.Due() != "" {
		return nil
	}
	days, err := gate.SettingsNow(app).BudgetReviewDays()
	if err != nil {
		return err
	}
	row.SetDue(expense.ReviewDue(row.Month(), days))
	return nil
}

// askReviews asks for each leaf that went otherwise than planned in the month that is
// over, of who manages it, and recalls what is overdue.
func (s service) askReviews(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	month := domain.Month(domain.AddDays(domain.Month(today)+"-01", -1))
	return app.RunInTransaction(func(tx core.App) error {
		nodes, err := records.BudgetNodes.All(tx, `is_leaf = TRUE AND spent_fen <> 0 AND substr(from_date, 1, 7) <= {:m} AND substr(to_date, 1, 7) >= {:m}
			AND budget IN (SELECT id FROM budgets WHERE state IN ('active', 'frozen')) AND id NOT IN (SELECT node FROM expense_reviews WHERE month = {:m})`,
			dbx.Params{"m": month}, "id")
		if err != nil {
			return err
		}
		ctx := gate.AsServer(ctx)
		for _, node := range nodes {
			if err := s.askReview(ctx, tx, node, month); err != nil {
				return err
			}
		}
		return s.remind(ctx, tx, today)
	})
}

func (s service) askReview(ctx context.Context, tx core.App, node records.BudgetNode, month string) error {
	budget, err := records.Budgets.Require(tx, node.Budget())
	if err != nil {
		return err
	}
	row, err := records.ExpenseReviews.New(tx)
	if err != nil {
		return err
	}
	row.SetBudget(budget.ID())
	row.SetNode(node.ID())
	row.SetMonth(month)
	row.SetState(expense.ReviewOpen)
	if err := s.fill(tx, row, node); err != nil {
		return err
	}
	if max(row.VarianceBp(), -row.VarianceBp()) <= budget.ReviewOverBp() {
		return nil
	}
	people, err := concerned(tx, node)
	if err != nil || len(people) == 0 {
		return err
	}
	row.SetOwner(people[0])
	if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
		return fmt.Errorf("ask for a review: %w", err)
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Owner()), Kind: "budget.review", Link: reviewLink(row), Params: map[string]any{"name": node.Name(), "month": month, "due": row.Due()},
	})
}

// remind tells once of what is overdue, its owner and who heads the department.
func (s service) remind(ctx context.Context, tx core.App, today string) error {
	rows, err := records.ExpenseReviews.All(tx, "state = 'open' AND due < {:d} AND told_at = ''", dbx.Params{"d": today}, "id")
	if err != nil {
		return err
	}
	for _, row := range rows {
		node, err := records.BudgetNodes.Require(tx, row.Node())
		if err != nil {
			return err
		}
		dept, err := records.Departments.Require(tx, row.Dept())
		if err != nil {
			return err
		}
		row.SetToldAt(s.Now())
		if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
			return fmt.Errorf("note a reminder: %w", err)
		}
		for _, user := range unique(row.Owner(), dept.Head()) {
			err := gate.Notify(ctx, tx, s.Now(), gate.Notice{
				User: string(user), Kind: "budget.review_overdue", Link: reviewLink(row), Params: map[string]any{"name": node.Name(), "month": row.Month()},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func reviewLink(row records.ExpenseReview) string {
	return records.ExpenseReviewTable + "/" + string(row.ID())
}
