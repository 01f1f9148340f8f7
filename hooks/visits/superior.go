package visits

import (
	"context"
	"encoding/json/jsontext"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// superior tells whether who acts judges a visit: the manager of its time, the
// account's manager of today, or the head of its department; never its owner.
func superior(app core.App, actor, visit *core.Record) (bool, error) {
	if actor == nil || actor.Id == ownerOf(visit) {
		return false, nil
	}
	if actor.Id == managerOf(visit) || headOf(actor, visit) {
		return true, nil
	}
	account, err := app.FindRecordById(accounts, accountOf(visit))
	if err != nil {
		return false, err
	}
	return managerOf(account) == actor.Id, nil
}

// headOf tells whether who acts is the head of the department of a row.
func headOf(actor, row *core.Record) bool {
	return actor.GetString("role") == "dept_manager" && deptOf(row) != "" && actor.GetString("department") == deptOf(row)
}

// beginJudging judges who acts and where it leads.
func (s *Service) beginJudging(ctx context.Context, txApp core.App, visit *core.Record, action string) (string, error) {
	ok, err := superior(txApp, gate.Of(ctx).User, visit)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", gate.Refuse("visit.not_superior")
	}
	return s.move(visit, action)
}

func (s *Service) setVerdict(ctx context.Context, visit *core.Record, verdict, note string) {
	visit.Set("verdict", verdict)
	visit.Set("verdict_by", gate.Of(ctx).User.Id)
	visit.Set("verdict_at", s.now())
	visit.Set("verdict_note", note)
}

// accept args: {note}. The verdict "ok" makes a visit count whatever its score.
func (s *Service) accept(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.beginJudging(ctx, txApp, visit, domain.VisitAccept)
	if err != nil {
		return err
	}
	var args struct {
		Note string `json:"note"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	s.setVerdict(ctx, visit, domain.VerdictOK, args.Note)
	visit.Set("void_by", "")
	visit.Set("void_reason", "")
	return s.step(ctx, txApp, visit, domain.VisitAccept, from, raw)
}

// question args: {note}: what the owner is to answer.
func (s *Service) question(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.beginJudging(ctx, txApp, visit, domain.VisitQuestion)
	if err != nil {
		return err
	}
	var args struct {
		Note string `json:"note"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("visit.reason_required")
	}
	s.setVerdict(ctx, visit, domain.VerdictDoubtful, args.Note)
	if err := s.step(ctx, txApp, visit, domain.VisitQuestion, from, raw); err != nil {
		return err
	}
	return s.tell(ctx, txApp, ownerOf(visit), "visit.questioned", visit, linkOf(visit))
}

// void args: {reason}: a superior holds the visit for a fraud. The state stays
// until the head of the department has confirmed it.
func (s *Service) void(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.beginJudging(ctx, txApp, visit, domain.VisitVoid)
	if err != nil {
		return err
	}
	reason, err := reasonArg(raw)
	if err != nil {
		return err
	}
	s.setVerdict(ctx, visit, domain.VerdictFraud, reason)
	visit.Set("void_by", gate.Of(ctx).User.Id)
	visit.Set("void_at", s.now())
	visit.Set("void_reason", reason)
	if err := s.step(ctx, txApp, visit, domain.VisitVoid, from, raw); err != nil {
		return err
	}
	head, err := headID(txApp, deptOf(visit))
	if err != nil || head == gate.Of(ctx).User.Id {
		return err
	}
	return s.tell(ctx, txApp, head, "visit.void", visit, linkOf(visit))
}

// confirmVoid takes no args.
func (s *Service) confirmVoid(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.beginVoid(ctx, visit, domain.VisitConfirmIt)
	if err != nil {
		return err
	}
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	return s.step(ctx, txApp, visit, domain.VisitConfirmIt, from, raw)
}

// refuseVoid args: {reason}: the visit is as doubtful as before.
func (s *Service) refuseVoid(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.beginVoid(ctx, visit, domain.VisitRefuseVoid)
	if err != nil {
		return err
	}
	reason, err := reasonArg(raw)
	if err != nil {
		return err
	}
	verdict := domain.VerdictDoubtful
	if from == domain.VisitAccepted {
		verdict = domain.VerdictOK
	}
	s.setVerdict(ctx, visit, verdict, reason)
	visit.Set("void_by", "")
	visit.Set("void_reason", "")
	return s.step(ctx, txApp, visit, domain.VisitRefuseVoid, from, raw)
}

// beginVoid judges the second of the two who void a visit.
func (s *Service) beginVoid(ctx context.Context, visit *core.Record, action string) (string, error) {
	actor, first := gate.Of(ctx).User, visit.GetString("void_by")
	if actor == nil || !headOf(actor, visit) || actor.Id == ownerOf(visit) || actor.Id == first {
		return "", gate.Refuse("visit.not_head")
	}
	from, err := s.move(visit, action)
	if err == nil && first == "" {
		err = gate.Refuse("visit.void_missing")
	}
	return from, err
}
