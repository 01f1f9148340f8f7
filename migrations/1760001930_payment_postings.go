package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the journal says of a payment is written down when it is booked. After a restore
// finance says that the bank's runs were compared, and takes up those that were lost. What a
// claim was paid that is reversed is owed until it came back. Many decide in some companies.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "payments", "payment_runs", "users")
		if err != nil {
			return err
		}
		payments, runs := found[0], found[1]
		payments.Fields.Add(unseen(data("posting")), flag("owed"), ref("back_by", found[2]), moment("back_at"), text("back_ref"), text("back_voucher_no"))
		index(payments, false, "back_at")
		payments.AddIndex("idx_payments_back_voucher_no", true, "back_voucher_no", "back_voucher_no <> ''")
		runs.Fields.Add(flag("taken_up"), unseen(text("compared_life")), text("compared_note"), ref("compared_by", found[2]), moment("compared_at"))
		if err := create(app, payments, runs); err != nil {
			return err
		}
		return reviewersMost(app, 1000)
	}, func(app core.App) error {
		if err := reviewersMost(app, 50); err != nil {
			return err
		}
		if err := removeFields(app, "payments", []string{"back_at", "back_voucher_no"}, "posting", "owed", "back_by", "back_at", "back_ref", "back_voucher_no"); err != nil {
			return err
		}
		return removeFields(app, "payment_runs", nil, "taken_up", "compared_life", "compared_note", "compared_by", "compared_at")
	})
}

// reviewersMost is how many people are asked for, or read, what is approved.
func reviewersMost(app core.App, most int) error {
	all, err := app.FindAllCollections()
	if err != nil {
		return err
	}
	for _, c := range all {
		field, is := c.Fields.GetByName("reviewers").(*core.RelationField)
		if !is {
			continue
		}
		field.MaxSelect = most
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
