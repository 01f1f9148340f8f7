// Package recordgen writes the package records from the schema that the
// migrations make: a type per collection, an id type per collection, a constant
// per column, a type per select.
package recordgen

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Files returns the generated files of the package records by their names, of
// all collections that are ours.
func Files(collections []*core.Collection) (map[string][]byte, error) {
	collections = slices.DeleteFunc(slices.Clone(collections), func(c *core.Collection) bool { return c.System })
	slices.SortFunc(collections, func(a, b *core.Collection) int { return cmp.Compare(a.Name, b.Name) })
	g := generator{rows: map[string]string{}, taken: map[string]string{}}
	for _, c := range collections {
		g.rows[c.Id] = RowName(c.Name)
	}
	out := map[string][]byte{}
	for _, c := range collections {
		text, err := g.file(c)
		if err != nil {
			return nil, fmt.Errorf("collection %s: %w", c.Name, err)
		}
		out[c.Name+"_gen.go"] = text
	}
	text, err := readers()
	if err != nil {
		return nil, err
	}
	out["documents_gen.go"] = text
	return out, nil
}

type generator struct {
	rows  map[string]string // name of the row's type by id of the collection
	taken map[string]string // who has an exported name
}

// file writes one collection.
func (g generator) file(c *core.Collection) ([]byte, error) {
	row := g.rows[c.Id]
	fields, err := g.fields(c)
	if err != nil {
		return nil, err
	}
	if err := g.claim(c, fields); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = file.Execute(&b, map[string]any{
		"Table": c.Name, "Row": row, "Plural": Camel(c.Name), "Fields": fields, "View": c.IsView(), "Imports": imports(fields, c.IsView()), "Domain": domainImports(typesOf(fields)...),
	})
	if err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}

// claim makes sure that no exported name is given twice.
func (g generator) claim(c *core.Collection, fields []field) error {
	row := g.rows[c.Id]
	names := []string{row, row + "ID", row + "Table", Camel(c.Name)}
	for _, f := range fields {
		names = append(names, f.Const)
		if f.Select {
			names = append(names, f.Type)
		}
	}
	for _, name := range names {
		if other, taken := g.taken[name]; taken {
			return fmt.Errorf("%s is a name of %s", name, other)
		}
		g.taken[name] = c.Name
	}
	return nil
}
