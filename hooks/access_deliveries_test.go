package hooks_test

import (
	"maps"
	"strings"
)

// deliveryTargets: an order of rep.chen's that logistics has, deliveries of it, and
// goods that come back.
func (m *matrix) deliveryTargets() []target {
	product := m.make("products", map[string]any{"sku": "T-88", "name": "表内产品", "status": "active"}).Id
	order := m.make("orders", m.with(map[string]any{"no": "T-88", "state": "partly_delivered", "released": true})).Id
	ofOrder := func(fields map[string]any) map[string]any {
		out := map[string]any{"account": m.line["account"], "owner": m.line["owner"], "dept": m.line["dept"], "order": order, "released": true}
		maps.Copy(out, fields)
		return out
	}
	line := m.make("order_lines", ofOrder(map[string]any{"product": product, "qty_milli": 900_000, "delivered_milli": 500_000})).Id
	event := m.make("order_events", ofOrder(map[string]any{"kind": "release", "at": "2026-03-16 00:00:00.000Z"})).Id
	delivery := func(state string) string {
		return m.make("deliveries", m.with(map[string]any{"order": order, "state": state})).Id
	}
	part := func(delivery, lot string) string {
		return m.make("delivery_lines", m.with(map[string]any{"delivery": delivery, "line": line, "qty_milli": 1000, "lot": lot})).Id
	}
	back := func(state string, released bool) string {
		return m.make("returns", m.with(map[string]any{"order": order, "kind": "return", "cause": "unsold", "state": state, "released": released})).Id
	}
	gone := func(back string, released bool) string {
		return m.make("return_lines", m.with(map[string]any{"return_doc": back, "line": line, "qty_milli": -1000, "released": released})).Id
	}
	planned, dispatched := delivery("planned"), delivery("dispatched")
	draft, requested, approved := back("draft", false), back("requested", false), back("approved", true)
	sends := func(delivery string) map[string]any {
		return map[string]any{"delivery": delivery, "line": line, "qty_milli": 2000, "lot": "B"}
	}
	comes := func(back string) map[string]any {
		return map[string]any{"return_doc": back, "line": line, "qty_milli": -2000, "lot": "B"}
	}
	note := map[string]any{"note": "改"}
	photo := func(seen bool) string {
		return m.make("blobs", map[string]any{
			"owner": m.line["owner"], "manager": m.line["manager"], "account": m.line["account"], "dept": m.line["dept"], "purpose": "goods", "state": "pending",
			"sha256": strings.Repeat("d", 64), "size": 1, "mime": "image/jpeg", "logistics": seen,
		}).Id
	}
	return []target{
		{label: "orders (logistics has it)", collection: "orders", only: "lvu", id: order, update: note},
		{label: "order_lines (logistics has it)", collection: "order_lines", only: "lvud", id: line, update: note},
		{label: "order_events (logistics has it)", collection: "order_events", only: "lvud", id: event, update: note},
		{label: "deliveries", collection: "deliveries", id: delivery("planned"), create: always(map[string]any{"order": order}), update: note},
		{label: "deliveries (dispatched)", collection: "deliveries", only: "lvud", id: dispatched, update: note},
		{label: "delivery_lines", collection: "delivery_lines", id: part(planned, ""), create: always(sends(planned)), update: note},
		{label: "delivery_lines (dispatched)", collection: "delivery_lines", only: "lvcud", id: part(dispatched, ""), create: always(sends(dispatched)), update: note},
		{
			label: "returns", collection: "returns", id: draft, update: note,
			create: m.byHim(map[string]any{"account": m.line["account"], "order": order, "kind": "return", "cause": "unsold"}),
		},
		{label: "returns (requested)", collection: "returns", only: "lvud", id: requested, update: note},
		{label: "returns (approved)", collection: "returns", only: "lvud", id: approved, update: note},
		{label: "return_lines", collection: "return_lines", id: gone(draft, false), create: always(comes(draft)), update: note},
		{label: "return_lines (requested)", collection: "return_lines", only: "lvcud", id: gone(requested, false), create: always(comes(requested)), update: note},
		{label: "return_lines (approved)", collection: "return_lines", only: "lvud", id: gone(approved, true), update: note},
		{label: "blobs (goods)", collection: "blobs", only: "lvud", id: photo(false), update: map[string]any{}},
		{label: "blobs (goods for logistics)", collection: "blobs", only: "lvud", id: photo(true), update: map[string]any{}},
	}
}
