package hooks_test

import "maps"

// salesTargets: rep.chen's target below manager.wu's, below director.lin's, and one of
// his account's below his own.
func (m *matrix) salesTargets() []target {
	whose := func(level, name, year, parent, state string) map[string]any {
		p := m.app.As(name)
		return map[string]any{
			"level": level, "owner": p.Id, "manager": p.GetString("manager"), "dept": p.GetString("department"), "metric": "amount", "year": year,
			"parent": parent, "state": state, "version": 1,
		}
	}
	over := func(year string) string {
		dept := m.make("targets", whose("dept", "director.lin", year, "", "issued")).Id
		return m.make("targets", whose("manager", "manager.wu", year, dept, "issued")).Id
	}
	his := func(year, state string) string {
		return m.make("targets", whose("rep", "rep.chen", year, over(year), state)).Id
	}
	made := whose("rep", "rep.chen", "2033", over("2033"), "")
	maps.DeleteFunc(made, func(field string, _ any) bool {
		return field == "manager" || field == "dept" || field == "version" || field == "state"
	})
	above := his("2034", "issued")
	ofAccount := func(year, parent string) map[string]any {
		row := whose("account", "rep.chen", year, parent, "draft")
		row["account"] = m.line["account"]
		return row
	}
	account := ofAccount("2035", his("2035", "issued"))
	fresh := ofAccount("2034", above)
	maps.DeleteFunc(fresh, func(field string, _ any) bool {
		return field == "manager" || field == "dept" || field == "version" || field == "state"
	})
	reached := m.make("target_progress", map[string]any{
		"target": above, "owner": made["owner"], "manager": m.line["manager"], "dept": m.line["dept"], "told": "all",
	}).Id
	return []target{
		{
			label: "targets (of an account)", collection: "targets", id: m.make("targets", account).Id, create: always(fresh), update: map[string]any{"value": 100},
		},
		{
			label: "target_progress", collection: "target_progress", id: reached, update: map[string]any{"actual": 1},
			create: always(map[string]any{"target": above, "owner": made["owner"], "told": "all"}),
		},
		{label: "targets", collection: "targets", id: his("2031", "draft"), create: always(made), update: map[string]any{"value": 100}},
		{label: "targets (issued)", collection: "targets", only: "lvud", id: his("2032", "issued"), update: map[string]any{"value": 100}},
	}
}
