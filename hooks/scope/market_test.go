package scope_test

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pocketbase/dbx"
)

// What market plans and does: who serves an account that is named, who heads a
// department that it was of, market, finance and the management; what an activity
// brought is none of the field's.
func init() {
	offices := or(or(marketing, is("finance")), or(is("executive"), overseer))
	ofMarket := or(offices, atNamed)
	own := or(ofMarket, named("owner"))
	headed := or(or(ofMarket, line), named("reviewers"))
	for collection, c := range map[string]struct {
		see     seen
		columns string
	}{
		"promo_plans":      {headed, "owner manager dept reviewers accounts depts"},
		"activities":       {or(headed, named("helpers")), "owner manager dept reviewers helpers accounts depts"},
		"activity_tasks":   {own, "owner accounts depts"},
		"activity_costs":   {ofMarket, "accounts depts"},
		"activity_results": {own, "owner accounts depts"},
		"activity_returns": {or(offices, func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) }), "dept"},
	} {
		columns[collection], fieldSees[collection] = strings.Fields(c.columns), c.see
	}
	maps.Copy(actions, map[string]string{"promo_plans": "close", "activities": "cancel", "activity_tasks": "finish", "intel_reports": "score"})
	maps.Copy(texts, map[string]string{"promo_plans": "goal", "activities": "name", "activity_tasks": "title", "activity_costs": "note", "activity_results": "text"})
}

func overseer(f *facts, person string, _ map[string]string) bool {
	role := f.tables["users"][person]["role"]
	return role == "auditor" || role == "admin"
}

// idsIn reads a list of ids as it is stored.
func idsIn(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(`[]", `, r) })
}

// atNamed: who serves one of the accounts, or heads one of the departments of then.
func atNamed(f *facts, person string, row map[string]string) bool {
	for _, account := range idsIn(row["accounts"]) {
		if f.serves(person, account) {
			return true
		}
	}
	for _, dept := range idsIn(row["depts"]) {
		if f.heads(person, dept) {
			return true
		}
	}
	return false
}

// makeMarket adds plans and activities of anybody's for any accounts.
func (o *org) makeMarket(tx dbx.Builder) error {
	some := func(of []string, most int) string {
		picked := make([]string, o.dice.IntN(most+1))
		for i := range picked {
			picked[i] = fmt.Sprintf("%q", o.one(of, 0))
		}
		return "[" + strings.Join(picked, ",") + "]"
	}
	for range 30 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		with := dbx.Params{"accounts": some(o.accounts, 3), "depts": some(o.depts, 2)}
		headed := func(more dbx.Params) dbx.Params {
			out := dbx.Params{
				"owner": owner, "manager": manager, "dept": dept, "name": "@mark", "from_date": "2026-03-01", "to_date": "2026-03-02",
				"reviewers": some(o.people, 2), "products": "[]", "state": "draft",
			}
			maps.Copy(out, with)
			maps.Copy(out, more)
			return out
		}
		activity, err := o.row(tx, "activities", headed(dbx.Params{"kind": "launch", "helpers": some(o.people, 2)}))
		if err != nil {
			return err
		}
		part := func(more dbx.Params) dbx.Params {
			out := dbx.Params{"activity": activity}
			maps.Copy(out, with)
			maps.Copy(out, more)
			return out
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"promo_plans":      headed(dbx.Params{"name": "x", "year": "2026", "goal": "@mark", "tiers": "[]"}),
			"activity_tasks":   part(dbx.Params{"title": "@mark", "owner": o.one(o.people, 0), "due": "2026-03-02", "state": "open"}),
			"activity_costs":   part(dbx.Params{"kind": "venue", "note": "@mark"}),
			"activity_results": part(dbx.Params{"text": "@mark", "owner": o.one(o.people, 0), "photos": "[]"}),
			"activity_returns": {"activity": activity, "dept": o.one(o.depts, 3), "gain_fen": 100},
			"blobs": {
				"owner": owner, "manager": manager, "dept": dept, "account": o.one(o.accounts, 3), "sha256": o.id(), "size": 1, "mime": "image/jpeg",
				"purpose": "activity", "state": "pending", "code": "@mark",
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
