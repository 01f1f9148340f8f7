package scope_test

import (
	"github.com/pocketbase/dbx"
)

// A training is everybody's once it is published, and until then its owner's and of
// whom leads him. Who takes part sees his own part, as do his line, who leads the
// training, and product; the right answers are who leads it alone's. What an account
// buys is its line's, finance's and the management's, whoever asks for a product.
func init() {
	columns["trainings"] = []string{"owner", "manager", "dept", "state"}
	columns["training_keys"] = []string{"owner"}
	columns["training_records"] = []string{"user", "manager", "dept", "trainer"}
	columns["product_request_values"] = []string{"account", "dept"}
	fieldSees["trainings"] = or(line, func(_ *facts, _ string, row map[string]string) bool { return row["state"] != "draft" })
	fieldSees["training_keys"] = or(named("owner"), is("admin"))
	fieldSees["training_records"] = or(or(line, is("product")), or(named("user"), named("trainer")))
	fieldSees["product_request_values"] = or(or(atAccount, is("finance")), is("executive"))
	actions["trainings"], texts["trainings"] = "publish", "title"
	actions["training_records"] = "submit"
	actions["product_requests"], texts["product_requests"] = "tell_customer", "need"
	reports["training_records"] = "answers"
}

// makeProduct adds trainings of anybody, with their answers and who takes part, papers
// of theirs, and what stands behind product requests.
func (o *org) makeProduct(tx dbx.Builder) error {
	for range 30 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		training, err := o.row(tx, "trainings", dbx.Params{
			"owner": owner, "manager": manager, "dept": dept, "title": "@mark", "kind": "skill", "date": "2026-04-01",
			"departments": "[]", "roles": "[]", "users": "[]", "state": o.one([]string{"draft", "published", "held", "closed", "cancelled"}, 0),
		})
		if err != nil {
			return err
		}
		if _, err := o.row(tx, "training_keys", dbx.Params{"training": training, "owner": owner, "answers": `{"q1":[1]}`}); err != nil {
			return err
		}
		_, err = o.row(tx, "blobs", dbx.Params{
			"owner": owner, "manager": manager, "dept": dept, "sha256": o.id(), "size": 1, "mime": "application/pdf", "purpose": "training",
			"state": "pending", "code": "@mark", "shared": o.dice.IntN(2) == 0,
		})
		if err != nil {
			return err
		}
		user := o.one(o.people, 0)
		if manager, dept, err = o.lineOf(tx, user); err != nil {
			return err
		}
		_, err = o.row(tx, "training_records", dbx.Params{
			"training": training, "user": user, "manager": manager, "dept": dept, "trainer": owner, "state": "invited", "answers": `{"q1":[1]}`,
		})
		if err != nil {
			return err
		}
	}
	var requests []string
	if err := tx.Select("id").From("product_requests").OrderBy("id").Column(&requests); err != nil {
		return err
	}
	for _, request := range requests {
		account := o.one(o.accounts, 0)
		var dept string
		if err := tx.Select("dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&dept); err != nil {
			return err
		}
		_, err := o.row(tx, "product_request_values", dbx.Params{"request": request, "account": account, "dept": dept, "revenue_fen": o.dice.IntN(1_000_000), "as_of": "2026-03-16"})
		if err != nil {
			return err
		}
	}
	return nil
}
