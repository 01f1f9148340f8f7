package recordgen

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// field is one column as the template needs it.
type field struct {
	Column, Name string // in_lat, InLat
	Const        string // VisitColInLat
	Type         string // of the getter
	Read         string // the reader in records/row.go
	Arg, Store   string // of the setter: its type, and what it gives to Set; empty for none
	Select       bool   // the type is the column's own
	JSON         bool
	Import       string // of the type
}

// own are methods that every row has; a column of such a name gets one with Field behind.
var own = []string{"Raw", "ID", "IsNew", "Original", "Attached", "Copy"}

// fields describes the columns, in the schema's order. Passwords and keys of
// tokens have no getter: they are PocketBase's own.
func (g generator) fields(c *core.Collection) (out []field, err error) {
	for _, f := range c.Fields {
		name := f.GetName()
		if name == core.FieldNameId || name == core.FieldNamePassword || name == core.FieldNameTokenKey {
			continue
		}
		one, err := g.field(c, f)
		if err != nil {
			return nil, err
		}
		one.Column, one.Name = name, Camel(name)
		if slices.Contains(own, one.Name) {
			one.Name += "Field"
		}
		one.Const = g.rows[c.Id] + "Col" + Camel(name)
		out = append(out, one)
	}
	return out, nil
}

func (g generator) field(c *core.Collection, f core.Field) (field, error) {
	switch f := f.(type) {
	case *core.TextField, *core.EmailField, *core.URLField, *core.EditorField:
		return field{Type: "string", Read: "text", Arg: "string", Store: "value"}, nil
	case *core.NumberField:
		if f.OnlyInt {
			return field{Type: "int", Read: "whole", Arg: "int", Store: "value"}, nil
		}
		return field{Type: "float64", Read: "number", Arg: "float64", Store: "value"}, nil
	case *core.BoolField:
		return field{Type: "bool", Read: "flag", Arg: "bool", Store: "value"}, nil
	case *core.DateField:
		return field{Type: "time.Time", Read: "moment", Arg: "time.Time", Store: "value", Import: "time"}, nil
	case *core.AutodateField:
		return field{Type: "time.Time", Read: "moment", Import: "time"}, nil
	case *core.SelectField:
		if f.IsMultiple() {
			return field{Type: "[]string", Read: "texts", Arg: "[]string", Store: "value"}, nil
		}
		own := g.rows[c.Id] + Camel(f.Name)
		return field{Type: own, Read: "named[" + own + "]", Arg: own, Store: "string(value)", Select: true}, nil
	case *core.RelationField:
		id := g.rows[f.CollectionId] + "ID"
		if _, ours := g.rows[f.CollectionId]; !ours {
			id = "string"
		}
		if f.IsMultiple() {
			return field{Type: "[]" + id, Read: "ids[" + id + "]", Arg: "[]" + id, Store: "Strings(value)"}, nil
		}
		return field{Type: id, Read: "named[" + id + "]", Arg: id, Store: "string(value)"}, nil
	case *core.FileField:
		if f.IsMultiple() {
			return field{Type: "[]string", Read: "texts", Arg: "any", Store: "value"}, nil
		}
		return field{Type: "string", Read: "text", Arg: "any", Store: "value"}, nil
	case *core.JSONField:
		known, ok := documents[c.Name+"."+f.Name]
		if !ok {
			return field{JSON: true, Type: "jsontext.Value", Read: "document", Arg: "any", Store: "value", Import: "encoding/json/jsontext"}, nil
		}
		return field{JSON: true, Type: known, Read: "decoded[" + known + "]", Arg: known, Store: "value"}, nil
	}
	return field{}, fmt.Errorf("no type for the field %s, a %s", f.GetName(), f.Type())
}

// imports lists what the file needs beside PocketBase.
func imports(fields []field, view bool) []string {
	all := map[string]bool{}
	for _, f := range fields {
		if f.Import != "" {
			all[f.Import] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// domainImports are the packages of the domain that types name.
func domainImports(types ...string) []string {
	all := map[string]bool{}
	for _, t := range types {
		for _, named := range regexp.MustCompile(`(\w+)\.[A-Z]`).FindAllStringSubmatch(t, -1) {
			switch pkg := named[1]; pkg {
			case "time", "jsontext", "json":
			case "domain":
				all["satchel/domain"] = true
			default:
				all["satchel/domain/"+pkg] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// typesOf are the types of columns.
func typesOf(fields []field) (types []string) {
	for _, f := range fields {
		types = append(types, f.Type)
	}
	return types
}
