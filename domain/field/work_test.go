package field

import (
	"testing"

	"satchel/domain"
)

// TestPlansAndDaysGoTheirWay: items of plans, days in the field and reports.
func TestPlansAndDaysGoTheirWay(t *testing.T) {
	owner, superior := []domain.Party{domain.PartyOwner}, []domain.Party{domain.PartySuperior}
	for _, c := range []struct {
		machine       *domain.Machine
		state, action string
		by            []domain.Party
		to, code      string
	}{
		{&ItemMachine, ItemMissed, ItemExplain, owner, ItemMissed, ""},
		{&ItemMachine, ItemMissed, ItemExplain, superior, ItemMissed, ""},
		{&ItemMachine, ItemMissed, ItemExplain, nil, "", "plan.not_owner"},
		{&ItemMachine, ItemOpen, ItemExplain, owner, "", "plan.item_state"},
		{&ItemMachine, ItemOpen, ItemDrop, superior, ItemDropped, ""},
		{&ItemMachine, ItemMissed, ItemDrop, owner, "", "plan.not_superior"},
		{&ItemMachine, ItemDropped, ItemDrop, superior, "", "plan.item_state"},
		{&SessionMachine, SessionOpen, SessionEnd, owner, SessionClosed, ""},
		{&SessionMachine, SessionAutoClosed, SessionEnd, owner, SessionClosed, ""},
		{&SessionMachine, SessionClosed, SessionEnd, owner, "", "work.session_over"},
		{&SessionMachine, SessionOpen, SessionEnd, superior, "", "work.not_owner"},
		{&WorkReportMachine, WorkReportDraft, WorkReportSubmit, owner, WorkReportSubmitted, ""},
		{&WorkReportMachine, WorkReportDraft, WorkReportSubmit, superior, "", "work.not_owner"},
		{&WorkReportMachine, WorkReportSubmitted, WorkReportSubmit, owner, "", "report.submitted"},
		{&WorkReportMachine, WorkReportSubmitted, WorkReportComment, superior, WorkReportSubmitted, ""},
		{&WorkReportMachine, WorkReportSubmitted, WorkReportComment, owner, "", "report.not_superior"},
		{&WorkReportMachine, WorkReportDraft, WorkReportComment, superior, "", ReportNotSubmitted},
	} {
		t.Run(c.machine.Collection+" "+c.action+" from "+c.state, func(t *testing.T) {
			step, err := c.machine.Take(c.state, c.action, c.by, func(string) bool { return c.state == WorkReportSubmitted })
			if domain.CodeOf(err) != c.code || c.code == "" && step.Next(c.state) != c.to {
				t.Errorf("by %v: %q, %v", c.by, step.Next(c.state), err)
			}
		})
	}
	for state, open := range map[string]bool{PlanDraft: true, PlanReturned: true, PlanRejected: true, PlanSubmitted: false, PlanApproved: false} {
		if PlanEditable(state) != open {
			t.Errorf("a plan that is %s", state)
		}
	}
}
