package invoices_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/media/documents/papertest"
	"satchel/records"
)

// become changes a state as the claims do.
func (w *world) become(record *core.Record, state string) string {
	w.t.Helper()
	record = w.again(record)
	record.Set("state", state)
	err := w.SaveWithContext(gate.AsServer(context.Background()), record)
	p, _, _ := gate.ProblemOf(err)
	if err != nil && p.Code == "" {
		w.t.Fatal(err)
	}
	return p.Code
}

// TestFirstToHandInHasTheInvoice: both are warned while it lies in two folders.
func TestFirstToHandInHasTheInvoice(t *testing.T) {
	w := newWorld(t)
	qr := invoiceNo(1).QRText()
	chen := w.scanned("rep.chen", qr)
	w.expectRisks(chen)
	he := w.scanned("rep.he", qr)
	w.expectRisks(he, expense.RiskInvoiceFolders)
	w.expectRisks(chen, expense.RiskInvoiceFolders)
	for _, r := range []*core.Record{chen, he} { // neither learns of the other
		if text := w.again(r).GetString("risk"); strings.Contains(text, w.As("rep.chen").Id) || strings.Contains(text, w.As("rep.he").Id) || strings.Contains(text, "invoice\":\"") {
			t.Errorf("risk tells of another person: %s", text)
		}
	}
	if code := w.become(chen, expense.InvoiceUsed); code != "" {
		t.Fatal(code)
	}
	w.expectRisks(he, expense.RiskInvoiceElsewhere)
	w.expect(he, map[string]string{"blocked": "invoice.duplicate"})
	if code := w.become(he, expense.InvoiceUsed); code != "invoice.duplicate" {
		t.Errorf("used twice: %q", code)
	}
	record := w.again(chen)
	record.Set("note", "x")
	if code := w.phone("rep.chen", record); code != "invoice.locked" {
		t.Errorf("changed after it was handed in: %q", code)
	}
	if code := w.become(chen, expense.InvoiceReleased); code != "" {
		t.Fatal(code)
	}
	w.expectRisks(he)
	if code := w.become(he, expense.InvoiceUsed); code != "" {
		t.Errorf("the key was freed: %q", code)
	}
	if code := w.become(he, expense.InvoiceReimbursed); code != "" {
		t.Error(code)
	}
	if code := w.become(he, expense.InvoiceFolder); code != "invoice.state" {
		t.Errorf("back from paid: %q", code)
	}
}

// TestOneOwnTwice: the second points to the first, whatever it was made of.
func TestOneOwnTwice(t *testing.T) {
	w := newWorld(t)
	v := invoiceNo(1)
	first := w.scanned("rep.chen", v.QRText())
	paper := w.paper("rep.chen", evidence.BlobInvoice, v.XML())
	w.work()
	second := w.of(paper)[0]
	w.expect(second, map[string]string{"duplicate_of": first.Id, "blocked": "invoice.own_twice", "paper_state": "read"})
	w.expect(first, map[string]string{"duplicate_of": "", "blocked": ""})
	if code := w.become(second, expense.InvoiceUsed); code != "invoice.own_twice" {
		t.Errorf("used: %q", code)
	}
	if code := w.become(first, expense.InvoiceReleased); code != "" {
		t.Fatal(code)
	}
	w.expect(second, map[string]string{"duplicate_of": "", "blocked": ""})
}

// TestSameFileTwice, also where nothing in it is readable.
func TestSameFileTwice(t *testing.T) {
	w := newWorld(t)
	data := papertest.JPEG(papertest.Page(400, 500, 0, 2), 80)
	chen := w.of(w.paper("rep.chen", evidence.BlobReceipt, data))[0]
	he := w.of(w.paper("rep.he", evidence.BlobReceipt, data))[0]
	w.work()
	w.expectRisks(chen, expense.RiskInvoiceFile)
	if code := w.become(he, expense.InvoiceUsed); code != "" {
		t.Fatal(code)
	}
	w.expect(chen, map[string]string{"blocked": "invoice.same_file"})
	if code := w.become(chen, expense.InvoiceUsed); code != "invoice.same_file" {
		t.Errorf("used: %q", code)
	}
}

// TestLookalikes: a photo that looks like the paper of another invoice.
func TestLookalikes(t *testing.T) {
	w := newWorld(t)
	with := func(who string, n int, phash string) *core.Record {
		paper := w.fresh("blobs", map[string]any{
			"owner": w.As(who).Id, "sha256": strings.Repeat(string(rune('a'+n)), 64), "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending", "phash": phash,
		})
		w.save(paper)
		v := invoiceNo(n * 10)
		v.Day = fmt.Sprintf("2026-03-%02d", n)
		v.CRC = expense.InvoiceCRC(strings.Split(v.QRText(), ","))
		row := w.fresh("invoices", map[string]any{"owner": w.As(who).Id, "qr_raw": v.QRText(), "blob": paper.Id, "typed": map[string]any{"seller_name": who}})
		if code := w.phone(who, row); code != "" {
			t.Fatal(code)
		}
		return row
	}
	alike := func(a, b *core.Record) {
		t.Helper()
		w.save(w.fresh("photo_matches", map[string]any{"blob": a.GetString("blob"), "other": b.GetString("blob"), "kind": "similar", "distance": 10}))
	}
	first, second, third := with("rep.he", 1, "ffffffffffffffff"), with("rep.chen", 2, "fffffffffffffc00"), with("rep.ma", 3, "00000000ffffffff")
	w.expectRisks(second)
	alike(second, first) // photos are compared when their bytes have come
	w.expectRisks(second, expense.RiskInvoiceImage)
	w.expectRisks(first, expense.RiskInvoiceImage)
	alike(third, first)
	w.expectRisks(third)
	if text := w.again(first).GetString("risk"); strings.Contains(text, second.Id) {
		t.Errorf("it names another's: %s", text)
	}

	other := with("rep.cao", 4, "ffffffffffffffff")
	other.Set("qr_raw", "")
	other = w.fresh("invoices", map[string]any{"owner": w.As("rep.cao").Id, "blob": other.GetString("blob"), "typed": map[string]any{
		"number": invoiceNo(99).Number, "issue_date": "2026-03-05", "total_fen": 12_300, "seller_name": "别家",
	}})
	w.must(w.phone("rep.cao", other))
	alike(other, first)
	w.expectRisks(other) // of one layout, and nothing else in common
	w.save(w.fresh("settings", map[string]any{"key": "risk." + expense.RiskInvoiceImage, "value": 0}))
	alike(second, third)
	w.expectRisks(second)
}

// TestListsOfGoods: what is issued for goods in general has its list beside it, of one's
// own; the list is no invoice, and is shown with it.
func TestListsOfGoods(t *testing.T) {
	w := newWorld(t)
	paper := w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(1).XML())
	w.work()
	row := w.of(paper)[0]
	w.expect(row, map[string]string{"goods": "*住宿服务*住宿费"})
	list := w.fresh("blobs", map[string]any{"owner": w.As("rep.chen").Id, "sha256": strings.Repeat("c", 64), "size": 1, "mime": "image/jpeg", "purpose": evidence.BlobReceipt, "state": "pending"})
	w.save(list)
	row.Set("goods_list", w.paper("rep.he", evidence.BlobReceipt, []byte("x")).Id)
	if code := w.phone("rep.chen", row); code != "invoice.blob" {
		t.Errorf("another's list: %q", code)
	}
	row = w.again(row)
	row.Set("goods_list", list.Id)
	w.must(w.phone("rep.chen", row))
	list = w.store(list, papertest.JPEG(papertest.Page(400, 500, 0, 2), 80))
	if rows := w.of(list); len(rows) != 0 {
		t.Error("the list became an invoice")
	}
	c := w.claim("rep.chen", "C-1")
	c.Set("reviewers", []string{w.As("manager.wu").Id})
	w.save(c.Record)
	w.must(w.use(c, row, 100))
	if got := w.again(list).GetStringSlice("reviewers"); !slices.Contains(got, w.As("manager.wu").Id) {
		t.Error("its approver does not see the list")
	}
	named, err := w.Bound.Invoices.Named(w.TestApp, records.ExpenseClaimID(c.Id))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := w.Bound.Invoices.Facts(w.TestApp, records.ExpenseClaimID(c.Id), named)
	if f := facts[records.InvoiceID(row.Id)]; err != nil || !f.GoodsList || f.Goods == "" {
		t.Errorf("rules see %+v %v", f, err)
	}
}

// TestNeighbours: same seller, amount and day; and numbers that follow each other.
func TestNeighbours(t *testing.T) {
	w := newWorld(t)
	row := func(who string, n int, day string) *core.Record {
		v := invoiceNo(n)
		v.Day = day
		record := w.fresh("invoices", map[string]any{"owner": w.As(who).Id, "typed": map[string]any{
			"number": v.Number, "issue_date": day, "total_fen": 10000, "seller_tax": v.SellerTax, "seller_name": v.Seller,
		}})
		if code := w.phone(who, record); code != "" {
			t.Fatal(code)
		}
		return record
	}
	row("rep.chen", 7, "2026-03-09")
	w.expectRisks(row("rep.chen", 8, "2026-02-09"), expense.RiskInvoiceRun)
	w.expectRisks(row("rep.he", 20, "2026-03-09"), expense.RiskInvoiceSplit)
	w.expectRisks(row("rep.ma", 30, "2026-03-08"))
}

// TestPointsAreSettings.
func TestPointsAreSettings(t *testing.T) {
	w := newWorld(t)
	w.save(w.fresh("settings", map[string]any{"key": "risk." + expense.RiskInvoiceCRC, "value": 3}))
	row := w.scanned("rep.chen", strings.Replace(invoiceNo(2).QRText(), "655.00", "955.00", 1))
	w.expect(row, map[string]string{"risk_score": "3"})
}
