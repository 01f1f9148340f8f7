package care

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// coverAccounts counts the valid visits of each active key account in the period
// of its tier, warns its owner when some are missing, and records the breach once
// the period is over (H-VIS-FREQ). It may run at any time and as often as one
// likes: rows are made once a period and told of once.
func coverAccounts(_ context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	settings := gate.SettingsOn(app, today)
	frequency, err := settings.VisitFrequency()
	if err != nil {
		return err
	}
	warnDay, err := settings.VisitWarnDay()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		if err := openPeriods(txApp, frequency, today); err != nil {
			return err
		}
		return judgePeriods(txApp, now, today, warnDay)
	})
}

// openPeriods makes the rows of the periods that today lies in.
func openPeriods(txApp core.App, frequency map[string]catalog.VisitFrequency, today string) error {
	for tier, wanted := range frequency {
		key, period := customers.MonthsPeriod(today, wanted.Months)
		if key == "" || wanted.Visits == 0 {
			continue
		}
		fresh, err := records.Accounts.All(txApp, `kind = 'ka' AND stage = 'contracted' AND owner <> '' AND tier = {:tier}
			AND NOT EXISTS (SELECT 1 FROM account_coverage c WHERE c.account = accounts.id AND c.period = {:period})`,
			dbx.Params{"tier": tier, "period": key}, "id")
		if err != nil {
			return err
		}
		for _, account := range fresh {
			if err := openPeriod(txApp, account, key, period, wanted.Visits); err != nil {
				return err
			}
		}
	}
	return nil
}

// openPeriod freezes who is responsible when the period begins.
func openPeriod(txApp core.App, account records.Account, key string, p domain.Period, required int) error {
	row, err := records.AccountCoverage.New(txApp)
	if err != nil {
		return err
	}
	row.SetAccount(account.ID())
	row.SetOwner(account.Owner())
	row.SetManager(account.Manager())
	row.SetDept(account.Dept())
	row.SetTier(string(account.Tier()))
	row.SetPeriod(key)
	row.SetFromDate(p.From)
	row.SetToDate(p.To)
	row.SetRequired(required)
	row.SetState(customers.CoverageOpen)
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), row.Raw()); err != nil {
		return fmt.Errorf("open a period: %w", err)
	}
	return nil
}

// judgePeriods brings every row that is not settled to the state of the day.
func judgePeriods(txApp core.App, now time.Time, today string, warnDay int) error {
	rows, err := records.AccountCoverage.All(txApp, "state IN ('open', 'warned') OR (closed_at = '' AND to_date <> '')", nil, "account, period")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := judgePeriod(txApp, now, today, warnDay, row); err != nil {
			return err
		}
	}
	return nil
}

func judgePeriod(txApp core.App, now time.Time, today string, warnDay int, row records.AccountCoverageRow) error {
	period := domain.Period{From: row.FromDate(), To: row.ToDate()}
	done, err := validVisits(txApp, row.Account(), period)
	if err != nil {
		return err
	}
	state := customers.CoverageOn(period, row.Required(), done, row.Exception() == exceptionGranted, today, warnDay)
	changed, over := string(row.State()) != state, today > period.To
	if !changed && done == row.Done() && !over {
		return nil
	}
	row.SetState(records.AccountCoverageRowState(state))
	row.SetDone(done)
	if state == customers.CoverageWarned && row.WarnedAt().IsZero() {
		row.SetWarnedAt(now)
	}
	if over {
		row.SetClosedAt(now)
	}
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), row.Raw()); err != nil {
		return fmt.Errorf("judge a period: %w", err)
	}
	if changed && (state == customers.CoverageWarned || state == customers.CoverageBreach) {
		return tellCoverage(txApp, now, row, state, state == customers.CoverageBreach)
	}
	return nil
}

// validVisits counts the visits of an account that count, checked in within a period.
func validVisits(app core.App, account records.AccountID, p domain.Period) (int, error) {
	from, to := p.Bounds()
	return records.Visits.Count(app, "account = {:a} AND counts = TRUE AND in_at >= {:from} AND in_at < {:to}",
		dbx.Params{"a": account, "from": gate.Stamp(from), "to": gate.Stamp(to)})
}

// tellCoverage tells who has the account now, and his manager too if a breach is
// recorded. The row keeps who had it when the period began.
func tellCoverage(txApp core.App, now time.Time, row records.AccountCoverageRow, what string, manager bool) error {
	account, err := records.Accounts.Require(txApp, row.Account())
	if err != nil {
		return err
	}
	line := lineOf(account)
	if !manager {
		line = line[:1]
	}
	for _, user := range line {
		if err := gate.Notify(context.Background(), txApp, now, coverageNotice(user, what, row, account)); err != nil {
			return err
		}
	}
	return nil
}

func coverageNotice(user, what string, row records.AccountCoverageRow, account records.Account) gate.Notice {
	return gate.Notice{User: user, Kind: "coverage." + what, Link: records.AccountCoverageRowTable + "/" + string(row.ID()), Params: map[string]any{
		"account": account.Name(), "period": row.Period(),
		"required": row.Required(), "done": row.Done(), "missing": max(0, row.Required()-row.Done()),
	}}
}
