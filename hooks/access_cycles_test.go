package hooks_test

import "maps"

// appraisalTargets: rep.chen's appraisal, before and after it was published, his own form
// as a draft, and his superior's as it was handed in.
func (m *matrix) appraisalTargets() []target {
	chen, wu := m.app.As("rep.chen"), m.app.As("manager.wu")
	dept := chen.GetString("department")
	cycle := map[string]any{
		"dept": dept, "kind": "quarter", "period": "2031Q1", "from_day": "2031-01-01", "to_day": "2031-03-31", "state": "collecting",
		"schemes": `[{"id":"scheme","version":1,"scheme":{"role":"rep"}}]`, "rules": "{}", "deadlines": "{}",
	}
	with := func(values, more map[string]any) map[string]any {
		out := maps.Clone(values)
		maps.Copy(out, more)
		return out
	}
	first := m.make("appraisal_cycles", cycle).Id
	other := m.make("appraisal_cycles", with(cycle, map[string]any{"period": "2031Q2"})).Id
	third := m.make("appraisal_cycles", with(cycle, map[string]any{"period": "2031Q3"})).Id
	his := map[string]any{
		"cycle": first, "subject": chen.Id, "superior": wu.Id, "dept": dept, "sight": dept, "kind": "quarter", "period": "2031Q1", "role": "rep", "state": "open",
	}
	open := m.make("appraisals", his).Id
	shown := m.make("appraisals", with(his, map[string]any{"cycle": other, "period": "2031Q2", "state": "published", "reader": chen.Id})).Id
	form := map[string]any{"appraisal": open, "cycle": first, "rater": chen.Id, "subject": chen.Id, "kind": "self", "items": "[]", "state": "draft"}
	rated := map[string]any{
		"appraisal": shown, "cycle": other, "rater": wu.Id, "subject": chen.Id, "kind": "superior", "items": "[]", "state": "submitted", "sight": dept, "readers": []string{chen.Id},
	}
	return []target{
		{
			label: "appraisal_cycles", collection: "appraisal_cycles", id: first, create: always(with(cycle, map[string]any{"period": "2031Q4"})),
			update: map[string]any{"people": 7},
		},
		{
			label: "appraisals", collection: "appraisals", id: open, create: always(with(his, map[string]any{"cycle": third, "period": "2031Q3"})),
			update: map[string]any{"final_score": "120.00"},
		},
		{label: "appraisals (published)", collection: "appraisals", only: "lvud", id: shown, update: map[string]any{"final_score": "120.00"}},
		{
			label: "appraisal_ratings", collection: "appraisal_ratings", id: m.make("appraisal_ratings", form).Id,
			create: always(with(form, map[string]any{"kind": "earlier"})), update: map[string]any{"comment": "改"},
		},
		{
			label: "appraisal_ratings (handed in)", collection: "appraisal_ratings", only: "lvud", id: m.make("appraisal_ratings", rated).Id,
			update: map[string]any{"comment": "改"},
		},
	}
}
