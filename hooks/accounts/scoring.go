package accounts

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

func bindScoring(app core.App, _ gate.Config) {
	app.OnRecordCreate(models).Bind(gate.Named("scoringModelCreate", gate.Atomic(modelSaved)))
	app.OnRecordUpdate(models).Bind(gate.Named("scoringModelUpdate", gate.Atomic(modelSaved)))
	app.OnRecordCreate(scorecards).Bind(gate.Named("scorecardCreate", gate.Atomic(cardSaved)))
	app.OnRecordUpdate(scorecards).Bind(gate.Named("scorecardUpdate", gate.Atomic(cardSaved)))
}

// modelSaved checks a model, counts its version up, and keeps one that cards
// use as it is, but for whether it is active. An active one replaces the other.
func modelSaved(e *core.RecordEvent) error {
	model, err := modelOf(e.Record)
	if err == nil {
		err = model.Check()
	}
	if err != nil {
		return gate.WrapError(err)
	}
	if !e.Record.IsNew() && len(without(gate.Changed(e.Record), "active")) > 0 {
		used, err := e.App.CountRecords(scorecards, dbx.HashExp{"model": e.Record.Id})
		if err != nil {
			return err
		}
		if used > 0 {
			return gate.Refuse("scoring.model_used")
		}
	}
	if e.Record.IsNew() && e.Record.GetInt(fieldVersion) == 0 {
		var last int
		if err := e.App.DB().NewQuery("SELECT COALESCE(MAX(version), 0) FROM scoring_models").Row(&last); err != nil {
			return err
		}
		e.Record.Set(fieldVersion, last+1)
	}
	if isActive(e.Record) {
		_, err := e.App.DB().NewQuery("UPDATE scoring_models SET active = FALSE WHERE active = TRUE AND id <> {:id}").Bind(dbx.Params{"id": e.Record.Id}).Execute()
		if err != nil {
			return err
		}
	}
	return e.Next()
}

func without(list []string, name string) (out []string) {
	for _, s := range list {
		if s != name {
			out = append(out, s)
		}
	}
	return out
}

// cardSaved scores a card. A draft may be incomplete: it has no score until
// every criterion is rated.
func cardSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if err := gate.LockFields(e, cardFilled...); err != nil {
		return err
	}
	if e.Record.IsNew() {
		setCardOwner(e.Record, gate.From(e).Author())
	}
	if modelID(e.Record) == "" {
		active, err := e.App.FindFirstRecordByFilter(models, "active = true")
		if err != nil {
			return gate.Refuse("scoring.model_missing")
		}
		setModel(e.Record, active.Id)
	}
	model, card, err := cardOf(e.App, e.Record)
	if err != nil {
		return err
	}
	total, err := model.Score(card)
	if p, ok := errors.AsType[domain.Problem](err); ok && p.Code != "scorecard.rating_missing" && p.Code != "scorecard.evidence_required" {
		return gate.Wrap(p, map[string]string{"ratings": p.Code})
	}
	tier := ""
	if err == nil {
		tier = model.Suggest(total)
	}
	setScore(e.Record, total, tier)
	return e.Next()
}

// cardKind is how scorecards are approved: a rep's by his manager, who scores,
// and each by the department manager.
func cardKind() kit.Approval {
	return kit.Approval{
		Collection: scorecards,
		States:     kit.States{Draft: cardDraft, Submitted: "in_review", Approved: "approved", Rejected: "rejected", Returned: cardDraft},
		Content:    []string{"account", "model", "ratings", "total_bp"}, EditResets: true,
		Title: func(card *core.Record) string { return card.Id },
		Route: cardRoute,
		OnSubmit: func(_ context.Context, txApp core.App, card *core.Record) error {
			_, err := judge(txApp, card)
			return err
		},
		OnApproved: func(_ context.Context, txApp core.App, card *core.Record) error {
			return selected(txApp, card)
		},
	}
}

func cardRoute(txApp core.App, card *core.Record) ([]domain.ApprovalStep, error) {
	owner, err := txApp.FindRecordById(gate.Users, ownerOf(card))
	if err != nil {
		return nil, gate.RefuseField(fieldOwner, "record.not_found")
	}
	head := domain.ApprovalStep{Key: "head", By: domain.ByHead}
	if roleOf(owner) == "rep" {
		return []domain.ApprovalStep{{Key: "manager", By: domain.BySuperior}, head}, nil
	}
	return []domain.ApprovalStep{head}, nil
}

// judge scores a card that must be complete: scorecard.rating_missing and so on.
func judge(txApp core.App, card *core.Record) (domain.ScoringModel, error) {
	model, ratings, err := cardOf(txApp, card)
	if err != nil {
		return model, err
	}
	_, err = model.Score(ratings)
	return model, gate.WrapError(err)
}

// selected refuses the last approval of a card that does not make a key account,
// unless the department manager has overridden it (H-SEL-2).
func selected(txApp core.App, card *core.Record) error {
	if overridden(card) {
		return nil
	}
	model, ratings, err := cardOf(txApp, card)
	if err != nil {
		return err
	}
	return gate.WrapError(model.Selects(scoreOf(card), ratings))
}

// admit args: {reason}. The department manager takes an account in whose
// score does not; the card is then approved like any other.
func admit(ctx context.Context, txApp core.App, card *core.Record, raw jsontext.Value) error {
	account, err := gate.AccountOf(txApp, card)
	if err != nil {
		return err
	}
	actor := gate.Of(ctx).User
	if actor == nil || !gate.Heads(actor, deptOf(account)) {
		return gate.Refuse("scorecard.not_head")
	}
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("account.stage_reason")
	}
	if state := cardState(card); state != cardDraft && state != "in_review" {
		return gate.Refuse("scorecard.state", "from", state, "action", "admit")
	}
	setOverride(card, actor.Id, args.Reason)
	return txApp.SaveWithContext(gate.AsServer(ctx), card)
}
