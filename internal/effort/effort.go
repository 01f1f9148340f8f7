// Package effort says how much a test run takes upon itself.
package effort

import "os"

// Variable is the name of the environment variable that make test sets: every
// random test goes all its way.
const Variable = "SATCHEL_WHOLE"

// Times is how often a random test repeats: few times, so that go test ./...
// answers while one works, and all of them for make test.
func Times(few, all int) int {
	if os.Getenv(Variable) != "" {
		return all
	}
	return few
}
