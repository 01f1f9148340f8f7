package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The company's policies, version by version, and who has read them.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		from := day("effective_from")
		from.Required = true
		docs := table("policy_docs", rules{
			see:    active + ` && (state != "draft" || ` + auditor + `)`,
			create: admin, update: admin, remove: admin,
		},
			must("code"), must("name"), must("version"), text("summary"), from, oneOf("state", "draft", "published", "withdrawn"),
			&core.FileField{Name: "file", MaxSelect: 1, MaxSize: 20 << 20, Protected: true, MimeTypes: []string{
				"application/pdf", "text/plain", "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			}},
			text("sha256"), moment("published_at"), day("ack_due"), moment("reminded_at"),
		)
		index(docs, true, "code, version")
		own := `user = @request.auth.id`
		if err := create(app, docs); err != nil {
			return err
		}
		acks := table("policy_acks", rules{
			see:    active + ` && (` + own + ` || manager = @request.auth.id || ` + head + ` || ` + auditor + `)`,
			create: active + ` && ` + own,
		},
			needs("doc", docs), part("user", users), ref("manager", users), ref("dept", departments), text("version"), moment("ack_at"),
		)
		index(acks, true, "doc, user")
		for _, columns := range []string{"user", "manager", "dept"} {
			index(acks, false, columns)
		}
		if err := create(app, acks); err != nil {
			return err
		}
		if err := addRule(app, "policy_docs", "down", 370, nil, "role:auditor", "role:admin"); err != nil {
			return err
		}
		rule, err := app.FindFirstRecordByData("sync_rules", "name", "policy_docs")
		if err != nil {
			return err
		}
		rule.Set("keys", []seedKey{{Key: "all", When: map[string][]string{"state": {"published", "withdrawn"}}}, {Key: "role:auditor"}, {Key: "role:admin"}})
		if err := app.Save(rule); err != nil {
			return err
		}
		return addRule(app, "policy_acks", "both", 380, nil, "user:{user}", "user:{manager}", "dept:{dept}", "role:auditor", "role:admin")
	}, func(app core.App) error {
		if err := dropRules(app, "policy_acks", "policy_docs"); err != nil {
			return err
		}
		return drop(app, "policy_acks", "policy_docs")
	})
}
