package migrations

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// serviceStaff is who serves customers.
const serviceStaff = `@request.auth.role = "service"`

// Service to accounts (policy 5(3)): who answers on which channel, what is
// promised, how it was kept, and who was at fault in a case.
func init() {
	names := []string{"service_channels", "service_standards", "service_evaluations"}
	fault := []string{"fault", "responsible", "responsible_by", "responsible_at", "responsible_note"}
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "improvement_actions", "cases")
		if err != nil {
			return err
		}
		accounts, users, departments, improvements, cases := found[0], found[1], found[2], found[3], found[4]
		standards := serviceStandards(users)
		if err := create(app, serviceChannels(accounts, users, departments), standards); err != nil {
			return err
		}
		cases.Fields.Add(
			ref("standard", standards), one("fault", "own", "supplier", "carrier", "customer", "none"),
			ref("responsible", users), ref("responsible_by", users), moment("responsible_at"), text("responsible_note"),
		)
		index(cases, false, "responsible_at")
		if err := create(app, cases, serviceEvaluations(accounts, users, departments, standards, improvements)); err != nil {
			return err
		}
		if err := channelsOfOwners(app); err != nil {
			return err
		}
		served := append([]string{"role:service"}, accountKeys...)
		if err := addSyncRules(app,
			syncRule{name: "service_channels", direction: "both", priority: 332, keys: served},
			syncRule{name: "service_standards", direction: "both", priority: 334, keys: []string{"role:service", "role:auditor", "role:admin"}},
			syncRule{name: "service_evaluations", direction: "both", priority: 336, keys: served},
		); err != nil {
			return err
		}
		rule, err := app.FindFirstRecordByData("sync_rules", "name", "service_standards")
		if err != nil {
			return err
		}
		rule.Set("keys", []seedKey{
			{Key: "all", When: map[string][]string{"state": {"in_force", "replaced"}}}, {Key: "role:service"}, {Key: "role:auditor"}, {Key: "role:admin"},
		})
		return app.Save(rule)
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		if err := drop(app, "service_evaluations"); err != nil {
			return err
		}
		if err := removeFields(app, "cases", []string{"responsible_at"}, append(fault, "standard")...); err != nil {
			return err
		}
		return drop(app, "service_standards", "service_channels")
	})
}

func serviceChannels(accounts, users, departments *core.Collection) *core.Collection {
	write := active + ` && (` + serviceStaff + ` || @request.auth.role = "admin")`
	c := table("service_channels", rules{see: seenLineOr(serviceStaff), create: write, update: write},
		part("account", accounts), ref("dept", departments), needs("owner", users), ref("deputy", users),
		oneOf("kind", "phone", "im", "email", "portal"), text("address"), oneOf("hours", "office", "always"), flag("active"), text("note"))
	c.AddIndex("idx_service_channels_one", true, "account", "active = TRUE")
	for _, columns := range []string{"account", "dept", "owner"} {
		index(c, false, columns)
	}
	return c
}

func serviceStandards(users *core.Collection) *core.Collection {
	write := active + ` && (` + serviceStaff + ` || @request.auth.role = "admin")`
	processes := text("processes")
	processes.Max = 20_000
	c := table("service_standards", rules{
		see:    active + ` && (state != "draft" || ` + serviceStaff + ` || ` + auditor + `)`,
		create: write, update: write, remove: write,
	},
		must("name"), whole("version"), day("from_date"), data("levels"), processes,
		&core.FileField{Name: "file", MaxSelect: 1, MaxSize: 20 << 20, Protected: true, MimeTypes: []string{
			"application/pdf", "text/plain", "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		}},
		oneOf("state", "draft", "in_force", "replaced"), ref("put_by", users), moment("put_at"))
	index(c, true, "version")
	c.AddIndex("idx_service_standards_day", true, "from_date", "state <> 'draft'")
	return c
}

func serviceEvaluations(accounts, users, departments, standards, improvements *core.Collection) *core.Collection {
	quarter := &core.TextField{Name: "quarter", Required: true, Pattern: `^\d{4}-Q[1-4]$`}
	c := table("service_evaluations", rules{see: seenLineOr(serviceStaff)},
		part("account", accounts), ref("dept", departments), ref("owner", users), quarter, ref("standard", standards),
		data("parts"), data("missing"), flag("scored"), whole("score_bp"), text("findings"), one("result", "good", "fair", "improve"),
		&core.RelationField{Name: "actions", CollectionId: improvements.Id, MaxSelect: 20},
		oneOf("state", "open", "evaluated", "closed"), day("due"), ref("evaluated_by", users), moment("evaluated_at"), ref("closed_by", users), moment("closed_at"))
	index(c, true, "account, quarter")
	for _, columns := range []string{"dept", "owner, state", "state, due"} {
		index(c, false, columns)
	}
	return c
}

// channelsOfOwners makes a channel of each service owner that an account named
// before: from now on the channel says who he is.
func channelsOfOwners(app core.App) error {
	named, err := app.FindRecordsByFilter("accounts", "service_owner != ''", "id", 0, 0)
	if err != nil {
		return err
	}
	coll, err := app.FindCollectionByNameOrId("service_channels")
	if err != nil {
		return err
	}
	for _, account := range named {
		id := core.GenerateDefaultRandomId()
		_, err := app.DB().Insert(coll.Name, dbx.Params{
			"id": id, "account": account.Id, "dept": account.GetString("dept"), "owner": account.GetString("service_owner"),
			"kind": "phone", "hours": "office", "active": true, "created": account.GetString("updated"), "updated": account.GetString("updated"),
		}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}
