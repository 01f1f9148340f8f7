package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the journal says of a payment is written down when it is booked. After a restore
// finance says that the bank's runs were compared, and takes up those that were lost.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "payments", "payment_runs", "users")
		if err != nil {
			return err
		}
		payments, runs := found[0], found[1]
		payments.Fields.Add(unseen(data("posting")))
		runs.Fields.Add(flag("taken_up"), unseen(text("compared_life")), text("compared_note"), ref("compared_by", found[2]), moment("compared_at"))
		return create(app, payments, runs)
	}, func(app core.App) error {
		if err := removeFields(app, "payments", nil, "posting"); err != nil {
			return err
		}
		return removeFields(app, "payment_runs", nil, "taken_up", "compared_life", "compared_note", "compared_by", "compared_at")
	})
}
