package care

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// remindReviews tells the manager of each important account whose last period
// has no review that was handed in, once (half a year for A, a year for B).
func remindReviews(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	periods, err := gate.SettingsOn(app, today).ReviewPeriods()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		for _, tier := range []string{"A", "B", "C"} {
			months := customers.ReviewMonths(periods["account_"+tier])
			if months == 0 {
				continue
			}
			_, present := customers.MonthsPeriod(today, months)
			key, _ := customers.MonthsPeriod(domain.AddDays(present.From, -1), months)
			due, err := records.Accounts.All(txApp, `stage = 'contracted' AND tier = {:tier} AND manager <> '' AND created < {:since}
				AND NOT EXISTS (SELECT 1 FROM account_reviews r WHERE r.account = accounts.id AND r.period = {:period} AND r.state IN ('submitted', 'approved'))`,
				dbx.Params{"tier": tier, "period": key, "since": present.From}, "id")
			if err != nil {
				return err
			}
			for _, account := range due {
				err := gate.NotifyOnce(ctx, txApp, now, gate.Notice{
					User: string(account.Manager()), Kind: "review.account_due", Link: records.AccountTable + "/" + string(account.ID()) + "#" + key,
					Params: map[string]any{"account": account.Name(), "period": key},
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// remindPlans tells each manager once a month how many of his important accounts
// have no plan for the year (R2.7).
func remindPlans(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	tiers, err := gate.SettingsOn(app, today).AccountImportantTiers()
	if err != nil {
		return err
	}
	list, err := json.Marshal(tiers)
	if err != nil {
		return fmt.Errorf("write the tiers: %w", err)
	}
	return app.RunInTransaction(func(txApp core.App) error {
		var rows []struct {
			Manager string `db:"manager"`
			Count   int    `db:"n"`
		}
		err := txApp.DB().NewQuery(`SELECT manager, COUNT(*) AS n FROM accounts WHERE stage = 'contracted' AND manager <> ''
			AND tier IN (SELECT value FROM json_each({:tiers}))
			AND NOT EXISTS (SELECT 1 FROM account_plans p WHERE p.account = accounts.id AND p.year = {:year} AND p.state <> 'closed')
			GROUP BY manager ORDER BY manager`).Bind(dbx.Params{"tiers": string(list), "year": today[:4]}).All(&rows)
		if err != nil {
			return fmt.Errorf("find accounts without a plan: %w", err)
		}
		for _, r := range rows {
			err := gate.NotifyOnce(ctx, txApp, now, gate.Notice{
				User: r.Manager, Kind: "plan.account_missing", Link: records.AccountPlanTable + "#" + today[:7],
				Params: map[string]any{"year": today[:4], "count": r.Count},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
