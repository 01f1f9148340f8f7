package hooks_test

import "maps"

// marketTargets: what market.tang plans and does for rep.chen's account.
func (m *matrix) marketTargets() []target {
	tang := m.app.As("market.tang")
	his := func(fields map[string]any) map[string]any {
		out := map[string]any{
			"owner": tang.Id, "manager": tang.GetString("manager"), "dept": tang.GetString("department"), "name": "表内活动",
			"from_date": "2026-03-15", "to_date": "2026-03-15", "accounts": []string{m.line["account"].(string)}, "depts": []string{m.line["dept"].(string)},
		}
		maps.Copy(out, fields)
		return out
	}
	part := func(activity string, fields map[string]any) map[string]any {
		out := map[string]any{"activity": activity, "accounts": []string{m.line["account"].(string)}, "depts": []string{m.line["dept"].(string)}}
		maps.Copy(out, fields)
		return out
	}
	activity := func(state string) string {
		return m.make("activities", his(map[string]any{"kind": "seminar", "state": state})).Id
	}
	draft, ended, reported := activity("draft"), activity("ended"), activity("reported")
	made := map[string]any{"name": "表内新活动", "from_date": "2026-04-01", "to_date": "2026-04-02"}
	plan, seminar := maps.Clone(made), maps.Clone(made)
	plan["year"], plan["goal"], seminar["kind"] = "2026", "铺货", "seminar"
	task := map[string]any{"title": "布置", "owner": m.line["owner"], "due": "2026-04-01"}
	result := map[string]any{"text": "到场 60 人", "attendance": 60}
	returned := map[string]any{"activity": reported, "dept": m.line["dept"], "gain_fen": 300, "cost_fen": 100, "return_bp": 30_000}
	on := func(activity string, body map[string]any) map[string]any {
		out := maps.Clone(body)
		out["activity"] = activity
		return out
	}
	m.app.Setting("activity.result_photos", 0)
	return []target{
		{
			label: "promo_plans", collection: "promo_plans", id: m.make("promo_plans", his(map[string]any{"year": "2026", "goal": "铺货", "state": "draft"})).Id,
			create: m.byHim(plan), update: map[string]any{"goal": "改"},
		},
		{label: "activities", collection: "activities", id: draft, create: m.byHim(seminar), update: map[string]any{"place": "改"}},
		{label: "activities (ended)", collection: "activities", only: "lvud", id: ended, update: map[string]any{"place": "改"}},
		{
			label: "activity_tasks", collection: "activity_tasks", id: m.make("activity_tasks", part(draft, task)).Id,
			create: always(on(draft, task)), update: map[string]any{"title": "改"},
		},
		{
			label: "activity_costs", collection: "activity_costs", id: m.make("activity_costs", part(draft, map[string]any{"kind": "venue", "planned_fen": 5})).Id,
			create: always(map[string]any{"activity": draft, "kind": "gift", "actual_fen": 7}), update: map[string]any{"note": "改"},
		},
		{
			label: "activity_costs (ended)", collection: "activity_costs", only: "lvcud", id: m.make("activity_costs", part(ended, map[string]any{"kind": "venue", "planned_fen": 5})).Id,
			create: always(map[string]any{"activity": ended, "kind": "gift", "actual_fen": 7}), update: map[string]any{"actual_fen": 6},
		},
		{
			label: "activity_results", collection: "activity_results", id: m.make("activity_results", part(reported, map[string]any{"owner": m.line["owner"], "text": "到场 60 人"})).Id,
			create: m.byHim(on(ended, result)), update: map[string]any{"text": "改"},
		},
		{label: "activity_returns", collection: "activity_returns", id: m.make("activity_returns", returned).Id, create: always(on(ended, returned)), update: map[string]any{"gain_fen": 1}},
		{
			label: "intel_reports (down)", collection: "intel_reports", id: m.make("intel_reports", map[string]any{
				"owner": tang.Id, "manager": tang.GetString("manager"), "dept": tang.GetString("department"), "kind": "market", "text": "竞品调价", "direction": "down", "routed": []string{m.line["dept"].(string)},
			}).Id,
			only: "lvcud", create: m.byHim(map[string]any{"kind": "market", "text": "竞品调价", "direction": "down"}), update: map[string]any{"text": "改"},
		},
		{
			label: "blobs (activity)", collection: "blobs", only: "lvud", update: map[string]any{}, id: m.make("blobs", map[string]any{
				"owner": m.line["owner"], "manager": m.line["manager"], "account": m.line["account"], "dept": m.line["dept"], "purpose": "activity", "state": "pending",
				"sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "size": 1, "mime": "image/jpeg",
			}).Id,
		},
	}
}
