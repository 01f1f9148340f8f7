package invoices_test

import (
	"cmp"
	"encoding/json/v2"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/media/files"
)

// opens reports whether somebody sees an invoice, its paper's row, and the file itself; all
// or none of them.
func (w *world) opens(who string, invoice, paper *core.Record) bool {
	w.t.Helper()
	var addresses files.Addresses
	signed := w.Do(who, http.MethodPost, "/api/ka/blobs/sign", `{"ids":["`+paper.Id+`"],"variant":"public"}`)
	if err := json.Unmarshal(signed.Body.Bytes(), &addresses); err != nil {
		w.t.Fatal(err)
	}
	seen := 0
	for _, path := range []string{
		"/api/collections/invoices/records/" + invoice.Id, "/api/collections/blobs/records/" + paper.Id, cmp.Or(addresses.URLs[paper.Id], "/api/ka/blobs/"+paper.Id+"/public"),
	} {
		if w.Do(who, http.MethodGet, path, "").Code == http.StatusOK {
			seen++
		}
	}
	if seen != 0 && seen != 3 {
		w.t.Errorf("%s sees %d of invoice, row and file", who, seen)
	}
	return seen == 3
}

// TestSightIsOfThatClaimAlone: whoever decides on a claim sees its invoices and papers, no
// others of its owner's, and no longer than the claim is his to read.
func TestSightIsOfThatClaimAlone(t *testing.T) {
	w := newWorld(t)
	paper, other := w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(1).XML()), w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(2).XML())
	w.work()
	row, aside := w.of(paper)[0], w.of(other)[0]
	const approver, stranger = "manager.xu", "rep.he"
	c := w.claim("rep.chen", "C-1")
	if w.opens(approver, row, paper) {
		t.Error("seen before he is asked")
	}
	w.must(w.use(c, row, 100))
	c.Set("reviewers", []string{w.As(approver).Id})
	w.save(c.Record)
	for who, sees := range map[string]bool{"rep.chen": true, approver: true, "finance.zhao": true, stranger: false} {
		if w.opens(who, row, paper) != sees {
			t.Errorf("%s: %t", who, !sees)
		}
	}
	if w.opens(approver, aside, other) {
		t.Error("he sees what the claim does not use")
	}
	w.turn(c, expense.UseReleased, w.Bound.Invoices.Release)
	c.Set("reviewers", nil)
	w.save(c.Record)
	w.Clock.Set(w.Clock.Now().Add(11 * time.Second)) // for so long files remember who may see them
	if w.opens(approver, row, paper) {
		t.Error("seen after the claim came to nothing")
	}
}
