package testapp

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// Invoice is a paper in somebody's folder that told nothing by itself, and what he typed
// of it.
func (d Desk) Invoice(who string, typed map[string]any) (invoice *core.Record, refused string) {
	d.t.Helper()
	paper := d.Blank("blobs", map[string]any{"owner": d.As(who).Id, "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending"})
	paper.Id = core.GenerateDefaultRandomId()
	sum := sha256.Sum256([]byte(paper.Id))
	paper.Set("sha256", hex.EncodeToString(sum[:]))
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), paper); err != nil {
		d.t.Fatal(err)
	}
	invoice = d.Blank("invoices", map[string]any{"owner": d.As(who).Id, "blob": paper.Id, "typed": typed})
	if refused := d.SaveBy(who, invoice); refused != "" {
		return invoice, refused
	}
	if _, err := d.DB().NewQuery("UPDATE invoices SET paper_state = 'unreadable' WHERE id = {:id}").Bind(dbx.Params{"id": invoice.Id}).Execute(); err != nil {
		d.t.Fatal(err)
	}
	return invoice, ""
}
