package hooks_test

import "maps"

// planTargets: plans of April; rep.chen's visits, and manager.wu's month.
func (m *matrix) planTargets() []target {
	wu := m.app.As("manager.wu")
	own := map[string]any{"owner": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"], "month": "2026-04"}
	plan := func(month, state string) string {
		fields := maps.Clone(own)
		fields["month"], fields["state"] = month, state
		return m.make("visit_plans", fields).Id
	}
	item := func(plan string) string {
		fields := maps.Clone(own)
		maps.Copy(fields, map[string]any{"visit_plan": plan, "kind": "task", "title": "送样", "state": "open"})
		return m.make("plan_items", fields).Id
	}
	draft, approved := plan("2026-04", "draft"), plan("2026-05", "approved")
	task := func(plan string) map[string]any {
		return map[string]any{"visit_plan": plan, "kind": "task", "title": "送样", "change_note": "补充"}
	}
	entry := maps.Clone(own)
	delete(entry, "month")
	maps.Copy(entry, map[string]any{"item": item(draft), "qty": 1})
	his := m.byHim(map[string]any{"month": "2026-07"})
	return []target{
		{
			label: "monthly_plans", collection: "monthly_plans", update: map[string]any{"note": "改"},
			id: m.make("monthly_plans", map[string]any{"owner": wu.Id, "dept": wu.GetString("department"), "month": "2026-04", "state": "draft"}).Id,
			create: func(who person) map[string]any {
				if who.id == "" {
					who.id = wu.Id
				}
				return map[string]any{"owner": who.id, "month": "2026-07"}
			},
		},
		{label: "visit_plans", collection: "visit_plans", id: draft, create: his, update: map[string]any{"note": "改"}},
		{label: "plan_items", collection: "plan_items", id: item(draft), create: always(task(draft)), update: map[string]any{"title": "改"}},
		{
			label: "plan_items (approved)", collection: "plan_items", only: "lvcud", id: item(approved), create: always(task(approved)),
			update: map[string]any{"title": "改", "change_note": "改期"},
		},
		{
			label: "plan_progress", collection: "plan_progress", id: m.make("plan_progress", entry).Id, update: map[string]any{"note": "改"},
			create: always(map[string]any{"item": entry["item"], "qty": 2}),
		},
	}
}

// fieldTargets: what comes out of a visit of rep.chen, and his days in the field.
func (m *matrix) fieldTargets() []target {
	visit := m.make("visits", m.with(map[string]any{"type": "planned", "planned_date": "2026-03-16", "state": "checked_out"})).Id
	market, product, service := m.app.As("market.tang").GetString("department"), m.app.As("product.guo").GetString("department"), m.app.As("service.qian").GetString("department")
	good := m.make("products", map[string]any{"sku": "T-9", "name": "表内产品九"}).Id
	on := func(fields map[string]any) map[string]any {
		out := m.with(fields)
		out["visit"] = visit
		return out
	}
	mine := func(fields map[string]any) map[string]any {
		out := map[string]any{"owner": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"]}
		maps.Copy(out, fields)
		return out
	}
	check := map[string]any{"visit": visit, "product": good, "facings": 4}
	said := map[string]any{"visit": visit, "theme": "price", "text": "对手降价"}
	feedback := on(map[string]any{"theme": "price", "text": "对手降价", "target_dept": market, "state": "routed"})
	told := m.make("visits", m.with(map[string]any{"type": "planned", "planned_date": "2026-03-16", "state": "reported"})).Id
	below := func(fields map[string]any) map[string]any { // a visit that was reported
		out := maps.Clone(fields)
		out["visit"] = told
		return out
	}
	peer := m.app.As("rep.he").Id
	intel := map[string]any{"kind": "market", "text": "新店开业"}
	support := map[string]any{"kind": "complaint", "to_dept": service, "text": "破损"}
	need := map[string]any{"need": "小规格", "to_dept": product}
	consent := map[string]any{"kind": "location", "version": "1", "given_at": "2026-03-01 00:00:00.000Z"}
	session := m.make("work_sessions", mine(map[string]any{"date": "2026-03-16", "start_at": "2026-03-16 01:00:00.000Z", "state": "open"})).Id
	at := map[string]any{"session": session, "at": "2026-03-16 02:00:00.000Z", "lat": 31.2, "lng": 121.4, "acc_m": 9}
	competitor := map[string]any{"name": "对手甲"}
	survey := m.make("surveys", map[string]any{"title": "货架调研", "active": true, "questions": []any{}}).Id
	change := map[string]any{"text": "改"}
	given := m.make("consents", mine(consent)).Id
	return []target{
		{label: "visit_events", collection: "visit_events", id: m.event(visit), create: always(map[string]any{"visit": visit, "action": "x", "hash": "x"}), update: map[string]any{"action": "y"}},
		{
			label: "account_positions", collection: "account_positions", id: m.make("account_positions", m.with(map[string]any{"state": "open", "visit": visit})).Id,
			create: always(map[string]any{"account": m.foreign, "state": "open"}), update: map[string]any{"reason": "x"},
		},
		{label: "visit_feedback", collection: "visit_feedback", id: m.make("visit_feedback", feedback).Id, create: always(said), update: change},
		{label: "store_checks", collection: "store_checks", id: m.make("store_checks", on(check)).Id, create: always(check), update: map[string]any{"facings": 5}},
		{label: "visit_feedback (reported)", collection: "visit_feedback", only: "cud", id: m.make("visit_feedback", below(feedback)).Id, create: always(below(said)), update: change},
		{label: "store_checks (reported)", collection: "store_checks", only: "cud", id: m.make("store_checks", below(check)).Id, create: always(below(check)), update: map[string]any{"facings": 5}},
		{
			label: "visit_audits", collection: "visit_audits", id: m.make("visit_audits", on(map[string]any{"auditor": peer, "state": "open"})).Id,
			create: always(map[string]any{"visit": visit, "auditor": peer}), update: map[string]any{"task": "x"},
		},
		{label: "competitors", collection: "competitors", id: m.make("competitors", map[string]any{"name": "对手乙"}).Id, create: always(competitor), update: map[string]any{"note": "改"}},
		{label: "intel_reports", collection: "intel_reports", id: m.make("intel_reports", mine(intel)).Id, create: m.byHim(intel), update: change},
		{label: "support_requests", collection: "support_requests", id: m.make("support_requests", mine(support)).Id, create: m.byHim(support), update: change},
		{label: "product_requests", collection: "product_requests", id: m.make("product_requests", mine(need)).Id, create: m.byHim(need), update: map[string]any{"need": "改"}},
		{label: "consents", collection: "consents", id: given, create: m.byHim(consent), update: map[string]any{"version": "2"}},
		{label: "work_sessions", collection: "work_sessions", id: session, create: m.byHim(map[string]any{"date": "2026-03-14"}), update: map[string]any{"date": "2026-03-15"}},
		{label: "track_points", collection: "track_points", id: m.make("track_points", mine(at)).Id, create: m.byHim(at), update: map[string]any{"lat": 30}},
		{
			label: "work_reports", collection: "work_reports", id: m.make("work_reports", mine(map[string]any{"kind": "day", "period": "2026-03-16", "state": "draft"})).Id,
			create: m.byHim(map[string]any{"kind": "day", "period": "2026-03-20"}), update: change,
		},
		{label: "surveys", collection: "surveys", id: survey, create: always(map[string]any{"title": "新调研"}), update: map[string]any{"title": "改"}},
		{
			label: "survey_answers", collection: "survey_answers", id: m.make("survey_answers", mine(map[string]any{"survey": survey})).Id,
			create: m.byHim(map[string]any{"survey": survey}), update: map[string]any{"at": "2026-03-16 00:00:00.000Z"},
		},
	}
}

// event finds the step that a job left on a visit.
func (m *matrix) event(visit string) string {
	m.t.Helper()
	_, err := m.app.DB().NewQuery(`INSERT INTO visit_events (id, visit, account, owner, dept, n, action, hash)
		VALUES ('matrixevent0001', {:v}, {:a}, {:o}, {:d}, 1, 'miss', 'x')`).
		Bind(map[string]any{"v": visit, "a": m.line["account"], "o": m.line["owner"], "d": m.line["dept"]}).Execute()
	if err != nil {
		m.t.Fatal(err)
	}
	return "matrixevent0001"
}
