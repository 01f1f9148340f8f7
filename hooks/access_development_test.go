package hooks_test

// developmentTargets: what develops rep.chen's account, and its deals.
func (m *matrix) developmentTargets() []target {
	account := m.line["account"]
	rival := func(name string) string { return m.make("competitors", map[string]any{"name": name}).Id }
	model := map[string]any{"name": "表内模型", "criteria": []any{map[string]any{"key": "credit", "weight_bp": 10000, "scale": 5}}}
	log := map[string]any{"account": account, "dept": m.line["dept"], "to": "screened", "step": "advance"}
	card := map[string]any{"account": account}
	deal := map[string]any{"account": account, "title": "表内商机", "source": "拜访", "needs": "端架", "amount_fen": 1}
	plan := func(year string) map[string]any {
		return map[string]any{"account": account, "year": year, "state": "draft"}
	}
	talks := map[string]any{"account": account, "topic": "账期"}
	rivalry := func(id string) map[string]any { return map[string]any{"account": account, "competitor": id} }
	contract := func(no string) map[string]any {
		return map[string]any{
			"account": account, "no": no, "type": "standard", "title": "表内合同", "start_date": "2026-04-01", "end_date": "2027-03-31",
		}
	}
	owned := func(fields map[string]any) map[string]any {
		fields["owner"] = m.line["owner"]
		return fields
	}
	trail := map[string]any{
		"account": account, "dept": m.line["dept"], "to": "found", "step": "create", "opportunity": m.make("opportunities", owned(deal)).Id,
	}
	return []target{
		{label: "scoring_models", collection: "scoring_models", id: m.make("scoring_models", model).Id, create: always(model), update: map[string]any{"name": "改"}},
		{label: "account_stage_log", collection: "account_stage_log", id: m.make("account_stage_log", log).Id, create: always(log), update: map[string]any{"note": "改"}},
		{
			label: "account_scorecards", collection: "account_scorecards", id: m.make("account_scorecards", card).Id,
			create: always(card), update: map[string]any{"ratings": map[string]any{"credit": map[string]any{"score": 3, "evidence": "x"}}},
		},
		{label: "account_scorecards (score)", collection: "account_scorecards", only: "u", id: m.make("account_scorecards", card).Id, update: map[string]any{"total_bp": 10000}},
		{
			label: "opportunities", collection: "opportunities", id: m.make("opportunities", owned(deal)).Id,
			create: m.byHim(deal), update: map[string]any{"strategy": "改"},
		},
		{label: "opportunities (stage)", collection: "opportunities", only: "u", id: m.make("opportunities", owned(deal)).Id, update: map[string]any{"stage": "won"}},
		{
			label: "opportunity_stage_log", collection: "opportunity_stage_log",
			id:     m.make("opportunity_stage_log", trail).Id,
			create: always(trail), update: map[string]any{"note": "改"},
		},
		{label: "account_plans", collection: "account_plans", id: m.make("account_plans", plan("2025")).Id, create: always(plan("2024")), update: map[string]any{"needs": "改"}},
		{label: "negotiations", collection: "negotiations", id: m.make("negotiations", talks).Id, create: always(talks), update: map[string]any{"cooperation_model": "改"}},
		{
			label: "account_competitors", collection: "account_competitors", id: m.make("account_competitors", rivalry(rival("甲"))).Id,
			create: always(rivalry(rival("乙"))), update: map[string]any{"note": "改"},
		},
		{
			label: "contracts", collection: "contracts", id: m.make("contracts", owned(contract("T-1"))).Id,
			create: m.byHim(contract("T-2")), update: map[string]any{"title": "改"},
		},
		{label: "contracts (state)", collection: "contracts", only: "u", id: m.make("contracts", owned(contract("T-3"))).Id, update: map[string]any{"state": "effective"}},
	}
}

// keepingTargets: how rep.chen's account is kept. Its issue is the service's to solve.
func (m *matrix) keepingTargets() []target {
	account, service := m.line["account"], m.app.As("service.qian").GetString("department")
	said := map[string]any{"account": account, "channel": "phone", "direction": "out", "at": "2026-03-16 01:00:00.000Z", "summary": "问候"}
	covered := map[string]any{"account": account, "period": "2025-01", "from_date": "2025-01-01", "to_date": "2025-01-31", "required": 1, "state": "met", "closed_at": "2025-02-01 00:00:00.000Z"}
	date := map[string]any{"account": account, "title": "店庆", "kind": "custom", "calendar": "solar", "month": 5, "day": 1, "active": true}
	lesson := map[string]any{"account": account, "kind": "training", "date": "2026-04-01", "provider": service}
	campaign := map[string]any{"title": "新品", "text": "……", "channel": "email", "state": "draft"}
	raised := map[string]any{"account": account, "kind": "service", "level": "normal", "channel": "phone", "title": "态度", "owner_dept": service}
	issue := m.make("cases", raised).Id
	note := map[string]any{"issue": issue, "kind": "note", "text": "已电话"}
	noted, err := m.app.FindFirstRecordByData("case_events", "issue", issue)
	if err != nil {
		m.t.Fatal(err)
	}
	return []target{
		{label: "communications", collection: "communications", id: m.make("communications", said).Id, create: always(said), update: map[string]any{"summary": "改"}},
		{label: "account_coverage", collection: "account_coverage", id: m.make("account_coverage", m.with(covered)).Id, create: always(map[string]any{"account": account, "period": "2025-02", "state": "met"}), update: map[string]any{"done": 9}},
		{label: "care_dates", collection: "care_dates", id: m.make("care_dates", date).Id, create: always(date), update: map[string]any{"title": "改"}},
		{label: "care_tasks", collection: "care_tasks", id: m.make("care_tasks", map[string]any{"account": account, "dept": m.line["dept"], "title": "店庆", "due": "2026-05-01", "state": "open"}).Id, create: always(map[string]any{"account": account, "title": "x", "state": "open", "due": "2026-05-02"}), update: map[string]any{"title": "改"}},
		{label: "value_services", collection: "value_services", id: m.make("value_services", lesson).Id, create: always(lesson), update: map[string]any{"result": "改"}},
		{label: "outreach_campaigns", collection: "outreach_campaigns", id: m.make("outreach_campaigns", campaign).Id, create: always(map[string]any{"title": "x", "text": "y", "channel": "im"}), update: map[string]any{"title": "改"}},
		{label: "cases", collection: "cases", id: issue, create: always(raised), update: map[string]any{"title": "改"}},
		{label: "cases (state)", collection: "cases", only: "u", id: issue, update: map[string]any{"state": "closed"}},
		{
			label: "account_reviews", collection: "account_reviews", update: map[string]any{"findings": "改"},
			id:     m.make("account_reviews", map[string]any{"account": account, "owner": m.line["owner"], "dept": m.line["dept"], "period": "2025H1", "state": "draft"}).Id,
			create: m.byHim(map[string]any{"account": account, "period": "2025H2"}),
		},
		{label: "case_events", collection: "case_events", id: noted.Id, create: always(note), update: map[string]any{"text": "改"}},
	}
}
