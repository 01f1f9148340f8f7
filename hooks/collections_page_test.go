package hooks_test

import (
	"encoding"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

var rewrite = flag.Bool("rewrite", false, "write docs/collections.md")

// TestCollectionsPage holds docs/collections.md to what is there: the fields
// that phones see of every collection, and every action with its arguments.
func TestCollectionsPage(t *testing.T) {
	const page = "../docs/collections.md"
	want := collectionsPage(t)
	if *rewrite {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what is there: go test ./hooks -run TestCollectionsPage -rewrite (%v)", page, err)
	}
}

func collectionsPage(t *testing.T) string {
	app := testapp.New(t)
	var b strings.Builder
	b.WriteString(`# Collections and actions

For who writes a client. Made by ` + "`go test ./hooks -run TestCollectionsPage -rewrite`" + `; a test holds it to what is there.

"Phones" says whether phones read (` + "`down`" + `) or also write (` + "`both`" + `) a collection. Who may write which row is for the
server to say: what he may not is ` + "`record.not_allowed`" + `, a field that only the server writes is ` + "`field.locked`" + `. Units are in
the names of fields, see [the protocol](sync-protocol.md). A star marks what must be given. Actions are pushed as
` + "`op: action`" + ` or posted to ` + "`/api/ka/{collection}/{id}/{action}`" + `; all arguments are optional unless the answer says otherwise.
`)
	rules, err := app.FindRecordsByFilter("sync_rules", "direction != 'none'", "name", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules {
		coll, err := app.FindCollectionByNameOrId(rule.GetString("name"))
		if err != nil {
			t.Fatal(err)
		}
		omit := rule.GetString("omit")
		fmt.Fprintf(&b, "\n## %s\n\nPhones: `%s`\n\n", coll.Name, rule.GetString("direction"))
		for _, f := range coll.Fields {
			if f.GetHidden() || f.Type() == core.FieldTypeAutodate || f.GetName() == "id" || strings.Contains(omit, `"`+f.GetName()+`"`) {
				continue
			}
			fmt.Fprintf(&b, "- `%s` %s\n", f.GetName(), kindOf(app, f))
		}
		actions := actionsOf(app, coll.Name)
		if len(actions) > 0 {
			b.WriteString("\n| Action | Arguments |\n|---|---|\n")
		}
		for _, action := range actions {
			fmt.Fprintf(&b, "| `%s` | %s |\n", action, argumentsOf(t, app, coll.Name+"."+action))
		}
	}
	return b.String()
}

func actionsOf(app *testapp.App, collection string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(app.Bound.Actions)) {
		if action, ok := strings.CutPrefix(name, collection+"."); ok {
			out = append(out, action)
		}
	}
	return out
}

// kindOf names a field's type, what it points to, and the values it may have.
func kindOf(app *testapp.App, f core.Field) string {
	kind, must := f.Type(), reflect.ValueOf(f).Elem().FieldByName("Required")
	switch f := f.(type) {
	case *core.SelectField:
		kind = "one of `" + strings.Join(f.Values, "`, `") + "`"
		if f.MaxSelect > 1 {
			kind = "some" + kind[3:]
		}
	case *core.RelationField:
		if c, err := app.FindCachedCollectionByNameOrId(f.CollectionId); err == nil {
			kind = "id of " + c.Name
		}
		if f.MaxSelect > 1 {
			kind = "list, " + kind
		}
	}
	if must.IsValid() && must.Kind() == reflect.Bool && must.Bool() {
		kind += " *"
	}
	return kind
}

var closure = regexp.MustCompile(`\.func\d+(\.\d+)*$`)

// argumentsOf writes the arguments of an action by their type.
func argumentsOf(t *testing.T, app *testapp.App, name string) string {
	args, typed := app.Bound.Arguments[name]
	if !typed {
		return argsOf(t, app.Bound.Actions[name])
	}
	if text := members(args); text != "{}" {
		return "`" + text + "`"
	}
	return "none"
}

// members writes a type by its JSON members; empty for what has none.
func members(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return members(t.Elem())
	case reflect.Slice:
		return "[" + members(t.Elem()) + "]"
	case reflect.Struct:
	default:
		return ""
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return ""
	}
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := members(f.Type)
		switch {
		case name == "-":
		case f.Anonymous && name == "":
			names = append(names, strings.Trim(inner, "{}"))
		case strings.HasPrefix(inner, "{"), strings.HasPrefix(inner, "[{"):
			names = append(names, name+" "+inner)
		default:
			names = append(names, name)
		}
	}
	return "{" + strings.Join(names, ", ") + "}"
}

// argsOf lists the arguments that an action reads, from its source.
func argsOf(t *testing.T, action any) string {
	t.Helper()
	fn := runtime.FuncForPC(reflect.ValueOf(action).Pointer())
	name := strings.TrimSuffix(fn.Name(), "-fm")
	pkg := name[:strings.LastIndex(name, "/")+1] + strings.SplitN(name[strings.LastIndex(name, "/")+1:], ".", 2)[0]
	name = closure.ReplaceAllString(name, "")
	name = name[strings.LastIndex(name, ".")+1:]
	files := parsed(t, filepath.Join("..", strings.TrimPrefix(pkg, "satchel/")))
	found := fieldsRead(t, files, name, map[string]bool{})
	if found == "{}" || found == "" {
		return "none"
	}
	return "`" + found + "`"
}

var packages = map[string]*source{}

type source struct {
	set   *token.FileSet
	files []*ast.File
}

func parsed(t *testing.T, dir string) *source {
	t.Helper()
	if packages[dir] != nil {
		return packages[dir]
	}
	s := &source{set: token.NewFileSet()}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal(dir, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(s.set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, file)
	}
	packages[dir] = s
	return s
}

// fieldsRead finds gate.Args in a function and renders the names of what it fills.
func fieldsRead(t *testing.T, s *source, function string, seen map[string]bool) string {
	if seen[function] {
		return ""
	}
	seen[function] = true
	found := ""
	var calls []string
	for _, file := range s.files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Name.Name != function || decl.Body == nil {
				continue
			}
			locals := map[string]ast.Expr{}
			ast.Inspect(decl.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for _, name := range n.Names {
						locals[name.Name] = n.Type
					}
				case *ast.CallExpr:
					sel, ok := n.Fun.(*ast.SelectorExpr)
					if ok && sel.Sel.Name == "Args" && len(n.Args) == 2 {
						if u, ok := n.Args[1].(*ast.UnaryExpr); ok {
							typ := u.X
							if id, ok := typ.(*ast.Ident); ok {
								typ = locals[id.Name]
							}
							if lit, ok := typ.(*ast.CompositeLit); ok {
								typ = lit.Type
							}
							found = rendered(t, s, typ, 0)
						}
						return true
					}
					for _, arg := range n.Args { // the arguments are read by another
						if id, ok := arg.(*ast.Ident); ok && (id.Name == "raw" || id.Name == "args") {
							switch f := n.Fun.(type) {
							case *ast.Ident:
								calls = append(calls, f.Name)
							case *ast.SelectorExpr:
								calls = append(calls, f.Sel.Name)
							}
						}
					}
				}
				return true
			})
		}
	}
	for _, call := range calls {
		if found == "" {
			found = fieldsRead(t, s, call, seen)
		}
	}
	return found
}

// rendered writes the members of a type as JSON has them.
func rendered(test *testing.T, s *source, typ ast.Expr, depth int) string {
	if depth > 6 {
		return ""
	}
	switch t := typ.(type) {
	case *ast.StarExpr:
		return rendered(test, s, t.X, depth)
	case *ast.ArrayType:
		return "[" + rendered(test, s, t.Elt, depth+1) + "]"
	case *ast.SelectorExpr:
		if of, ok := t.X.(*ast.Ident); ok && of.Name == "domain" {
			return rendered(test, parsed(test, "../domain"), t.Sel, depth)
		}
	case *ast.Ident:
		for _, file := range s.files {
			for _, d := range file.Decls {
				gen, ok := d.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, spec := range gen.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok && ts.Name.Name == t.Name {
						return rendered(test, s, ts.Type, depth+1)
					}
				}
			}
		}
	case *ast.StructType:
		var names []string
		for _, f := range t.Fields.List {
			if f.Tag == nil {
				if inner := rendered(test, s, f.Type, depth+1); strings.HasPrefix(inner, "{") {
					names = append(names, strings.Trim(inner, "{}"))
				}
				continue
			}
			name := strings.Split(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")[0]
			if name == "-" {
				continue
			}
			if inner := rendered(test, s, f.Type, depth+1); strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[{") {
				name += " " + inner
			}
			names = append(names, name)
		}
		return "{" + strings.Join(names, ", ") + "}"
	}
	return ""
}
