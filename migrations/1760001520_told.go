package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Whoever is told of a late issue reads it, and no more; who is told that an
// approval is late reads what is approved, as its reviewers do.
func init() {
	const told, before, key = `told.id ?= @request.auth.id || `, `@request.auth.role = "service"`, "user:{told}"
	see := func(app core.App, change func(c *core.Collection), keys func(list []seedKey) []seedKey) error {
		found, err := find(app, "cases")
		if err != nil {
			return err
		}
		change(found[0])
		if err := create(app, found...); err != nil {
			return err
		}
		r, err := app.FindFirstRecordByData("sync_rules", "name", "cases")
		if err != nil {
			return err
		}
		var list []seedKey
		if err := r.UnmarshalJSONField("keys", &list); err != nil {
			return err
		}
		r.Set("keys", keys(list))
		return app.Save(r)
	}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "approvals", "cases")
		if err != nil {
			return err
		}
		for _, c := range found[1:] {
			c.Fields.Add(&core.RelationField{Name: "told", CollectionId: found[0].Id, MaxSelect: 50})
		}
		if err := create(app, found[1:]...); err != nil {
			return err
		}
		return see(app, func(c *core.Collection) {
			c.ListRule = rule(strings.Replace(*c.ListRule, before, told+before, 1))
			c.ViewRule = rule(strings.Replace(*c.ViewRule, before, told+before, 1))
		}, func(list []seedKey) []seedKey { return append([]seedKey{{Key: key}}, list...) })
	}, func(app core.App) error {
		err := see(app, func(c *core.Collection) {
			c.ListRule, c.ViewRule = rule(strings.Replace(*c.ListRule, told, "", 1)), rule(strings.Replace(*c.ViewRule, told, "", 1))
		}, func(list []seedKey) []seedKey {
			return slices.DeleteFunc(list, func(k seedKey) bool { return k.Key == key })
		})
		if err != nil {
			return err
		}
		for _, name := range []string{"cases", "approvals"} {
			if err := removeFields(app, name, nil, "told"); err != nil {
				return err
			}
		}
		return nil
	})
}
