package org

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func plans() kit.Collection {
	return kit.Collection{
		Name:   records.AnnualPlanTable,
		Server: []string{records.AnnualPlanColDept},
		Audit:  gate.Audit{Fields: []string{records.AnnualPlanColState}},
		Rules: []kit.Rule{kit.On(kit.Create, records.AnnualPlans, "planCreate", func(e *kit.Change[records.AnnualPlan]) error {
			return ownDept(e.RecordEvent, e.Row)
		})},
	}
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
			records.AnnualPlanColYear, records.AnnualPlanColGoals, records.AnnualPlanColStrategy, records.AnnualPlanColMeasures, records.AnnualPlanColBudgetFen,
		},
		Title:     func(plan *core.Record) string { return records.AnnualPlans.Of(plan).Year() + " 年度工作计划" },
		Oversight: "finance",
		Route: func(core.App, *core.Record) ([]people.ApprovalStep, error) {
			return []people.ApprovalStep{{Key: "finance", By: people.ByRole, Role: "finance"}, {Key: "management", By: people.BySuperior}}, nil
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
