package org

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// improvementParties is what the actor is to an improvement: who is responsible
// is never its author or his own superior.
func improvementParties(ctx context.Context, tx core.App, row records.ImprovementAction) ([]domain.Party, error) {
	actor := gate.Of(ctx).Author()
	switch {
	case actor == nil:
		return nil, nil
	case actor.Id == string(row.Owner()):
		return []domain.Party{domain.PartyOwner}, nil
	case actor.Id == string(row.Author()):
		return []domain.Party{domain.PartyAuthor}, nil
	}
	err := mayLead(ctx, tx, row.Owner())
	if err == nil {
		return []domain.Party{domain.PartySuperior}, nil
	}
	if _, _, refused := gate.ProblemOf(err); refused {
		return nil, nil
	}
	return nil, err
}

// outcome is what was done.
type outcome struct {
	Result string `json:"result"`
}

// done says what was done: action.text_required.
func (s service) done(ctx context.Context, tx core.App, row records.ImprovementAction, args outcome) error {
	if strings.TrimSpace(args.Result) == "" {
		return gate.Refuse("action.text_required")
	}
	row.SetResult(args.Result)
	row.SetDoneAt(s.now())
	by := row.Author()
	if by == row.Owner() || by == "" {
		by = row.Manager()
	}
	return gate.Notify(ctx, tx, s.now(), gate.Notice{
		User: string(by), Kind: "action.verify", Params: map[string]any{"title": row.Title()}, Link: improvementLink(row),
	})
}

func improvementLink(row records.ImprovementAction) string {
	return records.ImprovementActionTable + "/" + string(row.ID())
}

// verdict is what was found of an improvement.
type verdict struct {
	Comment string `json:"comment"`
}

// verify finds that it helped.
func (s service) verify(ctx context.Context, _ core.App, row records.ImprovementAction, args verdict) error {
	row.SetVerifiedBy(records.UserID(gate.Of(ctx).Author().Id))
	row.SetVerifiedAt(s.now())
	row.SetComment(args.Comment)
	return nil
}

// sendBack finds that it did not help, or is not to be done: action.text_required.
func (s service) sendBack(ctx context.Context, tx core.App, row records.ImprovementAction, args verdict) error {
	if strings.TrimSpace(args.Comment) == "" {
		return gate.Refuse("action.text_required")
	}
	return s.verify(ctx, tx, row, args)
}
