package hooks_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// target is a line of the table: a row, and what is sent to make one like it or to change it.
type target struct {
	label, collection string
	only              string // letters of the actions that are tried, all if empty
	id                string
	create            func(who person) map[string]any
	update            map[string]any
}

// everybody maps the columns of the table to people. Whose rows the targets are
// is seen from rep.chen: he is the owner, and gone is he once he is no longer active.
func (m *matrix) everybody() map[string]person {
	out := map[string]person{"guest": {}, "super": {token: m.app.SuperuserToken()}}
	for column, name := range map[string]string{
		"owner": "rep.chen", "peer": "rep.he", "kam": "manager.wu", "okam": "manager.xu", "head": "director.lin",
		"fin": "finance.zhao", "exec": "executive.sun", "mkt": "market.tang", "prod": "product.guo", "serv": "service.qian",
		"ops": "ops.bai", "revw": "reviewer.shen", "aud": "auditor.jin", "admin": "admin.fang",
	} {
		out[column] = person{id: m.app.As(name).Id, token: m.app.Token(name)}
	}
	out["gone"] = person{id: out["owner"].id, token: out["owner"].token, inactive: true}
	for column, dept := range map[string]string{
		"ohead":  m.app.As("market.tang").GetString("department"), // of another department
		"nohead": "",                                              // of none
	} {
		record := m.make("users", map[string]any{
			"email": column + "@demo.test", "password": "a-password-of-tests", "name": column, "role": "dept_manager",
			"department": dept, "active": true,
		})
		token, err := record.NewAuthToken()
		if err != nil {
			m.t.Fatal(err)
		}
		out[column] = person{id: record.Id, token: token}
	}
	return out
}

// make saves a row as our own code does.
func (m *matrix) make(collection string, fields map[string]any) *core.Record {
	m.t.Helper()
	coll, err := m.app.FindCollectionByNameOrId(collection)
	if err != nil {
		m.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(fields)
	if err := m.app.SaveWithContext(gate.AsServer(context.Background()), record); err != nil {
		m.t.Fatalf("%s: %v", collection, err)
	}
	return record
}

// targets makes the rows of the table. All that hang on an account hang on one
// of rep.chen, whose manager is manager.wu, in the department of director.lin.
func (m *matrix) targets() []target {
	chen := m.app.As("rep.chen")
	account := m.make("accounts", map[string]any{"name": "表内客户", "kind": "ka", "owner": chen.Id})
	if account.GetString("manager") != m.app.As("manager.wu").Id || account.GetString("dept") != m.app.As("director.lin").GetString("department") {
		m.t.Fatalf("the account belongs to %v", account.PublicExport())
	}
	m.line = map[string]any{
		"account": account.Id, "owner": chen.Id, "manager": account.GetString("manager"), "dept": account.GetString("dept"),
	}
	m.foreign = m.make("accounts", map[string]any{"name": "他人客户", "kind": "ka", "owner": m.app.As("rep.ma").Id}).Id
	out := m.commonTargets()
	out = append(out, m.priceTargets()...)
	out = append(out, m.accountTargets()...)
	out = append(out, m.developmentTargets()...)
	out = append(out, m.keepingTargets()...)
	out = append(out, m.handoverTargets()...)
	out = append(out, m.visitTargets()...)
	out = append(out, m.orderTargets()...)
	out = append(out, m.deliveryTargets()...)
	out = append(out, m.invoiceTargets()...)
	out = append(out, m.planTargets()...)
	out = append(out, m.fieldTargets()...)
	out = append(out, m.orgTargets()...)
	out = append(out, m.salesTargets()...)
	out = append(out, m.letterTargets()...)
	out = append(out, m.ledgerTargets()...)
	out = append(out, m.promotionTargets()...)
	out = append(out, m.productTargets()...)
	out = append(out, m.marketTargets()...)
	out = append(out, m.controlTargets()...)
	out = append(out, m.claimTargets()...)
	out = append(out, m.paymentTargets()...)
	out = append(out, m.analysisTargets()...)
	out = append(out, m.serviceTargets()...)
	out = append(out, m.budgetTargets()...)
	out = append(out, m.auditTargets()...)
	out = append(out, m.incentiveTargets()...)
	out = append(out, m.appraisalTargets()...)
	out = append(out, m.schemeTargets()...)
	out = append(out, m.satisfactionTargets()...)
	return append(out, m.syncTargets()...)
}

// with adds fields to those of the sales line.
func (m *matrix) with(fields map[string]any) map[string]any {
	out := maps.Clone(m.line)
	maps.Copy(out, fields)
	return out
}

func always(body map[string]any) func(person) map[string]any {
	return func(person) map[string]any { return body }
}

// byHim names who asks as the owner, rep.chen where that is nobody.
func (m *matrix) byHim(body map[string]any) func(person) map[string]any {
	return func(who person) map[string]any {
		out := maps.Clone(body)
		out["owner"] = who.id
		if who.id == "" {
			out["owner"] = m.line["owner"]
		}
		return out
	}
}

func (m *matrix) commonTargets() []target {
	chen := m.app.As("rep.chen")
	user := map[string]any{
		"email": "new@demo.test", "password": "a-password-of-tests", "passwordConfirm": "a-password-of-tests", "name": "新人", "role": "rep",
		"manager": m.app.As("manager.wu").Id, "department": m.app.As("manager.wu").GetString("department"), "active": true,
	}
	department := map[string]any{"name": "表内部门", "kind": "ka"}
	template := map[string]any{"name": "表内模板", "steps": []any{}}
	return []target{
		{label: "departments", collection: "departments", id: m.make("departments", department).Id, create: always(department), update: department},
		{label: "users", collection: "users", id: chen.Id, create: always(user), update: map[string]any{"phone": "13800000000"}},
		{label: "users (manager.wu)", collection: "users", only: "lvu", id: m.app.As("manager.wu").Id, update: map[string]any{"phone": "13800000000"}},
		{label: "people", collection: "people", id: chen.Id},
		{
			label: "settings", collection: "settings", id: m.make("settings", map[string]any{"key": "x.open", "value": 1}).Id,
			create: always(map[string]any{"key": "x.new"}), update: map[string]any{"value": 2},
		},
		{
			label: "settings (secret)", collection: "settings", only: "lvud",
			id: m.make("settings", map[string]any{"key": "x.secret", "secret": true}).Id, update: map[string]any{"value": 2},
		},
		{
			label: "visit_templates", collection: "visit_templates", id: m.make("visit_templates", template).Id,
			create: always(template), update: template,
		},
	}
}

func (m *matrix) priceTargets() []target {
	product := m.make("products", map[string]any{"sku": "T-1", "name": "表内产品"}).Id
	second := m.make("products", map[string]any{"sku": "T-2", "name": "表内产品二"}).Id
	open := m.make("price_lists", map[string]any{"name": "表内价格", "scope": "default"}).Id
	own := m.make("price_lists", map[string]any{"name": "专供价", "scope": "account", "account": m.line["account"]}).Id
	price := func(list string) map[string]any {
		return map[string]any{"list": list, "product": product, "price_fen": 100}
	}
	list := map[string]any{"name": "新价格", "scope": "default"}
	return []target{
		{
			label: "products", collection: "products", id: m.make("products", map[string]any{"sku": "T-3", "name": "表内产品三"}).Id,
			create: always(map[string]any{"sku": "T-4", "name": "新品"}), update: map[string]any{"spec": "1L"},
		},
		{
			label: "product_costs", collection: "product_costs", id: m.make("product_costs", map[string]any{"product": product, "cost_fen": 1}).Id,
			create: always(map[string]any{"product": second, "cost_fen": 1}), update: map[string]any{"cost_fen": 2},
		},
		{label: "price_lists", collection: "price_lists", id: open, create: always(list), update: map[string]any{"name": "改"}},
		{label: "price_lists (his account's)", collection: "price_lists", only: "lvud", id: own, update: map[string]any{"name": "改"}},
		{
			label: "price_items", collection: "price_items", id: m.make("price_items", price(open)).Id,
			create: always(map[string]any{"list": open, "product": second, "price_fen": 100}), update: map[string]any{"price_fen": 90},
		},
		{
			label: "product_units", collection: "product_units", id: m.make("product_units", map[string]any{"product": product, "unit": "桶", "factor_milli": 2000}).Id,
			create: always(map[string]any{"product": second, "unit": "桶", "factor_milli": 2000}), update: map[string]any{"barcode": "69"},
		},
		{
			label: "price_items (his account's)", collection: "price_items", only: "lvud", id: m.make("price_items", price(own)).Id,
			update: map[string]any{"price_fen": 90},
		},
	}
}

func (m *matrix) accountTargets() []target {
	// It stands alone: an account with visits cannot be deleted by anybody.
	his := m.make("accounts", map[string]any{"name": "独立客户", "kind": "ka", "owner": m.line["owner"]}).Id
	nobodys := m.make("accounts", map[string]any{"name": "公海客户", "kind": "prospect"}).Id
	made := map[string]any{"name": "新客户", "kind": "prospect"}
	contact := map[string]any{"account": m.line["account"], "name": "王采购"}
	return []target{
		{
			label: "accounts", collection: "accounts", id: his,
			create: always(map[string]any{"name": "新客户", "kind": "prospect", "owner": m.line["owner"]}), update: map[string]any{"note": "改"},
		},
		{label: "accounts (made for oneself)", collection: "accounts", only: "c", create: m.byHim(made)},
		{label: "accounts (nobody's)", collection: "accounts", id: nobodys, create: always(made), update: map[string]any{"note": "改"}},
		{label: "accounts (credit)", collection: "accounts", only: "u", id: his, update: map[string]any{"credit_limit_fen": 1}},
		{label: "accounts (to a peer)", collection: "accounts", only: "u", id: his, update: map[string]any{"owner": m.app.As("rep.he").Id}},
		{label: "accounts (to another team)", collection: "accounts", only: "u", id: his, update: map[string]any{"owner": m.app.As("rep.ma").Id}},
		{label: "account_names", collection: "account_names", id: his},
		{
			label: "contacts", collection: "contacts", id: m.make("contacts", contact).Id,
			create: always(contact), update: map[string]any{"phone": "13800000000"},
		},
		{label: "contacts (to another team)", collection: "contacts", only: "u", id: m.make("contacts", contact).Id, update: map[string]any{"account": m.foreign}},
	}
}

// handoverTargets: rep.chen hands over to rep.he, his peer, who reads one account ahead.
func (m *matrix) handoverTargets() []target {
	chen, he, ma := m.app.As("rep.chen"), m.app.As("rep.he"), m.app.As("rep.ma")
	account := func(name string) string {
		return m.make("accounts", map[string]any{"name": name, "kind": "ka", "owner": chen.Id}).Id
	}
	day := func(account string, to *core.Record, day string) map[string]any {
		return map[string]any{"from_rep": chen.Id, "to_rep": to.Id, "accounts": []string{account}, "planned_date": day}
	}
	one := func(account string, to *core.Record) map[string]any {
		return map[string]any{"account": account, "user": to.Id, "from_date": "2026-06-01"}
	}
	free, soon := account("待交客户"), account("将交客户")
	handover := m.make("account_handovers", day(account("已定客户"), he, "2026-06-01")).Id
	m.make("account_handovers", day(soon, he, "2026-03-17"))
	apart := m.make("account_handovers", day(account("跨组客户"), ma, "2026-06-01")).Id
	held, err := m.app.FindFirstRecordByFilter("account_assignments", "account = {:a} && state = 'active'", map[string]any{"a": free})
	if err != nil {
		m.t.Fatal(err)
	}
	contact := m.make("contacts", map[string]any{"account": soon, "name": "王采购"}).Id
	return []target{
		{label: "account_handovers", collection: "account_handovers", id: handover, create: always(day(free, he, "2026-06-01")), update: map[string]any{"reason": "改"}},
		{label: "account_handovers (to okam's)", collection: "account_handovers", only: "lvc", id: apart, create: always(day(free, ma, "2026-06-01"))},
		{label: "account_assignments", collection: "account_assignments", id: held.Id, create: always(one(free, he)), update: map[string]any{"to_date": "2026-06-01"}},
		{label: "account_assignments (to okam's)", collection: "account_assignments", only: "c", create: always(one(free, ma))},
		{label: "accounts (read ahead by peer)", collection: "accounts", only: "lvu", id: soon, update: map[string]any{"note": "改"}},
		{
			label: "contacts (read ahead by peer)", collection: "contacts", only: "lvcu", id: contact,
			create: always(map[string]any{"account": soon, "name": "王采购"}), update: map[string]any{"phone": "13800000000"},
		},
	}
}

// lost adds what he did for an account before it went to another team.
func (m *matrix) lost(fields map[string]any) map[string]any {
	out := m.with(fields)
	out["account"] = m.foreign
	return out
}

func (m *matrix) visitTargets() []target {
	visit := func(state string) string {
		return m.make("visits", m.with(map[string]any{"type": "planned", "planned_date": "2026-03-16", "state": state})).Id
	}
	step := func(visit string) string {
		return m.make("visit_steps", m.with(map[string]any{"visit": visit, "key": "talk", "kind": "note"})).Id
	}
	gone := m.make("visits", m.lost(map[string]any{"type": "planned", "state": "planned"})).Id
	goneStep := m.make("visit_steps", m.lost(map[string]any{"visit": gone, "key": "talk", "kind": "note"})).Id
	planned, cancelled := visit("planned"), visit("cancelled")
	photo := map[string]any{
		"sha256": strings.Repeat("a", 64), "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "visit": planned, "step": step(planned),
	}
	blob, gonePhoto := m.with(photo), maps.Clone(photo)
	blob["state"] = "pending"
	gonePhoto["visit"], gonePhoto["step"] = gone, goneStep
	pending := m.with(map[string]any{"state": "pending"})
	one, other := m.make("blobs", blob).Id, m.make("blobs", blob).Id
	paper := func(purpose string, more map[string]any) map[string]any {
		out := map[string]any{"sha256": strings.Repeat("b", 64), "size": 1, "mime": "application/pdf", "purpose": purpose}
		maps.Copy(out, more)
		return out
	}
	answer := map[string]any{"answer": map[string]any{"text": "改"}}
	return []target{
		{
			label: "visits", collection: "visits", id: visit("planned"), update: map[string]any{"objective": "改"},
			create: m.byHim(map[string]any{"account": m.line["account"], "type": "planned", "planned_date": "2026-03-17"}),
		},
		{label: "visits (reported)", collection: "visits", only: "lvu", id: visit("reported"), update: map[string]any{"summary": "改"}},
		{label: "visits (cancelled)", collection: "visits", only: "lvu", id: cancelled, update: map[string]any{"objective": "改"}},
		{label: "visits (state)", collection: "visits", only: "u", id: planned, update: map[string]any{"state": "reported"}},
		{label: "visits (account moved)", collection: "visits", only: "lvu", id: gone, update: map[string]any{"objective": "改"}},
		{
			label: "visit_steps", collection: "visit_steps", id: step(planned), update: answer,
			create: always(map[string]any{"visit": planned, "key": "shelf", "kind": "photo"}),
		},
		{
			label: "visit_steps (cancelled)", collection: "visit_steps", only: "lvcu", id: step(cancelled), update: answer,
			create: always(map[string]any{"visit": cancelled, "key": "shelf", "kind": "photo"}),
		},
		{
			label: "visit_steps (account moved)", collection: "visit_steps", only: "lvcu", id: goneStep, update: answer,
			create: always(map[string]any{"visit": gone, "key": "shelf", "kind": "photo"}),
		},
		{label: "blobs (paper)", collection: "blobs", id: m.make("blobs", paper("receipt", pending)).Id, create: m.byHim(paper("receipt", nil)), update: map[string]any{}},
		{label: "blobs (contract)", collection: "blobs", only: "lvu", id: m.make("blobs", paper("contract", pending)).Id, update: map[string]any{}},
		{label: "blobs (account moved)", collection: "blobs", only: "c", create: m.byHim(gonePhoto)},
		{label: "blobs", collection: "blobs", id: m.make("blobs", blob).Id, create: m.byHim(photo), update: map[string]any{}},
		{
			label: "photo_matches", collection: "photo_matches", update: map[string]any{"distance": 3},
			id:     m.make("photo_matches", map[string]any{"blob": one, "other": other, "kind": "similar"}).Id,
			create: always(map[string]any{"blob": other, "other": one, "kind": "similar"}),
		},
	}
}

func (m *matrix) orderTargets() []target {
	list, err := m.app.FindFirstRecordByData("price_lists", "scope", "default")
	if err != nil {
		m.t.Fatal(err)
	}
	item, err := m.app.FindFirstRecordByData("price_items", "list", list.Id)
	if err != nil {
		m.t.Fatal(err)
	}
	order := func(no, state string) string {
		return m.make("orders", m.with(map[string]any{"no": no, "price_list": list.Id, "state": state})).Id
	}
	line := func(order string) map[string]any {
		return map[string]any{"order": order, "product": item.GetString("product"), "qty_milli": 60_000}
	}
	step := func(order string) map[string]any {
		return map[string]any{"order": order, "kind": "submit", "at": "2026-03-16 01:00:00Z"}
	}
	other, err := m.app.FindFirstRecordByFilter("products", "id != {:p}", map[string]any{"p": item.GetString("product")})
	if err != nil {
		m.t.Fatal(err)
	}
	placed := func(order string) string { return m.make("order_lines", m.with(line(order))).Id }
	gone := m.make("orders", m.lost(map[string]any{"no": "T-5", "price_list": list.Id, "state": "draft"})).Id
	goneLine := m.make("order_lines", m.lost(line(gone))).Id
	draft, submitted := order("T-1", "draft"), order("T-2", "submitted")
	more := map[string]any{"qty_milli": 70_000}
	return []target{
		{
			label: "orders", collection: "orders", id: order("T-3", "draft"), update: map[string]any{"note": "改"},
			create: m.byHim(map[string]any{"no": "T-4", "account": m.line["account"], "price_list": list.Id}),
		},
		{label: "orders (submitted)", collection: "orders", only: "lvu", id: submitted, update: map[string]any{"note": "改"}},
		{label: "orders (account moved)", collection: "orders", only: "lvu", id: gone, update: map[string]any{"note": "改"}},
		{label: "orders (state)", collection: "orders", only: "u", id: draft, update: map[string]any{"state": "approved"}},
		{label: "order_status", collection: "order_status", id: draft},
		{label: "order_lines", collection: "order_lines", id: placed(draft), create: always(line(draft)), update: more},
		{
			label: "order_lines (submitted)", collection: "order_lines", only: "lvcud", id: placed(submitted),
			create: always(line(submitted)), update: more,
		},
		{
			label: "order_lines (account moved)", collection: "order_lines", only: "lvcud", id: goneLine,
			create: always(line(gone)), update: more,
		},
		{
			label: "order_events", collection: "order_events", id: m.make("order_events", m.with(step(submitted))).Id,
			create: always(step(submitted)), update: map[string]any{"note": "改"},
		},
		{
			label: "assortments", collection: "assortments", update: map[string]any{"note": "改"},
			id:     m.make("assortments", m.with(map[string]any{"product": item.GetString("product"), "state": "listed"})).Id,
			create: always(map[string]any{"account": m.line["account"], "product": other.Id, "state": "listed"}),
		},
	}
}

func (m *matrix) invoiceTargets() []target {
	row := func(n, state string) map[string]any {
		return map[string]any{"owner": m.line["owner"], "qr_raw": "01,32,,2531200000000000000" + n + ",655.00,20260311,,", "state": state}
	}
	used := m.make("invoices", row("1", "folder"))
	used.Set("state", "used")
	if err := m.app.SaveWithContext(gate.AsServer(context.Background()), used); err != nil {
		m.t.Fatal(err)
	}
	okam := m.app.As("manager.xu").Id
	paper := m.make("blobs", map[string]any{
		"owner": m.line["owner"], "manager": m.line["manager"], "dept": m.line["dept"], "sha256": strings.Repeat("e", 64), "size": 1, "mime": "image/jpeg", "purpose": "receipt",
		"state": "pending", "reviewers": []string{okam},
	})
	asked := m.make("invoices", row("5", "folder"))
	asked.Set("state", "used")
	asked.Set("reviewers", []string{m.line["manager"].(string)})
	if err := m.app.SaveWithContext(gate.AsServer(context.Background()), asked); err != nil {
		m.t.Fatal(err)
	}
	check := map[string]any{"invoice": used.Id, "source": "manual", "verdict": "valid", "note": "试"}
	return []target{
		{
			label: "invoices", collection: "invoices", id: m.make("invoices", row("2", "folder")).Id,
			create: m.byHim(map[string]any{"typed": map[string]any{"number": "25312000000000000003", "total_fen": 100}}), update: map[string]any{"note": "改"},
		},
		{label: "invoices (used)", collection: "invoices", only: "lvu", id: used.Id, update: map[string]any{"note": "改"}},
		{label: "invoices (to decide on)", collection: "invoices", only: "lvu", id: asked.Id, update: map[string]any{"note": "改"}},
		{label: "blobs (to decide on)", collection: "blobs", only: "lv", id: paper.Id},
		{
			label: "invoice_checks", collection: "invoice_checks", update: map[string]any{"note": "改"}, create: always(check), id: m.make("invoice_checks", check).Id,
		},
		{
			label: "own_companies", collection: "own_companies", id: m.make("own_companies", map[string]any{"name": "表内公司", "active": false}).Id,
			create: always(map[string]any{"name": "表内新公司"}), update: map[string]any{"aliases": []string{"改"}},
		},
		{label: "invoices (number)", collection: "invoices", only: "u", id: used.Id, update: map[string]any{"number": "25312000000000000004"}},
	}
}

func (m *matrix) syncTargets() []target {
	chen := m.app.As("rep.chen").Id
	rule, err := m.app.FindFirstRecordByData("sync_rules", "name", "visit_templates")
	if err != nil {
		m.t.Fatal(err)
	}
	phone := func(install string) map[string]any { return map[string]any{"user": chen, "install": install} }
	device := m.make("sync_devices", phone("phone-one"))
	issue := map[string]any{
		"user": chen, "manager": m.line["manager"], "dept": m.line["dept"], "device": device.Id, "kind": "rejected", "code": "x", "state": "open",
	}
	made := m.make("sync_issues", issue).Id
	alert := m.make("sync_alerts", map[string]any{"user": chen, "device": device.Id, "kind": "unsynced", "since": "2026-03-10 00:00:00.000Z"})
	proposal := map[string]any{
		"account": m.foreign, "collection": "accounts", "record": m.foreign, "patch": map[string]any{"note": "x"},
		"by": chen, "owner": chen, "manager": m.line["manager"], "dept": m.line["dept"], "state": "open",
	}
	step := map[string]any{"schema": 2, "coll": "x", "seq": 1, "op": "rename", "from": "a", "to": "b"}
	taken := m.make("sync_schema_steps", step).Id
	proposed := m.make("account_change_requests", proposal).Id
	lost := m.make("sync_devices", phone("phone-lost"))
	lost.Set("revoked", true)
	if err := m.app.Save(lost); err != nil {
		m.t.Fatal(err)
	}
	return []target{
		{
			label: "account_change_requests", collection: "account_change_requests", id: proposed,
			create: always(proposal), update: map[string]any{"state": "accepted"},
		},
		{
			label: "sync_rules", collection: "sync_rules", id: rule.Id, update: map[string]any{"priority": 99},
			create: always(map[string]any{"name": "sync_devices", "direction": "down", "keys": []any{map[string]any{"key": "user:{user}"}}}),
		},
		{
			label: "security_changes", collection: "security_changes", id: m.make("security_changes", map[string]any{"kind": "rotate_keys", "reason": "yearly"}).Id,
			create: always(map[string]any{"kind": "replace_keys", "reason": "a copy was stolen"}), update: map[string]any{"reason": "another"},
		},
		{
			label: "sync_schema_steps", collection: "sync_schema_steps", id: taken,
			create: always(step), update: map[string]any{"to": "c"},
		},
		{
			label: "sync_devices", collection: "sync_devices", id: device.Id,
			create: always(phone("phone-two")), update: map[string]any{"revoked": true, "name": "丢了"},
		},
		{
			label: "number_leases", collection: "number_leases",
			id:     m.make("number_leases", map[string]any{"kind": "order", "series": "ABCD", "first": 1, "last": 9, "next": 1, "device": device.Id, "user": m.line["owner"], "state": "returned"}).Id,
			create: always(map[string]any{"kind": "order", "series": "ABCD", "first": 10, "last": 19, "next": 10, "state": "returned"}), update: map[string]any{"next": 5},
		},
		{label: "sync_devices (to another)", collection: "sync_devices", only: "u", id: device.Id, update: map[string]any{"user": m.app.As("rep.he").Id}},
		{label: "sync_devices (back)", collection: "sync_devices", only: "u", id: lost.Id, update: map[string]any{"revoked": false}},
		{label: "sync_devices (figures)", collection: "sync_devices", only: "u", id: device.Id, update: map[string]any{"last_pull": "2026-03-16 00:00:00.000Z"}},
		{
			label: "sync_alerts", collection: "sync_alerts", id: alert.Id,
			create: always(map[string]any{"user": chen, "device": device.Id, "kind": "unpushed", "since": "2026-03-11 00:00:00.000Z"}),
			update: map[string]any{"resolution": "synced"},
		},
		{label: "sync_issues", collection: "sync_issues", id: made, create: always(issue), update: map[string]any{"code": "y"}},
		{label: "sync_issues (state)", collection: "sync_issues", only: "u", id: made, update: map[string]any{"state": "acknowledged"}},
	}
}

// TestContactOfAnotherDepartment: a department manager who claims that an
// account is in his department does not get a contact into it.
func TestContactOfAnotherDepartment(t *testing.T) {
	m := newMatrix(t)
	m.targets()
	for _, column := range []string{"ohead", "nohead"} {
		who := m.people[column]
		dept := ""
		if column == "ohead" {
			dept = m.app.As("market.tang").GetString("department")
		}
		claim := target{collection: "contacts", only: "c", create: always(map[string]any{"account": m.line["account"], "dept": dept, "name": "x"})}
		if got := m.allowed(t, claim, column); got != "-" {
			t.Errorf("%s (%s) may %s", column, who.id, got)
		}
	}
}
