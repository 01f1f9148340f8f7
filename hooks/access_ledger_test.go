package hooks_test

import "maps"

// ledgerTargets: what rep.chen's account owes, and what it pays.
func (m *matrix) ledgerTargets() []target {
	hung := map[string]any{"account": m.line["account"], "dept": m.line["dept"]}
	with := func(fields map[string]any) map[string]any {
		for name, value := range hung {
			fields[name] = value
		}
		return fields
	}
	entry := func(ref string, fen int) map[string]any {
		return with(map[string]any{"kind": "delivery", "ref_collection": "x", "ref_id": ref, "amount_fen": fen, "on": "2026-03-16"})
	}
	receipt := map[string]any{"account": m.line["account"], "amount_fen": 100, "method": "cash"}
	deduction := map[string]any{"account": m.line["account"], "amount_fen": 100, "cause": "display"}
	term := map[string]any{
		"account": m.line["account"], "name": "年返", "period": "year", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "settle": "payment",
		"tiers": []map[string]int{{"from_fen": 0, "bp": 100}},
	}
	in := func(row map[string]any, state string) map[string]any {
		out := m.with(row)
		out["state"], out["account"] = state, m.line["account"]
		return out
	}
	moved := func(row map[string]any) map[string]any {
		out := in(row, "reported")
		out["account"] = m.foreign
		return out
	}
	first, second := m.make("account_entries", entry("1", 100)).Id, m.make("account_entries", entry("2", 200)).Id
	part := with(map[string]any{"credit": first, "debit": second, "amount_fen": 10})
	agreed := m.make("rebate_terms", with(map[string]any{
		"name": "月返", "period": "month", "valid_from": "2025-01-01", "valid_to": "2025-12-31", "settle": "payment", "tiers": []map[string]int{{"from_fen": 0, "bp": 100}},
	})).Id
	accrual := func(period string) map[string]any {
		return with(map[string]any{"term": agreed, "period": period, "state": "open"})
	}
	statement := func(month string) map[string]any { return m.with(map[string]any{"month": month, "state": "issued"}) }
	credit, err := m.app.FindFirstRecordByData("account_credits", "account", m.line["account"])
	if err != nil {
		credit = m.make("account_credits", hung)
	}
	more := map[string]any{"note": "改"}
	return []target{
		{label: "account_credits", collection: "account_credits", id: credit.Id, create: always(map[string]any{"account": m.foreign}), update: map[string]any{"limit_fen": 1}},
		{label: "account_entries", collection: "account_entries", id: first, create: always(entry("3", 100)), update: map[string]any{"no": "改"}},
		{label: "receipt_allocations", collection: "receipt_allocations", id: m.make("receipt_allocations", part).Id, create: always(part), update: map[string]any{"amount_fen": 1}},
		{label: "statements", collection: "statements", id: m.make("statements", statement("2026-01")).Id, create: always(statement("2026-02")), update: map[string]any{"closing_fen": 1}},
		{label: "rebate_accruals", collection: "rebate_accruals", id: m.make("rebate_accruals", accrual("2025-01")).Id, create: always(accrual("2025-02")), update: map[string]any{"accrued_fen": 1}},
		{label: "rebate_terms", collection: "rebate_terms", id: m.make("rebate_terms", with(maps.Clone(term))).Id, create: always(term), update: map[string]any{"name": "改"}},
		{label: "receipts", collection: "receipts", id: m.make("receipts", in(receipt, "reported")).Id, create: m.byHim(receipt), update: more},
		{label: "receipts (confirmed)", collection: "receipts", only: "lvud", id: m.make("receipts", in(receipt, "confirmed")).Id, update: more},
		{label: "receipts (account moved)", collection: "receipts", only: "lvu", id: m.make("receipts", moved(receipt)).Id, update: more},
		{label: "deductions", collection: "deductions", id: m.make("deductions", in(deduction, "reported")).Id, create: m.byHim(deduction), update: more},
		{label: "deductions (accepted)", collection: "deductions", only: "lvud", id: m.make("deductions", in(deduction, "accepted")).Id, update: more},
		{label: "deductions (account moved)", collection: "deductions", only: "lvu", id: m.make("deductions", moved(deduction)).Id, update: more},
	}
}
