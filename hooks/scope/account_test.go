package scope_test

import "maps"

// accountSees is who sees what hangs on accounts; accountColumns are what the
// policy speaks of in it.
var (
	accountColumns = map[string][]string{
		"scoring_models": nil, "outreach_campaigns": nil,
		"account_scorecards": {"account", "dept", "reviewers"}, "contracts": {"account", "dept", "reviewers"}, "account_reviews": {"account", "dept", "reviewers"},
		"value_services": {"account", "dept", "provider"},
		"cases":          {"account", "dept", "owner_dept", "told"}, "case_events": {"account", "dept", "owner_dept"},
	}
	accountSees = map[string]seen{
		"scoring_models": everybody, "outreach_campaigns": everybody,
		"account_scorecards": or(atAccount, named("reviewers")), "contracts": or(or(atAccount, named("reviewers")), is("finance")),
		"account_reviews": or(or(atAccount, named("reviewers")), is("service")), "account_competitors": or(atAccount, marketing),
		"value_services": or(atAccount, worksIn("provider")),
		"cases":          or(or(or(atAccount, worksIn("owner_dept")), is("service")), named("told")), "case_events": or(or(atAccount, worksIn("owner_dept")), is("service")),
	}
)

func init() {
	for _, name := range []string{
		"account_stage_log", "opportunities", "opportunity_stage_log", "account_plans", "communications", "negotiations", "account_competitors", "account_coverage", "care_dates", "care_tasks",
	} {
		accountColumns[name] = []string{"account", "dept"}
		if accountSees[name] == nil {
			accountSees[name] = atAccount
		}
	}
	maps.Copy(columns, accountColumns)
	maps.Copy(fieldSees, accountSees)
}

func is(role string) seen {
	return func(f *facts, person string, _ map[string]string) bool {
		return f.tables["users"][person]["role"] == role
	}
}
