package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// usedBy are the fields of invoices about the claims that use them, the authority that
// was asked, what was found out later, and the keeping of the original.
var usedBy = []string{
	"reviewers", "used_fen", "buyer", "disputes", "verified_at", "finding", "found_at", "repay_fen", "repaid_at", "repaid_note", "keep_until", "goods", "goods_list",
}

// Invoices in use (policy 7(2)): the company's own names, what the authority or finance
// said of an invoice, and sight of invoice and paper for who decides on a claim.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "invoices", "blobs")
		if err != nil {
			return err
		}
		users, invoices, blobs := found[0], found[1], found[2]
		reviewers := func() core.Field {
			return &core.RelationField{Name: "reviewers", CollectionId: users.Id, MaxSelect: 50}
		}
		invoices.Fields.Add(
			reviewers(), whole("used_fen"), one("buyer", "na", "ours", "name", "tax"), data("disputes"), moment("verified_at"),
			one("finding", "void", "red"), moment("found_at"), whole("repay_fen"), moment("repaid_at"), text("repaid_note"), day("keep_until"),
			text("goods"), ref("goods_list", blobs),
		)
		index(invoices, false, "owner, issue_date, key")
		index(invoices, false, "goods_list")
		see := rule(strings.Replace(*invoices.ListRule, `owner = @request.auth.id`, `owner = @request.auth.id || `+reviewer, 1))
		invoices.ListRule, invoices.ViewRule = see, see
		blobs.Fields.Add(reviewers())
		see = rule(strings.TrimSuffix(*blobs.ListRule, ` || `+auditor+`)`) + ` || ` + reviewer + ` || ` + auditor + `)`)
		blobs.ListRule, blobs.ViewRule = see, see
		write := active + ` && (@request.auth.role = "finance" || @request.auth.role = "admin")`
		companies := table("own_companies", rules{see: active, create: write, update: write}, must("name"), text("tax_no"), data("aliases"), flag("active"))
		index(companies, true, "name")
		checks := table("invoice_checks", rules{see: active + ` && (@request.auth.role = "finance" || ` + auditor + `)`},
			part("invoice", invoices), oneOf("source", "manual", "platform"), oneOf("verdict", "valid", "void", "red", "failed", "unknown"),
			text("asked"), text("fault"), text("note"), ref("by", users), moment("at"),
		)
		index(checks, false, "invoice, at")
		if err := create(app, invoices, blobs, companies, checks); err != nil {
			return err
		}
		if err := reviewerKey(app, true, "invoices", "blobs"); err != nil {
			return err
		}
		if err := writtenByPhones(app, "invoices", "goods_list"); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{name: "own_companies", direction: "down", priority: 306, keys: []string{"all"}})
	}, func(app core.App) error {
		if err := dropRules(app, "own_companies"); err != nil {
			return err
		}
		if err := reviewerKey(app, false, "invoices", "blobs"); err != nil {
			return err
		}
		if err := drop(app, "invoice_checks", "own_companies"); err != nil {
			return err
		}
		for _, name := range []string{"invoices", "blobs"} {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			see := rule(strings.Replace(*c.ListRule, ` || `+reviewer, ``, 1))
			c.ListRule, c.ViewRule = see, see
			if err := app.Save(c); err != nil {
				return err
			}
		}
		if err := removeFields(app, "blobs", nil, "reviewers"); err != nil {
			return err
		}
		return removeFields(app, "invoices", []string{"owner, issue_date, key", "goods_list"}, usedBy...)
	})
}

// reviewerKey shows rows of collections to the phones of their reviewers, or takes that back.
func reviewerKey(app core.App, on bool, names ...string) error {
	for _, name := range names {
		syncRule, err := app.FindFirstRecordByData("sync_rules", "name", name)
		if err != nil {
			return err
		}
		var keys []seedKey
		if err := syncRule.UnmarshalJSONField("keys", &keys); err != nil {
			return err
		}
		if on {
			keys = append(keys, seedKey{Key: "user:{reviewers}"})
		} else {
			keys = slices.DeleteFunc(keys, func(k seedKey) bool { return k.Key == "user:{reviewers}" })
		}
		syncRule.Set("keys", keys)
		if err := app.Save(syncRule); err != nil {
			return err
		}
	}
	return nil
}
