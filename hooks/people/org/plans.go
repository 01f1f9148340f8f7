package org

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func plans() kit.Collection {
	return kit.Collection{
		Name:   records.AnnualPlanTable,
		Server: []string{records.AnnualPlanColDept, records.AnnualPlanColBudgetFen, records.AnnualPlanColPlannedRatioBp},
		Audit:  gate.Audit{Fields: []string{records.AnnualPlanColState}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AnnualPlans, "planCreate", func(e *kit.Change[records.AnnualPlan]) error {
				return ownDept(e.RecordEvent, e.Row)
			}),
			kit.On(kit.Create, records.AnnualPlans, "planLinks", planLinked),
			kit.On(kit.Update, records.AnnualPlans, "planLinks", planLinked),
		},
	}
}

// planLinked wants the budget and the target of the plan's department and year, and
// writes what they come to.
func planLinked(e *kit.Change[records.AnnualPlan]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := planFigures(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// planFigures writes into a plan what its budget comes to, and which part of the sales
// that its target wants: plan.budget_invalid, plan.target_invalid.
func planFigures(app core.App, plan records.AnnualPlan) error {
	budget, found, err := records.Budgets.Find(app, plan.Budget())
	if err != nil {
		return err
	}
	if plan.Budget() != "" && (!found || budget.Dept() != plan.Dept() || budget.Year() != plan.Year()) {
		return gate.RefuseField(records.AnnualPlanColBudget, "plan.budget_invalid")
	}
	total, value := 0, 0
	if found {
		total = budget.TotalFen()
	}
	target, found, err := records.Targets.Find(app, plan.Target())
	if err != nil {
		return err
	}
	if plan.Target() != "" && (!found || target.Dept() != plan.Dept() || target.Year() != plan.Year() || target.Level() != "dept") {
		return gate.RefuseField(records.AnnualPlanColTarget, "plan.target_invalid")
	}
	if found && target.Metric() == "amount" {
		value = target.Value()
	}
	plan.SetBudgetFen(total)
	plan.SetPlannedRatioBp(expense.Ratio(total, value))
	return nil
}

// ownDept fills the department of a row from its owner, for good.
func ownDept(e *core.RecordEvent, row interface {
	Owner() records.UserID
	SetDept(records.DepartmentID)
},
) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	owner, found, err := records.Users.Find(e.App, row.Owner())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	if owner.Department() == "" {
		return gate.Refuse("org.no_department")
	}
	row.SetDept(owner.Department())
	return e.Next()
}

// planApproval is of the department's plan for the year: by finance for its
// budget and by the management.
func planApproval() kit.Approval {
	return kit.Approval{
		Collection: records.AnnualPlanTable,
		Content: []string{
			records.AnnualPlanColYear, records.AnnualPlanColGoals, records.AnnualPlanColStrategy, records.AnnualPlanColMeasures, records.AnnualPlanColBudget, records.AnnualPlanColTarget,
			records.AnnualPlanColBudgetFen,
		},
		Title:     func(plan *core.Record) string { return records.AnnualPlans.Of(plan).Year() + " 年度工作计划" },
		Oversight: "finance",
		Route: func(core.App, *core.Record) ([]people.ApprovalStep, error) {
			return []people.ApprovalStep{{Key: "finance", By: people.ByRole, Role: "finance"}, {Key: "management", By: people.BySuperior}}, nil
		},
		OnSubmit: func(_ context.Context, tx core.App, subject *core.Record) error {
			return planFigures(tx, records.AnnualPlans.Of(subject)) // the tree was worked on since
		},
		OnApproved: planApproved,
	}
}

// planApproved keeps one plan in force per department and year: the former is replaced.
func planApproved(ctx context.Context, tx core.App, subject *core.Record) error {
	plan := records.AnnualPlans.Of(subject)
	former, err := records.AnnualPlans.All(tx, "dept = {:d} AND year = {:y} AND state = 'approved'", dbx.Params{"d": plan.Dept(), "y": plan.Year()}, "")
	if err != nil {
		return err
	}
	for _, f := range former {
		f.SetState("replaced")
		if err := tx.SaveWithContext(gate.AsServer(ctx), f.Raw()); err != nil {
			return err
		}
	}
	return nil
}
