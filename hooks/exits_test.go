package hooks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// deletes are the places of ours that delete rows of the company, and why they may.
var deletes = map[string]string{
	"../hooks/platform/gate/exits.go":             "retention, by an exit",
	"../hooks/sync/api/apply.go":                  "what somebody pushes is judged like all else",
	"../hooks/sync/sessions/sweep.go":             "_sync_login is no collection",
	"../hooks/sales/orders/whole.go":              "free goods that a promotion gives no longer",
	"../hooks/expense/payments/plan.go":           "what a run planned and pays no more, by an exit",
	"../hooks/platform/importexport/undo.go":      "undo of an import, by an exit",
	"../hooks/platform/notifications/webhooks.go": "how a target does goes with its webhook",
}

// TestRowsLeaveByExitsAlone: nothing of ours deletes, but by what the list of
// exits says; retention runs as the job that has the exit's name.
func TestRowsLeaveByExitsAlone(t *testing.T) {
	deleting := regexp.MustCompile(`(?i)DELETE FROM (?:[a-z{` + "`" + `"]\S*)|(?:app|App|tx|txApp|DB\(\))\.Delete(?:WithContext)?\(|TruncateCollection\(`)
	found, text := map[string]bool{}, ""
	for _, root := range []string{"../hooks", "../internal/demo", "../main.go"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if path != "../hooks/platform/gate/exits.go" {
				text += string(body)
			}
			if where := deleting.FindString(string(body)); where != "" {
				found[path] = true
				if deletes[path] == "" {
					t.Errorf("%s deletes: %s", path, where)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, why := range deletes {
		if !found[path] && why != "" {
			t.Errorf("%s deletes nothing", path)
		}
	}
	app := testapp.New(t)
	var jobs []string
	for _, job := range app.Bound.Jobs {
		jobs = append(jobs, job.Name)
	}
	if list, err := os.ReadFile("../hooks/platform/gate/exits.go"); err != nil || strings.Count(string(list), "= &Exit{") != len(gate.Exits) {
		t.Errorf("an exit is not in the list of them, %v", err)
	}
	for _, x := range gate.Exits {
		name := strings.ToUpper(x.Name[:1]) + x.Name[1:]
		if !strings.Contains(text, "gate."+name) {
			t.Errorf("nothing leaves by %s", x.Name)
		}
		if strings.Contains(text, "gate."+name+".Purge(") && !slices.Contains(jobs, x.Name) {
			t.Errorf("%s is retention, and no job", x.Name)
		}
		for _, collection := range x.Collections {
			if _, err := app.FindCollectionByNameOrId(collection); err != nil || slices.Contains(lasting, collection) {
				t.Errorf("%s: %s, %v", x.Name, collection, err)
			}
		}
	}
}
