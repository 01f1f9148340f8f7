package migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Parts of API rules, in PocketBase's filter language.
const (
	active  = `@request.auth.collectionName = "users" && @request.auth.active = true`
	auditor = `@request.auth.role = "auditor" || @request.auth.role = "admin"`
	admin   = active + ` && @request.auth.role = "admin"`
	// The department manager of a row that carries its department. Rows and
	// managers without one have nothing in common.
	head = `(@request.auth.role = "dept_manager" && @request.auth.department != "" && dept = @request.auth.department)`
	// Who holds the account of a row that hangs on one.
	held = `(account.owner = @request.auth.id || account.manager = @request.auth.id)`
	// The sales line of a row that hangs on an account and carries its department.
	line = `account.owner = @request.auth.id || account.manager = @request.auth.id || ` + head
)

// rules of a collection; an empty text is for superusers only.
type rules struct{ see, create, update, remove string }

// keeps is the part of an update rule that lets the named fields only stay as they are.
func keeps(fields ...string) (out string) {
	for _, f := range fields {
		out += ` && @request.body.` + f + `:changed = false`
	}
	return out
}

// table builds a base collection with its fields and rules; every one has created and updated.
func table(name string, r rules, fields ...core.Field) *core.Collection {
	c := core.NewBaseCollection(name)
	c.Fields.Add(fields...)
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	apply(c, r)
	return c
}

func apply(c *core.Collection, r rules) {
	c.ListRule, c.ViewRule = rule(r.see), rule(r.see)
	c.CreateRule, c.UpdateRule, c.DeleteRule = rule(r.create), rule(r.update), rule(r.remove)
}

func rule(text string) *string {
	if text == "" {
		return nil
	}
	return types.Pointer(text)
}

// index adds an index over columns, which are separated by a comma and a space.
func index(c *core.Collection, unique bool, columns string) {
	c.AddIndex(indexName(c, columns), unique, columns, "")
}

func indexName(c *core.Collection, columns string) string {
	return "idx_" + c.Name + "_" + strings.ReplaceAll(columns, ", ", "_")
}

func text(name string) *core.TextField { return &core.TextField{Name: name, Max: 2000} }

func must(name string) *core.TextField { return &core.TextField{Name: name, Max: 2000, Required: true} }

func day(name string) *core.TextField {
	return &core.TextField{Name: name, Pattern: `^(\d{4}-\d{2}-\d{2})?$`}
}

func whole(name string) *core.NumberField { return &core.NumberField{Name: name, OnlyInt: true} }

func number(name string) *core.NumberField { return &core.NumberField{Name: name} }

func flag(name string) *core.BoolField { return &core.BoolField{Name: name} }

func moment(name string) *core.DateField { return &core.DateField{Name: name} }

// unseen is a field that neither REST nor phones show.
func unseen(f core.Field) core.Field {
	f.SetHidden(true)
	return f
}

func data(name string) *core.JSONField { return &core.JSONField{Name: name, MaxSize: 1 << 20} }

func one(name string, values ...string) *core.SelectField {
	return &core.SelectField{Name: name, Values: values, MaxSelect: 1}
}

func oneOf(name string, values ...string) *core.SelectField {
	return &core.SelectField{Name: name, Values: values, MaxSelect: 1, Required: true}
}

func ref(name string, to *core.Collection) *core.RelationField {
	return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: 1}
}

func needs(name string, to *core.Collection) *core.RelationField {
	return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: 1, Required: true}
}

// part is a reference to the row that this one belongs to and goes with.
func part(name string, to *core.Collection) *core.RelationField {
	return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: 1, Required: true, CascadeDelete: true}
}

// create saves the collections in order.
func create(app core.App, collections ...*core.Collection) error {
	for _, c := range collections {
		if err := app.Save(c); err != nil {
			return fmt.Errorf("failed to create %s: %w", c.Name, err)
		}
	}
	return nil
}

// drop removes collections with all their rows, in the order given.
func drop(app core.App, names ...string) error {
	for _, name := range names {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return fmt.Errorf("failed to find %s: %w", name, err)
		}
		if err := app.Delete(c); err != nil {
			return fmt.Errorf("failed to drop %s: %w", name, err)
		}
	}
	return nil
}

// find returns collections made by earlier migrations.
func find(app core.App, names ...string) ([]*core.Collection, error) {
	out := make([]*core.Collection, len(names))
	for i, name := range names {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return nil, fmt.Errorf("failed to find %s: %w", name, err)
		}
		out[i] = c
	}
	return out, nil
}
