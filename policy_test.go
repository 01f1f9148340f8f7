package main

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
)

var rewrite = flag.Bool("rewrite", false, "write docs/policy.md")

// marker is a line "policy: CLAUSE RULE" in the comment of a test.
var marker = regexp.MustCompile(`(?m)^policy: (\S+) (\S+)$`)

// shown is what a test shows of the policy.
type shown struct{ clause, rule, test, file string }

// TestPolicyPage holds docs/policy.md to the markers of the tests and the index
// of clauses. A row that no test stands for cannot be.
func TestPolicyPage(t *testing.T) {
	marks := policyMarks(t)
	clauses := map[string]bool{}
	for _, c := range domain.PolicyIndex {
		clauses[c.Ref] = true
	}
	for _, m := range marks {
		if !clauses[m.clause] {
			t.Errorf("%s: %s speaks of the clause %s, which the index does not know", m.file, m.test, m.clause)
		}
	}
	const page = "docs/policy.md"
	want := policyPage(marks)
	if *rewrite {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("%s is stale: run make policy (%v)", page, err)
	}
}

// rules are those of the policy's chapters one to four that have a name, and that
// tests are called by.
var rules = []string{
	"H-SCOPE", "H-ORG-1", "H-ORG-2", "H-ORG-3", "H-ORG-4", "H-INTEL", "H-SEL-1", "H-SEL-2", "H-SEL-3", "H-DUP",
	"H-CON-1", "H-CON-2", "H-CON-3", "H-CON-4", "H-OPP-MAJ", "H-VIS-FREQ", "H-VIS-PREP", "H-VIS-REC", "H-CARE", "H-ISS", "H-TGT-1", "H-TGT-2",
	"H-ORD-3",
}

// TestNamedRulesHaveTests: the tests of H-ORG-1 begin with TestHOrg1.
func TestNamedRulesHaveTests(t *testing.T) {
	marks := policyMarks(t)
	for _, rule := range rules {
		name := "Test"
		for word := range strings.SplitSeq(rule, "-") {
			name += word[:1] + strings.ToLower(word[1:])
		}
		if !slices.ContainsFunc(marks, func(m shown) bool { return m.rule == rule && strings.HasPrefix(m.test, name) }) {
			t.Errorf("no test called %s is marked with %s", name, rule)
		}
	}
}

// TestClausesNameCollections: a clause that rules stand for lives in collections
// that there are.
func TestClausesNameCollections(t *testing.T) {
	schema, err := os.ReadFile("migrations/testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	marks := policyMarks(t)
	for _, c := range domain.PolicyIndex {
		if !slices.ContainsFunc(marks, func(m shown) bool { return m.clause == c.Ref }) {
			continue
		}
		for _, name := range c.Collections {
			if !regexp.MustCompile(`(?m)^(base|auth) ` + name + `$`).Match(schema) {
				t.Errorf("%s: there is no collection %s", c.Ref, name)
			}
		}
	}
}

// policyMarks reads the comments of all tests.
func policyMarks(t *testing.T) (out []shown) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || strings.HasSuffix(d.Name(), "_data")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "policy: R") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		attached := 0
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Doc == nil || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			for _, m := range marker.FindAllStringSubmatch(fn.Doc.Text(), -1) {
				attached++
				out = append(out, shown{m[1], m[2], fn.Name.Name, filepath.ToSlash(path)})
			}
		}
		loose := 0
		for _, group := range file.Comments {
			loose += len(marker.FindAllString(group.Text(), -1))
		}
		if loose != attached {
			t.Errorf("%s: %d markers of the policy belong to no test", path, loose-attached)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, func(a, b shown) int {
		return cmp.Or(strings.Compare(a.rule, b.rule), strings.Compare(a.file, b.file), strings.Compare(a.test, b.test))
	})
	return out
}

func policyPage(marks []shown) string {
	var b strings.Builder
	b.WriteString("# The policy, and what holds it\n\n" +
		"Clause, where it lives, which rule stands for it, and the test that shows the rule. Made of the index in\n" +
		"`domain/policy_index.go` and the markers in tests by `make policy`; do not edit.\n\n" +
		"| Clause | 条款 | Collections | Rule | Test |\n|---|---|---|---|---|\n")
	var open []string
	for _, c := range domain.PolicyIndex {
		n := 0
		for _, m := range marks {
			if m.clause == c.Ref {
				n++
				fmt.Fprintf(&b, "| %s %s | %s | %s | %s | [%s](../%s) |\n", c.Ref, c.EN, c.ZH, strings.Join(c.Collections, ", "), m.rule, m.test, m.file)
			}
		}
		if n == 0 {
			open = append(open, c.Ref+" "+c.EN)
		}
	}
	if len(open) > 0 {
		b.WriteString("\nNo rule stands yet for: " + strings.Join(open, " · ") + ".\n")
	}
	return b.String()
}
