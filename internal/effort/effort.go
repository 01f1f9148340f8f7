// Package effort says how much a test run takes upon itself.
package effort

import (
	"os"
	"testing"
)

// Variable is the name of the environment variable that make test sets: every
// random test goes all its way.
const Variable = "SATCHEL_WHOLE"

// Late skips a test that answers too late for who works, unless all is wanted.
func Late(t testing.TB) {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skip("make test runs it")
	}
}

// Times is how often a random test repeats: few times, so that go test ./...
// answers while one works, and all of them for make test.
func Times(few, all int) int {
	if os.Getenv(Variable) != "" {
		return all
	}
	return few
}

// Some are few of all, from the one at first on and round again, or all of them for
// make test.
func Some[T any](all []T, few, first int) []T {
	out := make([]T, min(Times(few, len(all)), len(all)))
	for i := range out {
		out[i] = all[(first+i)%len(all)]
	}
	return out
}
