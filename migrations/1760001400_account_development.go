package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// How accounts are chosen and developed (policy 3(1) and 3(2)): stages with
// their log, scoring models and cards, negotiations, opportunities and plans.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "contacts", "users", "departments", "orders")
		if err != nil {
			return err
		}
		accounts, contacts, users, departments, orders := found[0], found[1], found[2], found[3], found[4]
		if err := developAccounts(app, accounts, contacts, users); err != nil {
			return err
		}
		models := scoringModels()
		if err := create(app, models); err != nil {
			return err
		}
		for _, c := range []*core.Collection{
			stageLog(accounts, users, departments), scorecards(accounts, models, users, departments),
			opportunities(accounts, users, departments, orders), accountPlans(accounts, departments),
			communications(accounts, contacts, users, departments),
		} {
			if err := create(app, c); err != nil {
				return err
			}
		}
		more, err := find(app, "opportunities", "competitors")
		if err != nil {
			return err
		}
		if err := create(app, negotiations(accounts, departments, more[0]), accountCompetitors(accounts, departments, more[1])); err != nil {
			return err
		}
		if err := seedModel(app, models); err != nil {
			return err
		}
		return developmentRules(app)
	}, func(app core.App) error {
		if err := dropRules(app, developmentTables...); err != nil {
			return err
		}
		if err := drop(app, "account_competitors", "negotiations", "communications", "account_plans", "opportunities", "account_scorecards", "account_stage_log", "scoring_models"); err != nil {
			return err
		}
		return undevelopAccounts(app)
	})
}

var developmentTables = []string{"scoring_models", "account_stage_log", "account_scorecards", "opportunities", "account_plans", "communications", "negotiations", "account_competitors"}

// seenLine is who sees what hangs on an account.
const seenLine = active + ` && (` + line + nextHolder + ` || ` + auditor + `)`

// writtenLine is who writes it. The account is asked: dept is filled from it only afterwards.
const writtenLine = active + ` && (` + held + ` || ` + headOfAccount + ` || @request.auth.role = "admin")`

// headOfAccount is the department manager of the account that a row hangs on.
const headOfAccount = `(@request.auth.role = "dept_manager" && @request.auth.department != "" && account.dept = @request.auth.department)`

func developAccounts(app core.App, accounts, contacts, users *core.Collection) error {
	accounts.Fields.Add(
		one("stage", "research", "screened", "first_contact", "in_depth", "negotiating", "contracted", "dropped", "dormant", "lost"),
		moment("stage_at"), text("purchase_needs"), text("first_need"), text("phone"), text("distinct_reason"), data("duplicate_flags"),
		&core.TextField{Name: "name_key", Max: 2000, Hidden: true}, &core.TextField{Name: "phone_key", Max: 2000, Hidden: true},
		ref("exec_sponsor", users), ref("service_owner", users),
	)
	accounts.AddIndex("idx_accounts_uscc", true, "uscc", "uscc != ''")
	index(accounts, false, "name_key")
	index(accounts, false, "phone_key")
	index(accounts, false, "stage")
	index(accounts, false, "lat, lng")
	contacts.Fields.Add(
		one("attitude", "supporter", "neutral", "opponent"), flag("optout"),
		&core.TextField{Name: "lunar_birthday", Pattern: `^(\d{2}-\d{2})?$`},
	)
	if err := create(app, accounts, contacts); err != nil {
		return err
	}
	// Whoever is a customer already went through the stages before there were any.
	_, err := app.DB().NewQuery(`UPDATE accounts SET stage = CASE
		WHEN kind = 'lost' THEN 'lost' WHEN kind = 'prospect' THEN 'research' WHEN status = 'dormant' THEN 'dormant' ELSE 'contracted' END`).Execute()
	return err
}

func undevelopAccounts(app core.App) error {
	found, err := find(app, "accounts", "contacts")
	if err != nil {
		return err
	}
	accounts, contacts := found[0], found[1]
	for _, columns := range []string{"uscc", "name_key", "phone_key", "stage", "lat, lng"} {
		accounts.RemoveIndex(indexName(accounts, columns))
	}
	for _, f := range []string{
		"stage", "stage_at", "purchase_needs", "first_need", "phone", "distinct_reason", "duplicate_flags", "name_key",
		"phone_key", "exec_sponsor", "service_owner",
	} {
		accounts.Fields.RemoveByName(f)
	}
	for _, f := range []string{"attitude", "optout", "lunar_birthday"} {
		contacts.Fields.RemoveByName(f)
	}
	return create(app, accounts, contacts)
}

func scoringModels() *core.Collection {
	write := active + ` && (@request.auth.role = "dept_manager" || @request.auth.role = "admin")`
	c := table("scoring_models", rules{see: active, create: write, update: write},
		must("name"), whole("version"), data("criteria"), whole("threshold_bp"), data("bands"), flag("active"))
	c.AddIndex("idx_scoring_models_active", true, "active", "active = TRUE")
	return c
}

func stageLog(accounts, users, departments *core.Collection) *core.Collection {
	c := table("account_stage_log", rules{see: seenLine},
		part("account", accounts), ref("dept", departments), text("from"), must("to"), text("step"), moment("at"), ref("by", users), text("note"))
	index(c, false, "account, at")
	index(c, false, "dept")
	return c
}

func scorecards(accounts, models, users, departments *core.Collection) *core.Collection {
	c := table("account_scorecards", rules{
		see: seenLineOr(reviewer), create: writtenLine, update: writtenLine, remove: writtenLine,
	},
		part("account", accounts), ref("dept", departments), needs("model", models), ref("owner", users),
		data("ratings"), whole("total_bp"), text("suggested_tier"),
		oneOf("state", "draft", "in_review", "approved", "rejected"),
		ref("override_by", users), text("override_reason"),
	)
	c.Fields.Add(reviewed(users)...)
	index(c, false, "account, state")
	index(c, false, "dept")
	return c
}

func opportunities(accounts, users, departments, orders *core.Collection) *core.Collection {
	c := table("opportunities", rules{see: seenLine, create: writtenLine, update: writtenLine},
		part("account", accounts), needs("owner", users), ref("dept", departments),
		must("title"), text("source"), text("needs"), whole("amount_fen"), day("close_date"),
		oneOf("stage", "found", "qualified", "proposal", "negotiation", "won", "lost", "suspended"), text("before_stage"),
		text("strategy"), text("next_action"), day("next_at"),
		flag("is_major"), one("decision", "go", "no_go"), text("decision_note"), ref("decided_by", users), moment("decided_at"),
		ref("order", orders), text("lost_reason"),
	)
	for _, columns := range []string{"account", "owner, stage", "dept"} {
		index(c, false, columns)
	}
	return c
}

func accountPlans(accounts, departments *core.Collection) *core.Collection {
	c := table("account_plans", rules{see: seenLine, create: writtenLine, update: writtenLine},
		part("account", accounts), ref("dept", departments), &core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`},
		text("needs"), data("goals"), data("actions"), data("solutions"), oneOf("state", "draft", "active", "closed"))
	index(c, true, "account, year")
	index(c, false, "dept")
	return c
}

func communications(accounts, contacts, users, departments *core.Collection) *core.Collection {
	at := moment("at")
	at.Required = true
	c := table("communications", rules{see: seenLine, create: writtenLine, update: writtenLine},
		part("account", accounts), ref("dept", departments), ref("contact", contacts), ref("by", users),
		oneOf("channel", "phone", "email", "im", "visit", "meeting", "letter"), oneOf("direction", "in", "out"),
		at, must("summary"), moment("needs_reply_by"), moment("replied_at"), flag("replied_late"))
	index(c, false, "account, at")
	index(c, false, "dept")
	return c
}

func negotiations(accounts, departments, deals *core.Collection) *core.Collection {
	c := table("negotiations", rules{see: seenLine, create: writtenLine, update: writtenLine},
		part("account", accounts), ref("dept", departments), ref("opportunity", deals), must("topic"),
		text("cooperation_model"), data("price_terms"), data("service_terms"), data("objections"),
		oneOf("state", "open", "agreed", "failed"))
	index(c, false, "account, state")
	index(c, false, "dept")
	return c
}

func accountCompetitors(accounts, departments, competitors *core.Collection) *core.Collection {
	c := table("account_competitors", rules{see: seenLineOr(`@request.auth.role = "market"`), create: writtenLine, update: writtenLine, remove: writtenLine},
		part("account", accounts), ref("dept", departments), needs("competitor", competitors),
		whole("share_bp"), text("products"), day("contract_end"), text("note"))
	index(c, true, "account, competitor")
	index(c, false, "dept")
	return c
}

// seenLineOr adds others to who sees what hangs on an account.
func seenLineOr(others string) string {
	return active + ` && (` + line + nextHolder + ` || ` + others + ` || ` + auditor + `)`
}

// seedModel is the policy's four criteria, weighed alike but for the first two.
func seedModel(app core.App, models *core.Collection) error {
	type criterion struct {
		Key      string `json:"key"`
		WeightBP int    `json:"weight_bp"`
		Scale    int    `json:"scale"`
		Min      int    `json:"min"`
		ZH       string `json:"zh"`
		EN       string `json:"en"`
	}
	type band struct {
		Tier   string `json:"tier"`
		FromBP int    `json:"from_bp"`
	}
	record := core.NewRecord(models)
	record.Load(map[string]any{
		"name": "KA客户选择标准", "version": 1, "active": true, "threshold_bp": 6000,
		"criteria": []criterion{
			{"influence", 3000, 5, 2, "市场影响力与需求潜力", "Influence and demand potential"},
			{"scale", 3000, 5, 2, "业务规模与采购能力", "Scale and purchasing power"},
			{"complementarity", 2000, 5, 1, "业务互补性", "Complementarity"},
			{"credit", 2000, 5, 3, "商业信誉与合作意愿", "Credit and willingness"},
		},
		"bands": []band{{"A", 8500}, {"B", 7000}, {"C", 0}},
	})
	return app.Save(record)
}

// developmentRules are the sync rules that say the same as the API rules.
func developmentRules(app core.App) error {
	return addSyncRules(app,
		syncRule{name: "scoring_models", direction: "down", priority: 60, keys: []string{"all"}},
		syncRule{name: "account_stage_log", direction: "down", priority: 500, keys: accountKeys},
		syncRule{name: "account_scorecards", direction: "both", priority: 510, keys: append([]string{"user:{reviewers}"}, accountKeys...)},
		syncRule{
			name: "opportunities", direction: "both", priority: 520, keys: accountKeys,
			policy: fieldPolicy("client", "strategy", "next_action", "next_at", "needs"),
		},
		syncRule{name: "account_plans", direction: "both", priority: 530, keys: accountKeys},
		syncRule{name: "communications", direction: "both", priority: 540, keys: accountKeys, policy: fieldPolicy("once", "at", "channel", "direction")},
		syncRule{name: "negotiations", direction: "both", priority: 550, keys: accountKeys},
		syncRule{name: "account_competitors", direction: "both", priority: 560, keys: append([]string{"role:market"}, accountKeys...)},
	)
}
