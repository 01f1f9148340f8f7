package hooks_test

import "maps"

// budgetTargets: the budget of rep.chen's department, with a leaf that is his.
func (m *matrix) budgetTargets() []target {
	lin := m.app.As("director.lin").Id
	held := map[string]any{"control": "forbid", "over_bp": 10_000, "window": "year"}
	with := func(fields map[string]any) map[string]any {
		out := maps.Clone(held)
		maps.Copy(out, fields)
		return out
	}
	budget := func(year, state string) string {
		return m.make("budgets", with(map[string]any{"owner": lin, "dept": m.line["dept"], "year": year, "title": "表内预算", "version": 1, "state": state})).Id
	}
	draft, active := budget("2031", "draft"), budget("2032", "active")
	leaf := func(budget string) map[string]any {
		return with(map[string]any{
			"budget": budget, "dept": m.line["dept"], "name": "陈立", "amount_fen": 100, "is_leaf": true,
			"viewers": []string{m.line["owner"].(string), m.line["manager"].(string)},
		})
	}
	node := m.make("budget_nodes", leaf(active)).Id
	entry := map[string]any{
		"budget": active, "node": node, "dept": m.line["dept"], "kind": "spend", "amount_fen": 5, "day": "2032-03-15", "month": "2032-03",
		"ref_collection": "claims", "ref_id": "1",
	}
	more := func(budget string) map[string]any {
		return map[string]any{"budget": budget, "name": "表内新节点", "amount_fen": 5}
	}
	return []target{
		{
			label: "expense_categories", collection: "expense_categories", id: m.make("expense_categories", map[string]any{"code": "T-1", "name_zh": "表内科目", "active": true}).Id,
			create: always(map[string]any{"code": "T-2", "name_zh": "新科目"}), update: map[string]any{"name_zh": "改"},
		},
		{
			label: "expense_rules", collection: "expense_rules", update: map[string]any{"note": "改"},
			id:     m.make("expense_rules", map[string]any{"code": "table", "version": 1, "kind": "dead", "severity": "block", "params": map[string]any{}, "from_day": "2026-01-01"}).Id,
			create: always(map[string]any{"code": "table-new", "kind": "dead", "severity": "block", "from_day": "2026-01-01", "active": true}),
		},
		{
			label: "budgets", collection: "budgets", id: draft, update: map[string]any{"title": "改"},
			create: func(who person) map[string]any {
				out := map[string]any{"owner": who.id, "year": "2033", "title": "表内新预算"}
				if who.id == "" {
					out["owner"] = lin
				}
				return out
			},
		},
		{label: "budgets (active)", collection: "budgets", only: "lvud", id: active, update: map[string]any{"title": "改"}},
		{label: "budget_nodes", collection: "budget_nodes", id: m.make("budget_nodes", leaf(draft)).Id, create: always(more(draft)), update: map[string]any{"name": "改"}},
		{label: "budget_nodes (active)", collection: "budget_nodes", only: "lvcud", id: node, create: always(more(active)), update: map[string]any{"name": "改"}},
		{
			label: "budget_entries", collection: "budget_entries", id: m.make("budget_entries", entry).Id, create: always(entry),
			update: map[string]any{"amount_fen": 6},
		},
	}
}
