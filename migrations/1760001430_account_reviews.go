package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Reviews of the cooperation with an account (policy 3(3)5), and what both
// sides of a handover put their names to.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "improvement_actions", "account_handovers")
		if err != nil {
			return err
		}
		accounts, users, departments, improvements, handovers := found[0], found[1], found[2], found[3], found[4]
		reviews := table("account_reviews", rules{
			see: seenLineOr(reviewer + ` || @request.auth.role = "service"`), create: writtenLine, update: writtenLine,
		},
			part("account", accounts), needs("owner", users), ref("dept", departments), must("period"),
			whole("sales_score"), whole("csat_score"), whole("potential_score"), whole("service_score"), whole("total"),
			whole("sales_fen"), whole("orders"), whole("visits"), whole("issues"),
			text("findings"), one("result", "strengthen", "keep", "adjust", "reduce"),
			one("tier_from", "A", "B", "C"), one("tier_to", "A", "B", "C"),
			&core.RelationField{Name: "actions", CollectionId: improvements.Id, MaxSelect: 20},
			oneOf("state", "draft", "submitted", "approved", "rejected", "returned"),
		)
		reviews.Fields.Add(reviewed(users)...)
		index(reviews, true, "account, period")
		index(reviews, false, "dept")
		handovers.Fields.Add(data("checklist"), data("open_items"), moment("signed_from_at"), moment("signed_to_at"))
		if err := create(app, reviews, handovers); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{
			name: "account_reviews", direction: "both", priority: 630, keys: append([]string{"user:{reviewers}", "role:service"}, accountKeys...),
		})
	}, func(app core.App) error {
		if err := dropRules(app, "account_reviews"); err != nil {
			return err
		}
		if err := removeFields(app, "account_handovers", nil, "checklist", "open_items", "signed_from_at", "signed_to_at"); err != nil {
			return err
		}
		return drop(app, "account_reviews")
	})
}
