package hooks_test

import "maps"

// auditTargets: what rep.chen applied for, what finance found about a claim of his, what
// follows from it, and what he saved.
func (m *matrix) auditTargets() []target {
	chen, dept := m.app.As("rep.chen").Id, m.line["dept"]
	first := func(body, more map[string]any) map[string]any {
		out := map[string]any{"owner": chen, "manager": m.line["manager"], "dept": dept}
		maps.Copy(out, body)
		maps.Copy(out, more)
		return out
	}
	applied := map[string]any{"kind": "gift", "reason": "节日", "day": "2031-01-20", "to_day": "2031-01-20", "planned_fen": 100}
	claim := m.make("expense_claims", first(nil, map[string]any{
		"title": "表内报销", "period": "2025-01", "payee_kind": "employee", "state": "paid", "total_fen": 500, "approved_fen": 500, "paid_at": "2025-01-20 02:00:00.000Z",
	})).Id
	found := map[string]any{"claim": claim, "kind": "private", "text": "表内问题", "repay_fen": 1}
	finding := func() string {
		return m.make("audit_findings", map[string]any{
			"finder": m.app.As("finance.zhao").Id, "person": chen, "dept": dept, "claim": claim, "kind": "private", "text": "表内问题", "state": "open", "liable": "[]",
		}).Id
	}
	decided := finding()
	saved := map[string]any{"month": "2025-01", "title": "表内节约", "how": "周转", "before_fen": 5, "after_fen": 1}
	return []target{
		{
			label: "preapprovals", collection: "preapprovals",
			id:     m.make("preapprovals", first(applied, map[string]any{"state": "draft"})).Id,
			create: m.byHim(applied), update: map[string]any{"reason": "改"},
		},
		{
			label: "audit_samples", collection: "audit_samples",
			id:     m.make("audit_samples", map[string]any{"owner": m.app.As("finance.zhao").Id, "month": "2025-01", "seed": 1, "picks": "[]"}).Id,
			create: always(map[string]any{"month": "2025-01"}), update: map[string]any{"note": "改"},
		},
		{label: "audit_findings", collection: "audit_findings", id: finding(), create: always(found), update: map[string]any{"text": "改"}},
		{
			label: "penalties", collection: "penalties",
			id:     m.make("penalties", first(nil, map[string]any{"finding": decided, "kind": "repayment", "month": "2025-01", "amount_fen": 1, "state": "open"})).Id,
			create: m.byHim(map[string]any{"finding": decided, "kind": "deduction", "month": "2025-02", "points": 1}), update: map[string]any{"reason": "改"},
		},
		{
			label: "cost_savings", collection: "cost_savings",
			id:     m.make("cost_savings", first(saved, map[string]any{"state": "reported", "saved_fen": 4})).Id,
			create: m.byHim(saved), update: map[string]any{"how": "改"},
		},
	}
}
