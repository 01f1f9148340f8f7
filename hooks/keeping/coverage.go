package keeping

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Coverage counts the valid visits of each active key account in the period of
// its tier, warns its owner when some are missing, and records the breach once
// the period is over (H-VIS-FREQ). It may run at any time and as often as one
// likes: rows are made once a period and told of once.
func Coverage(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	settings := gate.SettingsOn(app, today)
	frequency := map[string]domain.VisitFrequency{}
	if err := settings.Decode("visit.frequency", &frequency); err != nil {
		return err
	}
	warnDay, err := settings.Whole("visit.warn_day")
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
func openPeriods(txApp core.App, frequency map[string]domain.VisitFrequency, today string) error {
	coll, err := txApp.FindCachedCollectionByNameOrId(coverage)
	if err != nil {
		return err
	}
	for tier, wanted := range frequency {
		key, period := domain.MonthsPeriod(today, wanted.Months)
		if key == "" || wanted.Visits == 0 {
			continue
		}
		var fresh []*core.Record
		err := txApp.RecordQuery("accounts").AndWhere(dbx.NewExp(`kind = 'ka' AND stage = 'contracted' AND owner <> '' AND tier = {:tier}
			AND NOT EXISTS (SELECT 1 FROM account_coverage c WHERE c.account = accounts.id AND c.period = {:period})`,
			dbx.Params{"tier": tier, "period": key})).OrderBy("id").All(&fresh)
		if err != nil {
			return fmt.Errorf("failed to find accounts without coverage: %w", err)
		}
		for _, account := range fresh {
			row := core.NewRecord(coll)
			beginCoverage(row, account, key, period, wanted.Visits)
			if err := txApp.SaveWithContext(gate.AsServer(context.Background()), row); err != nil {
				return fmt.Errorf("failed to open a period: %w", err)
			}
		}
	}
	return nil
}

// judgePeriods brings every row that is not settled to the state of the day.
func judgePeriods(txApp core.App, now time.Time, today string, warnDay int) error {
	rows, err := txApp.FindRecordsByFilter(coverage, "state = 'open' || state = 'warned' || (closed_at = '' && to_date != '')", "account,period", 0, 0)
	if err != nil {
		return fmt.Errorf("failed to read open periods: %w", err)
	}
	for _, row := range rows {
		period := periodOf(row)
		done, err := validVisits(txApp, accountOf(row), period)
		if err != nil {
			return err
		}
		state := domain.CoverageOn(period, requiredOf(row), done, exceptionOf(row) == exceptionGranted, today, warnDay)
		before, was := stateOf(row), doneOf(row)
		over := today > period.To
		if state == before && done == was && !over {
			continue
		}
		setCoverage(row, state, done, over, now)
		if err := txApp.SaveWithContext(gate.AsServer(context.Background()), row); err != nil {
			return fmt.Errorf("failed to judge a period: %w", err)
		}
		if state != before && (state == domain.CoverageWarned || state == domain.CoverageBreach) {
			if err := tellCoverage(txApp, now, row, state, state == domain.CoverageBreach); err != nil {
				return err
			}
		}
	}
	return nil
}

// validVisits counts the visits of an account that count, checked in within a period.
func validVisits(app core.App, account string, p domain.Period) (n int, err error) {
	from, to := p.Bounds()
	err = app.DB().NewQuery("SELECT COUNT(*) FROM visits WHERE account = {:a} AND counts = TRUE AND in_at >= {:from} AND in_at < {:to}").
		Bind(dbx.Params{"a": account, "from": gate.Stamp(from), "to": gate.Stamp(to)}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("failed to count visits: %w", err)
	}
	return n, nil
}

// tellCoverage tells who has the account now, and his manager too if a breach is
// recorded. The row keeps who had it when the period began.
func tellCoverage(txApp core.App, now time.Time, row *core.Record, what string, manager bool) error {
	account, err := gate.AccountOf(txApp, row)
	if err != nil {
		return fmt.Errorf("failed to find the account of a period: %w", err)
	}
	line := lineOf(account)
	if !manager {
		line = line[:1]
	}
	for _, user := range line {
		n := gate.Notice{User: user, Kind: "coverage." + what, Link: coverage + "/" + row.Id, Params: coverageParams(row, account)}
		if err := gate.Notify(context.Background(), txApp, now, n); err != nil {
			return err
		}
	}
	return nil
}

// requestException args: {reason}. The line asks that a period be excepted;
// the manager of the account decides.
func (a actions) requestException(ctx context.Context, txApp core.App, row *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).User
	account, err := gate.MustBeInLine(txApp, actor, row)
	if err != nil {
		return err
	}
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("coverage.reason_required")
	case stateOf(row) == domain.CoverageMet || stateOf(row) == domain.CoverageExcepted:
		return gate.Refuse("coverage.not_missing")
	case exceptionOf(row) == exceptionRequested:
		return gate.Refuse("coverage.requested")
	}
	setRequest(row, actor.Id, args.Reason)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), row); err != nil {
		return err
	}
	return gate.Notify(ctx, txApp, a.now(), gate.Notice{
		User: managerOfAccount(account), Kind: "coverage.requested", Link: coverage + "/" + row.Id, Params: coverageParams(row, account),
	})
}

// decideException args: {note}. Of the account's manager or the head of its
// department, never of who asked.
func (a actions) decideException(decision string) gate.Action {
	return func(ctx context.Context, txApp core.App, row *core.Record, raw jsontext.Value) error {
		account, err := gate.AccountOf(txApp, row)
		if err != nil {
			return err
		}
		actor := gate.Of(ctx).User
		if actor == nil || actor.Id == askedBy(row) || (managerOfAccount(account) != actor.Id && !gate.Heads(actor, deptOf(account))) {
			return gate.Refuse("coverage.not_superior")
		}
		if exceptionOf(row) != exceptionRequested {
			return gate.Refuse("coverage.not_requested")
		}
		var args struct {
			Note string `json:"note"`
		}
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		setDecision(row, decision, actor.Id, args.Note, a.now())
		if err := txApp.SaveWithContext(gate.AsServer(ctx), row); err != nil {
			return err
		}
		return gate.Notify(ctx, txApp, a.now(), gate.Notice{
			User: askedBy(row), Kind: "coverage." + decision, Link: coverage + "/" + row.Id, Params: coverageParams(row, account),
		})
	}
}
