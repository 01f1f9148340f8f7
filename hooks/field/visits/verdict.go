package visits

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

type noteArgs struct {
	Note string `json:"note"`
}

// accept is the verdict "ok", which makes a visit count whatever its score.
func (s *service) accept(ctx context.Context, tx core.App, visit records.Visit, args noteArgs) error {
	s.setVerdict(ctx, visit, field.VerdictOK, args.Note)
	visit.SetVoidBy("")
	visit.SetVoidReason("")
	return s.done(ctx, tx, visit, asked(ctx, field.VisitAccept))
}

// question asks the owner for an answer to a note: visit.reason_required.
func (s *service) question(ctx context.Context, tx core.App, visit records.Visit, args noteArgs) error {
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("visit.reason_required")
	}
	s.setVerdict(ctx, visit, field.VerdictDoubtful, args.Note)
	if err := s.done(ctx, tx, visit, asked(ctx, field.VisitQuestion)); err != nil {
		return err
	}
	return s.tell(ctx, tx, visit.Owner(), "visit.questioned", visit, linkOf(visit))
}

func (s *service) setVerdict(ctx context.Context, visit records.Visit, verdict records.VisitVerdict, note string) {
	visit.SetVerdict(verdict)
	visit.SetVerdictBy(idOf(gate.Of(ctx).User))
	visit.SetVerdictAt(s.now())
	visit.SetVerdictNote(note)
}
