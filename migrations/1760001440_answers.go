package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Whether somebody was reminded of a customer's message (policy 3(3)2), and an
// index for who else has a telephone number.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "communications", "contacts")
		if err != nil {
			return err
		}
		communications, contacts := found[0], found[1]
		communications.Fields.Add(moment("reply_told_at"))
		communications.AddIndex("idx_communications_unanswered", false, "needs_reply_by", "replied_at = '' AND reply_told_at = '' AND needs_reply_by <> ''")
		index(contacts, false, "phone")
		return create(app, communications, contacts)
	}, func(app core.App) error {
		if err := removeFields(app, "contacts", []string{"phone"}); err != nil {
			return err
		}
		c, err := app.FindCollectionByNameOrId("communications")
		if err != nil {
			return err
		}
		c.RemoveIndex("idx_communications_unanswered")
		c.Fields.RemoveByName("reply_told_at")
		return app.Save(c)
	})
}
