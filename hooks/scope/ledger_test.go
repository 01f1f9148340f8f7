package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// What an account owes and pays is its line's and finance's to see.
func init() {
	for _, name := range []string{
		"account_credits", "account_entries", "receipts", "receipt_allocations", "deductions", "statements", "rebate_terms", "rebate_accruals",
	} {
		columns[name] = []string{"account", "dept"}
		fieldSees[name] = or(atAccount, is("finance"))
	}
	actions["receipts"], texts["receipts"] = "confirm", "payer"
	actions["deductions"], texts["deductions"] = "accept", "note"
	actions["statements"], texts["statements"] = "dispute", "reason"
	actions["rebate_accruals"], texts["rebate_accruals"] = "settle", "voucher_no"
	texts["rebate_terms"] = "name"
}

// makeLedger gives accounts a row of each collection: of their department mostly,
// and of one that had them before.
func (o *org) makeLedger(tx dbx.Builder) error {
	for n, account := range o.accounts {
		var owner, dept string
		if err := tx.Select("owner", "dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&owner, &dept); err != nil {
			return err
		}
		if owner == "" || o.dice.IntN(4) == 0 {
			owner = o.one(o.people, 0)
		}
		if dept == "" || o.dice.IntN(4) == 0 {
			dept = o.one(o.depts, 0)
		}
		of := func(collection string, fields dbx.Params) (string, error) {
			fields["account"], fields["dept"] = account, dept
			return o.row(tx, collection, fields)
		}
		var entries []string
		err := o.into(&entries, 2, func() (string, error) {
			return of("account_entries", dbx.Params{"kind": "delivery", "ref_collection": "x", "ref_id": o.id(), "no": "@mark", "amount_fen": 100, "on": "2026-03-01"})
		})
		if err != nil {
			return err
		}
		term, err := of("rebate_terms", dbx.Params{"name": "@mark", "period": "year", "settle": "payment", "tiers": `[{"from_fen":0,"bp":1}]`})
		if err != nil {
			return err
		}
		for _, row := range []struct {
			collection string
			fields     dbx.Params
		}{
			{"account_credits", dbx.Params{"as_of": "2026-03-16"}},
			{"receipts", dbx.Params{"owner": owner, "amount_fen": 100, "method": "cash", "payer": "@mark", "state": "reported"}},
			{"deductions", dbx.Params{"owner": owner, "amount_fen": 100, "cause": "other", "note": "@mark", "state": "reported"}},
			{"receipt_allocations", dbx.Params{"credit": entries[0], "debit": entries[1], "amount_fen": 1}},
			{"statements", dbx.Params{"owner": owner, "month": fmt.Sprintf("20%02d-01", n%90), "reason": "@mark", "state": "issued"}},
			{"rebate_accruals", dbx.Params{"term": term, "period": "2026", "voucher_no": "@mark", "state": "closed"}},
		} {
			if _, err := of(row.collection, row.fields); err != nil {
				return fmt.Errorf("%s: %w", row.collection, err)
			}
		}
	}
	return nil
}
