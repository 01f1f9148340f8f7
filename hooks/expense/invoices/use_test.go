package invoices_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/media/documents/papertest"
	"satchel/records"
)

// claimed is a claim of somebody's with one line, for which invoices are used.
type claimed struct {
	*core.Record
	line *core.Record
}

func (w *world) claim(who, no string) *claimed {
	w.t.Helper()
	category, err := w.FindFirstRecordByData("expense_categories", "code", "T-INV")
	if err != nil {
		category = w.fresh("expense_categories", map[string]any{"code": "T-INV", "name_zh": "试", "active": true})
		w.save(category)
	}
	claim := w.fresh("expense_claims", map[string]any{"owner": w.As(who).Id, "no": no, "title": "试", "period": "2026-03", "payee_kind": "employee", "state": "submitted"})
	w.save(claim)
	line := w.fresh("expense_lines", map[string]any{"claim": claim.Id, "owner": claim.GetString("owner"), "category": category.Id, "day": "2026-03-09", "amount_fen": 1})
	w.save(line)
	return &claimed{Record: claim, line: line}
}

// use hands in an invoice with a claim, as claims do.
func (w *world) use(c *claimed, invoice *core.Record, fen int) string {
	w.t.Helper()
	w.photographed(invoice)
	return w.asItIs(c, invoice, fen)
}

// photographed gives an invoice a paper that told nothing, if it has none.
func (w *world) photographed(invoice *core.Record) {
	w.t.Helper()
	if w.again(invoice).GetString("blob") != "" {
		return
	}
	sum := sha256.Sum256([]byte(invoice.Id))
	paper := w.fresh("blobs", map[string]any{
		"owner": invoice.GetString("owner"), "sha256": hex.EncodeToString(sum[:]), "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending",
	})
	w.save(paper)
	of := dbx.Params{"id": invoice.Id, "blob": paper.Id}
	if _, err := w.DB().NewQuery("UPDATE invoices SET blob = {:blob}, paper_state = 'unreadable' WHERE id = {:id}").Bind(of).Execute(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) asItIs(c *claimed, invoice *core.Record, fen int) string {
	w.t.Helper()
	return w.refusal(func(ctx context.Context, tx core.App) error {
		use := w.fresh("expense_uses", map[string]any{"claim": c.Id, "owner": c.GetString("owner"), "line": c.line.Id, "invoice": invoice.Id, "amount_fen": fen, "state": expense.UseActive})
		if err := tx.SaveWithContext(ctx, use); err != nil {
			return err
		}
		claim := records.ExpenseClaims.Of(c.Record)
		named, err := w.Bound.Invoices.Named(tx, claim.ID())
		if err != nil {
			return err
		}
		return w.Bound.Invoices.Use(ctx, tx, claim, named, []expense.Use{{ID: use.Id, Line: c.line.Id, Invoice: invoice.Id, Fen: fen}})
	})
}

func (w *world) refusal(run func(context.Context, core.App) error) string {
	w.t.Helper()
	err := w.RunInTransaction(func(tx core.App) error { return run(gate.AsServer(context.Background()), tx) })
	p, _, refused := gate.ProblemOf(err)
	if err != nil && !refused {
		w.t.Fatal(err)
	}
	return p.Code
}

// become marks the uses of a claim and tells invoices.
func (w *world) turn(c *claimed, state string, tell func(context.Context, core.App, records.ExpenseClaim) error) {
	w.t.Helper()
	code := w.refusal(func(ctx context.Context, tx core.App) error {
		if _, err := tx.DB().NewQuery("UPDATE expense_uses SET state = {:s} WHERE claim = {:c}").Bind(dbx.Params{"s": state, "c": c.Id}).Execute(); err != nil {
			return err
		}
		return tell(ctx, tx, records.ExpenseClaims.Of(c.Record))
	})
	if code != "" {
		w.t.Fatal(code)
	}
}

func (w *world) must(code string) {
	w.t.Helper()
	if code != "" {
		w.t.Fatalf("refused: %s", code)
	}
}

// TestHExp3: an invoice is in one claim, until that comes to nothing; paid for, it is
// nobody's any more.
//
// policy: R7.3 H-EXP-3
func TestHExp3(t *testing.T) {
	w := newWorld(t)
	mine, his := w.scanned("rep.chen", invoiceNo(1).QRText()), w.scanned("rep.he", invoiceNo(1).QRText())
	c, h := w.claim("rep.chen", "C-1"), w.claim("rep.he", "C-2")
	if code := w.use(c, his, 1); code != "invoice.not_owner" {
		t.Errorf("another's: %q", code)
	}
	w.must(w.use(c, mine, 65500))
	w.expect(mine, map[string]string{"state": "used", "used_fen": "65500"})
	if code := w.use(h, his, 100); code != "invoice.duplicate" {
		t.Errorf("used by a colleague: %q", code)
	}
	w.expect(his, map[string]string{"state": "folder", "used_fen": "0"})
	w.turn(c, expense.UseReleased, w.Bound.Invoices.Release) // returned
	w.expect(mine, map[string]string{"state": "folder", "used_fen": "0"})
	w.must(w.use(h, his, 100))
	if code := w.use(w.claim("rep.chen", "C-3"), mine, 100); code != "invoice.duplicate" {
		t.Errorf("first submit wins: %q", code)
	}
	w.turn(h, expense.UsePaid, w.Bound.Invoices.Paid)
	w.expect(his, map[string]string{"state": "reimbursed"})
	w.expect(mine, map[string]string{"blocked": "invoice.duplicate"})
}

// TestAPaperIsWanted: a number alone is no invoice, however right it is; what a phone has
// photographed may be handed in before its bytes come, and is not paid before.
//
// policy: R7.3 H-EXP-1
func TestAPaperIsWanted(t *testing.T) {
	w := newWorld(t)
	c := w.claim("rep.chen", "C-1")
	typed := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "typed": map[string]any{"kind": "32", "number": invoiceNo(1).Number, "issue_date": "2026-03-09", "total_fen": 65500}})
	w.must(w.phone("rep.chen", typed))
	if code := w.asItIs(c, typed, 65500); code != "invoice.paper_required" {
		t.Errorf("typed: %q", code)
	}
	if code := w.asItIs(c, w.scanned("rep.chen", invoiceNo(2).QRText()), 65500); code != "invoice.paper_required" {
		t.Errorf("a QR without a photo: %q", code)
	}
	late := w.fresh("blobs", map[string]any{"owner": w.As("rep.chen").Id, "sha256": strings.Repeat("a", 64), "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending"})
	w.save(late)
	row := w.again(typed)
	row.Set("blob", late.Id)
	w.must(w.phone("rep.chen", row))
	w.must(w.asItIs(c, row, 65500))
	if code := w.recheck(c); code != "invoice.paper_missing" {
		t.Errorf("paid before its photo came: %q", code)
	}
	w.store(late, papertest.JPEG(papertest.Page(400, 500, 0, 2), 80))
	w.must(w.recheck(c))
}

// TestTheSameFileOfTwoColleagues: both were there and have the same file. Each learns that
// it is used and not by whom, and who comes second has it when the first claim comes to nothing.
func TestTheSameFileOfTwoColleagues(t *testing.T) {
	w := newWorld(t)
	file := papertest.JPEG(papertest.Page(400, 500, 0, 2), 80)
	of := func(who string, n int) *core.Record {
		paper := w.paper(who, evidence.BlobInvoice, file)
		w.work()
		row := w.of(paper)[0]
		row.Set("typed", map[string]any{"issue_date": "2026-03-09", "total_fen": 65500, "seller_name": "江南酒家", "goods": fmt.Sprint(n)})
		w.must(w.phone(who, row))
		return w.again(row)
	}
	mine, his := of("rep.chen", 1), of("rep.he", 2)
	first, second := w.claim("rep.chen", "C-1"), w.claim("rep.he", "C-2")
	w.must(w.use(first, mine, 65500))
	if code := w.use(second, his, 65500); code != "invoice.same_file" {
		t.Errorf("the second: %q", code)
	}
	for _, row := range []*core.Record{mine, his} {
		other := map[string]*core.Record{mine.Id: his, his.Id: mine}[row.Id]
		said, err := w.again(row).MarshalJSON()
		if err != nil || strings.Contains(string(said), other.Id) || strings.Contains(string(said), other.GetString("owner")) || strings.Contains(string(said), "C-") {
			t.Errorf("it names the other: %s %v", said, err)
		}
	}
	w.turn(first, expense.UseReleased, w.Bound.Invoices.Release) // withdrawn
	w.expect(his, map[string]string{"blocked": ""})
	w.must(w.use(second, his, 65500))
	if code := w.use(w.claim("rep.chen", "C-3"), mine, 65500); code != "invoice.same_file" {
		t.Errorf("the first, once more: %q", code)
	}
}

// TestABlockchainInvoiceIsOneAndTheSame, by the address in its QR and by the code on its face.
func TestABlockchainInvoiceIsOneAndTheSame(t *testing.T) {
	w := newWorld(t)
	scanned := w.scanned("rep.chen", "https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=00aa&bill_num=09707118&total_amount=700")
	w.expect(scanned, map[string]string{"key": "B:09707118:700", "total_fen": "700"})
	typed := w.fresh("invoices", map[string]any{"owner": w.As("rep.he").Id, "typed": map[string]any{"code": "144031909110", "number": "9707118", "total_fen": 700}})
	w.must(w.phone("rep.he", typed))
	w.must(w.use(w.claim("rep.chen", "C-1"), scanned, 700))
	if code := w.use(w.claim("rep.he", "C-2"), typed, 700); code != "invoice.duplicate" {
		t.Errorf("by its code: %q", code)
	}
}

// TestPartsUpToTheTotal: claims of one owner share an invoice.
func TestPartsUpToTheTotal(t *testing.T) {
	w := newWorld(t)
	row := w.scanned("rep.chen", invoiceNo(1).QRText()) // over 655.00
	first, second := w.claim("rep.chen", "C-1"), w.claim("rep.chen", "C-2")
	w.must(w.use(first, row, 30000))
	if code := w.use(second, row, 35501); code != "invoice.used_up" {
		t.Errorf("a fen too much: %q", code)
	}
	w.must(w.use(second, row, 35500))
	w.expect(row, map[string]string{"state": "used", "used_fen": "65500"})
	w.turn(first, expense.UsePaid, w.Bound.Invoices.Paid)
	w.expect(row, map[string]string{"state": "used"})
	w.turn(second, expense.UseReleased, w.Bound.Invoices.Release)
	w.expect(row, map[string]string{"state": "reimbursed", "used_fen": "30000"})
	w.turn(first, expense.UseActive, w.Bound.Invoices.Unpaid)
	w.expect(row, map[string]string{"state": "used"})
	w.turn(first, expense.UseReleased, w.Bound.Invoices.Release)
	w.expect(row, map[string]string{"state": "folder", "used_fen": "0"})
}

// TestWhoSeesAClaimLearnsItsNumber; a stranger learns that somebody has the invoice.
func TestWhoSeesAClaimLearnsItsNumber(t *testing.T) {
	w := newWorld(t)
	taken := w.claim("rep.chen", "C-77")
	w.must(w.use(taken, w.scanned("rep.chen", invoiceNo(1).QRText()), 100))
	if code := w.use(w.claim("rep.he", "C-78"), w.scanned("rep.he", invoiceNo(1).QRText()), 100); code != "invoice.duplicate" {
		t.Errorf("a colleague: %q", code)
	}
	taken.Set("manager", w.As("manager.wu").Id)
	w.save(taken.Record)
	if code := w.use(w.claim("manager.wu", "C-79"), w.scanned("manager.wu", invoiceNo(1).QRText()), 100); code != "invoice.duplicate_claim" {
		t.Errorf("his manager: %q", code)
	}
}

// TestForWhomItIsIssued: the company's names, however they are printed.
//
// policy: R7.3 H-EXP-4
func TestForWhomItIsIssued(t *testing.T) {
	w := newWorld(t)
	buyer := func(n int, name, tax string) *core.Record {
		record := w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "qr_raw": invoiceNo(n).QRText(), "typed": map[string]any{"buyer_name": name, "buyer_tax": tax}})
		w.must(w.phone("rep.chen", record))
		return record
	}
	before := buyer(1, "别的公司", "")
	w.expect(before, map[string]string{"buyer": "na"})
	company := w.fresh("own_companies", map[string]any{"name": "上海示例（集团）有限公司", "tax_no": "９1350100m000100y43", "active": true})
	w.save(company)
	w.expect(company, map[string]string{"tax_no": "91350100M000100Y43"})
	c := w.claim("rep.chen", "C-1")
	w.must(w.use(c, buyer(2, "上海示例 (集团)有限公司", "91350100M000100Y43"), 100))
	if code := w.use(c, buyer(3, "别的公司", ""), 100); code != "invoice.buyer_name" {
		t.Errorf("another company: %q", code)
	}
	if code := w.use(c, buyer(4, "上海示例（集团）有限公司", "350100123456789"), 100); code != "invoice.buyer_tax" {
		t.Errorf("another tax number: %q", code)
	}
	if code := w.use(c, before, 100); code != "invoice.buyer_name" {
		t.Errorf("written down before the company was: %q", code)
	}
	bad := w.fresh("own_companies", map[string]any{"name": "乙", "tax_no": "12", "active": true})
	if err := w.SaveWithContext(gate.AsServer(t.Context()), bad); err == nil {
		t.Error("a tax number of two digits")
	}
}

// TestReceiptsWithoutAKey: one's own twice, and a colleague's of that merchant.
func TestReceiptsWithoutAKey(t *testing.T) {
	w := newWorld(t)
	receipt := func(who, seller string, fen int) *core.Record {
		record := w.fresh("invoices", map[string]any{"owner": w.As(who).Id, "typed": map[string]any{"issue_date": "2026-03-09", "total_fen": fen, "seller_name": seller}})
		w.must(w.phone(who, record))
		return record
	}
	w.expectRisks(receipt("rep.chen", "停车场", 1000))
	w.expectRisks(receipt("rep.chen", "停车场", 1500))
	w.expectRisks(receipt("rep.chen", "洗车店", 1000), expense.RiskReceiptTwice)
	w.expectRisks(receipt("rep.he", "停车场", 1000), expense.RiskReceiptAlike)
}

// TestConflictsShowWhatEachSays: the QR, the file's own text, and what was typed.
func TestConflictsShowWhatEachSays(t *testing.T) {
	w := newWorld(t)
	v := invoiceNo(1)
	paper := w.paper("rep.chen", evidence.BlobInvoice, v.XML())
	w.work()
	row := w.of(paper)[0]
	row.Set("qr_raw", strings.Replace(v.QRText(), "655.00", "955.00", 1))
	row.Set("typed", map[string]any{"total_fen": 75500})
	w.must(w.phone("rep.chen", row))
	disputes, err := records.Invoices.Of(w.again(row)).Disputes()
	if err != nil {
		t.Fatal(err)
	}
	got := disputes["total_fen"]
	if got[expense.SourceXML] != "655.00" || got[expense.SourceQR] != "955.00" || got[expense.SourcePhone] != "755.00" {
		t.Errorf("%v", disputes)
	}
}

// TestApproversSeeInvoiceAndPaper of the claim that uses it, as long as it is theirs to read.
func TestApproversSeeInvoiceAndPaper(t *testing.T) {
	w := newWorld(t)
	paper := w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(1).XML())
	w.work()
	row := w.of(paper)[0]
	wu := w.As("manager.wu").Id
	seen := func(what *core.Record) bool { return slices.Contains(w.again(what).GetStringSlice("reviewers"), wu) }
	c := w.claim("rep.chen", "C-1")
	w.must(w.use(c, row, 100))
	if seen(row) || seen(paper) {
		t.Error("seen by who decides nothing")
	}
	c.Set("reviewers", []string{wu})
	w.save(c.Record)
	if !seen(row) || !seen(paper) {
		t.Error("not seen by who decides")
	}
	w.turn(c, expense.UseReleased, w.Bound.Invoices.Release)
	if !seen(row) || !seen(paper) {
		t.Error("who returned it sees no longer why")
	}
	c.Set("reviewers", nil) // withdrawn before anybody decided
	w.save(c.Record)
	if seen(row) || seen(paper) {
		t.Error("seen after the claim came to nothing")
	}
}

// TestOriginalsAreKept for as long as vouchers are, with their hash.
func TestOriginalsAreKept(t *testing.T) {
	w := newWorld(t)
	paper := w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(1).XML())
	photo := w.paper("rep.chen", evidence.BlobInvoice, papertest.JPEG(papertest.Page(400, 500, 0, 2), 80))
	w.work()
	row := w.of(paper)[0]
	c := w.claim("rep.chen", "C-1")
	w.must(w.use(c, row, 100))
	w.turn(c, expense.UsePaid, w.Bound.Invoices.Paid)
	if got := w.again(row); !strings.HasPrefix(got.GetString("keep_until"), "20") || got.GetString("sha256") != paper.GetString("sha256") {
		t.Errorf("kept until %q", got.GetString("keep_until"))
	}
	w.expect(paper, map[string]string{"hold": "true"})
	w.expect(photo, map[string]string{"hold": "false"})
}
