package deals

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// tellOverdue tells who has an opportunity, once, that its next action is late,
// and his superior when it is so many days more (H-OPP-GRADE).
func tellOverdue(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	after, err := gate.SettingsOn(app, today).OpportunityOverdueManagerDays()
	if err != nil {
		return err
	}
	late, err := records.Opportunities.All(app, `stage IN ('found', 'qualified', 'proposal', 'negotiation') AND next_at <> '' AND next_at < {:today}
		AND (overdue_told_at = '' OR overdue_raised_at = '' AND next_at < {:up})`,
		dbx.Params{"today": today, "up": domain.AddDays(today, -after)}, "id")
	if err != nil {
		return err
	}
	for _, opp := range late {
		if err := app.RunInTransaction(func(tx core.App) error { return tellLate(ctx, tx, now, opp.ID(), after) }); err != nil {
			return fmt.Errorf("tell of opportunity %s: %w", opp.ID(), err)
		}
	}
	return nil
}

func tellLate(ctx context.Context, tx core.App, now time.Time, id records.OpportunityID, after int) error {
	opp, found, err := records.Opportunities.Find(tx, id)
	today := domain.BusinessDay(now)
	if err != nil || !found || !customers.OppUnderway(string(opp.Stage())) || !customers.FollowUpOverdue(opp.NextAt(), today, 0) {
		return err // gone or followed up since
	}
	account, err := records.Accounts.Require(tx, opp.Account())
	if err != nil {
		return err
	}
	holder := holderOf(opp, account)
	ctx = gate.With(ctx, gate.Actor{Action: "opportunities.overdue"})
	params := map[string]any{"due": opp.NextAt()}
	var notices []gate.Notice
	if opp.OverdueToldAt().IsZero() {
		opp.SetOverdueToldAt(now)
		notices = append(notices, notice(opp, account, string(holder), "overdue", params))
	}
	if opp.OverdueRaisedAt().IsZero() && customers.FollowUpOverdue(opp.NextAt(), today, after) {
		opp.SetOverdueRaisedAt(now)
		raised, err := raise(tx, opp, account, holder, params)
		if err != nil {
			return err
		}
		notices = append(notices, raised)
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), opp.Raw()); err != nil {
		return fmt.Errorf("note what is told: %w", err)
	}
	return gate.Notify(ctx, tx, now, notices...)
}

// raise is the notice to who is over the holder.
func raise(tx core.App, opp records.Opportunity, account records.Account, holder records.UserID, params map[string]any) (n gate.Notice, err error) {
	user, found, err := records.Users.Find(tx, holder)
	if err != nil {
		return n, err
	}
	if found {
		params["name"] = user.Name()
	}
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return n, err
	}
	return notice(opp, account, chart.Superior(string(holder)), "overdue_of", params), nil
}

// holderOf is whose an opportunity is to follow up: its owner's while he has the
// account, else the account's owner's.
func holderOf(opp records.Opportunity, account records.Account) records.UserID {
	if opp.Owner() == account.Owner() || opp.Owner() == account.Manager() {
		return opp.Owner()
	}
	return account.Owner()
}
