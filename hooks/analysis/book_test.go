package analysis_test

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/analysis"
	"satchel/domain/sales"
)

// sold is a line of a document as somebody writes it into a book of his own, who
// knows nothing of facts.
type sold struct {
	kind, doc, line                                 string
	day, owner, manager, dept, account              string
	tier, region, product, category, promotion      string
	base, amount, tax, cost, uncosted, rebate, paid int64
}

// key is what a line is by a dimension.
func (s sold) key(d analysis.Dimension) string {
	switch d {
	case analysis.Person:
		return s.owner
	case analysis.Team:
		return s.manager
	case analysis.Department:
		return s.dept
	case analysis.Account:
		return s.account
	case analysis.Tier:
		return s.tier
	case analysis.Region:
		return s.region
	case analysis.Product:
		return s.product
	case analysis.Category:
		return s.category
	case analysis.Promotion:
		return s.promotion
	default:
		return analysis.Calendric(d, s.day)
	}
}

// noteDelivery reads a delivery's lines, as plain SQL over the documents.
func (d *trade) noteDelivery(head *core.Record) {
	d.note("delivery", head, `SELECT l.line, o.product, o.promotion, SUM(l.accepted_milli * o.base_milli / o.qty_milli) AS base, SUM(l.amount_fen) AS amount, SUM(l.tax_fen) AS tax
		FROM delivery_lines l JOIN order_lines o ON o.id = l.line WHERE l.delivery = {:id} AND l.accepted_milli > 0 GROUP BY l.line`)
}

func (d *trade) noteReturn(back *core.Record) {
	d.note("return", back, `SELECT l.line, o.product, o.promotion, SUM(l.qty_milli * o.base_milli / o.qty_milli) AS base, SUM(l.amount_fen) AS amount, SUM(l.tax_fen) AS tax
		FROM return_lines l JOIN order_lines o ON o.id = l.line WHERE l.return_doc = {:id} GROUP BY l.line`)
}

func (d *trade) note(kind string, doc *core.Record, lines string) {
	d.t.Helper()
	var rows []struct {
		Line, Product, Promotion string
		Base, Amount, Tax        int64
	}
	if err := d.DB().NewQuery(lines).Bind(dbx.Params{"id": doc.Id}).All(&rows); err != nil {
		d.t.Fatal(err)
	}
	doc = d.Fresh(doc)
	account := d.Row("accounts", doc.GetString("account"))
	for _, r := range rows {
		d.book = append(d.book, sold{
			kind: kind, doc: doc.Id, line: r.Line, day: d.today(),
			owner: doc.GetString("owner"), manager: doc.GetString("manager"), dept: doc.GetString("dept"), account: account.Id,
			tier: account.GetString("tier"), region: account.GetString("region"), product: r.Product,
			category: d.Row("products", r.Product).GetString("category"), promotion: r.Promotion, base: r.Base, amount: r.Amount, tax: r.Tax,
		})
	}
}

// of is a line without goods, of who holds an account.
func (d *trade) of(kind, doc, day, id string) sold {
	a := d.Row("accounts", id)
	return sold{
		kind: kind, doc: doc, day: day, owner: a.GetString("owner"), manager: a.GetString("manager"), dept: a.GetString("dept"),
		account: id, tier: a.GetString("tier"), region: a.GetString("region"),
	}
}

func (d *trade) noteReceipt(receipt *core.Record, kind string) {
	line := d.of("receipt", receipt.Id, receipt.GetString("received_on"), receipt.GetString("account"))
	line.paid = int64(receipt.GetInt("amount_fen"))
	if kind == "reversal" { // from whom it was collected by
		i := slices.IndexFunc(d.book, func(s sold) bool { return s.doc == receipt.Id })
		line = d.book[i]
		line.day, line.paid = d.today(), -line.paid
	}
	d.book = append(d.book, line)
}

// noteRebates writes down by how much each rebate is another.
func (d *trade) noteRebates() {
	d.t.Helper()
	var rows []struct {
		ID      string `db:"id"`
		Account string `db:"account"`
		Period  string `db:"period"`
		From    string `db:"valid_from"`
		To      string `db:"valid_to"`
		Fen     int    `db:"accrued_fen"`
	}
	err := d.DB().NewQuery(`SELECT r.id, r.account, r.period, t.valid_from, t.valid_to, r.accrued_fen FROM rebate_accruals r JOIN rebate_terms t ON t.id = r.term
		ORDER BY r.id`).All(&rows)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		if more := row.Fen - d.accrued[row.ID]; more != 0 {
			days := sales.RebateWithin(row.Period, row.From, row.To)
			line := d.of("rebate", row.ID, max(days.From, min(days.To, d.noted)), row.Account)
			line.rebate = int64(more)
			d.book = append(d.book, line)
			d.accrued[row.ID] = row.Fen
		}
	}
}

// costed is the book with what everything cost, as it is known now: of a delivery
// what was in force on its day, of a return its part of all that was delivered.
func (d *trade) costed() []sold {
	d.t.Helper()
	book := slices.Clone(d.book)
	type sum struct{ base, cost, unknown, back int64 }
	lines := map[string]*sum{}
	for i := range book {
		s := &book[i]
		if s.line == "" {
			continue
		}
		if lines[s.line] == nil {
			lines[s.line] = &sum{}
		}
		of := lines[s.line]
		if s.kind == "return" {
			of.back -= s.base
			upTo := (2*of.cost*of.back + of.base) / (2 * of.base)
			// What was counted before is counted of the same deliveries.
			before := (2*of.cost*(of.back+s.base) + of.base) / (2 * of.base)
			s.cost = before - upTo
			s.uncosted = min(of.unknown, 1)
			continue
		}
		var fen []int64
		err := d.DB().NewQuery("SELECT cost_fen FROM product_costs WHERE product = {:p} AND from_date <= {:d} ORDER BY from_date DESC LIMIT 1").
			Bind(dbx.Params{"p": s.product, "d": s.day}).Column(&fen)
		if err != nil {
			d.t.Fatal(err)
		}
		if len(fen) == 0 {
			s.uncosted = 1
			of.unknown++
		} else {
			s.cost = (s.base*fen[0] + 500) / 1000
		}
		of.base += s.base
		of.cost += s.cost
	}
	return book
}
