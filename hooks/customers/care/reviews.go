package care

import (
	"context"
	"fmt"
	"regexp"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (a actions) reviews() kit.Collection {
	return kit.Collection{
		Name: records.AccountReviewTable,
		Server: []string{
			records.AccountReviewColCsatScore, records.AccountReviewColCsatKnown, records.AccountReviewColTotal, records.AccountReviewColSalesFen, records.AccountReviewColOrders,
			records.AccountReviewColVisits, records.AccountReviewColIssues, records.AccountReviewColTierFrom,
		},
		Rules: saved(records.AccountReviews, a.reviewSaved),
	}
}

// reviewKind is how the review of an account is approved: by the author's
// superior, and a rep's that changes the tier by the head too. It leads to at least one
// improvement, and only then may the tier change (R3.3f).
func (a actions) reviewKind() kit.Approval {
	return kit.Approval{
		Collection: records.AccountReviewTable, EditResets: true,
		Content: []string{
			records.AccountReviewColAccount, records.AccountReviewColPeriod, records.AccountReviewColSalesScore, records.AccountReviewColCsatScore, records.AccountReviewColCsatKnown,
			records.AccountReviewColPotentialScore, records.AccountReviewColServiceScore, records.AccountReviewColFindings,
			records.AccountReviewColResult, records.AccountReviewColTierTo, records.AccountReviewColActions,
		},
		Title: func(r *core.Record) string { return records.AccountReviews.Of(r).Period() },
		Route: func(txApp core.App, r *core.Record) ([]people.ApprovalStep, error) {
			return reviewRoute(txApp, records.AccountReviews.Of(r))
		},
		OnSubmit: func(_ context.Context, txApp core.App, r *core.Record) error {
			review := records.AccountReviews.Of(r)
			switch {
			case review.Result() == "":
				return gate.RefuseField(records.AccountReviewColResult, "account_review.result_required")
			case len(review.Actions()) == 0:
				return gate.RefuseField(records.AccountReviewColActions, "account_review.action_required")
			}
			if err := a.weigh(txApp, review); err != nil {
				return err
			}
			return a.takeFacts(txApp, review)
		},
		OnApproved: func(ctx context.Context, txApp core.App, r *core.Record) error {
			review := records.AccountReviews.Of(r)
			if !changesTier(review) {
				return nil
			}
			account, err := records.Accounts.Require(txApp, review.Account())
			if err != nil {
				return err
			}
			account.SetTier(records.AccountTier(review.TierTo()))
			return txApp.SaveWithContext(gate.AsServer(ctx), account.Raw())
		},
	}
}

func reviewRoute(txApp core.App, review records.AccountReview) ([]people.ApprovalStep, error) {
	owner, found, err := records.Users.Find(txApp, review.Owner())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, gate.RefuseField(records.AccountReviewColOwner, "record.not_found")
	}
	steps := []people.ApprovalStep{{Key: "superior", By: people.BySuperior}}
	if changesTier(review) && owner.Role() == people.RoleRep {
		steps = append(steps, people.ApprovalStep{Key: "head", By: people.ByHead})
	}
	return steps, nil
}

func changesTier(review records.AccountReview) bool {
	return review.TierTo() != "" && string(review.TierTo()) != string(review.TierFrom())
}

// reviewSaved takes what customers answered, weighs the scores, and takes the account's tier of today.
func (a actions) reviewSaved(e *kit.Change[records.AccountReview]) error {
	if err := gate.InheritFromAccount(e.RecordEvent); err != nil {
		return err
	}
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	review := e.Row
	if _, ok := reviewPeriod(review.Period()); !ok {
		return gate.RefuseField(records.AccountReviewColPeriod, "account_review.period_invalid")
	}
	if err := a.weigh(e.App, review); err != nil {
		return err
	}
	if author := gate.From(e.RecordEvent).Author(); review.IsNew() && author != nil {
		if review.Owner() == "" {
			review.SetOwner(records.UserID(author.Id))
		}
		if string(review.Owner()) != author.Id { // who decides follows from the owner
			return gate.RefuseField(records.AccountReviewColOwner, "field.locked")
		}
	}
	account, found, err := records.Accounts.Find(e.App, review.Account())
	if err != nil {
		return err
	}
	if found { // else the relation's own validation refuses it
		review.SetTierFrom(records.AccountReviewTierFrom(account.Tier()))
	}
	return e.Next()
}

// weigh takes what customers said of the period as it is known by now, and weighs the scores.
func (a actions) weigh(app core.App, review records.AccountReview) error {
	p, _ := reviewPeriod(review.Period())
	score, known, err := a.satisfaction(app, review.Account(), p)
	if err != nil {
		return err
	}
	review.SetCsatScore(score)
	review.SetCsatKnown(known)
	weights, err := gate.SettingsNow(app).ReviewAccountWeights()
	if err != nil {
		return err
	}
	total, err := customers.ReviewScores{
		Sales: review.SalesScore(), CSAT: score, CSATKnown: known, Potential: review.PotentialScore(), Service: review.ServiceScore(),
	}.Total(weights)
	if err != nil {
		return gate.WrapError(err)
	}
	review.SetTotal(total)
	return nil
}

// takeFacts computes what the records of the period say: what was sold, visits
// that count, and issues.
func (a actions) takeFacts(txApp core.App, review records.AccountReview) error {
	p, _ := reviewPeriod(review.Period())
	from, to := p.Bounds()
	var facts struct {
		Visits int `db:"visits"`
		Issues int `db:"issues"`
	}
	err := txApp.DB().NewQuery(`SELECT
		(SELECT COUNT(*) FROM visits WHERE account = {:a} AND counts = TRUE AND in_at >= {:from} AND in_at < {:to}) AS visits,
		(SELECT COUNT(*) FROM cases WHERE account = {:a} AND state <> 'merged' AND raised_at >= {:from} AND raised_at < {:to}) AS issues`).
		Bind(dbx.Params{"a": review.Account(), "from": gate.Stamp(from), "to": gate.Stamp(to)}).One(&facts)
	if err != nil {
		return fmt.Errorf("read the facts of a review: %w", err)
	}
	fen, orders, err := a.sold(txApp, review.Account(), p)
	if err != nil {
		return err
	}
	review.SetSalesFen(fen)
	review.SetOrders(orders)
	review.SetVisits(facts.Visits)
	review.SetIssues(facts.Issues)
	return nil
}

var periodShape = regexp.MustCompile(`^(\d{4})(?:-(\d{2})|Q([1-4])|H([12]))?$`)

// reviewPeriod reads 2026, 2026H1, 2026Q3 or 2026-07.
func reviewPeriod(text string) (domain.Period, bool) {
	parts := periodShape.FindStringSubmatch(text)
	if parts == nil {
		return domain.Period{}, false
	}
	month, months := "01", 12
	switch {
	case parts[2] != "":
		month, months = parts[2], 1
	case parts[3] != "":
		month, months = map[string]string{"1": "01", "2": "04", "3": "07", "4": "10"}[parts[3]], 3
	case parts[4] != "":
		month, months = map[string]string{"1": "01", "2": "07"}[parts[4]], 6
	}
	key, p := customers.MonthsPeriod(parts[1]+"-"+month+"-01", months)
	return p, key == text
}
