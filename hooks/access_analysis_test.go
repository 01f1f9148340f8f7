package hooks_test

// analysisTargets: a frozen month of the line's department, and a report that
// manager.wu has made for rep.chen.
func (m *matrix) analysisTargets() []target {
	chen, wu := m.app.As("rep.chen").Id, m.app.As("manager.wu").Id
	frozen := func(month string) map[string]any {
		return map[string]any{"month": month, "dept": m.line["dept"], "figures": map[string]any{}, "frozen_at": "2026-03-05 00:00:00.000Z"}
	}
	report := func(owner string) map[string]any {
		return map[string]any{
			"owner": owner, "name": "表内报表", "figures": []string{"otif"}, "period": "month", "format": "xlsx", "delivery": "file",
			"receivers": []string{chen}, "day": 5, "active": true,
		}
	}
	made := m.make("report_definitions", report(wu)).Id
	run := map[string]any{"definition": made, "receiver": chen, "name": "表内报表", "from_date": "2026-02-01", "to_date": "2026-02-28", "state": "refused"}
	return []target{
		{
			label: "metric_snapshots", collection: "metric_snapshots", id: m.make("metric_snapshots", frozen("2020-01")).Id,
			create: always(frozen("2020-02")), update: map[string]any{"figures": map[string]any{"amount": 1}},
		},
		{
			label: "report_definitions", collection: "report_definitions", id: m.make("report_definitions", report(wu)).Id,
			create: m.byHim(report("")), update: map[string]any{"name": "改"},
		},
		{
			label: "report_runs", collection: "report_runs", id: m.make("report_runs", run).Id,
			create: always(map[string]any{"definition": made, "receiver": chen, "name": "x", "to_date": "2026-01-31", "state": "refused"}), update: map[string]any{"problem": "改"},
		},
	}
}
