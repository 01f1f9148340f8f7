package invoices_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

func (w *world) set(key string, value any) {
	w.save(w.fresh("settings", map[string]any{"key": key, "value": value}))
}

// act takes a step as somebody does.
func (w *world) act(who, action string, record *core.Record, args string) string {
	w.t.Helper()
	ctx := gate.With(context.Background(), gate.Actor{User: w.As(who)})
	err := w.RunInTransaction(func(tx core.App) error {
		row, err := tx.FindRecordById(record.Collection(), record.Id)
		if err != nil {
			return err
		}
		return w.Bound.Actions[action](ctx, tx, row, []byte(args))
	})
	p, _, refused := gate.ProblemOf(err)
	if err != nil && !refused {
		w.t.Fatal(err)
	}
	return p.Code
}

func (w *world) recheck(c *claimed) string {
	w.t.Helper()
	return w.refusal(func(ctx context.Context, tx core.App) error {
		return w.Bound.Invoices.Recheck(ctx, tx, records.ExpenseClaims.Of(c.Record))
	})
}

// TestFinanceVerifiesByHand: what is large is verified before it is paid, with who and why.
func TestFinanceVerifiesByHand(t *testing.T) {
	w := newWorld(t)
	w.set("invoice.manual_over_fen", 60000)
	row, c := w.scanned("rep.chen", invoiceNo(1).QRText()), w.claim("rep.chen", "C-1")
	w.must(w.use(c, row, 65500))
	if code := w.recheck(c); code != "invoice.unverified" {
		t.Errorf("paid unverified: %q", code)
	}
	if code := w.act("rep.chen", "invoices.check", row, `{"verdict":"valid","note":"平台"}`); code != "invoice.not_finance" {
		t.Errorf("its owner: %q", code)
	}
	if code := w.act("finance.zhao", "invoices.check", row, `{"verdict":"good","note":"平台"}`); code != "invoice.verdict" {
		t.Errorf("a verdict of his own: %q", code)
	}
	if code := w.act("finance.zhao", "invoices.check", row, `{"verdict":"valid","note":" "}`); code != "invoice.check_note" {
		t.Errorf("without a word: %q", code)
	}
	w.must(w.act("finance.zhao", "invoices.check", row, `{"verdict":"valid","note":"全国平台查验"}`))
	w.expect(row, map[string]string{"verify_state": "valid", "verify_src": "manual"})
	w.must(w.recheck(c))
	check, err := w.FindFirstRecordByData("invoice_checks", "invoice", row.Id)
	if err != nil || check.GetString("by") != w.As("finance.zhao").Id || check.GetString("note") != "全国平台查验" {
		t.Errorf("kept: %v %v", check, err)
	}
	w.must(w.act("finance.zhao", "invoices.check", row, `{"verdict":"red","note":"已红冲"}`))
	if code := w.recheck(c); code != "invoice.dead" {
		t.Errorf("red-letter by now: %q", code)
	}
	w.expect(row, map[string]string{"finding": "", "state": "used"})
}

// TestFoundVoidAfterItWasPaid: repayment is asked for, and the key stays taken, also when
// the claim is reversed.
func TestFoundVoidAfterItWasPaid(t *testing.T) {
	w := newWorld(t)
	row, c := w.scanned("rep.chen", invoiceNo(1).QRText()), w.claim("rep.chen", "C-1")
	w.must(w.use(c, row, 30000))
	w.turn(c, expense.UsePaid, w.Bound.Invoices.Paid)
	if code := w.act("finance.zhao", "invoices.repaid", row, `{"note":"转账"}`); code != "invoice.nothing_to_repay" {
		t.Errorf("repaid for nothing: %q", code)
	}
	w.must(w.act("finance.zhao", "invoices.check", row, `{"verdict":"void","note":"已作废"}`))
	w.expect(row, map[string]string{"finding": "void", "repay_fen": "30000", "state": "reimbursed"})
	if n, err := w.CountRecords("notifications", dbx.HashExp{"user": w.As("rep.chen").Id, "kind": "invoice.repay"}); n != 1 {
		t.Errorf("told %d times: %v", n, err)
	}
	w.turn(c, expense.UseReleased, w.Bound.Invoices.Release)
	w.expect(row, map[string]string{"state": "reimbursed"})
	if code := w.use(w.claim("rep.he", "C-2"), w.scanned("rep.he", invoiceNo(1).QRText()), 1); code != "invoice.duplicate" {
		t.Errorf("the key was freed: %q", code)
	}
	owner := func(who string) {
		if _, err := w.DB().NewQuery("UPDATE invoices SET owner = {:o} WHERE id = {:id}").Bind(dbx.Params{"o": w.As(who).Id, "id": row.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	owner("finance.zhao")
	if code := w.act("finance.zhao", "invoices.repaid", row, `{"note":"转账"}`); code != "invoice.check_own" {
		t.Errorf("his own: %q", code)
	}
	owner("rep.chen")
	w.must(w.act("finance.zhao", "invoices.repaid", row, `{"note":"转账"}`))
	if code := w.act("finance.zhao", "invoices.repaid", row, `{"note":"转账"}`); code != "invoice.nothing_to_repay" {
		t.Errorf("repaid twice: %q", code)
	}
}

// TestThePlatformIsAStranger: slow, wrong, down, elsewhere, or too long, it is kept as
// what it is, and nothing is paid on its word.
func TestThePlatformIsAStranger(t *testing.T) {
	w := newWorld(t)
	row, c := w.scanned("rep.chen", invoiceNo(1).QRText()), w.claim("rep.chen", "C-1")
	row.Set("typed", map[string]any{"seller_name": "江南酒家", "seller_tax": "91310000MA1FL0YK7X"})
	w.must(w.phone("rep.chen", row))
	w.must(w.use(c, row, 100))
	asked := 0
	var handler http.HandlerFunc
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { asked++; handler(rw, r) }))
	defer server.Close()
	says := func(text string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(rw, text) }
	}
	verify := func() {
		t.Helper()
		if err := w.Bound.Invoices.Verify(t.Context(), w.TestApp, records.InvoiceID(row.Id)); err != nil {
			t.Fatal(err)
		}
	}
	verify() // nobody is set: nobody is asked
	w.must(w.recheck(c))
	w.set("invoice.verify_url", server.URL)
	w.set("invoice.verify_seconds", 1)
	w.set("invoice.verify_token", "秘密")
	if code := w.recheck(c); code != "invoice.verify_again" {
		t.Errorf("paid before the platform was asked: %q", code)
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	for _, c := range []struct {
		name, fault string
		handler     http.HandlerFunc
	}{
		{"slow", "no answer in time", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(3 * time.Second):
			}
		}},
		{"down", "answered 503", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) }},
		{"redirects", "answered 302", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, elsewhere.URL, http.StatusFound) }},
		{"2 MB", "the answer is too long", says(`{"verdict":"valid","x":"` + strings.Repeat("x", 2<<20) + `"}`)},
		{"no JSON", "the answer cannot be read", says("<html>")},
		{"no verdict", "the answer gives no verdict", says(`{"verdict":"good"}`)},
		{"another", "the answer is about another invoice: its number", says(`{"verdict":"valid","number":"1"}`)},
		{"no number", "the answer is about another invoice: its number", says(`{"verdict":"valid"}`)},
		{"another total", "the answer is about another invoice: its total", says(`{"verdict":"valid","number":"` + invoiceNo(1).Number + `","total":"955.00"}`)},
		{"another amount", "the answer is about another invoice: its amount", says(`{"verdict":"void","number":"` + invoiceNo(1).Number + `","amount":"1"}`)},
		{"another day", "the answer is about another invoice: its date", says(`{"verdict":"valid","number":"` + invoiceNo(1).Number + `","date":"20260310"}`)},
		{"another seller", "the answer is about another invoice: its seller", says(`{"verdict":"valid","number":"` + invoiceNo(1).Number + `","seller_tax":"91350100M000100Y43"}`)},
	} {
		handler = c.handler
		verify()
		check, found, err := records.InvoiceChecks.First(w.TestApp, "invoice = {:i}", dbx.Params{"i": row.Id}, "rowid DESC")
		if err != nil || !found || check.Verdict() != "unknown" || check.Fault() != c.fault {
			t.Errorf("%s: %q %q", c.name, check.Verdict(), check.Fault())
		}
	}
	w.expect(row, map[string]string{"verify_state": "unverified"})
	handler = func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer 秘密" {
			t.Error("the token is not sent")
		}
		says(`{"verdict":"valid","number":"`+invoiceNo(1).Number+`","date":"2026年3月9日","total":"￥655","seller_name":"江南 酒家"}`)(rw, r)
	}
	verify()
	w.expect(row, map[string]string{"verify_state": "valid", "verify_src": "platform"})
	w.must(w.recheck(c))
	before := asked
	if verify(); asked != before {
		t.Error("asked the same again")
	}
}
