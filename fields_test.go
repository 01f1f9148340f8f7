package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// byName are the files that read and write fields whose names they cannot know:
// what holds for every collection.
var byName = map[string]string{
	"hooks/platform/kit/fields.go":   "columns that many collections share",
	"hooks/platform/gate/fields.go":  "what holds for rows of every collection",
	"hooks/platform/saves/fields.go": "what is saved may be of any collection",

	"hooks/platform/filters/fields.go":           "a rule may name any field of who asks",
	"hooks/platform/approvals/subject_fields.go": "what is approved may be of any collection",
	"hooks/sync/api/fields.go":                   "what is pushed may be of any collection",
	"hooks/platform/importexport/cells.go":       "cells are of any collection",
}

// elsewhere are folders that are history, or stand for tests.
var elsewhere = []string{"migrations/", "sim/", "internal/testapp/"}

// TestFieldsHaveTypes: outside of the files above, nobody reads or writes a field
// of a record by its name; rows have getters and setters in the fields' types.
func TestFieldsHaveTypes(t *testing.T) {
	effort.Late(t)
	used := map[string]bool{}
	for _, call := range calls(t) {
		recv := call.fn.Signature().Recv()
		if recv == nil || !strings.HasSuffix(recv.Type().String(), "pocketbase/core.Record") {
			continue
		}
		name := call.fn.Name()
		if !strings.HasPrefix(name, "Get") && name != "Set" && name != "SetRaw" && name != "UnmarshalJSONField" {
			continue
		}
		switch {
		case filepath.Dir(call.file) == "records":
		case byName[call.file] != "":
			used[call.file] = true
		default:
			t.Errorf("%s:%d: %s of a record", call.file, call.line, name)
		}
	}
	for file := range byName {
		if !used[file] {
			t.Errorf("%s reads no field by its name", file)
		}
	}
}

// ofAny reports whether a collection is whichever its caller names.
func ofAny(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || named.TypeArgs().Len() == 0 {
		return false
	}
	_, ok = named.TypeArgs().At(0).(*types.TypeParam)
	return ok
}

// TestStatementsFitTheSchema prepares every SQL text that stands in the code as it
// is: a statement, or the condition and order of a finder of records.
func TestStatementsFitTheSchema(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t)
	tried := 0
	prepare := func(where, sql string) {
		tried++
		sql = regexp.MustCompile(`\{:\w+\}`).ReplaceAllString(sql, "?")
		sql = regexp.MustCompile(`\[\[([^\]]+)\]\]|\{\{([^}]+)\}\}`).ReplaceAllString(sql, "$1$2")
		rows, err := app.DB().NewQuery("EXPLAIN " + regexp.MustCompile(`\?`).ReplaceAllString(sql, "NULL")).Rows()
		if err != nil {
			t.Errorf("%s: %v\n%s", where, err, sql)
			return
		}
		_ = rows.Close()
	}
	for _, call := range calls(t) {
		where := fmt.Sprintf("%s:%d", call.file, call.line)
		recv := call.fn.Signature().Recv()
		switch name := call.fn.Name(); {
		case name == "NewQuery" && len(call.args) == 1 && call.args[0] != "" && filepath.Dir(call.file) != "internal/store": // which passes on what others wrote
			prepare(where, call.args[0])
		case recv != nil && strings.Contains(recv.Type().String(), "records.Collection[") && slices.Contains([]string{"First", "All", "Count"}, name):
			if len(call.args) < 2 || !call.known[1] || ofAny(recv.Type()) {
				continue // put together at run time
			}
			sql := "SELECT 1 FROM " + call.table
			if call.args[1] != "" {
				sql += " WHERE " + call.args[1]
			}
			if name != "Count" && len(call.args) == 4 && call.args[3] != "" {
				sql += " ORDER BY " + call.args[3]
			}
			prepare(where, sql)
		}
	}
	t.Logf("%d statements", tried)
}

// TestRowsAreAskedHowTheyEnded: whoever goes through rows by himself asks at their
// end whether they are all. Those of dbx's own loops the store watches.
func TestRowsAreAskedHowTheyEnded(t *testing.T) {
	effort.Late(t)
	begun, asked, all := map[string]int{}, map[string]int{}, 0
	for _, call := range calls(t) {
		recv := call.fn.Signature().Recv()
		if recv == nil {
			continue
		}
		of := recv.Type().String()
		switch name := call.fn.Name(); {
		case name == "Rows" && strings.Contains(of, "pocketbase/dbx."), strings.HasPrefix(name, "Query") && strings.Contains(of, "database/sql.") && !strings.Contains(name, "Row"):
			begun[call.file]++
			all++
		case name == "Err" && of == "*database/sql.Rows":
			asked[call.file]++
		}
	}
	for file, n := range begun {
		if asked[file] < n {
			t.Errorf("%s goes through rows %d times and asks %d times how they ended", file, n, asked[file])
		}
	}
	t.Logf("%d loops in %d files", all, len(begun))
}

// call is a call of a method in the code that is no test.
type call struct {
	file  string
	line  int
	fn    *types.Func
	args  []string // constant texts, empty for others
	known []bool
	table string // of a call of a collection of records
}

var loaded []call

// calls finds all calls of functions by their types.
func calls(t *testing.T) []call {
	t.Helper()
	if loaded != nil {
		return loaded
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				sel, ok := c.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				fn, ok := pkg.TypesInfo.Uses[sel.Sel].(*types.Func)
				if !ok {
					return true
				}
				at := pkg.Fset.Position(c.Pos())
				path, err := filepath.Rel(root, at.Filename)
				if err != nil {
					return true
				}
				if slices.ContainsFunc(elsewhere, func(dir string) bool { return strings.HasPrefix(filepath.ToSlash(path), dir) }) {
					return true
				}
				one := call{file: filepath.ToSlash(path), line: at.Line, fn: fn}
				for _, arg := range c.Args {
					value := pkg.TypesInfo.Types[arg].Value
					known := value != nil && value.Kind() == constant.String
					text := ""
					if known {
						text = constant.StringVal(value)
					}
					one.args, one.known = append(one.args, text), append(one.known, known)
				}
				if of, ok := sel.X.(*ast.SelectorExpr); ok {
					one.table = tableOf(of.Sel.Name)
				}
				loaded = append(loaded, one)
				return true
			})
		}
	}
	return loaded
}

// tableOf is the table of a collection of the package records, by its variable's name.
func tableOf(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return b.String()
}
