package hooks_test

// serviceTargets: who answers rep.chen's account, what is promised, and how it was
// kept. A draft of a standard is the service's own.
func (m *matrix) serviceTargets() []target {
	qian := m.app.As("service.qian").Id
	channel := func(active bool) map[string]any {
		return map[string]any{"account": m.line["account"], "owner": qian, "kind": "phone", "address": "400-800-1234", "hours": "office", "active": active}
	}
	standard := func(state, from string) map[string]any {
		return map[string]any{"name": "服务标准", "state": state, "from_date": from}
	}
	evaluation := func(quarter string) map[string]any {
		return map[string]any{"account": m.line["account"], "dept": m.line["dept"], "owner": qian, "quarter": quarter, "state": "open", "parts": []any{}, "missing": []string{}}
	}
	return []target{
		{
			label: "service_channels", collection: "service_channels", id: m.make("service_channels", channel(true)).Id,
			create: always(channel(false)), update: map[string]any{"note": "改"},
		},
		{
			label: "service_standards", collection: "service_standards", id: m.make("service_standards", standard("draft", "")).Id,
			create: always(map[string]any{"name": "服务标准"}), update: map[string]any{"name": "改"},
		},
		{
			label: "service_standards (in force)", collection: "service_standards", only: "lvud",
			id: m.make("service_standards", standard("in_force", "2026-01-01")).Id, update: map[string]any{"name": "改"},
		},
		{
			label: "service_evaluations", collection: "service_evaluations", id: m.make("service_evaluations", evaluation("2025-Q4")).Id,
			create: always(evaluation("2025-Q3")), update: map[string]any{"findings": "改"},
		},
	}
}
