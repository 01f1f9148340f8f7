// Package control binds what is done about budgets in their year: adjustments, the
// monthly reviews of how nodes went, alerts, and what goes to the accountant.
package control

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what control takes from outside.
type Config struct {
	gate.Config
	// Adjust books signed amounts of leaves, all or nothing.
	Adjust func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, why string) error
	// Months is what is booked on a node, by months.
	Months func(app core.App, node records.BudgetNodeID) (expense.BudgetMonths, error)
	// CarryOver takes what closed budgets left free into those of the next year.
	CarryOver func(ctx context.Context, app core.App, now time.Time) error
	// Write writes a list of texts and numbers as a file, csv or xlsx, with a watermark.
	Write func(w io.Writer, format, mark string, heads []string, rows [][]any) error
}

type service struct{ Config }

// Area is how budgets are controlled.
func Area(cfg Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name:        "budget control",
		Collections: []kit.Collection{s.adjustments(), s.reviews()},
		Actions:     []kit.Action{kit.Do(records.BudgetAdjustments, expense.AdjustmentCancel, giveUp)},
		Approvals:   []kit.Approval{s.approval()},
		Jobs: []gate.Job{
			{Name: "budgetAlerts", Schedule: "25 * * * *", Run: s.alert},
			{Name: "budgetReviews", Schedule: "15 17 * * *", Run: s.askReviews}, // 01:15 in Shanghai
			{Name: "budgetCarry", Schedule: "20 17 * * *", Run: s.CarryOver},
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/budgets/{id}/entries", Run: s.export}},
	}
}
