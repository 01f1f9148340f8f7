package budgets

import (
	"context"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (b *Book) budgets() kit.Collection {
	return kit.Collection{
		Name:    records.BudgetTable,
		Machine: &expense.BudgetMachine,
		Parties: kit.Parties(records.Budgets, parties),
		Server: []string{
			records.BudgetColDept, records.BudgetColVersion, records.BudgetColGross, records.BudgetColFreezeUntil, records.BudgetColCarry,
			records.BudgetColSmallTransferFen, records.BudgetColReviewOverBp, records.BudgetColTotalFen, records.BudgetColReason,
			records.BudgetColApprovedAt, records.BudgetColActiveAt, records.BudgetColFrozenAt, records.BudgetColClosedAt, records.BudgetColClosedBy,
			records.BudgetColCarriedFrom, records.BudgetColCarriedAt,
		},
		Once:  []string{records.BudgetColOwner, records.BudgetColYear},
		Audit: gate.Audit{Fields: []string{records.BudgetColState, records.BudgetColTotalFen, records.BudgetColControl, records.BudgetColOverBp, records.BudgetColWindow}, Create: true},
		Keep:  &gate.Keep{Parts: expense.BudgetWritten},
		Open:  kit.Open(records.Budgets, "owner = {:user} AND state NOT IN ('closed', 'rejected', 'cancelled')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Budgets, "budgetCreate", b.create),
			kit.On(kit.Update, records.Budgets, "budgetUpdate", b.update),
		},
	}
}

// parties is what somebody is to a budget: finance, or who heads the department.
func parties(ctx context.Context, _ core.App, budget records.Budget) (out []domain.Party, err error) {
	user := gate.Of(ctx).User
	if user == nil {
		return nil, nil
	}
	if records.Users.Of(user).Role() == "finance" {
		out = append(out, domain.PartyOffice)
	}
	if gate.Heads(user, string(budget.Dept())) {
		out = append(out, domain.PartyHead)
	}
	return out, nil
}

// create begins a department's budget of a year with what the settings say today.
func (b *Book) create(e *kit.Change[records.Budget]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	owner, found, err := records.Users.Find(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	if owner.Department() == "" || !gate.Heads(owner.Raw(), string(owner.Department())) {
		return gate.Refuse("budget.not_head")
	}
	e.Row.SetDept(owner.Department())
	if !domain.IsPlausibleYear(e.Row.Year()) {
		return gate.RefuseField(records.BudgetColYear, "budget.period_invalid", "name", e.Row.Title())
	}
	before, err := records.Budgets.All(e.App, "dept = {:d} AND year = {:y}", dbx.Params{"d": e.Row.Dept(), "y": e.Row.Year()}, "")
	if err != nil {
		return err
	}
	for _, other := range before {
		if other.State() != expense.BudgetCancelled {
			return gate.Refuse("budget.twice")
		}
	}
	e.Row.SetVersion(len(before) + 1)
	if err := begin(e.App, e.Row); err != nil {
		return err
	}
	return b.update(e)
}

// begin copies the settings of today into a new budget; nothing reads them later.
func begin(app core.App, budget records.Budget) error {
	now := gate.SettingsNow(app)
	control, err1 := now.BudgetControl()
	over, err2 := now.BudgetOverBp()
	window, err3 := now.BudgetWindow()
	alerts, err4 := now.BudgetAlerts()
	gross, err5 := now.BudgetGross()
	days, err6 := now.BudgetFreezeDays()
	carry, err7 := now.BudgetCarry()
	small, err8 := now.BudgetSmallTransferFen()
	review, err9 := now.BudgetReviewOverBp()
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9); err != nil {
		return err
	}
	if budget.Control() == "" {
		budget.SetControl(records.BudgetControl(control))
	}
	if budget.OverBp() == 0 {
		budget.SetOverBp(over)
	}
	if budget.Window() == "" {
		budget.SetWindow(records.BudgetWindow(window))
	}
	if own, err := budget.Alerts(); err == nil && own == nil {
		budget.SetAlerts(alerts)
	}
	budget.SetGross(gross)
	budget.SetFreezeUntil(expense.FreezeUntil(budget.Year(), days))
	budget.SetCarry(records.BudgetCarry(carry))
	budget.SetSmallTransferFen(small)
	budget.SetReviewOverBp(review)
	return nil
}

// update judges a draft.
func (b *Book) update(e *kit.Change[records.Budget]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if _, err := e.Row.Alerts(); err != nil {
		return gate.RefuseField(records.BudgetColAlerts, "budget.alerts_invalid")
	}
	plan, found, err := records.AnnualPlans.Find(e.App, e.Row.Plan())
	if err != nil {
		return err
	}
	if found && (plan.Dept() != e.Row.Dept() || plan.Year() != e.Row.Year()) {
		return gate.RefuseField(records.BudgetColPlan, "budget.plan_invalid")
	}
	return e.Next()
}

// because is why a budget is given up.
type because struct {
	Reason string `json:"reason"`
}

func cancellable(ctx context.Context, _ core.App, _ records.Budget) (func(string) bool, error) {
	var args because
	err := gate.Args(kit.StepOf(ctx).Raw, &args)
	return func(string) bool { return strings.TrimSpace(args.Reason) != "" }, err
}

// cancel gives up a budget that was not approved.
func (b *Book) cancel(_ context.Context, _ core.App, budget records.Budget, args because) error {
	budget.SetReason(args.Reason)
	return nil
}
