package effort

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Tool tells a test that needs a program of the machine whether it may run.
// packages are Debian's. Without the program the test is listed as not run, also
// by a plain go test ./..., which is silent about what passes or is skipped; a
// run that is to be whole fails.
func Tool(t testing.TB, program, packages string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		Missing(t, program, packages)
	}
}

// Missing ends a test for which something of the machine is not there.
func Missing(t testing.TB, what, packages string) {
	t.Helper()
	if os.Getenv(Variable) != "" {
		t.Fatal(missing(t, what, packages))
	}
	notRun(t, missing(t, what, packages))
}

// Optional is Tool for a program that the product does without: a whole run lists the
// test as not run, and goes on.
func Optional(t testing.TB, program, packages string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		notRun(t, missing(t, program, packages))
	}
}

func missing(t testing.TB, what, packages string) string {
	return fmt.Sprintf("NOT RUN: %s: %s is missing, apt-get install %s", t.Name(), what, packages)
}

func notRun(t testing.TB, line string) {
	t.Helper()
	// The parent is go test, which keeps what a passing test says to itself.
	if out, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/2", os.Getppid()), os.O_WRONLY|os.O_APPEND, 0); err == nil {
		_, _ = fmt.Fprintln(out, line)
		_ = out.Close()
	}
	t.Skip(line)
}
