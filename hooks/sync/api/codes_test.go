package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satchel/domain"
)

// TestTheProtocolsPageNamesEveryCode that the engine, the sync routes and the
// uploads give out, and no code that does not exist.
func TestTheProtocolsPageNamesEveryCode(t *testing.T) {
	text, err := os.ReadFile("../../../docs/sync-protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	page := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z_.]+)`").FindAllStringSubmatch(string(text), -1) {
		page[m[1]] = true
	}
	codes := codesOf(t, "../../../syncer", ".", "../issues", "../sessions", "../../media/uploads")
	if len(codes) < 60 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	atDesks := []string{"rule.invalid", "override.reason", "audit.kept"} // for who saves a rule, lifts a revocation, changes a key
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if !page[code] && !slices.Contains(atDesks, code) {
			t.Errorf("the page does not name %s (%s)", code, codes[code])
		}
	}
	for _, m := range regexp.MustCompile("`([a-z_.]+)` (?:4|5)\\d\\d").FindAllStringSubmatch(string(text), -1) {
		if _, there := domain.Problems[m[1]]; !there {
			t.Errorf("the page names %s, which has no text", m[1])
		}
	}
}

// codesOf lists the codes that packages write, each with a place: literals that
// are a code of the catalogue, and arguments of what refuses, which must be one.
func codesOf(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if code, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
						if _, known := domain.Problems[code]; known {
							out[code] = set.Position(n.Pos()).String()
						}
					}
				case *ast.CallExpr:
					at, refuses := map[string]int{"answer": 1, "refuse": 0, "refuseRequest": 1, "refuseField": 1, "wipe": 0, "Refuse": 0, "RefuseField": 1}[nameOf(n.Fun)]
					if !refuses || len(n.Args) <= at {
						return true
					}
					if lit, ok := n.Args[at].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						if code, _ := strconv.Unquote(lit.Value); domain.Problems[code] == (domain.Texts{}) {
							t.Errorf("%s: %q has no text", set.Position(lit.Pos()), code)
						}
					}
				}
				return true
			})
		}
	}
	return out
}

func nameOf(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
