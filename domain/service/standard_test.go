package service

import (
	"testing"

	"satchel/domain"
)

func TestLevelsAreWhole(t *testing.T) {
	with := func(name string, l Level) map[string]Level {
		levels := map[string]Level{"urgent": {120, 1440, true}, "major": {720, 2400, false}, "normal": {1440, 1440, false}}
		levels[name] = l
		return levels
	}
	for _, c := range []struct {
		what   string
		levels map[string]Level
		want   string
	}{
		{"as it should be", with("normal", Level{60, 60, false}), ""},
		{"the longest", with("normal", Level{1, longest, true}), ""},
		{"longer", with("normal", Level{1, longest + 1, true}), "service_standard.levels_invalid"},
		{"solved before it is answered", with("major", Level{61, 60, false}), "service_standard.levels_invalid"},
		{"answered at once", with("urgent", Level{0, 60, true}), "service_standard.levels_invalid"},
		{"a level too many", with("lazy", Level{1, 1, true}), "service_standard.levels_invalid"},
		{"none", nil, "service_standard.levels_invalid"},
		{"another in place of one", map[string]Level{"urgent": {1, 1, true}, "major": {1, 1, true}, "lazy": {1, 1, true}}, "service_standard.levels_invalid"},
	} {
		if got := domain.CodeOf(CheckLevels(c.levels)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestWhoStepsWithAStandard holds every state and side to a table made by hand.
//
// policy: R5.8 service_standards
func TestWhoStepsWithAStandard(t *testing.T) {
	const stranger, state = "service_standard.not_head", "service_standard.state"
	head, office := []domain.Party{domain.PartyHead}, []domain.Party{domain.PartyOffice}
	for _, c := range []struct {
		from, step string
		by         []domain.Party
		unbegun    bool
		want       string
	}{
		{StandardDraft, StandardEnforce, head, false, StandardInForce},
		{StandardDraft, StandardEnforce, office, false, stranger},
		{StandardInForce, StandardEnforce, head, false, state},
		{StandardReplaced, StandardEnforce, head, false, state},
		{StandardInForce, StandardWithdraw, head, true, StandardDraft},
		{StandardInForce, StandardWithdraw, head, false, StandardBegun},
		{StandardInForce, StandardWithdraw, office, true, stranger},
		{StandardReplaced, StandardWithdraw, head, true, state},
		{StandardInForce, StandardReplace, head, true, "action.unknown"},
	} {
		step, err := StandardMachine.Take(c.from, c.step, c.by, func(string) bool { return c.unbegun })
		got := domain.CodeOf(err)
		if err == nil {
			got = step.Next(c.from)
		}
		if got != c.want {
			t.Errorf("%s from %s by %v: %s, want %s", c.step, c.from, c.by, got, c.want)
		}
	}
	if _, err := StandardMachine.Own(StandardInForce, StandardReplace); err != nil {
		t.Error(err)
	}
	if _, err := StandardMachine.Own(StandardDraft, StandardReplace); domain.CodeOf(err) != state {
		t.Error(err)
	}
}
