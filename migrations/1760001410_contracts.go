package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Contracts (policy 3(2)6).
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "negotiations", "opportunities")
		if err != nil {
			return err
		}
		accounts, users, departments, negotiations, opportunities := found[0], found[1], found[2], found[3], found[4]
		file := func(name string) *core.FileField {
			return &core.FileField{
				Name: name, MaxSelect: 1, MaxSize: 30 << 20, Protected: true,
				MimeTypes: []string{"application/pdf", "image/jpeg", "image/png"},
			}
		}
		start, end := day("start_date"), day("end_date")
		start.Required, end.Required = true, true
		contracts := table("contracts", rules{
			see: seenLineOr(reviewer + ` || @request.auth.role = "finance"`), create: writtenLine, update: writtenLine,
		},
			part("account", accounts), needs("owner", users), ref("dept", departments), must("no"), oneOf("type", "standard", "custom"),
			must("title"), whole("amount_fen"), start, end, data("terms"), ref("negotiation", negotiations),
			file("draft"), file("signed"), &core.TextField{Name: "signed_sha256", Pattern: `^([0-9a-f]{64})?$`},
			oneOf("state", "draft", "in_review", "approved", "signing", "effective", "expiring", "renewed", "terminated", "expired"),
			whole("version"), whole("renew_notice_days"), moment("effective_at"), moment("ended_at"), text("end_reason"), moment("renewal_told_at"),
		)
		contracts.Fields.Add(reviewed(users)...)
		index(contracts, true, "no")
		for _, columns := range []string{"account, state", "dept", "state, end_date", "owner"} {
			index(contracts, false, columns)
		}
		if err := create(app, contracts); err != nil {
			return err
		}
		contracts.Fields.Add(ref("renewed_by", contracts))
		opportunities.Fields.Add(ref("contract", contracts))
		if err := create(app, contracts, opportunities); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{
			name: "contracts", direction: "both", priority: 570, keys: append([]string{"user:{reviewers}", "role:finance"}, accountKeys...),
		})
	}, func(app core.App) error {
		if err := dropRules(app, "contracts"); err != nil {
			return err
		}
		if err := removeFields(app, "opportunities", nil, "contract"); err != nil {
			return err
		}
		return drop(app, "contracts")
	})
}
