package invoices_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/media/papers"
	"satchel/media/papers/papertest"
)

func TestPaperBecomesInvoice(t *testing.T) {
	w := newWorld(t)
	v := invoiceNo(1)
	paper := w.paper("rep.chen", evidence.BlobInvoice, v.PDF(papertest.PDFOptions{Picture: papertest.QR(v.QRText(), 4)}))
	rows := w.of(paper)
	if len(rows) != 1 {
		t.Fatalf("%d rows of the paper", len(rows))
	}
	row := rows[0]
	w.expect(row, map[string]string{"paper_state": "pending", "state": "folder", "owner": w.As("rep.chen").Id, "dept": w.As("rep.chen").GetString("department")})
	w.work()
	w.expect(row, map[string]string{
		"paper_state": "read", "kind": "32", "number": v.Number, "key": "D:" + v.Number, "issue_date": "2026-03-09",
		"amount_ex_fen": "61792", "tax_fen": "3708", "total_fen": "65500", "seller_name": v.Seller, "seller_tax": v.SellerTax,
		"buyer_name": v.Buyer, "buyer_tax": v.BuyerTax, "crc": "ok", "qr_ok": "true", "qr_raw": v.QRText(), "verify_state": "unverified",
		"sha256": paper.GetString("sha256"), "blocked": "", "risk_score": "0", "paper_tries": "1",
	})
	if got := w.again(row).GetString("sources"); !strings.Contains(got, `"number":"pdf"`) || !strings.Contains(got, `"kind":"pdf"`) {
		t.Errorf("sources %s", got)
	}
	w.expectRisks(row)
	w.save(w.again(paper)) // no second row, and no second reading
	w.work()
	if len(w.of(paper)) != 1 {
		t.Error("a second row of the paper")
	}
	w.expect(row, map[string]string{"paper_tries": "1"})
}

// TestPhoneIsNotTrusted: it says what the QR says, and nothing that follows from it.
func TestPhoneIsNotTrusted(t *testing.T) {
	w := newWorld(t)
	chen, v := w.As("rep.chen").Id, invoiceNo(1)
	for name, c := range map[string]struct {
		fields map[string]any
		code   string
	}{
		"a number of its own":   {map[string]any{"number": "26312000000000000009"}, "field.locked"},
		"a total of its own":    {map[string]any{"total_fen": 1}, "field.locked"},
		"a good checksum":       {map[string]any{"crc": "ok"}, "field.locked"},
		"read already":          {map[string]any{"paper_state": "read"}, "field.locked"},
		"no risk":               {map[string]any{"risk": []any{map[string]any{"code": "x"}}}, "field.locked"},
		"used":                  {map[string]any{"state": "used"}, "field.locked"},
		"for another":           {map[string]any{"owner": w.As("rep.he").Id}, "invoice.not_owner"},
		"typed nonsense":        {map[string]any{"typed": map[string]any{"total_fen": "5"}}, "field.type"},
		"typed fractions":       {map[string]any{"typed": map[string]any{"total_fen": 5.5}}, "field.type"},
		"typed unknown field":   {map[string]any{"typed": map[string]any{"verify_state": "valid"}}, "field.type"},
		"another person's blob": {map[string]any{"blob": w.paper("rep.he", evidence.BlobInvoice, v.XML()).Id}, "invoice.blob"},
		"a contract":            {map[string]any{"blob": w.paper("rep.chen", evidence.BlobContract, v.XML()).Id}, "invoice.blob"},
		"red letter":            {map[string]any{"qr_raw": strings.Replace(v.QRText(), "655.00", "-655.00", 1)}, "invoice.red_letter"},
		"typed red letter":      {map[string]any{"typed": map[string]any{"total_fen": -5}}, "invoice.red_letter"},
	} {
		record := w.fresh("invoices", map[string]any{"owner": chen, "qr_raw": v.QRText()})
		record.Load(c.fields)
		if code := w.phone("rep.chen", record); code != c.code {
			t.Errorf("%s: %q, want %q", name, code, c.code)
		}
	}
	if code := w.phone("rep.chen", w.fresh("invoices", map[string]any{"owner": chen})); code != "invoice.empty" {
		t.Errorf("nothing at all: %q", code)
	}
	row := w.scanned("rep.chen", v.QRText())
	w.expect(row, map[string]string{"number": v.Number, "total_fen": "65500", "crc": "ok", "kind": "32", "paper_state": ""})
	lie := w.scanned("rep.chen", strings.Replace(invoiceNo(2).QRText(), "655.00", "955.00", 1))
	w.expect(lie, map[string]string{"crc": "bad", "total_fen": "95500"})
	w.expectRisks(lie, expense.RiskInvoiceCRC)
	other := w.scanned("rep.chen", "https://qr.alipay.example/fkx1")
	w.expect(other, map[string]string{"qr_ok": "false", "key": "", "number": ""})
}

// TestOwnerTypes what no source tells, and is contradicted where one does.
func TestOwnerTypes(t *testing.T) {
	w := newWorld(t)
	v := invoiceNo(1)
	row := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "typed": map[string]any{"code": "4200161350", "number": "00015045", "total_fen": 11100, "issue_date": "2026-03-01"}})
	if code := w.phone("rep.chen", row); code != "" {
		t.Fatal(code)
	}
	w.expect(row, map[string]string{"key": "C:4200161350:00015045", "total_fen": "11100"})
	scanned := w.scanned("rep.chen", v.QRText())
	scanned = w.again(scanned)
	scanned.Set("typed", map[string]any{"total_fen": 60000, "seller_name": "某酒店"})
	if code := w.phone("rep.chen", scanned); code != "" {
		t.Fatal(code)
	}
	w.expect(scanned, map[string]string{"total_fen": "65500", "seller_name": "某酒店"})
	w.expectRisks(scanned, expense.RiskInvoiceConflict)
	scanned = w.again(scanned)
	scanned.Set("qr_raw", invoiceNo(2).QRText())
	if code := w.phone("rep.chen", scanned); code != "field.locked" {
		t.Errorf("another QR: %q", code)
	}
	if code := w.phone("rep.he", w.again(scanned)); code != "invoice.not_owner" {
		t.Errorf("another person: %q", code)
	}
}

// TestSourcesMeet: the phone's QR first, then the paper, which says otherwise.
func TestSourcesMeet(t *testing.T) {
	w := newWorld(t)
	v, printed := invoiceNo(1), invoiceNo(1)
	printed.Total, printed.Ex = "855.00", "817.92"
	data := printed.PDF(papertest.PDFOptions{})
	paper := w.fresh("blobs", map[string]any{"owner": w.As("rep.chen").Id, "sha256": strings.Repeat("a", 64), "size": 1, "mime": "application/pdf", "purpose": "invoice", "state": "pending"})
	w.save(paper)
	row := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "qr_raw": v.QRText(), "blob": paper.Id})
	if code := w.phone("rep.chen", row); code != "" {
		t.Fatal(code)
	}
	w.expect(row, map[string]string{"paper_state": "", "total_fen": "65500"})
	w.store(paper, data)
	if rows := w.of(paper); len(rows) != 1 || rows[0].Id != row.Id {
		t.Fatalf("%d rows of the paper", len(rows))
	}
	w.expect(row, map[string]string{"paper_state": "pending"})
	w.work()
	w.expect(row, map[string]string{"paper_state": "read", "total_fen": "85500", "seller_name": v.Seller, "crc": "ok"})
	w.expectRisks(row, expense.RiskInvoiceConflict)
}

// TestPapersThatTellNothing stay in the folder, to be typed.
func TestPapersThatTellNothing(t *testing.T) {
	w := newWorld(t)
	red := invoiceNo(3)
	red.Total, red.Ex, red.Tax = "-655.00", "-617.92", "-37.08"
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"a picture of nothing": {papertest.JPEG(papertest.Page(400, 500, 0, 2), 80), "paper.nothing"},
		"a damaged PDF":        {[]byte("%PDF-1.4 hello"), "paper.damaged"},
		"a bomb":               {[]byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`), "paper.doctype"},
		"no paper":             {[]byte("hello"), "paper.type_refused"},
		"a red-letter invoice": {red.XML(), "invoice.red_letter"},
	} {
		paper := w.paper("rep.chen", evidence.BlobReceipt, c.data)
		w.work()
		row := w.of(paper)[0]
		w.expect(row, map[string]string{"paper_state": "unreadable", "paper_code": c.code, "key": ""})
		if text := (domain.Problem{Code: c.code}).Text("zh"); text == c.code {
			t.Errorf("%s: %s has no text", name, c.code)
		}
	}
}

// TestReadingEnds although it kills the server, and goes on after what is not the paper's fault.
func TestReadingEnds(t *testing.T) {
	var fail error
	w := newWorld(t, func(c *hooks.Config) {
		c.Invoices.Read = func(ctx context.Context, path string, opts papers.Options) (papers.Paper, error) {
			if fail != nil {
				return papers.Paper{}, fail
			}
			return papers.Paper{Type: "image/jpeg", QR: []string{invoiceNo(1).QRText()}}, nil
		}
	})
	paper := w.paper("rep.chen", evidence.BlobInvoice, []byte("x"))
	row := w.of(paper)[0]
	fail = errors.New("storage is away")
	w.work()
	w.expect(row, map[string]string{"paper_state": "pending", "paper_tries": "1"})
	w.work() // its time has not come
	w.expect(row, map[string]string{"paper_tries": "1"})
	fail = nil
	w.Clock.Advance(11e9)
	w.work()
	w.expect(row, map[string]string{"paper_state": "read", "paper_tries": "2"})

	deadly := w.of(w.paper("rep.chen", evidence.BlobInvoice, []byte("y")))[0]
	if _, err := w.NonconcurrentDB().NewQuery("UPDATE invoices SET paper_tries = 3 WHERE id = '" + deadly.Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	w.work()
	w.expect(deadly, map[string]string{"paper_state": "unreadable", "paper_code": "paper.failed"})
}

// TestSeveralInvoicesOnOnePicture become rows of their own.
func TestSeveralInvoicesOnOnePicture(t *testing.T) {
	w := newWorld(t)
	page := papertest.Page(900, 1200, 260, 3, invoiceNo(1).QRText(), invoiceNo(5).QRText())
	paper := w.paper("rep.chen", evidence.BlobInvoice, papertest.JPEG(page, 85))
	w.work()
	keys := map[string]bool{}
	for _, row := range w.of(paper) {
		keys[row.GetString("key")] = true
		w.expect(row, map[string]string{"paper_state": "read", "blocked": ""})
	}
	if len(keys) != 2 || !keys["D:"+invoiceNo(1).Number] || !keys["D:"+invoiceNo(5).Number] {
		t.Errorf("keys %v", keys)
	}
}

type fakeOCR struct{ text string }

func (fakeOCR) Available() bool                                { return true }
func (f fakeOCR) Text(context.Context, string) (string, error) { return f.text, nil }

// TestOCRIsOffUnlessWanted.
func TestOCRIsOffUnlessWanted(t *testing.T) {
	v := invoiceNo(1)
	w := newWorld(t, func(c *hooks.Config) {
		c.Invoices.OCR = fakeOCR{"电子发票(普通发票)\n发票号码: " + v.Number + "\n开票日期: 2026年03月09日\n价税合计 (小写) ¥655.00"}
	})
	off := w.paper("rep.chen", evidence.BlobInvoice, papertest.JPEG(papertest.Page(400, 500, 0, 2), 80))
	w.work()
	w.expect(w.of(off)[0], map[string]string{"paper_state": "unreadable"})
	w.save(w.fresh("settings", map[string]any{"key": "media.ocr", "value": 1}))
	on := w.paper("rep.chen", evidence.BlobInvoice, papertest.JPEG(papertest.Page(400, 500, 0, 3), 80))
	w.work()
	row := w.of(on)[0]
	w.expect(row, map[string]string{"paper_state": "read", "number": v.Number, "total_fen": "65500", "kind": "32"})
	if got := w.again(row).GetString("sources"); !strings.Contains(got, `"number":"ocr"`) {
		t.Errorf("sources %s", got)
	}
}

// TestReleaseAndRestore are the owner's.
func TestReleaseAndRestore(t *testing.T) {
	w := newWorld(t)
	row := w.scanned("rep.chen", invoiceNo(1).QRText())
	act := func(who, action string) string {
		t.Helper()
		run := w.Bound.Actions["invoices."+action]
		err := run(gate.With(context.Background(), gate.Actor{User: w.As(who)}), w.TestApp, w.again(row), nil)
		p, _, _ := gate.ProblemOf(err)
		return p.Code
	}
	if code := act("rep.he", "release"); code != "invoice.not_owner" {
		t.Errorf("another person: %q", code)
	}
	if code := act("rep.chen", "release"); code != "" {
		t.Error(code)
	}
	second := w.scanned("rep.chen", invoiceNo(1).QRText()) // the key is free
	w.expectRisks(second)
	if code := act("rep.chen", "restore"); code != "" {
		t.Error(code)
	}
	w.expect(row, map[string]string{"state": "folder", "duplicate_of": second.Id, "blocked": "invoice.own_twice"})
}
