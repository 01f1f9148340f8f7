// Package audits binds what is looked at again after it was paid (policy 7, R7.9 to
// R7.11): samples drawn by risk, findings, penalties that follow from them, and savings.
package audits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

type service struct{ gate.Config }

// Area is how what was claimed is controlled.
func Area(cfg gate.Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name:        "audits",
		Collections: []kit.Collection{s.samples(), s.findings(), penalties(), savings()},
		Actions: []kit.Action{
			kit.Do(records.AuditFindings, expense.FindingAnswer, s.answer),
			kit.Do(records.AuditFindings, expense.FindingConfirm, s.confirm),
			kit.Guarded(records.AuditFindings, kit.Do(records.AuditFindings, expense.FindingDismiss, s.dismiss), given[records.AuditFinding](expense.FindingReasonRequired)),
			kit.Do(records.Penalties, expense.PenaltyRepay, s.repay),
			kit.Guarded(records.Penalties, kit.Do(records.Penalties, expense.PenaltyWaive, s.waive), given[records.Penalty](expense.PenaltyReasonRequired)),
			kit.Do(records.CostSavings, expense.SavingConfirm, s.confirmSaving),
			kit.Guarded(records.CostSavings, kit.Do(records.CostSavings, expense.SavingDecline, s.declineSaving), given[records.CostSaving](expense.SavingReasonRequired)),
		},
		Jobs: []gate.Job{{Name: "repayments", Schedule: "18 16 * * *", Run: s.overdue}}, // 00:18 in Shanghai
	}
}

// because is why something is decided so.
type because struct {
	Reason string `json:"reason"`
}

// given is the guard of a step that wants a reason.
func given[R any](code string) func(context.Context, core.App, R) (func(string) bool, error) {
	return func(ctx context.Context, _ core.App, _ R) (func(string) bool, error) {
		var why because
		if err := gate.Args(kit.StepOf(ctx).Raw, &why); err != nil {
			return nil, err
		}
		return func(guard string) bool { return guard == code && why.Reason != "" }, nil
	}
}

// actor is who acts; found is false for our own code.
func actor(ctx context.Context) (user records.User, found bool) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return user, false
	}
	return records.Users.Of(author), true
}

// looks reports whether somebody looks at claims again.
func looks(role records.UserRole) bool {
	return role == people.RoleFinance || role == "auditor"
}
