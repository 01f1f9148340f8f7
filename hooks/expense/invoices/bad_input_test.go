package invoices_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/media/documents"
	"satchel/media/documents/papertest"
	"satchel/records"
)

// TestBadInputOfInvoices: what is typed or scanned badly is refused by a code that both
// languages have a text for, or read as it was meant.
func TestBadInputOfInvoices(t *testing.T) {
	w := newWorld(t)
	typed := func(field string, value any) map[string]any {
		return map[string]any{"typed": map[string]any{"number": invoiceNo(7).Number, "seller_name": "江南酒家", field: value}}
	}
	for name, c := range map[string]struct {
		fields map[string]any
		code   string
		reads  map[string]string
	}{
		"two days at once":      {typed("issue_date", "3/4/2026"), "invoice.typed_invalid", nil},
		"no day of a month":     {typed("issue_date", "2026-02-30"), "invoice.typed_invalid", nil},
		"a day long ago":        {typed("issue_date", "0001-01-01"), "invoice.typed_invalid", nil},
		"a word":                {typed("issue_date", "昨天"), "invoice.typed_invalid", nil},
		"day first":             {typed("issue_date", "16.3.2026"), "", map[string]string{"issue_date": "2026-03-16"}},
		"month first":           {typed("issue_date", "3/16/2026"), "", map[string]string{"issue_date": "2026-03-16"}},
		"in Chinese, wide":      {typed("issue_date", "２０２６年３月１６日"), "", map[string]string{"issue_date": "2026-03-16"}},
		"a wide number":         {typed("number", "２６３１２０００００００００００００８８"), "", map[string]string{"number": "26312000000000000088"}},
		"a number with letters": {typed("number", "2631-A"), "invoice.typed_invalid", nil},
		"an endless number":     {typed("number", strings.Repeat("1", 21)), "invoice.typed_invalid", nil},
		"more than there is":    {typed("total_fen", 999_999_999_999_999), "invoice.typed_invalid", nil},
		"out of all bounds":     {typed("total_fen", 1e30), "field.type", nil},
		"less than nothing":     {typed("total_fen", -1), "invoice.red_letter", nil},
		"an amount in words":    {typed("total_fen", "一百元"), "field.type", nil},
		"a QR of nonsense":      {map[string]any{"qr_raw": "01,,,,,,\x00\xff"}, "", map[string]string{"qr_ok": "false", "number": ""}},
		"a negative QR":         {map[string]any{"qr_raw": strings.Replace(invoiceNo(1).QRText(), "655.00", "-655.00", 1)}, "invoice.red_letter", nil},
		"a QR of no day":        {map[string]any{"qr_raw": strings.Replace(invoiceNo(1).QRText(), "20260309", "20261309", 1)}, "", map[string]string{"qr_ok": "false"}},
	} {
		record := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id})
		record.Load(c.fields)
		err := w.SaveWithContext(gate.With(t.Context(), gate.Actor{User: w.As("rep.chen")}), record)
		p, _, _ := gate.ProblemOf(err)
		if p.Code != c.code || err != nil && p.Code == "" {
			t.Errorf("%s: %v, want %q", name, err, c.code)
			continue
		}
		if p.Code != "" && (p.Text("zh") == "" || p.Text("en") == "" || p.Text("zh") == p.Text("en") || strings.Contains(p.Text("zh")+p.Text("en"), "{")) {
			t.Errorf("%s: %q, %q", name, p.Text("zh"), p.Text("en"))
		}
		if err == nil {
			w.expect(record, c.reads)
			if _, err := w.DB().NewQuery("DELETE FROM invoices").Execute(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestMalformedPapers become rows that say by code why nothing was read, keep their file,
// and are typed by hand.
func TestMalformedPapers(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"no paper at all": {[]byte("hello"), documents.CodeType},
		"half a PDF":      {invoiceNo(1).PDF(papertest.PDFOptions{})[:200], documents.CodeDamaged},
		"half an XML":     {invoiceNo(1).XML()[:300], documents.CodeDamaged},
		"a document type": {[]byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`), documents.CodeDoctype},
	} {
		paper := w.paper("rep.chen", evidence.BlobInvoice, c.data)
		w.work()
		row := w.of(paper)[0]
		w.expect(row, map[string]string{"paper_state": "unreadable", "paper_code": c.code})
		w.expect(paper, map[string]string{"state": evidence.BlobStored})
		row = w.again(row)
		row.Set("typed", map[string]any{"total_fen": 100, "issue_date": "2026-03-09", "seller_name": name})
		w.must(w.phone("rep.chen", row))
		w.expect(row, map[string]string{"total_fen": "100"})
	}
}

// TestTheSamePhotoThreeTimes: none of the three is paid while the others are there, each
// says so, and the last that is left is.
func TestTheSamePhotoThreeTimes(t *testing.T) {
	w := newWorld(t)
	data := papertest.JPEG(papertest.Page(400, 500, 0, 2), 80)
	var rows []*core.Record
	for range 3 {
		row := w.of(w.paper("rep.chen", evidence.BlobReceipt, data))[0]
		rows = append(rows, row)
	}
	w.work()
	for _, row := range rows {
		row = w.again(row)
		row.Set("typed", map[string]any{"total_fen": 1_000, "issue_date": "2026-03-09"})
		w.must(w.phone("rep.chen", row))
	}
	c := w.claim("rep.chen", "C-1")
	for _, row := range rows {
		if code := w.use(c, row, 100); code != "invoice.same_file" {
			t.Errorf("used: %q", code)
		}
	}
	for _, row := range rows[1:] {
		w.must(w.act("rep.chen", "invoices.release", row, ""))
	}
	w.must(w.use(c, rows[0], 100))
}

// TestNoAddressOfAQRIsFetched, whatever a paper says.
func TestNoAddressOfAQRIsFetched(t *testing.T) {
	w := newWorld(t)
	asked := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an address of a QR was fetched") }))
	defer asked.Close()
	address := asked.URL + "/?fpdm=050003523456&fphm=29342181&kprq=20260309&kjje=104.72&jym=8427008427"
	row := w.scanned("rep.chen", address)
	paper := w.paper("rep.chen", evidence.BlobInvoice, papertest.JPEG(papertest.Page(900, 1200, 260, 1, address), 80))
	w.work()
	for _, r := range append(w.of(paper), row) {
		if w.again(r).GetString("state") != expense.InvoiceFolder {
			t.Error("it is not in the folder")
		}
	}
	if err := w.Bound.Invoices.Verify(t.Context(), w.TestApp, records.InvoiceID(row.Id)); err != nil {
		t.Fatal(err)
	}
}
