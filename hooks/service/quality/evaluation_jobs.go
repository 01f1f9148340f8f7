package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/service"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// openEvaluations makes, for the quarter that is over, the evaluation of every
// important account that was there (R5.9), and tells who evaluates how many.
func openEvaluations(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	present := service.QuarterDays(service.QuarterOf(today))
	quarter := service.QuarterOf(domain.AddDays(present.From, -1))
	since, _ := present.Bounds()
	tiers, err := importantTiers(app, today)
	if err != nil {
		return err
	}
	days, err := gate.SettingsOn(app, today).ServiceEvaluationDays()
	if err != nil {
		return err
	}
	due := domain.AddDays(present.From, days-1)
	accounts, err := records.Accounts.All(app, important+` AND created < {:since}
		AND NOT EXISTS (SELECT 1 FROM service_evaluations e WHERE e.account = accounts.id AND e.quarter = {:quarter})`,
		dbx.Params{"tiers": tiers, "since": gate.Stamp(since), "quarter": quarter}, "id")
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := app.RunInTransaction(func(tx core.App) error { return openEvaluation(ctx, tx, account.ID(), quarter, due, now) }); err != nil {
			return fmt.Errorf("open the service evaluation of account %s: %w", account.ID(), err)
		}
	}
	return tellEvaluators(ctx, app, now, quarter, due)
}

// evaluatorOf is who answers an account's channel, else who heads the service.
func evaluatorOf(tx core.App, account records.AccountID) (records.UserID, error) {
	channel, found, err := ChannelOf(tx, account)
	switch {
	case err != nil:
		return "", err
	case found:
		return channel.Owner(), nil
	}
	return headOfService(tx)
}

// openEvaluation makes one.
func openEvaluation(ctx context.Context, tx core.App, id records.AccountID, quarter, due string, now time.Time) error {
	account, err := records.Accounts.Require(tx, id)
	if err != nil {
		return err
	}
	row, err := records.ServiceEvaluations.New(tx)
	if err != nil {
		return err
	}
	owner, err := evaluatorOf(tx, id)
	if err != nil {
		return err
	}
	standard, found, err := StandardOn(tx, service.QuarterDays(quarter).To)
	if err != nil {
		return err
	}
	if found {
		row.SetStandard(standard.ID())
	}
	row.SetAccount(id)
	row.SetDept(account.Dept())
	row.SetOwner(owner)
	row.SetQuarter(quarter)
	row.SetDue(due)
	if err := score(tx, row, now); err != nil {
		return err
	}
	return tx.SaveWithContext(gate.AsServer(ctx), row.Raw())
}

// tellEvaluators tells, once a quarter, who evaluates how many accounts.
func tellEvaluators(ctx context.Context, app core.App, now time.Time, quarter, due string) error {
	return app.RunInTransaction(func(tx core.App) error {
		var open []struct {
			Owner string `db:"owner"`
			Count int    `db:"n"`
		}
		err := tx.DB().NewQuery("SELECT owner, COUNT(*) AS n FROM service_evaluations WHERE quarter = {:q} AND state = 'open' AND owner <> '' GROUP BY owner ORDER BY owner").
			Bind(dbx.Params{"q": quarter}).All(&open)
		if err != nil {
			return fmt.Errorf("count open evaluations: %w", err)
		}
		for _, o := range open {
			err := gate.NotifyOnce(ctx, tx, now, gate.Notice{
				User: o.Owner, Kind: "service.evaluations_due", Link: records.ServiceEvaluationTable + "#" + quarter,
				Params: map[string]any{"quarter": quarter, "count": o.Count, "due": due},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// remindEvaluations tells the head of the service, once a quarter, how many
// evaluations are still open after their day.
func remindEvaluations(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		var late []struct {
			Quarter string `db:"quarter"`
			Count   int    `db:"n"`
		}
		err := tx.DB().NewQuery("SELECT quarter, COUNT(*) AS n FROM service_evaluations WHERE state = 'open' AND due < {:today} GROUP BY quarter ORDER BY quarter").
			Bind(dbx.Params{"today": domain.BusinessDay(now)}).All(&late)
		if err != nil {
			return fmt.Errorf("count overdue evaluations: %w", err)
		}
		head, err := headOfService(tx)
		if err != nil || head == "" {
			return err
		}
		for _, l := range late {
			err := gate.NotifyOnce(ctx, tx, now, gate.Notice{
				User: string(head), Kind: "service.evaluations_overdue", Link: records.ServiceEvaluationTable + "#" + l.Quarter + "/overdue",
				Params: map[string]any{"quarter": l.Quarter, "count": l.Count},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
