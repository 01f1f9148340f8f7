package invoices_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// TestAFaultIsNoRefusal: a paper that cannot be looked up is not somebody else's,
// and readings that cannot be read are not none.
func TestAFaultIsNoRefusal(t *testing.T) {
	w := newWorld(t)
	paper := w.paper("rep.chen", domain.BlobInvoice, invoiceNo(1).XML())
	ctx := gate.With(t.Context(), gate.Actor{User: w.As("rep.chen")})
	for name, c := range map[string]struct {
		breaks string
		make   func(tx core.App) (*core.Record, error)
	}{
		"a paper": {"ALTER TABLE blobs RENAME TO lost", func(core.App) (*core.Record, error) {
			return w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "blob": paper.Id, "qr_raw": invoiceNo(2).QRText()}), nil
		}},
		"an owner": {"ALTER TABLE users RENAME TO lost", func(core.App) (*core.Record, error) {
			return w.fresh("invoices", map[string]any{"owner": w.As("rep.chen").Id, "qr_raw": invoiceNo(2).QRText()}), nil
		}},
		"readings": {"UPDATE invoices SET readings = '{'", func(tx core.App) (*core.Record, error) {
			row, err := tx.FindFirstRecordByData("invoices", "blob", paper.Id)
			if err == nil {
				row.Set("note", "出差")
			}
			return row, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := w.RunInTransaction(func(tx core.App) error {
				if _, err := tx.DB().NewQuery(c.breaks).Execute(); err != nil {
					t.Fatal(err)
				}
				row, err := c.make(tx)
				if err != nil {
					t.Fatal(err)
				}
				return tx.SaveWithContext(ctx, row)
			})
			if _, _, refused := gate.ProblemOf(err); err == nil || refused {
				t.Errorf("%v", err)
			}
		})
	}
}
