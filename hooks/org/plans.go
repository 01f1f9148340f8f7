package org

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// Kinds are what is approved of the area: the department's plan for the year, by
// finance for its budget and by the management.
func Kinds(gate.Config) []kit.Approval {
	return []kit.Approval{{
		Collection: plans,
		Content:    []string{"year", "goals", "strategy", "measures", "budget_fen"},
		Title:      func(plan *core.Record) string { return plan.GetString("year") + " 年度工作计划" },
		Oversight:  "finance",
		Route: func(core.App, *core.Record) ([]domain.ApprovalStep, error) {
			return []domain.ApprovalStep{{Key: "finance", By: domain.ByRole, Role: "finance"}, {Key: "management", By: domain.BySuperior}}, nil
		},
		OnApproved: planApproved,
	}}
}

// planApproved keeps one plan in force per department and year: the former is replaced.
func planApproved(ctx context.Context, txApp core.App, plan *core.Record) error {
	former, err := txApp.FindAllRecords(plans, dbx.HashExp{fieldDept: plan.GetString(fieldDept), "year": plan.GetString("year"), fieldState: "approved"})
	if err != nil {
		return err
	}
	for _, f := range former {
		f.Set(fieldState, "replaced")
		if err := txApp.SaveWithContext(gate.AsServer(ctx), f); err != nil {
			return err
		}
	}
	return nil
}
