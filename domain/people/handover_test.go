package people

import (
	"testing"

	"satchel/domain"
)

// TestMayReassign: who is over both; one of the two may be he himself, not both.
func TestMayReassign(t *testing.T) {
	chen := Staff{ID: "chen", Role: "rep", Manager: "wu", Dept: "east", Active: true}
	he := Staff{ID: "he", Role: "rep", Manager: "wu", Dept: "east", Active: true}
	ma := Staff{ID: "ma", Role: "rep", Manager: "xu", Dept: "east", Active: true}
	wu := Staff{ID: "wu", Role: "manager", Manager: "lin", Dept: "east", Active: true}
	lin := Staff{ID: "lin", Role: "dept_manager", Dept: "east", Active: true}
	far := Staff{ID: "far", Role: "dept_manager", Dept: "west", Active: true}
	admin := Staff{ID: "fang", Role: "admin", Active: true}
	gone := wu
	gone.Active = false
	nobody := Staff{}
	for _, c := range []struct {
		name        string
		s, from, to Staff
		want        bool
	}{
		{"their manager", wu, chen, he, true},
		{"takes it himself", wu, chen, wu, true},
		{"gives of his own", wu, wu, chen, true},
		{"of his own rep, to whom it went already", wu, chen, chen, true},
		{"one is of another team", wu, chen, ma, false},
		{"the head of both", lin, chen, ma, true},
		{"the head to himself", lin, chen, lin, true},
		{"another department's head", far, chen, ma, false},
		{"the rep himself", chen, chen, he, false},
		{"the rep, from himself to himself", chen, chen, chen, false},
		{"a manager, from himself to himself", wu, wu, wu, false},
		{"a head, from himself to himself", lin, lin, lin, false},
		{"who left", gone, chen, he, false},
		{"an administrator", admin, chen, ma, true},
		{"of nobody's, a manager", wu, nobody, chen, false},
		{"of nobody's, an administrator", admin, nobody, chen, true},
		{"nobody", nobody, nobody, nobody, false},
	} {
		if got := c.s.MayReassign(c.from, c.to); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestHandoverMoves(t *testing.T) {
	superior, side, nobody := []domain.Party{domain.PartySuperior}, []domain.Party{domain.PartySide}, []domain.Party(nil)
	signed := func(string) bool { return true }
	for _, c := range []struct {
		machine       *domain.Machine
		state, action string
		by            []domain.Party
		holds         func(string) bool
		want          string // state or code
	}{
		{&HandoverMachine, HandoverPlanned, HandoverCancel, superior, nil, HandoverCancelled},
		{&HandoverMachine, HandoverPlanned, HandoverCancel, side, nil, "handover.not_superior"},
		{&HandoverMachine, HandoverDraining, HandoverCancel, superior, nil, "handover.state"},
		{&HandoverMachine, HandoverDraining, HandoverComplete, superior, signed, HandoverDone},
		{&HandoverMachine, HandoverDraining, HandoverComplete, superior, nil, "handover.unsigned"},
		{&HandoverMachine, HandoverDraining, HandoverComplete, side, signed, "handover.not_superior"},
		{&HandoverMachine, HandoverPlanned, HandoverComplete, superior, signed, "handover.state"},
		{&HandoverMachine, HandoverPlanned, HandoverSign, side, nil, HandoverPlanned},
		{&HandoverMachine, HandoverDone, HandoverSign, side, nil, HandoverDone},
		{&HandoverMachine, HandoverDraining, HandoverCheck, side, nil, HandoverDraining},
		{&HandoverMachine, HandoverDraining, HandoverCheck, superior, nil, "handover.not_party"},
		{&HandoverMachine, HandoverCancelled, HandoverCheck, side, nil, "handover.state"},
		{&HandoverMachine, HandoverPlanned, HandoverMove, superior, nil, "action.unknown"},
		{&AssignmentMachine, AssignmentPlanned, HandoverCancel, superior, nil, AssignmentCancelled},
		{&AssignmentMachine, AssignmentPlanned, HandoverCancel, nobody, nil, "handover.not_superior"},
		{&AssignmentMachine, AssignmentActive, HandoverCancel, superior, nil, "handover.state"},
		{&AssignmentMachine, AssignmentPlanned, AssignmentBegin, superior, nil, "action.unknown"},
	} {
		step, err := c.machine.Take(c.state, c.action, c.by, c.holds)
		got := domain.CodeOf(err)
		if err == nil {
			got = step.Next(c.state)
		}
		if got != c.want {
			t.Errorf("%s %s by %v: %s, want %s", c.state, c.action, c.by, got, c.want)
		}
	}
}
