package hooks_test

import (
	"encoding"
	"encoding/json/jsontext"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/recordgen"
	"satchel/records"
)

// goTypes writes types of Go as TypeScript, by their JSON.
type goTypes struct {
	t       *testing.T
	records map[string]string       // of the package records by name: ids and values of selects
	named   map[string]reflect.Type // structs that have an interface of their own
}

// know takes the names that records gives to a collection's id and selects.
func (g *goTypes) know(c *core.Collection) {
	row := recordgen.RowName(c.Name)
	g.records[row+"ID"] = fmt.Sprintf("Id<%q>", c.Name)
	for _, f := range c.Fields {
		f, ok := f.(*core.SelectField)
		if !ok {
			continue
		}
		values := slices.Clone(f.Values)
		if !f.Required && !f.IsMultiple() {
			values = append([]string{""}, values...)
		}
		text := strings.Join(quoted(values), " | ")
		if f.IsMultiple() {
			text = "(" + text + ")[]"
		}
		g.records[row+recordgen.Camel(f.Name)] = text
	}
}

// of is a type in TypeScript, within so many levels.
func (g *goTypes) of(t reflect.Type, depth int) string {
	switch {
	case t == reflect.TypeFor[jsontext.Value](), t.Kind() == reflect.Interface:
		return "unknown"
	case t.PkgPath() == "time" && t.Name() == "Time":
		return "Moment"
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return "string"
	case t.PkgPath() == reflect.TypeFor[records.User]().PkgPath():
		if known := g.records[t.Name()]; known != "" {
			return known
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem(), depth)
	case reflect.Slice:
		inner := g.of(t.Elem(), depth)
		if strings.Contains(inner, " | ") {
			inner = "(" + inner + ")"
		}
		return inner + "[]"
	case reflect.Map:
		return "Record<string, " + g.of(t.Elem(), depth) + ">"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Struct:
		if !ast.IsExported(t.Name()) {
			return g.object(t, depth, false)
		}
		if other := g.named[t.Name()]; other != nil && other != t || g.records[t.Name()+"ID"] != "" {
			g.t.Errorf("%s and another are called %s", t, t.Name())
		}
		g.named[t.Name()] = t
		return t.Name()
	default:
		g.t.Errorf("no type for %s", t)
		return "never"
	}
}

// object is a struct as a literal.
func (g *goTypes) object(t reflect.Type, depth int, optional bool) string {
	members := g.members(t, depth+1, optional)
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = m.text
	}
	if line := "{ " + strings.Join(texts, "; ") + " }"; len(line) < 110 && !strings.Contains(line, "\n") {
		return line
	}
	indent := strings.Repeat("    ", depth)
	return "{\n" + indent + "    " + strings.Join(texts, ";\n"+indent+"    ") + ";\n" + indent + "}"
}

type member struct{ name, text string }

// members are those of a struct as JSON has them, with those that it embeds.
func (g *goTypes) members(t reflect.Type, depth int, optional bool) (out []member) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			out = append(out, g.members(f.Type, depth, optional)...)
		default:
			mark := ""
			if optional || strings.Contains(options, "omit") || f.Type.Kind() == reflect.Pointer {
				mark = "?"
			}
			out = append(out, member{f.Name, name + mark + ": " + g.of(f.Type, depth)})
		}
	}
	return out
}

// interfaces writes the structs that others speak of, and those that they do.
func (g *goTypes) interfaces(b *strings.Builder) {
	written := map[string]string{}
	for len(written) < len(g.named) {
		for name, t := range maps.Clone(g.named) {
			text, comments := g.comments(t)
			body := comment("", text) + "export interface " + name + " {\n"
			for _, m := range g.members(t, 1, false) {
				body += comment("    ", comments[m.name]) + "    " + m.text + ";\n"
			}
			written[name] = "\n" + body + "}\n"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		b.WriteString(written[name])
	}
}

// declared finds the declarations of a type's package.
func (g *goTypes) declared(t reflect.Type) *doc.Package {
	g.t.Helper()
	dir, set := filepath.Join("..", strings.TrimPrefix(t.PkgPath(), "satchel/")), token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		g.t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			g.t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(set, files, t.PkgPath())
	if err != nil {
		g.t.Fatal(err)
	}
	return pkg
}

// comments are what Go says of a struct and its fields.
func (g *goTypes) comments(t reflect.Type) (text string, fields map[string]string) {
	fields = map[string]string{}
	for _, d := range g.declared(t).Types {
		if d.Name != t.Name() {
			continue
		}
		text = d.Doc
		ast.Inspect(d.Decl, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok {
				for _, name := range f.Names {
					fields[name.Name] = f.Comment.Text()
				}
			}
			return true
		})
	}
	return text, fields
}

// constants are the values of a type of strings, each with what Go says of it.
func (g *goTypes) constants(t reflect.Type) (out string) {
	for _, d := range g.declared(t).Types {
		if d.Name != t.Name() {
			continue
		}
		for _, c := range d.Consts {
			for _, spec := range c.Decl.Specs {
				spec := spec.(*ast.ValueSpec)
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					g.t.Fatal(err)
				}
				out += "\n" + comment("    ", spec.Comment.Text()) + "    | " + strconv.Quote(value)
			}
		}
	}
	return out
}

// comment writes what Go says before what it says it of.
func comment(indent, text string) string {
	if text == "" {
		return ""
	}
	return indent + "/** " + strings.Join(strings.Fields(text), " ") + " */\n"
}

// lines writes the values of a type, one a line.
func lines(values []string) string { return "\n    | " + strings.Join(quoted(values), "\n    | ") }

func list[S ~string](values []S) string { return "[" + strings.Join(quoted(values), ", ") + "]" }

func quoted[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.Quote(string(v))
	}
	return out
}
