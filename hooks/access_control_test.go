package hooks_test

import "maps"

// controlTargets: what rep.chen asked to be changed of his own node, and what he says of
// a month of it.
func (m *matrix) controlTargets() []target {
	chen, lin, dept := m.app.As("rep.chen").Id, m.app.As("director.lin").Id, m.line["dept"]
	budget := m.make("budgets", map[string]any{"owner": lin, "dept": dept, "year": "2025", "title": "表内预算", "state": "active"}).Id
	node := m.make("budget_nodes", map[string]any{
		"budget": budget, "dept": dept, "name": "表内节点", "from_date": "2025-01-01", "to_date": "2025-12-31", "is_leaf": true,
		"rep": chen, "manager": m.line["manager"], "viewers": []any{chen, m.line["manager"]},
	}).Id
	raise := map[string]any{"budget": budget, "kind": "raise", "to_node": node, "amount_fen": 1, "reason": "旺季"}
	first := map[string]any{"owner": chen, "manager": m.line["manager"], "dept": dept, "state": "draft"}
	maps.Copy(first, raise)
	review := map[string]any{"budget": budget, "node": node, "month": "2025-02", "cause": "提前", "action": "压缩"}
	asked := map[string]any{"budget": budget, "node": node, "month": "2025-01", "owner": chen, "dept": dept, "state": "open"}
	return []target{
		{label: "budget_adjustments", collection: "budget_adjustments", id: m.make("budget_adjustments", first).Id, create: m.byHim(raise), update: map[string]any{"reason": "改"}},
		{
			label: "expense_reviews", collection: "expense_reviews",
			id:     m.make("expense_reviews", asked).Id,
			create: m.byHim(review), update: map[string]any{"cause": "改"},
		},
	}
}
