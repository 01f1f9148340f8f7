package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Accounts and the people there.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		mine := `owner = @request.auth.id || manager = @request.auth.id || ` + head
		accounts := table("accounts", rules{
			see: active + ` && (` + mine + ` || @request.auth.role = "finance" || ` + auditor + `)`,
			create: active + ` && (((@request.auth.role = "rep" || @request.auth.role = "ka_manager") && ` +
				`(owner = @request.auth.id || owner.manager = @request.auth.id)) || ` +
				`(@request.auth.role = "dept_manager" && @request.auth.department != "" && owner.department = @request.auth.department) || ` +
				`@request.auth.role = "admin")`,
			update: active + ` && (` + mine + ` || @request.auth.role = "admin")`,
		},
			must("name"), text("short_name"), text("uscc"),
			oneOf("kind", "prospect", "ka", "lost"), one("tier", "A", "B", "C"),
			text("industry"), text("region"), text("address"),
			number("lat"), number("lng"), whole("geofence_m"),
			ref("owner", users), ref("manager", users), ref("dept", departments),
			whole("credit_limit_fen"), whole("payment_days"), data("tags"), one("status", "active", "dormant"), text("note"),
		)
		for _, column := range []string{"owner", "manager", "dept"} {
			index(accounts, false, column)
		}
		if err := create(app, accounts); err != nil {
			return err
		}
		// Who writes is asked of the account: dept is filled from it only afterwards.
		write := active + ` && (account.owner = @request.auth.id || account.manager = @request.auth.id || ` +
			`(@request.auth.role = "dept_manager" && @request.auth.department != "" && account.dept = @request.auth.department) || ` +
			`@request.auth.role = "admin")`
		contacts := table("contacts", rules{
			see: active + ` && (` + line + ` || ` + auditor + `)`, create: write, update: write, remove: write,
		},
			needs("account", accounts), ref("dept", departments),
			must("name"), text("title"), text("phone"), text("email"), text("wechat"),
			one("role_in_decision", "decider", "influencer", "user", "buyer", "gatekeeper"), day("birthday"), text("note"),
		)
		index(contacts, false, "account")
		index(contacts, false, "dept")
		return create(app, contacts)
	}, func(app core.App) error {
		return drop(app, "contacts", "accounts")
	})
}
