package invoices_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// TestAFaultIsNoRefusal: a paper that cannot be looked up is not somebody else's.
func TestAFaultIsNoRefusal(t *testing.T) {
	w := newWorld(t)
	chen := w.As("rep.chen")
	paper := w.paper("rep.chen", evidence.BlobInvoice, invoiceNo(1).XML())
	ctx := gate.With(t.Context(), gate.Actor{User: chen})
	for _, table := range []string{"blobs", "users"} {
		t.Run(table, func(t *testing.T) {
			err := w.RunInTransaction(func(tx core.App) error {
				if _, err := tx.DB().NewQuery("ALTER TABLE " + table + " RENAME TO lost").Execute(); err != nil {
					t.Fatal(err)
				}
				return tx.SaveWithContext(ctx, w.fresh("invoices", map[string]any{"owner": chen.Id, "blob": paper.Id}))
			})
			if _, _, refused := gate.ProblemOf(err); err == nil || refused {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestUnreadableReadingsStopNobody: a row whose readings somebody wrote past the
// server is judged by the rest, and so are those beside it.
func TestUnreadableReadingsStopNobody(t *testing.T) {
	w := newWorld(t)
	chen := w.scanned("rep.chen", invoiceNo(1).QRText())
	if _, err := w.DB().NewQuery("UPDATE invoices SET readings = '7'").Execute(); err != nil {
		t.Fatal(err)
	}
	he := w.scanned("rep.he", invoiceNo(1).QRText())
	w.expectRisks(he, expense.RiskInvoiceFolders)
	w.expectRisks(chen, expense.RiskInvoiceFolders)
}
