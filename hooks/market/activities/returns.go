package activities

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func returns() kit.Collection {
	return kit.Collection{Name: records.ActivityReturnTable}
}

// countReturns counts what activities brought whose effect is over and whose costs may
// still change, and what those brought that were closed before it was over.
func (s service) countReturns(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		rows, err := records.Activities.All(tx, `state IN ('ended', 'reported') OR state = 'closed' AND actual_fen > 0
			AND NOT EXISTS (SELECT 1 FROM activity_returns r WHERE r.activity = activities.id)`, dbx.Params{}, "id")
		if err != nil {
			return err
		}
		for _, activity := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.countReturn(ctx, tx, activity, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// countReturn holds the accounts' net sales in the days of an activity and some after
// it against as many days before, and against what it cost. Nothing is known while
// those days last, and of what cost nothing.
func (s service) countReturn(ctx context.Context, tx core.App, activity records.Activity, now time.Time) error {
	after, err := gate.SettingsOn(tx, domain.BusinessDay(now)).ActivityEffectDays()
	if err != nil {
		return err
	}
	effect := market.EffectOf(activity.FromDate(), activity.ToDate(), after)
	if s.Sold == nil || !effect.Over(domain.BusinessDay(now)) || len(activity.Accounts()) == 0 {
		return nil
	}
	gain, err := s.gain(tx, activity.Accounts(), effect)
	if err != nil {
		return err
	}
	bp, known := market.ReturnBP(gain, activity.ActualFen())
	row, found, err := records.ActivityReturns.First(tx, "activity = {:a}", dbx.Params{"a": activity.ID()}, "")
	switch {
	case err != nil:
		return err
	case !known:
		return nil
	case !found:
		if row, err = records.ActivityReturns.New(tx); err != nil {
			return err
		}
	}
	row.SetActivity(activity.ID())
	row.SetDept("")
	if depts := activity.Depts(); len(depts) == 1 { // whose head sees all of these accounts' sales
		row.SetDept(depts[0])
	}
	row.SetBeforeDate(effect.BeforeFrom)
	row.SetFromDate(effect.From)
	row.SetUntilDate(effect.Until)
	row.SetGainFen(gain)
	row.SetCostFen(activity.ActualFen())
	row.SetReturnBp(bp)
	if found && !gate.HasChanged(row.Raw()) {
		return nil
	}
	row.SetCountedOn(domain.BusinessDay(now))
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("keep what an activity brought: %w", err)
	}
	return nil
}

// gain is what accounts bought more over the days of an effect than before.
func (s service) gain(app core.App, accounts []records.AccountID, effect market.Effect) (fen int, err error) {
	for _, account := range accounts {
		sold, _, err := s.Sold(app, account, domain.Period{From: effect.From, To: effect.Until})
		if err != nil {
			return 0, fmt.Errorf("read the sales of an activity: %w", err)
		}
		before, _, err := s.Sold(app, account, domain.Period{From: effect.BeforeFrom, To: effect.BeforeUntil})
		if err != nil {
			return 0, fmt.Errorf("read the sales before an activity: %w", err)
		}
		fen += sold - before
	}
	return fen, nil
}
