package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// How accounts are kept (policy 3(3)): coverage of visits, care, services,
// information sent out, and customers' issues.
func init() {
	names := []string{"account_coverage", "care_dates", "care_tasks", "value_services", "outreach_campaigns", "cases", "case_events"}
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "contacts", "users", "departments", "products", "visits", "communications", "improvement_actions")
		if err != nil {
			return err
		}
		accounts, contacts, users, departments, products, visits, communications := found[0], found[1], found[2], found[3], found[4], found[5], found[6]
		campaigns := outreach(users)
		dates := careDates(accounts, contacts, departments)
		issues := customerIssues(accounts, contacts, users, departments, products, visits, found[7])
		if err := create(app, coverage(accounts, users, departments), dates, valueServices(accounts, departments), campaigns, issues); err != nil {
			return err
		}
		issues.Fields.Add(ref("merged_into", issues))
		communications.Fields.Add(ref("campaign", campaigns))
		if err := create(app, issues, communications, careTasks(accounts, contacts, users, departments, dates), issueEvents(issues, accounts, users, departments)); err != nil {
			return err
		}
		solvers := append([]string{"member:{owner_dept}", "role:service"}, accountKeys...)
		return addSyncRules(app,
			syncRule{name: "account_coverage", direction: "both", priority: 580, keys: accountKeys},
			syncRule{name: "care_dates", direction: "both", priority: 590, keys: accountKeys},
			syncRule{name: "care_tasks", direction: "both", priority: 600, keys: accountKeys},
			syncRule{name: "value_services", direction: "both", priority: 610, keys: append([]string{"member:{provider}"}, accountKeys...)},
			syncRule{name: "outreach_campaigns", direction: "down", priority: 620, keys: []string{"all"}},
			syncRule{name: "cases", direction: "both", priority: 330, keys: solvers, policy: fieldPolicy("client", "title", "text")},
			syncRule{name: "case_events", direction: "both", priority: 340, keys: solvers},
		)
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		if err := removeFields(app, "communications", nil, "campaign"); err != nil {
			return err
		}
		return drop(app, "case_events", "care_tasks", "cases", "outreach_campaigns", "value_services", "care_dates", "account_coverage")
	})
}

func coverage(accounts, users, departments *core.Collection) *core.Collection {
	c := table("account_coverage", rules{see: seenLine},
		part("account", accounts), ref("owner", users), ref("manager", users), ref("dept", departments), text("tier"),
		must("period"), day("from_date"), day("to_date"), whole("required"), whole("done"),
		oneOf("state", "open", "warned", "met", "breach", "excepted"),
		one("exception", "requested", "granted", "refused"), text("exception_reason"), ref("exception_by", users), ref("decided_by", users),
		text("decision_note"), moment("decided_at"), moment("warned_at"), moment("closed_at"),
	)
	index(c, true, "account, period")
	for _, columns := range []string{"owner, period", "dept", "period, state"} {
		index(c, false, columns)
	}
	return c
}

func careDates(accounts, contacts, departments *core.Collection) *core.Collection {
	c := table("care_dates", rules{see: seenLine, create: writtenLine, update: writtenLine, remove: writtenLine},
		part("account", accounts), ref("dept", departments), ref("contact", contacts), must("title"),
		oneOf("kind", "holiday", "birthday", "anniversary", "custom"), oneOf("calendar", "solar", "lunar"),
		whole("month"), whole("day"), whole("lead_days"), flag("active"))
	index(c, false, "account")
	index(c, false, "dept")
	return c
}

func careTasks(accounts, contacts, users, departments, dates *core.Collection) *core.Collection {
	c := table("care_tasks", rules{see: seenLine},
		part("account", accounts), ref("dept", departments), ref("care_date", dates), ref("contact", contacts), must("title"),
		day("due"), ref("assignee", users), oneOf("state", "open", "done", "skipped"), text("action"), whole("gift_value_fen"), text("note"),
		moment("done_at"), ref("done_by", users))
	index(c, true, "care_date, due")
	for _, columns := range []string{"account, due", "dept", "assignee, state"} {
		index(c, false, columns)
	}
	return c
}

func valueServices(accounts, departments *core.Collection) *core.Collection {
	c := table("value_services", rules{see: seenLineOr(member("provider")), create: writtenLine, update: writtenLine},
		part("account", accounts), ref("dept", departments), oneOf("kind", "training", "consulting", "research"), day("date"),
		ref("provider", departments), text("content"), text("result"))
	for _, columns := range []string{"account", "dept", "provider"} {
		index(c, false, columns)
	}
	return c
}

func outreach(users *core.Collection) *core.Collection {
	write := active + ` && (@request.auth.role = "market" || @request.auth.role = "dept_manager" || @request.auth.role = "admin")`
	return table("outreach_campaigns", rules{see: active, create: write, update: write},
		must("title"), must("text"), oneOf("channel", "email", "im", "letter"), data("tiers"), ref("by", users),
		oneOf("state", "draft", "sent"), moment("sent_at"), whole("accounts"), whole("contacts"), whole("opted_out"))
}

func customerIssues(accounts, contacts, users, departments, products, visits, improvements *core.Collection) *core.Collection {
	service := `@request.auth.role = "service"`
	solver := service + ` || ` + member("owner_dept")
	write := active + ` && (` + held + ` || ` + headOfAccount + ` || @request.auth.role = "admin" || `
	c := table("cases", rules{see: seenLineOr(solver), create: write + service + `)`, update: write + solver + `)`},
		part("account", accounts), ref("dept", departments), ref("contact", contacts), ref("by", users), ref("visit", visits), ref("product", products),
		oneOf("kind", "quality", "delivery", "service", "technical", "billing", "complaint"), oneOf("level", "urgent", "major", "normal"),
		oneOf("channel", "phone", "email", "im", "visit", "portal", "other"), must("title"), text("text"),
		ref("owner_dept", departments), ref("owner", users),
		oneOf("state", "new", "acknowledged", "in_progress", "waiting_customer", "resolved", "confirmed", "reopened", "closed", "merged"),
		moment("raised_at"), moment("first_response_due"), moment("resolve_due"), moment("responded_at"), moment("paused_at"),
		moment("resolved_at"), moment("confirmed_at"), text("confirmed_by"), moment("closed_at"), flag("first_late"), flag("resolve_late"),
		whole("escalation"), text("cause"), text("solution"), whole("repeats"), ref("prevention", improvements), text("source"),
	)
	for _, columns := range []string{"account, kind, raised_at", "dept", "owner_dept, state", "state, resolve_due"} {
		index(c, false, columns)
	}
	return c
}

func issueEvents(issues, accounts, users, departments *core.Collection) *core.Collection {
	solver := `@request.auth.role = "service" || ` + member("owner_dept")
	c := table("case_events", rules{
		see: seenLineOr(solver),
		create: active + ` && (issue.account.owner = @request.auth.id || issue.account.manager = @request.auth.id || @request.auth.role = "service" || ` +
			`@request.auth.role = "admin" || (@request.auth.department != "" && (issue.owner_dept = @request.auth.department || ` +
			`(@request.auth.role = "dept_manager" && issue.account.dept = @request.auth.department))))`,
	},
		part("issue", issues), ref("account", accounts), ref("dept", departments), ref("owner_dept", departments), moment("at"), ref("by", users),
		must("kind"), text("text"), data("media"))
	for _, columns := range []string{"issue, at", "account", "dept", "owner_dept"} {
		index(c, false, columns)
	}
	return c
}
