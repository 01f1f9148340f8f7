package hooks_test

// paymentTargets: rep.chen as a payee, the account by which he is paid, his advance and
// what was paid to him.
func (m *matrix) paymentTargets() []target {
	chen, zhao, dept := m.app.As("rep.chen").Id, m.app.As("finance.zhao").Id, m.line["dept"]
	payee, err := m.app.FindFirstRecordByData("payees", "user", chen)
	if err != nil {
		payee = m.make("payees", map[string]any{"kind": "employee", "user": chen, "name": "陈立", "active": true})
	}
	change := m.make("payee_changes", map[string]any{"owner": zhao, "payee": payee.Id, "holder": "陈立", "bank": "表内银行", "number": "6222000011112222", "reason": "入职", "state": "asked"}).Id
	account := map[string]any{"payee": payee.Id, "change": change, "holder": "陈立", "bank": "表内银行", "number": "6222000011112222"}
	advance := map[string]any{"purpose": "展会", "amount_fen": 100, "due_on": "2031-05-01"}
	other := m.make("payees", map[string]any{"kind": "supplier", "name": "表内供应商", "active": true}).Id
	second := map[string]any{"payee": other, "holder": "x", "bank": "y", "number": "6222000011112222", "reason": "z"}
	run := m.make("payment_runs", map[string]any{"owner": zhao, "title": "表内批次", "state": "draft"}).Id
	paid := map[string]any{"kind": "return", "owner": chen, "dept": dept, "amount_fen": 5, "state": "paid"}
	return []target{
		{label: "payees", collection: "payees", id: payee.Id, create: always(map[string]any{"kind": "supplier", "name": "表内新供应商"}), update: map[string]any{"name": "改"}},
		{label: "payees (a supplier)", collection: "payees", only: "lvu", id: other, update: map[string]any{"name": "改"}},
		{label: "payee_changes", collection: "payee_changes", id: change, create: m.byHim(second), update: map[string]any{"reason": "改"}},
		{label: "payee_accounts", collection: "payee_accounts", id: m.make("payee_accounts", account).Id, create: always(account), update: map[string]any{"bank": "改"}},
		{label: "advances", collection: "advances", id: m.make("advances", m.with(map[string]any{"purpose": "展会", "amount_fen": 100, "due_on": "2031-05-01", "state": "draft"})).Id, create: m.byHim(advance), update: map[string]any{"purpose": "改"}},
		{label: "payment_runs", collection: "payment_runs", id: run, create: m.byHim(map[string]any{"title": "表内新批次"}), update: map[string]any{"title": "改"}},
		{label: "payments", collection: "payments", id: m.make("payments", paid).Id, create: always(paid), update: map[string]any{"reason": "改"}},
	}
}
