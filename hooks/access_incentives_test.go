package hooks_test

import "maps"

// incentiveTargets: what rep.chen is paid as a base, what a locked cycle gave him, and the
// rules and proposals of his department.
func (m *matrix) incentiveTargets() []target {
	chen, dept := m.app.As("rep.chen").Id, m.line["dept"]
	cycle := m.make("appraisal_cycles", map[string]any{
		"dept": dept, "kind": "quarter", "period": "2024Q1", "from_day": "2024-01-01", "to_day": "2024-03-31", "state": "locked", "schemes": "[]",
	}).Id
	whose := func(more map[string]any) map[string]any {
		out := map[string]any{"person": chen, "manager": m.line["manager"], "dept": dept, "cycle": cycle, "period": "2024Q1"}
		maps.Copy(out, more)
		return out
	}
	result := func(kind, state string) string {
		return m.make("incentive_results", whose(map[string]any{"kind": kind, "version": 1, "state": state, "amount_fen": 5, "content": "{}"})).Id
	}
	bonus := result("bonus", "approved")
	drafted := result("hold_settlement", "draft")
	commission := result("commission", "approved")
	order := m.make("orders", m.with(map[string]any{"no": "T-90", "state": "approved"})).Id
	line := whose(map[string]any{"result": commission, "sold": "2024Q1", "kind": "sale", "order": order, "amount_fen": 5})
	honour := func(category, state string) string {
		return m.make("honors", whose(map[string]any{"name": "陈立", "category": category, "state": state})).Id
	}
	base := map[string]any{"person": chen, "from_date": "2020-01-01", "base_fen": 1}
	plan := map[string]any{"dept": dept, "name": "表内方案", "from_date": "2031-01-01"}
	rules := map[string]any{"rules": `{"tiers":[{"from_bp":10000,"rate_bp":100}],"gate_bp":10000,"gate_grade":"B"}`, "state": "draft"}
	maps.Copy(rules, plan)
	return []target{
		{
			label: "employments", collection: "employments", id: m.make("employments", base).Id,
			create: always(map[string]any{"person": chen, "from_date": "2021-01-01", "base_fen": 1}), update: map[string]any{"base_fen": 2},
		},
		{label: "commission_plans", collection: "commission_plans", id: m.make("commission_plans", rules).Id, create: always(plan), update: map[string]any{"name": "改"}},
		{label: "incentive_results", collection: "incentive_results", id: bonus, create: always(whose(map[string]any{"kind": "bonus", "version": 9, "state": "draft"})), update: map[string]any{"reason": "改"}},
		{label: "incentive_results (draft)", collection: "incentive_results", only: "lvud", id: drafted, update: map[string]any{"reason": "改"}},
		{label: "incentive_results (commission)", collection: "incentive_results", only: "lvud", id: commission, update: map[string]any{"reason": "改"}},
		{label: "commission_lines", collection: "commission_lines", id: m.make("commission_lines", line).Id, create: always(line), update: map[string]any{"amount_fen": 6}},
		{
			label: "promotion_candidates", collection: "promotion_candidates",
			id:     m.make("promotion_candidates", whose(map[string]any{"basis": "quarters", "state": "proposed"})).Id,
			create: always(whose(map[string]any{"basis": "years", "state": "proposed"})), update: map[string]any{"comment": "改"},
		},
		{
			label: "honors", collection: "honors", id: honour("sales_champion", "nominated"),
			create: always(whose(map[string]any{"name": "陈立", "category": "collaboration", "state": "nominated"})), update: map[string]any{"comment": "改"},
		},
		{label: "honors (published)", collection: "honors", only: "lvud", id: honour("satisfaction", "published"), update: map[string]any{"comment": "改"}},
		{
			label: "development_actions", collection: "development_actions",
			id:     m.make("development_actions", whose(map[string]any{"kind": "training", "state": "proposed"})).Id,
			create: always(whose(map[string]any{"kind": "project", "state": "proposed"})), update: map[string]any{"title": "改"},
		},
	}
}
