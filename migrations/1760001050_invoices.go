package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Invoices: what papers say, or what their owner typed. The server fills all but
// the QR's text, what is typed, and which paper it is.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "blobs", "sync_rules")
		if err != nil {
			return err
		}
		users, departments, blobs, syncRules := found[0], found[1], found[2], found[3]
		own := active + ` && owner = @request.auth.id`
		invoices := table("invoices", rules{
			see:    active + ` && (owner = @request.auth.id || @request.auth.role = "finance" || ` + auditor + `)`,
			create: own, update: own,
		},
			needs("owner", users), ref("dept", departments), ref("blob", blobs),
			&core.TextField{Name: "qr_raw", Max: 3000}, data("typed"), text("note"),
			oneOf("state", "folder", "used", "reimbursed", "released"), text("kind"), text("code"), text("number"), day("issue_date"), text("check_code"),
			whole("amount_ex_fen"), whole("tax_fen"), whole("total_fen"),
			text("seller_name"), text("seller_tax"), text("buyer_name"), text("buyer_tax"),
			flag("qr_ok"), one("crc", "ok", "bad", "na"), text("key"), text("sha256"),
			one("verify_state", "unverified", "valid", "void", "red", "failed"), text("verify_src"),
			one("paper_state", "pending", "read", "unreadable"), text("paper_code"), whole("paper_tries"),
			data("readings"), data("sources"), data("risk"), whole("risk_score"), text("blocked"),
		)
		if err := app.Save(invoices); err != nil {
			return err
		}
		invoices.Fields.Add(ref("duplicate_of", invoices))
		for _, columns := range []string{"owner, state", "blob", "key", "sha256", "seller_tax, issue_date, owner"} {
			index(invoices, false, columns)
		}
		invoices.AddIndex("idx_invoices_own", true, "owner, key", "key <> '' AND duplicate_of = '' AND state <> 'released'")
		invoices.AddIndex("idx_invoices_taken", true, "key", "key <> '' AND state IN ('used', 'reimbursed')")
		invoices.AddIndex("idx_invoices_duplicate_of", false, "duplicate_of", "duplicate_of <> ''")
		invoices.AddIndex("idx_invoices_unread", false, "created, id", "paper_state = 'pending'")
		if err := app.Save(invoices); err != nil {
			return err
		}
		rule := core.NewRecord(syncRules)
		rule.Load(map[string]any{
			"name": "invoices", "direction": "both", "priority": 145,
			"keys":   []seedKey{{Key: "user:{owner}"}, {Key: "role:finance"}, {Key: "role:auditor"}, {Key: "role:admin"}},
			"policy": map[string]string{"blob": "once", "qr_raw": "once", "typed": "client", "note": "client"},
			"omit":   []string{"readings"},
		})
		return app.Save(rule)
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery("DELETE FROM sync_rules WHERE name = 'invoices'").Execute(); err != nil {
			return err
		}
		invoices, err := app.FindCollectionByNameOrId("invoices")
		if err != nil {
			return err
		}
		invoices.Fields.RemoveByName("duplicate_of")
		invoices.RemoveIndex("idx_invoices_own") // they name the field
		invoices.RemoveIndex("idx_invoices_duplicate_of")
		if err := app.Save(invoices); err != nil {
			return err
		}
		return drop(app, "invoices")
	})
}
