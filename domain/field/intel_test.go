package field_test

import (
	"testing"

	"satchel/domain/field"
)

func TestWhoWritesIntelligenceWhere(t *testing.T) {
	for _, c := range []struct {
		role, usual string
		up, down    bool
	}{
		{"rep", field.IntelUp, true, false},
		{"ka_manager", field.IntelUp, true, false},
		{"dept_manager", field.IntelUp, true, false},
		{"market", field.IntelUp, true, true},
		{"product", field.IntelDown, false, true},
		{"service", field.IntelDown, false, true},
	} {
		if got := field.IntelDirection(c.role); got != c.usual {
			t.Errorf("%s writes %s", c.role, got)
		}
		if up, down := field.MayWriteIntel(c.role, field.IntelUp), field.MayWriteIntel(c.role, field.IntelDown); up != c.up || down != c.down {
			t.Errorf("%s: up %t, down %t", c.role, up, down)
		}
	}
}

func TestIntelligenceIsTakenUpFromThreeOn(t *testing.T) {
	for score, want := range map[int]struct{ is, accepted bool }{0: {}, 1: {is: true}, 2: {is: true}, 3: {true, true}, 5: {true, true}, -1: {}} {
		if field.IsIntelScore(score) != want.is || field.IntelAccepted(score) != want.accepted {
			t.Errorf("%d", score)
		}
	}
	if field.IsIntelScore(6) {
		t.Error("six of five")
	}
}
