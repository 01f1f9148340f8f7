package hooks_test

import (
	"maps"
	"strings"
)

// claimTargets: what rep.chen asks money back for, as a draft and handed in.
func (m *matrix) claimTargets() []target {
	chen := m.app.As("rep.chen")
	his := map[string]any{"owner": chen.Id, "manager": chen.GetString("manager"), "dept": chen.GetString("department")}
	with := func(fields map[string]any) map[string]any {
		out := maps.Clone(his)
		maps.Copy(out, fields)
		return out
	}
	asked := map[string]any{"title": "表内报销", "period": "2026-03", "payee_kind": "employee"}
	claim := func(state string) string {
		c := with(asked)
		c["state"] = state
		return m.make("expense_claims", c).Id
	}
	draft, sent := claim("draft"), claim("submitted")
	category := m.make("expense_categories", map[string]any{"code": "table", "name_zh": "表内", "active": true}).Id
	spent := func(claim string) map[string]any {
		return map[string]any{"claim": claim, "category": category, "day": "2026-03-02", "amount_fen": 65_500}
	}
	line, locked := m.make("expense_lines", with(spent(draft))).Id, m.make("expense_lines", with(spent(sent))).Id
	share := map[string]any{"claim": draft, "line": line, "weight": 1}
	paper := func(number string) string {
		return m.make("blobs", with(map[string]any{
			"purpose": "receipt", "sha256": strings.Repeat(number, 64), "mime": "image/jpeg", "size": 1024, "state": "stored", "taken_at": "2026-03-02 02:00:00.000Z", "capture_source": "camera",
		})).Id
	}
	invoice := func(number string) string {
		return m.make("invoices", map[string]any{"owner": chen.Id, "state": "folder", "qr_raw": "01,32,,2531200000000000005" + number + ",655.00,20260311,,", "paper_state": "read", "blob": paper(number)}).Id
	}
	use := func(number string) map[string]any {
		return map[string]any{"claim": draft, "line": line, "invoice": invoice(number), "amount_fen": 65_500}
	}
	taken := use("1")
	taken["state"] = "draft"
	return []target{
		{label: "expense_claims", collection: "expense_claims", id: draft, create: m.byHim(asked), update: map[string]any{"purpose": "改"}},
		{label: "expense_claims (submitted)", collection: "expense_claims", only: "lvud", id: sent, update: map[string]any{"purpose": "改"}},
		{label: "expense_lines", collection: "expense_lines", id: line, create: always(spent(draft)), update: map[string]any{"city": "改"}},
		{label: "expense_lines (submitted)", collection: "expense_lines", id: locked, create: always(spent(sent)), update: map[string]any{"city": "改"}},
		{label: "expense_shares", collection: "expense_shares", id: m.make("expense_shares", with(share)).Id, create: always(share), update: map[string]any{"weight": 2}},
		{label: "expense_uses", collection: "expense_uses", id: m.make("expense_uses", with(taken)).Id, create: always(use("2")), update: map[string]any{"amount_fen": 4}},
	}
}
