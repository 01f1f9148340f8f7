package scope_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
)

// makeOffice adds plans and reviews, improvements, chains of approval, notices
// and documents: of anybody, reviewed by anybody.
func (o *org) makeOffice(tx dbx.Builder) error {
	for n := range 40 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		some := fmt.Sprintf(`["%s","%s"]`, o.one(o.people, 0), o.one(o.people, 0))
		if o.dice.IntN(4) == 0 {
			some = "[]"
		}
		for collection, fields := range map[string]dbx.Params{
			"annual_plans":        {"owner": owner, "dept": dept, "year": fmt.Sprint(2000 + n), "goals": "@mark", "reviewers": some, "state": "draft"},
			"business_reviews":    {"owner": owner, "dept": dept, "period": fmt.Sprintf("%d-01", 2000+n), "findings": "@mark", "state": "draft"},
			"improvement_actions": {"owner": owner, "author": o.one(o.people, 3), "manager": manager, "dept": dept, "title": "@mark", "due": "2026-04-01", "state": "open"},
			"approvals": {
				"ref_collection": "annual_plans", "ref_id": o.id(), "key": "k", "author": owner, "manager": manager, "dept": dept, "comment": "@mark",
				"oversight": o.one([]string{"finance", "executive"}, 2), "approver": o.one(o.people, 0), "reviewers": some, "state": "pending",
			},
			"notifications":      {"user": owner, "kind": "org.span", "link": "@mark", "at": "2026-03-16 00:00:00.000Z"},
			"notification_prefs": {"user": owner, "kind": fmt.Sprintf("k%d", n)},
		} {
			if _, err := o.row(tx, collection, fields); err != nil {
				return err
			}
		}
	}
	for n, state := range []string{"draft", "published", "withdrawn", "draft", "published"} {
		doc, err := o.row(tx, "policy_docs", dbx.Params{"code": "c", "version": fmt.Sprint(n), "name": "@mark", "effective_from": "2026-01-01", "state": state})
		if err != nil {
			return err
		}
		for _, reader := range o.people[:10] {
			manager, dept, err := o.lineOf(tx, reader)
			if err == nil {
				_, err = o.row(tx, "policy_acks", dbx.Params{"doc": doc, "user": reader, "manager": manager, "dept": dept, "version": "@mark"})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// inOffice is the policy of these; false if it does not speak of the collection.
func (f *facts) inOffice(person, collection string, row map[string]string) (shown, known bool) {
	role := f.tables["users"][person]["role"]
	overseer := role == "auditor" || role == "admin"
	is := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(field string) bool { return row[field] == person })
	}
	switch collection {
	case "holidays":
		return true, true
	case "annual_plans": // finance counts the budget, the management decides
		return overseer || is("owner") || strings.Contains(row["reviewers"], person) || f.heads(person, row["dept"]) || role == "finance" || role == "executive", true
	case "business_reviews":
		return overseer || is("owner") || f.heads(person, row["dept"]) || role == "executive", true
	case "improvement_actions":
		return overseer || is("owner", "author", "manager") || f.heads(person, row["dept"]), true
	case "approvals":
		return overseer || is("author", "manager") || strings.Contains(row["reviewers"], person) || f.heads(person, row["dept"]) || row["oversight"] == role, true
	case "notifications", "notification_prefs":
		return is("user"), true
	case "policy_docs":
		return overseer || row["state"] != "draft", true
	case "policy_acks":
		return overseer || is("user", "manager") || f.heads(person, row["dept"]), true
	}
	return false, false
}
