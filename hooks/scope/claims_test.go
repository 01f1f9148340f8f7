package scope_test

import (
	"strings"

	"github.com/pocketbase/dbx"
)

// A claim with its parts is its owner's, his line's and theirs who are asked about it,
// finance's and those who watch; a colleague's to nobody else.
func init() {
	see := or(or(named("owner"), named("manager")), or(named("reviewers"), or(is("finance"), or(overseer, func(f *facts, person string, row map[string]string) bool {
		return f.heads(person, row["dept"])
	}))))
	for collection, text := range map[string]string{"expense_claims": "title", "expense_lines": "city", "expense_shares": "", "expense_uses": ""} {
		columns[collection], fieldSees[collection] = strings.Fields("owner manager dept reviewers"), see
		if text != "" {
			texts[collection] = text
		}
	}
	actions["expense_claims"] = "archive"
}

// makeClaims gives people claims of their own, which some others are asked about.
func (o *org) makeClaims(tx dbx.Builder) error {
	category, err := o.row(tx, "expense_categories", dbx.Params{"code": "claims", "name_zh": "x", "name_en": "@mark"})
	if err != nil {
		return err
	}
	for range 20 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		reviewers := `["` + o.one(o.people, 0) + `"]`
		of := func(part dbx.Params) dbx.Params {
			part["owner"], part["manager"], part["dept"], part["reviewers"] = owner, manager, dept, reviewers
			return part
		}
		claim, err := o.row(tx, "expense_claims", of(dbx.Params{"title": "@mark", "period": "2026-03", "payee_kind": "employee", "state": "paid"}))
		if err != nil {
			return err
		}
		line, err := o.row(tx, "expense_lines", of(dbx.Params{"claim": claim, "category": category, "day": "2026-03-02", "amount_fen": 1, "city": "@mark"}))
		if err != nil {
			return err
		}
		invoice, err := o.row(tx, "invoices", dbx.Params{"owner": owner, "state": "folder", "paper_state": "read"})
		if err != nil {
			return err
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"expense_shares": of(dbx.Params{"claim": claim, "line": line, "weight": 1}),
			"expense_uses":   of(dbx.Params{"claim": claim, "line": line, "invoice": invoice, "amount_fen": 1, "state": "paid"}),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
