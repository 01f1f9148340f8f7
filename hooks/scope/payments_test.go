package scope_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// Who is paid what is his own to see, finance's and who oversees; a supplier is
// everybody's, a customer his line's.
func init() {
	pays := or(is("finance"), overseer)
	heads := func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) }
	for collection, c := range map[string]struct {
		see           seen
		columns, text string
	}{
		"payees": {or(or(pays, named("user")), func(f *facts, person string, row map[string]string) bool {
			return row["kind"] == "supplier" || row["account"] != "" && f.serves(person, row["account"])
		}), "user account kind", "name"},
		"advances": {or(or(line, pays), named("reviewers")), "owner manager dept reviewers", "purpose"},
		"payments": {or(or(pays, heads), named("owner")), "owner dept", "reason"},
	} {
		columns[collection], fieldSees[collection], texts[collection] = strings.Fields(c.columns), c.see, c.text
	}
}

// makePayments pays anybody anything.
func (o *org) makePayments(tx dbx.Builder) error {
	for n := range 20 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		payee := dbx.Params{"kind": []string{"employee", "supplier", "customer"}[n%3], "name": "@mark"}
		switch n % 3 {
		case 0:
			payee["user"] = o.people[n/3]
		case 2:
			payee["account"] = o.accounts[n/3]
		}
		some := fmt.Sprintf(`["%s","%s"]`, o.one(o.people, 0), o.one(o.people, 0))
		err = o.insertAll(tx, map[string]dbx.Params{
			"payees":   payee,
			"advances": {"owner": owner, "manager": manager, "dept": dept, "purpose": "@mark", "due_on": "2026-05-01", "state": "submitted", "reviewers": some},
			"payments": {"kind": "return", "owner": owner, "dept": dept, "reason": "@mark", "state": "paid"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
