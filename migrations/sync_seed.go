package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func addRule(app core.App, name, direction string, priority int, policy map[string]string, keys ...string) error {
	coll, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	var list []seedKey
	for _, k := range keys {
		list = append(list, seedKey{Key: k})
	}
	record := core.NewRecord(coll)
	record.Load(map[string]any{"name": name, "direction": direction, "keys": list, "priority": priority, "policy": policy})
	return app.Save(record)
}

func dropRules(app core.App, names ...string) error {
	for _, name := range names {
		record, err := app.FindFirstRecordByData("sync_rules", "name", name)
		if err != nil {
			return err
		}
		if err := app.Delete(record); err != nil {
			return err
		}
	}
	return nil
}
