package appraisal_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"satchel/domain/appraisal"
)

var rewrite = flag.Bool("rewrite", false, "write docs/appraisal-schemes.md anew")

const (
	page   = "../../docs/appraisal-schemes.md"
	marker = "<!-- made by go test ./domain/appraisal -run TestSchemesPage -rewrite -->\n"
)

// TestSchemesPage holds the page's tables to the metrics and the cases that there are.
func TestSchemesPage(t *testing.T) {
	was, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(was), marker)
	if !found {
		t.Fatalf("%s has no line %q", page, marker)
	}
	want := head + marker + tables(t)
	if *rewrite {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(was) != want {
		t.Errorf("%s is not what is there: go test ./domain/appraisal -run TestSchemesPage -rewrite", page)
	}
}

func tables(t *testing.T) string {
	var b strings.Builder
	b.WriteString("\n| Metric | 统计项 | | Parts | By days | Figure |\n|---|---|---|---|---|---|\n")
	for _, m := range appraisal.Metrics {
		days := ""
		if m.Target {
			days = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | `%s` |\n", m.Key, m.Name.ZH, m.Name.EN, m.Join, days, m.Figure)
	}
	b.WriteString("\nWorked by hand (`domain/appraisal/testdata/cases.json`); what a case does not say is as in 03.\n")
	b.WriteString("\n| | 情形 | Case | 算法 | 结果 |\n|---|---|---|---|---|\n")
	for _, c := range readCases(t) {
		var want []string
		for _, key := range []string{"self", "superior", "customer", "composite", "deductions", "score", "ungated", "grade", "status", "why", "error", "held"} {
			if v, is := c.Want[key]; is {
				want = append(want, fmt.Sprintf("%s %v", key, v))
			}
		}
		if len(want) == 0 {
			want = slices.Collect(func(yield func(string) bool) {
				for key, v := range c.Want {
					if !yield(fmt.Sprintf("%s %v", key, v)) {
						return
					}
				}
			})
			slices.Sort(want)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.ID, c.ZH, c.EN, c.Worked, strings.Join(want, "; "))
	}
	return b.String()
}
