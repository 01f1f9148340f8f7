package hooks_test

import (
	"maps"
	"strings"
)

// productTargets: drafts of trainings as if rep.chen led them, one of product.guo's to
// which he is invited, and what stands behind a product request of his.
func (m *matrix) productTargets() []target {
	guo := m.app.As("product.guo")
	his := func(fields map[string]any) map[string]any {
		out := map[string]any{"owner": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"]}
		maps.Copy(out, fields)
		return out
	}
	training := func(state string, whose map[string]any) string {
		maps.Copy(whose, map[string]any{
			"title": "表内培训", "kind": "product", "date": "2026-03-16", "roles": []string{"rep"}, "state": state, "quiz": quiz, "quiz_due": "2026-03-23", "pass_bp": 5000,
		})
		return m.make("trainings", whose).Id
	}
	key := func(training string, owner any) string {
		return m.make("training_keys", map[string]any{"training": training, "owner": owner, "answers": map[string]any{"q1": []int{1}}}).Id
	}
	paper := func(shared bool, n string) string {
		return m.make("blobs", his(map[string]any{
			"purpose": "training", "state": "pending", "sha256": strings.Repeat(n, 64), "size": 1, "mime": "application/pdf", "shared": shared,
		})).Id
	}
	draft, bare := training("draft", his(nil)), training("draft", his(nil))
	published := training("published", map[string]any{"owner": guo.Id, "manager": guo.GetString("manager"), "dept": guo.GetString("department")})
	answers := key(draft, m.line["owner"])
	key(published, guo.Id)
	made := map[string]any{"title": "新培训", "kind": "skill", "date": "2026-04-01", "departments": []any{m.line["dept"]}}
	part := m.make("training_records", map[string]any{
		"training": published, "user": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"], "trainer": guo.Id, "state": "invited",
	}).Id
	asked := m.make("product_requests", map[string]any{
		"owner": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"], "to_dept": guo.GetString("department"), "need": "大包装", "account": m.line["account"],
	}).Id
	behind, err := m.app.FindFirstRecordByData("product_request_values", "request", asked)
	if err != nil {
		m.t.Fatal(err)
	}
	return []target{
		{label: "trainings", collection: "trainings", id: draft, create: m.byHim(made), update: map[string]any{"place": "线上"}},
		{label: "trainings (published)", collection: "trainings", only: "lvud", id: published, update: map[string]any{"place": "线上"}},
		{
			label: "training_keys", collection: "training_keys", id: answers, update: map[string]any{"answers": map[string]any{"q1": []int{0}}},
			create: always(map[string]any{"training": bare, "owner": m.line["owner"], "answers": map[string]any{"q1": []int{1}}}),
		},
		{
			label: "training_records", collection: "training_records", id: part, update: map[string]any{"score_bp": 10_000},
			create: always(map[string]any{"training": published, "user": guo.Id}),
		},
		{
			label: "product_request_values", collection: "product_request_values", id: behind.Id, update: map[string]any{"revenue_fen": 1},
			create: always(map[string]any{"request": asked, "account": m.line["account"]}),
		},
		{label: "blobs (a training's)", collection: "blobs", only: "lvud", id: paper(false, "7"), update: map[string]any{}},
		{label: "blobs (a published training's)", collection: "blobs", only: "lvud", id: paper(true, "8"), update: map[string]any{}},
	}
}

// quiz has one question, whose second option is right.
var quiz = []map[string]any{{"key": "q1", "text": "保质期", "options": []string{"6 个月", "12 个月"}}}
