package keeping

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// reviewKind is how the review of an account is approved: by the author's
// superior, and a rep's that changes the tier by the head too. It leads to at least one
// improvement, and only then may the tier change (R3.3f).
func reviewKind() kit.Approval {
	return kit.Approval{
		Collection: reviews, Content: reviewContent, EditResets: true,
		Title: func(r *core.Record) string { return r.GetString("period") },
		Route: func(txApp core.App, r *core.Record) ([]domain.ApprovalStep, error) {
			steps := []domain.ApprovalStep{{Key: "superior", By: domain.BySuperior}}
			owner, err := txApp.FindRecordById(gate.Users, ownerOf(r))
			if err != nil {
				return nil, gate.RefuseField("owner", "record.not_found")
			}
			if changesTier(r) && owner.GetString("role") == "rep" {
				steps = append(steps, domain.ApprovalStep{Key: "head", By: domain.ByHead})
			}
			return steps, nil
		},
		OnSubmit: func(_ context.Context, txApp core.App, r *core.Record) error {
			switch {
			case resultOf(r) == "":
				return gate.RefuseField("result", "account_review.result_required")
			case len(actionsOf(r)) == 0:
				return gate.RefuseField("actions", "account_review.action_required")
			}
			return takeFacts(txApp, r)
		},
		OnApproved: func(ctx context.Context, txApp core.App, r *core.Record) error {
			if !changesTier(r) {
				return nil
			}
			account, err := gate.AccountOf(txApp, r)
			if err != nil {
				return err
			}
			setTier(account, tierTo(r))
			return txApp.SaveWithContext(gate.AsServer(ctx), account)
		},
	}
}

// reviewSaved weighs the scores and takes the account's tier of today.
func reviewSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, reviewFilled...); err != nil {
		return err
	}
	if _, ok := reviewPeriod(e.Record); !ok {
		return gate.RefuseField("period", "account_review.period_invalid")
	}
	var weights domain.ReviewWeights
	if err := gate.SettingsNow(e.App).Decode("review.account_weights", &weights); err != nil {
		return err
	}
	total, err := scoresOf(e.Record).Total(weights)
	if err != nil {
		return gate.WrapError(err)
	}
	if e.Record.IsNew() {
		author := gate.From(e).Author()
		setReviewer(e.Record, author)
		if author != nil && ownerOf(e.Record) != author.Id { // who decides follows from the owner
			return gate.RefuseField("owner", "field.locked")
		}
	}
	if account, err := gate.AccountOf(e.App, e.Record); err == nil {
		setReview(e.Record, total, tierOf(account))
	}
	return e.Next()
}

// takeFacts computes what the records of the period say: sales, orders, visits
// that count, and issues.
func takeFacts(txApp core.App, r *core.Record) error {
	p, _ := reviewPeriod(r)
	from, to := p.Bounds()
	bind := dbx.Params{"a": accountOf(r), "from": gate.Stamp(from), "to": gate.Stamp(to)}
	var facts reviewFacts
	err := txApp.DB().NewQuery(`SELECT
		(SELECT COALESCE(SUM(total_fen), 0) FROM orders WHERE account = {:a} AND state NOT IN ('draft', 'submitted', 'rejected', 'cancelled')
			AND submitted_at >= {:from} AND submitted_at < {:to}) AS sales,
		(SELECT COUNT(*) FROM orders WHERE account = {:a} AND state NOT IN ('draft', 'submitted', 'rejected', 'cancelled')
			AND submitted_at >= {:from} AND submitted_at < {:to}) AS orders,
		(SELECT COUNT(*) FROM visits WHERE account = {:a} AND counts = TRUE AND in_at >= {:from} AND in_at < {:to}) AS visits,
		(SELECT COUNT(*) FROM issues WHERE account = {:a} AND state <> 'merged' AND raised_at >= {:from} AND raised_at < {:to}) AS issues`).
		Bind(bind).One(&facts)
	if err != nil {
		return fmt.Errorf("failed to read the facts of a review: %w", err)
	}
	setFacts(r, facts)
	return nil
}

// remindReviews tells the manager of each important account whose last period
// has no review that was handed in, once (half a year for A, a year for B).
func remindReviews(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	periods := map[string]string{}
	if err := gate.SettingsOn(app, today).Decode("review.periods", &periods); err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		for _, tier := range []string{"A", "B", "C"} {
			months := domain.ReviewMonths(periods["account_"+tier])
			if months == 0 {
				continue
			}
			_, present := domain.MonthsPeriod(today, months)
			key, _ := domain.MonthsPeriod(domain.AddDays(present.From, -1), months)
			var due []*core.Record
			err := txApp.RecordQuery("accounts").AndWhere(dbx.NewExp(`stage = 'contracted' AND tier = {:tier} AND manager <> '' AND created < {:since}
				AND NOT EXISTS (SELECT 1 FROM account_reviews r WHERE r.account = accounts.id AND r.period = {:period} AND r.state IN ('submitted', 'approved'))`,
				dbx.Params{"tier": tier, "period": key, "since": present.From})).OrderBy("id").All(&due)
			if err != nil {
				return fmt.Errorf("failed to find accounts without a review: %w", err)
			}
			for _, account := range due {
				err := gate.NotifyOnce(context.Background(), txApp, now, gate.Notice{
					User: managerOf(account), Kind: "review.account_due", Link: "accounts/" + account.Id + "#" + key,
					Params: map[string]any{"account": nameOf(account), "period": key},
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
func remindPlans(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	tiers, err := gate.SettingsOn(app, today).List("account.important_tiers")
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		var rows []struct {
			Manager string `db:"manager"`
			Count   int    `db:"n"`
		}
		err := txApp.DB().NewQuery(`SELECT manager, COUNT(*) AS n FROM accounts WHERE stage = 'contracted' AND manager <> ''
			AND tier IN (SELECT value FROM json_each({:tiers}))
			AND NOT EXISTS (SELECT 1 FROM account_plans p WHERE p.account = accounts.id AND p.year = {:year} AND p.state <> 'closed')
			GROUP BY manager ORDER BY manager`).Bind(dbx.Params{"tiers": jsonOf(tiers), "year": today[:4]}).All(&rows)
		if err != nil {
			return fmt.Errorf("failed to find accounts without a plan: %w", err)
		}
		for _, r := range rows {
			err := gate.NotifyOnce(context.Background(), txApp, now, gate.Notice{
				User: r.Manager, Kind: "plan.account_missing", Link: "account_plans#" + today[:7],
				Params: map[string]any{"year": today[:4], "count": r.Count},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
