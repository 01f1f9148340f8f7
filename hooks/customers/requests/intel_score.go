package requests

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// scoring says what a report was worth.
type scoring struct {
	Value int    `json:"value"` // 1 to 5
	Note  string `json:"note"`
}

// score notes what a report from the field was worth to the head of its department or
// to market; a later score takes the place of an earlier one.
func (s service) score(ctx context.Context, tx core.App, row records.IntelReport, args scoring) error {
	author := gate.Of(ctx).Author()
	switch {
	case author == nil || row.Direction() != field.IntelUp:
		return gate.Refuse("intel.not_scorer")
	case author.Id == string(row.Owner()):
		return gate.Refuse("intel.own")
	case records.Users.Of(author).Role() != people.RoleMarket && !gate.Heads(author, string(row.Dept())):
		return gate.Refuse("intel.not_scorer")
	case !field.IsIntelScore(args.Value):
		return gate.RefuseField("value", "intel.score_invalid")
	}
	row.SetValueScore(args.Value)
	row.SetScoreNote(args.Note)
	row.SetScoredBy(records.UserID(author.Id))
	row.SetScoredAt(s.now())
	kind := "intel.scored"
	if field.IntelAccepted(args.Value) {
		kind = "intel.accepted"
	}
	return gate.Notify(ctx, tx, s.now(), gate.Notice{
		User: string(row.Owner()), Kind: kind, Link: intelLink(row), Params: map[string]any{"text": short(row.Text()), "score": args.Value},
	})
}
