package hooks_test

// satisfactionTargets: a survey of rep.chen's department, who is asked about him, and what
// was answered. He is told none of it, and nobody writes what customers say.
func (m *matrix) satisfactionTargets() []target {
	chen, head, dept := m.app.As("rep.chen").Id, m.app.As("director.lin").Id, m.line["dept"]
	survey := map[string]any{"name": "表内调查", "dept": dept, "from_date": "2025-01-01", "to_date": "2025-03-31"}
	made := func(state, hash string) string {
		return m.make("satisfaction_surveys", map[string]any{"name": hash, "dept": dept, "from_date": "2025-01-01", "to_date": "2025-03-31", "state": state}).Id
	}
	open := made("open", "表内开放的调查")
	invite := func(subject, hash string) map[string]any {
		return map[string]any{"survey": open, "account": m.line["account"], "subject": subject, "dept": dept, "channel": "qr", "token_hash": hash, "state": "drawn"}
	}
	about := m.make("survey_invites", invite(chen, "表内邀请")).Id
	himself := m.make("survey_invites", invite(head, "表内本人邀请")).Id
	response := func(subject, invite string) map[string]any {
		return map[string]any{"survey": open, "invite": invite, "account": m.line["account"], "subject": subject, "dept": dept, "answers": []int{5, 5, 5, 5, 5}, "score_bp": 10_000, "day": "2025-04-02"}
	}
	return []target{
		{label: "satisfaction_surveys", collection: "satisfaction_surveys", id: made("planned", "表内计划的调查"), create: always(survey), update: map[string]any{"name": "改"}},
		{label: "satisfaction_surveys (open)", collection: "satisfaction_surveys", only: "lvud", id: open, update: map[string]any{"name": "改"}},
		{label: "survey_invites", collection: "survey_invites", id: about, create: always(invite(chen, "表内另一邀请")), update: map[string]any{"state": "void"}},
		{label: "survey_invites (about the head)", collection: "survey_invites", only: "lvud", id: himself, update: map[string]any{"state": "void"}},
		{label: "satisfaction_responses", collection: "satisfaction_responses", id: m.make("satisfaction_responses", response(chen, about)).Id, create: always(response(chen, himself)), update: map[string]any{"score_bp": 1}},
		{label: "satisfaction_responses (about the head)", collection: "satisfaction_responses", only: "lvud", id: m.make("satisfaction_responses", response(head, himself)).Id, update: map[string]any{"score_bp": 1}},
	}
}
