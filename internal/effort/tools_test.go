package effort

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestForAMissingTool is run by the test below in a process of its own.
func TestForAMissingTool(t *testing.T) {
	if os.Getenv("SATCHEL_MISSING") == "" {
		return
	}
	Tool(t, "no-such-program", "no-such-package")
	t.Error("it went on")
}

// TestAMissingToolIsListed by a run that would be silent, and fails a whole one.
func TestAMissingToolIsListed(t *testing.T) {
	for whole, want := range map[string]bool{"": true, "1": false} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestForAMissingTool$", "-test.v")
		cmd.Env = append(os.Environ(), "SATCHEL_MISSING=1", Variable+"="+whole)
		out, err := cmd.CombinedOutput()
		if passed := err == nil; passed != want || !strings.Contains(string(out), "NOT RUN: TestForAMissingTool: no-such-program is missing, apt-get install no-such-package") {
			t.Errorf("%s=%q: %v %s", Variable, whole, err, out)
		}
	}
}
