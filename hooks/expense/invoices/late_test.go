package invoices_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/media/documents/papertest"
	"satchel/records"
)

// typedOn is what a phone typed of a paper that waits to be read.
func (w *world) typedOn(who string, v papertest.Invoice, typed map[string]any) *core.Record {
	w.t.Helper()
	row := w.of(w.paper(who, evidence.BlobInvoice, v.XML()))[0]
	row.Set("typed", typed)
	w.must(w.phone(who, row))
	return w.again(row)
}

// policy: R7.5 recheck-before-payment
//
// TestAPaperThatIsReadLate says what was not typed: that a colleague has the invoice, that it
// is over less, or red-letter. Nothing is paid for it then.
func TestAPaperThatIsReadLate(t *testing.T) {
	w := newWorld(t)
	w.must(w.use(w.claim("rep.he", "C-1"), w.scanned("rep.he", invoiceNo(1).QRText()), 65500))
	red := invoiceNo(3)
	red.Total, red.Ex, red.Tax = "-655.00", "-617.92", "-37.08"
	for i, c := range []struct {
		paper papertest.Invoice
		fen   int
		want  string
	}{{invoiceNo(1), 65500, "invoice.duplicate"}, {invoiceNo(2), 95500, "invoice.used_up"}, {red, 65500, "invoice.dead"}} {
		row := w.typedOn("rep.chen", c.paper, map[string]any{"kind": "32", "number": fmt.Sprintf("2631200000999999999%d", i), "issue_date": "2026-03-09", "total_fen": c.fen})
		claim := w.claim("rep.chen", fmt.Sprint("C-", i+2))
		w.must(w.use(claim, row, c.fen))
		w.must(w.recheck(claim))
		w.work()
		if code := w.recheck(claim); code != c.want {
			t.Errorf("%d: %q, want %s", i, code, c.want)
		}
		if state := w.again(row).GetString("paper_state"); state == "pending" {
			t.Errorf("%d: not read", i)
		}
	}
}

// TestARedLetterPaperIsNoInvoice whatever is typed of it.
func TestARedLetterPaperIsNoInvoice(t *testing.T) {
	w := newWorld(t)
	red := invoiceNo(3)
	red.Total, red.Ex, red.Tax = "-655.00", "-617.92", "-37.08"
	row := w.typedOn("rep.chen", red, map[string]any{"kind": "32", "number": red.Number, "total_fen": 65500})
	w.work()
	if code := w.use(w.claim("rep.chen", "C-1"), row, 65500); code != "invoice.dead" {
		t.Errorf("used: %q", code)
	}
}

// TestAVerdictIsOfWhatWasAsked: what its owner types afterwards, or meanwhile, is another
// invoice, of which nobody said anything.
func TestAVerdictIsOfWhatWasAsked(t *testing.T) {
	w := newWorld(t)
	row := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "typed": map[string]any{"kind": "32", "number": invoiceNo(1).Number, "total_fen": 100}})
	w.must(w.phone("rep.chen", row))
	w.must(w.act("finance.zhao", "invoices.check", row, `{"verdict":"valid","note":"平台"}`))
	retype := func(fields map[string]any) {
		t.Helper()
		row = w.again(row)
		row.Set("typed", fields)
		w.must(w.phone("rep.chen", row))
	}
	retype(map[string]any{"kind": "32", "number": invoiceNo(1).Number, "total_fen": 100, "goods": "住宿"})
	w.expect(row, map[string]string{"verify_state": "valid"})
	retype(map[string]any{"kind": "32", "number": invoiceNo(2).Number, "total_fen": 900000})
	w.expect(row, map[string]string{"verify_state": "unverified", "verified_at": ""})

	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		retype(map[string]any{"kind": "32", "number": invoiceNo(3).Number, "total_fen": 900000})
		_, _ = fmt.Fprint(rw, `{"verdict":"valid"}`)
	}))
	defer server.Close()
	w.set("invoice.verify_url", server.URL)
	if err := w.Bound.Invoices.Verify(t.Context(), w.TestApp, records.InvoiceID(row.Id)); err != nil {
		t.Fatal(err)
	}
	w.expect(row, map[string]string{"verify_state": "unverified"})
}

// TestAnAmountBeforeTaxIsAnAmount: above the limit it is verified like any other.
func TestAnAmountBeforeTaxIsAnAmount(t *testing.T) {
	w := newWorld(t)
	w.set("invoice.manual_over_fen", 100000)
	row, c := w.scanned("rep.chen", "01,01,1200154130,03630024,94339.62,20160621,,9335,"), w.claim("rep.chen", "C-1")
	w.must(w.use(c, row, 10000000))
	if code := w.recheck(c); code != "invoice.unverified" {
		t.Errorf("paid unverified: %q", code)
	}
}

// TestNobodyBooksHisOwnRepayment of an invoice that was void.
func TestNobodyBooksHisOwnRepayment(t *testing.T) {
	w := newWorld(t)
	row, c := w.scanned("finance.zhao", invoiceNo(1).QRText()), w.claim("finance.zhao", "C-1")
	w.must(w.use(c, row, 30000))
	w.turn(c, expense.UsePaid, w.Bound.Invoices.Paid)
	if _, err := w.DB().NewQuery("UPDATE invoices SET finding = 'void', repay_fen = 30000").Execute(); err != nil {
		t.Fatal(err)
	}
	if code := w.act("finance.zhao", "invoices.repaid", row, `{"note":"转账"}`); code != "invoice.check_own" {
		t.Errorf("his own: %q", code)
	}
}

// TestANumberThatIsLeftOut the first time: the same day and amount are a doubt.
func TestANumberThatIsLeftOut(t *testing.T) {
	w := newWorld(t)
	first := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "typed": map[string]any{"issue_date": "2026-03-09", "total_fen": 65500, "seller_name": "某酒店"}})
	w.must(w.phone("rep.chen", first))
	w.expectRisks(w.scanned("rep.chen", invoiceNo(1).QRText()), expense.RiskReceiptTwice)
	w.expectRisks(w.scanned("rep.he", invoiceNo(2).QRText()))
}
