package hooks_test

// schemeTargets: the library is everybody's to read and the department managers' to add to; a
// draft of a scheme is its department's manager's, or all department managers'.
func (m *matrix) schemeTargets() []target {
	scheme := func(name, cycle, state string, dept any) string {
		return m.make("appraisal_schemes", map[string]any{"name": name, "role": "ka_manager", "cycle_kind": cycle, "state": state, "dept": dept}).Id
	}
	note := map[string]any{"note": "改"}
	indicator := func(code string) map[string]any {
		return map[string]any{"code": code, "category": "team", "name_zh": "表内", "name_en": "Of the table", "kind": "rated", "hints": []string{}, "band": []any{}, "active": true}
	}
	return []target{
		{
			label: "indicators", collection: "indicators", id: m.make("indicators", indicator("Z1")).Id, update: note,
			create: func(who person) map[string]any { return indicator("Z" + who.id) },
		},
		{
			label: "appraisal_schemes", collection: "appraisal_schemes", id: scheme("table", "quarter", "draft", m.line["dept"]), update: note,
			create: always(map[string]any{"name": "table-new", "role": "rep", "cycle_kind": "quarter"}),
		},
		{label: "appraisal_schemes (for all)", collection: "appraisal_schemes", only: "lvud", id: scheme("table-all", "quarter", "draft", ""), update: note},
		{label: "appraisal_schemes (published)", collection: "appraisal_schemes", only: "lvud", id: scheme("table-out", "annual", "published", m.line["dept"]), update: note},
	}
}
