package accounts

import (
	"context"
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func scorecards() kit.Collection {
	return kit.Collection{
		Name:    records.AccountScorecardTable,
		Machine: &customers.CardMachine,
		Parties: kit.Parties(records.AccountScorecards, heads),
		Hung:    true,
		Server: []string{
			records.AccountScorecardColTotalBp, records.AccountScorecardColSuggestedTier,
			records.AccountScorecardColOverrideBy, records.AccountScorecardColOverrideReason,
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AccountScorecards, "scorecardCreate", cardSaved),
			kit.On(kit.Update, records.AccountScorecards, "scorecardUpdate", cardSaved),
		},
	}
}

// heads is whether the actor manages the department of a card's account.
func heads(ctx context.Context, tx core.App, card records.AccountScorecard) ([]domain.Party, error) {
	account, err := records.Accounts.Require(tx, card.Account())
	if err != nil {
		return nil, err
	}
	if actor := gate.Of(ctx).User; actor != nil && gate.Heads(actor, string(account.Dept())) {
		return []domain.Party{domain.PartyHead}, nil
	}
	return nil, nil
}

// cardSaved scores a card. A draft may be incomplete: it has no score until
// every criterion is rated.
func cardSaved(e *kit.Change[records.AccountScorecard]) error {
	if author := gate.From(e.RecordEvent).Author(); author != nil && e.Row.IsNew() {
		e.Row.SetOwner(records.UserID(author.Id))
	}
	if e.Row.Model() == "" {
		active, found, err := records.ScoringModels.First(e.App, `active = TRUE AND subject = 'account'`, nil, "")
		if err != nil {
			return err
		}
		if !found {
			return gate.Refuse("scoring.model_missing")
		}
		e.Row.SetModel(active.ID())
	}
	model, ratings, err := ratingsOf(e.App, e.Row)
	if err != nil {
		return err
	}
	total, err := model.Score(ratings)
	if p, ok := errors.AsType[domain.Problem](err); ok && p.Code != "scorecard.rating_missing" && p.Code != "scorecard.evidence_required" {
		return gate.Wrap(p, map[string]string{records.AccountScorecardColRatings: p.Code})
	}
	tier := ""
	if err == nil {
		tier = model.Suggest(total)
	}
	e.Row.SetTotalBp(total)
	e.Row.SetSuggestedTier(tier)
	return e.Next()
}

// ratingsOf reads a card's model and ratings.
func ratingsOf(app core.App, card records.AccountScorecard) (model customers.ScoringModel, ratings map[string]customers.Rating, err error) {
	row, found, err := records.ScoringModels.Find(app, card.Model())
	if err != nil {
		return model, nil, err
	}
	if !found {
		return model, nil, gate.RefuseField(records.AccountScorecardColModel, "record.not_found")
	}
	if row.Subject() != customers.ScoresAccounts {
		return model, nil, gate.RefuseField(records.AccountScorecardColModel, "scoring.model_other")
	}
	if model, err = modelOf(row); err != nil {
		return model, nil, err
	}
	return model, ratings, read(records.AccountScorecardColRatings, card.Ratings(), &ratings)
}

// cardReview is how scorecards are approved: a rep's by his manager, who scores,
// and each by the department manager.
func cardReview() kit.Approval {
	return kit.Approval{
		Collection: records.AccountScorecardTable,
		States: kit.States{
			Draft: customers.CardDraft, Submitted: customers.CardInReview, Approved: customers.CardApproved,
			Rejected: customers.CardRejected, Returned: customers.CardDraft,
		},
		Content: []string{
			records.AccountScorecardColAccount, records.AccountScorecardColModel, records.AccountScorecardColRatings, records.AccountScorecardColTotalBp,
		},
		EditResets: true,
		Title:      func(card *core.Record) string { return card.Id },
		Route:      cardRoute,
		OnSubmit:   whole,
		OnApproved: selected,
	}
}

func cardRoute(tx core.App, card *core.Record) ([]people.ApprovalStep, error) {
	owner, found, err := records.Users.Find(tx, records.AccountScorecards.Of(card).Owner())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, gate.RefuseField(records.AccountScorecardColOwner, "record.not_found")
	}
	head := people.ApprovalStep{Key: "head", By: people.ByHead}
	if owner.Role() == people.RoleRep {
		return []people.ApprovalStep{{Key: "manager", By: people.BySuperior}, head}, nil
	}
	return []people.ApprovalStep{head}, nil
}

// whole scores a card that must be complete: scorecard.rating_missing and so on.
func whole(_ context.Context, tx core.App, card *core.Record) error {
	model, ratings, err := ratingsOf(tx, records.AccountScorecards.Of(card))
	if err != nil {
		return err
	}
	_, err = model.Score(ratings)
	return gate.WrapError(err)
}

// selected refuses the last approval of a card that does not make a key account,
// unless the department manager has overridden it (H-SEL-2).
func selected(_ context.Context, tx core.App, subject *core.Record) error {
	card := records.AccountScorecards.Of(subject)
	if card.OverrideBy() != "" {
		return nil
	}
	model, ratings, err := ratingsOf(tx, card)
	if err != nil {
		return err
	}
	return gate.WrapError(model.Selects(card.TotalBp(), ratings))
}

// admit is the department manager's, who takes an account in whose score does
// not; the card is then approved like any other.
func admit(ctx context.Context, _ core.App, card records.AccountScorecard, args reason) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("account.stage_reason")
	}
	card.SetOverrideBy(records.UserID(gate.Of(ctx).User.Id))
	card.SetOverrideReason(args.Reason)
	return nil
}
