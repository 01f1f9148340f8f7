package migrations

import (
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// syncRule is a row of sync_rules as migrations write it.
type syncRule struct {
	name, direction string
	priority        int
	keys            []string
	policy          map[string]string
	late            string // who may still add what he captured before the row left him
	retentionDays   int
	retentionField  string
}

// ownKeys are the keys of a row that its owner's line sees: ownLine says the same.
var ownKeys = []string{"user:{owner}", "user:{manager}", "dept:{dept}", "role:auditor", "role:admin"}

// accountKeys are those of a row that the line of its account sees: line says the same.
var accountKeys = []string{"account:{account}", "dept:{dept}", "role:auditor", "role:admin"}

// ownLine is the sales line of a row that carries who was responsible at its time.
const ownLine = `owner = @request.auth.id || manager = @request.auth.id || ` + head

// fields gives the same policy to some fields.
func fieldPolicy(policy string, names ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		out[n] = policy
	}
	return out
}

func addSyncRules(app core.App, rules ...syncRule) error {
	coll, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	for _, r := range rules {
		var keys []seedKey
		for _, k := range r.keys {
			keys = append(keys, seedKey{Key: k})
		}
		record := core.NewRecord(coll)
		record.Load(map[string]any{
			"name": r.name, "direction": r.direction, "priority": r.priority, "keys": keys, "policy": r.policy,
			"late": r.late, "retention_days": r.retentionDays, "retention_field": r.retentionField,
		})
		if err := app.Save(record); err != nil {
			return err
		}
	}
	return nil
}

// removeFields takes fields and indexes of theirs off a collection.
func removeFields(app core.App, name string, indexes []string, fields ...string) error {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	for _, columns := range indexes {
		c.RemoveIndex(indexName(c, columns))
	}
	for _, f := range fields {
		c.Fields.RemoveByName(f)
	}
	if err := forgetPolicy(app, name, fields); err != nil {
		return err
	}
	return app.Save(c)
}

// forgetPolicy lets the sync rule of a collection, if it has one, say nothing of fields.
func forgetPolicy(app core.App, name string, fields []string) error {
	rules, err := app.FindAllRecords("sync_rules", dbx.HashExp{"name": name})
	if err != nil || len(rules) == 0 {
		return err
	}
	policy := map[string]string{}
	if err := rules[0].UnmarshalJSONField("policy", &policy); err != nil {
		return err
	}
	had := len(policy)
	maps.DeleteFunc(policy, func(field, _ string) bool { return slices.Contains(fields, field) })
	if len(policy) == had {
		return nil
	}
	rules[0].Set("policy", policy)
	return app.Save(rules[0])
}
