package sim

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// atADesk are the steps that nobody takes in the field, with the reason why no
// story tells of them.
var atADesk = map[string]string{
	"contacts.forget":            "an administrator carries out a wish of privacy",
	"account_assignments.cancel": "a manager's at a desk: phones read these rows alone; hooks/people/handovers",
	"annual_plans.withdraw":      "as of every approval; a_decision_on_what_was_withdrawn",
	"account_reviews.withdraw":   "as of every approval; a_decision_on_what_was_withdrawn",
	"appraisal_cycles":           "a manager's at a desk, and the clock's; hooks/appraisal/cycles",
	"appraisals":                 "what follows from ratings is decided and confirmed online; hooks/appraisal/cycles",
	"satisfaction_surveys":       "the service's; no phone has any of it; hooks/appraisal/satisfaction",
	"audit_findings":             "who looks at claims again sits at a desk; hooks/expense/audits",
	"penalties":                  "finance's and the management's; hooks/expense/audits",
	"cost_savings":               "finance's to decide, as a_deduction_is_finances_to_accept; hooks/expense/audits",
	"blobs":                      "finance's and the auditor's hold; hooks/media/files",
	"consents":                   "a right of its own that needs no colleague; hooks/field/fieldwork",
	"departments":                "the administrator's; hooks/people/org",
	"dispatches":                 "the administrator's; hooks/platform/notifications",
	"message_lanes":              "the administrator's; hooks/platform/notifications",
	"invoices.check":             "finance's, at the authority's page; hooks/expense/invoices",
	"invoices.repaid":            "likewise, when the money came back",
	"outreach_campaigns":         "market's, sent from the office; hooks/customers/care",
	"payee_changes":              "finance's, and its numbers are on no phone; hooks/expense/payments",
	"payment_runs":               "finance's, with a file of the bank; hooks/expense/payments",
	"payments":                   "as of runs; who takes one back does so at a desk; hooks/expense/payments",
	"appraisal_cycles.settle":    "finance's, as its jobs; hooks/appraisal/incentives",
	"appraisal_cycles.payroll":   "likewise: no phone holds money",
	"commission_plans":           "the department manager's with finance; hooks/appraisal/incentives",
	"incentive_results":          "finance's, and on no phone; hooks/appraisal/incentives",
	"promotion_candidates":       "the department manager's, on no phone; hooks/appraisal/incentives",
	"honors":                     "likewise; hooks/appraisal/incentives",
	"development_actions":        "likewise; hooks/appraisal/incentives",
	"policy_docs":                "the administrator's; hooks/people/org",
	"sync_devices":               "over REST by who has another phone or a desk; a_lost_phone_is_out",
	"users":                      "an_approver_is_away has a delegation; hooks/people/org",
}

// TestEveryMachineHasAStory: whoever adds a collection with steps tells what
// happens to it while somebody is away.
func TestEveryMachineHasAStory(t *testing.T) {
	steps := newStory(t, 7).app.Bound.Actions
	told := ""
	for _, file := range storyFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), ": offline\n") {
			continue
		}
		told += string(text)
	}
	said := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\w+: (?:! \S+ )?act (\w+) `).FindAllStringSubmatch(told, -1) {
		said[m[1]] = true
	}
	for _, verb := range []string{"discard", "resubmit", "acknowledge", "choose"} { // of the script
		said["sync_issues"] = said["sync_issues"] || strings.Contains(told, ": "+verb+" ")
	}
	used := map[string]bool{}
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		machine, _, _ := strings.Cut(step, ".")
		if atADesk[machine] != "" || atADesk[step] != "" {
			used[machine], used[step] = true, true
			continue
		}
		if !said[machine] {
			t.Errorf("no story tells of %s", step)
		}
	}
	for name := range atADesk {
		if !used[name] {
			t.Errorf("there are no steps %s", name)
		}
	}
}

// TestEveryHardCaseHasAStory: those of the domain that are settled between a
// phone and the office, by their letters. The other is of prices.
func TestEveryHardCaseHasAStory(t *testing.T) {
	for _, letter := range []string{"a", "b", "c", "e", "f", "g"} {
		if !slices.ContainsFunc(storyFiles(t), func(file string) bool {
			text, err := os.ReadFile(file)
			return err == nil && strings.HasPrefix(string(text), "# Hard case "+letter+":")
		}) {
			t.Errorf("no story tells of hard case %s", letter)
		}
	}
}

func storyFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories, %v", err)
	}
	return files
}
