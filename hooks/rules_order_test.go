package hooks_test

import (
	"os"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// TestOrderOfRules holds the order in which the areas' rules run to a golden file:
// later rules read what earlier ones have filled, so it changes on purpose only.
func TestOrderOfRules(t *testing.T) {
	const golden = "testdata/rules.txt"
	got := strings.Join(testapp.New(t).Bound.Rules, "\n") + "\n"
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || string(want) != got {
		t.Errorf("the order of rules has changed: go test ./hooks -run TestOrderOfRules -rewrite writes it, if you can explain the difference (%v)\n%s", err, got)
	}
}
