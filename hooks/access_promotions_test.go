package hooks_test

// promotionTargets: promotions are everybody's to read, what orders hold of them
// is the server's to write.
func (m *matrix) promotionTargets() []target {
	promotion := func(code string) map[string]any {
		return map[string]any{"code": code, "name": "表内促销", "rule": map[string]any{"kind": "percent", "bp": 1000}}
	}
	order := func(no string) string { return m.make("orders", m.with(map[string]any{"no": no, "state": "draft"})).Id }
	use := func(promotion, no string) map[string]any {
		return map[string]any{
			"promotion": promotion, "order": order(no), "account": m.line["account"], "owner": m.line["owner"], "dept": m.line["dept"],
			"amount_fen": 100, "qty_milli": 1000, "state": "held",
		}
	}
	used := m.make("promotions", promotion("T-1")).Id
	return []target{
		{
			label: "promotions", collection: "promotions", id: m.make("promotions", promotion("T-2")).Id,
			create: always(promotion("T-3")), update: map[string]any{"name": "改"},
		},
		{
			label: "promotion_uses", collection: "promotion_uses", id: m.make("promotion_uses", use(used, "T-P1")).Id,
			create: always(use(used, "T-P2")), update: map[string]any{"amount_fen": 200},
		},
	}
}
