package visits_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// TestAFaultIsNoRefusal: where a look-up breaks, the answer is the fault, which a
// phone tries again, and never a refusal, which is kept for good.
func TestAFaultIsNoRefusal(t *testing.T) {
	d := open(t)
	visit := d.visit()
	step := d.Make("rep.chen", "visit_steps", map[string]any{"visit": visit.Id, "key": "shelf", "kind": "photo"})
	contact := d.Make("", "contacts", map[string]any{"account": visit.GetString("account"), "name": "王采购"})
	base := map[string]any{"account": visit.GetString("account"), "type": "unplanned", "planned_date": "2026-03-16"}
	photo := map[string]any{"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "step": step.Id}
	audit := map[string]any{"visit": visit.Id, "auditor": d.As("rep.he").Id}
	part := map[string]any{"visit": visit.Id, "key": "talk", "kind": "note", "theme": "price", "text": "x"}
	for _, c := range []struct {
		table, who, collection string
		values                 map[string]any
	}{
		{"accounts", "rep.chen", "visits", base},
		{"visit_templates", "rep.chen", "visits", base},
		{"contacts", "rep.chen", "visits", map[string]any{"contacts_met": []string{contact.Id}}},
		{"users", "rep.chen", "visits", map[string]any{"companions": []string{d.As("manager.wu").Id}}},
		{"visits", "rep.chen", "visit_steps", part},
		{"visits", "rep.chen", "store_checks", part},
		{"visits", "rep.chen", "visit_feedback", part},
		{"visits", "manager.wu", "visit_audits", audit},
		{"visit_steps", "rep.chen", "blobs", photo},
		{"visits", "rep.chen", "blobs", photo},
	} {
		t.Run(c.table+" of "+c.collection, func(t *testing.T) {
			row := d.Blank(c.collection, c.values)
			if c.collection == "visits" {
				row.Load(base)
			}
			ctx := d.By(c.who)
			err := d.RunInTransaction(func(tx core.App) error {
				if _, err := tx.DB().NewQuery("ALTER TABLE " + c.table + " RENAME TO lost").Execute(); err != nil {
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
