package hooks_test

import "maps"

// salesTargets: rep.chen's target below manager.wu's, below director.lin's.
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
	return []target{
		{label: "targets", collection: "targets", id: his("2031", "draft"), create: always(made), update: map[string]any{"value": 100}},
		{label: "targets (issued)", collection: "targets", only: "lvud", id: his("2032", "issued"), update: map[string]any{"value": 100}},
	}
}
