package accounts

import (
	"github.com/pocketbase/dbx"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func plans() kit.Collection {
	return kit.Collection{
		Name:    records.AccountPlanTable,
		Hung:    true,
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AccountPlans, records.AccountPlanTable+"Create", planSaved),
			kit.On(kit.Update, records.AccountPlans, records.AccountPlanTable+"Update", planSaved),
		},
	}
}

// planSaved lets an account have one plan a year (R2.7): account_plan.taken.
func planSaved(e *kit.Change[records.AccountPlan]) error {
	others, err := records.AccountPlans.Count(e.App, `account = {:account} AND year = {:year} AND id <> {:id}`,
		dbx.Params{"account": e.Row.Account(), "year": e.Row.Year(), "id": e.Row.ID()})
	if err != nil {
		return err
	}
	if others > 0 {
		return gate.RefuseField(records.AccountPlanColYear, "account_plan.taken")
	}
	return e.Next()
}

func competitors() kit.Collection {
	return kit.Collection{Name: records.AccountCompetitorTable, Hung: true, Follows: kit.Always}
}
