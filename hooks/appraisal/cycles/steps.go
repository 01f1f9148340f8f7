package cycles

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// noteMost bounds notes and reasons, in characters.
const noteMost = 2000

// said reads a note that must be there: code if it is not.
func said(text, code string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || len([]rune(text)) > noteMost {
		return "", gate.Refuse(code)
	}
	return text, nil
}

// move is a calibration as the head asks for it.
type move struct {
	Points decimal.Decimal `json:"points"`
	Reason string          `json:"reason"`
}

// calibrate moves a score within the scheme's bound, with a reason; by 0 it stands as it is.
func (s *Service) calibrate(ctx context.Context, tx core.App, row records.Appraisal, args move) error {
	snapshot, cycle, err := schemeOf(tx, row)
	if err != nil {
		return err
	}
	result, err := resultOf(row)
	if err != nil {
		return err
	}
	if result.Computed == nil {
		return gate.Refuse("appraisal.no_score")
	}
	if args.Points.Exponent() < -2 || args.Points.Exponent() > 2 {
		return gate.Refuse(appraisal.MoveBeyond, "most", snapshot.Scheme.Calibration.Points.String())
	}
	facts, err := factsOf(row)
	if err != nil {
		return err
	}
	facts.Calibration = nil
	row.SetCalibrationReason("")
	if !args.Points.IsZero() {
		facts.Calibration = &appraisal.Move{Points: args.Points, Reason: strings.TrimSpace(args.Reason)}
		if err := appraisal.CheckMove(snapshot.Scheme, *facts.Calibration); err != nil {
			return gate.WrapError(err)
		}
		if _, err := said(args.Reason, appraisal.MoveReason); err != nil {
			return err
		}
		row.SetCalibrationReason(facts.Calibration.Reason)
	}
	row.SetCalibratedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetCalibratedAt(s.cfg.Now())
	if err := s.reckon(ctx, tx, cycle, row, facts); err != nil {
		return err
	}
	if err := spread(tx, cycle); err != nil {
		return err
	}
	return save(ctx, tx, cycle)
}

// note is what was talked about.
type note struct {
	Note string `json:"note"`
}

// leading refuses everybody but who rated the person and the head: nobody in his own.
func leading(ctx context.Context, tx core.App, row records.Appraisal) error {
	by, err := appraisalParties(ctx, tx, row)
	if err != nil {
		return err
	}
	if !slices.Contains(by, domain.PartySuperior) && !slices.Contains(by, domain.PartyHead) {
		return gate.Refuse("appraisal.not_superior")
	}
	return nil
}

// discuss notes why somebody rates himself so much above or below his superior.
func (s *Service) discuss(ctx context.Context, tx core.App, row records.Appraisal, args note) error {
	if err := leading(ctx, tx, row); err != nil {
		return err
	}
	if !in(row, appraisal.StateComposite, appraisal.StateCalibrated) {
		return gate.Refuse(appraisal.AppraisalState, "from", string(row.State()), "action", "discuss")
	}
	text, err := said(args.Note, "appraisal.note_required")
	if err == nil {
		row.SetInflationNote(text)
	}
	return err
}

// interview notes what was talked about after publication.
func (s *Service) interview(ctx context.Context, tx core.App, row records.Appraisal, args note) error {
	if err := leading(ctx, tx, row); err != nil {
		return err
	}
	if !in(row, appraisal.StatePublished, appraisal.StateConfirmed, appraisal.StateNoted, appraisal.StateAppealed, appraisal.StateDecided) {
		return gate.Refuse(appraisal.AppraisalState, "from", string(row.State()), "action", "interview")
	}
	text, err := said(args.Note, "appraisal.note_required")
	if err == nil {
		row.SetInterviewNote(text)
		row.SetInterviewedAt(s.cfg.Now())
	}
	return err
}

// publish shows everybody his own. Before it each needs a score, or is known to have none,
// and a note where he and his superior are far apart: appraisal_cycle.blocked and
// appraisal_cycle.note_missing say of how many. Who manages a department has the management
// calibrate him: appraisal_cycle.own_open.
func (s *Service) publish(ctx context.Context, tx core.App, cycle records.AppraisalCycle, _ kit.None) error {
	rows, err := appraisalsOf(tx, cycle.ID())
	if err != nil {
		return err
	}
	blocked, silent, open := 0, 0, 0
	for _, row := range rows {
		result, err := resultOf(row)
		if err != nil {
			return err
		}
		switch {
		case result.Status == appraisal.StatusBlocked:
			blocked++
		case result.NoteNeeded && row.InflationNote() == "":
			silent++
		case row.Subject() == records.UserID(gate.Of(ctx).User.Id) && !in(row, appraisal.StateCalibrated):
			open++
		}
	}
	switch {
	case blocked > 0:
		return gate.Refuse("appraisal_cycle.blocked", "count", blocked)
	case silent > 0:
		return gate.Refuse("appraisal_cycle.note_missing", "count", silent)
	case open > 0:
		return gate.Refuse("appraisal_cycle.own_open")
	}
	rules, err := rulesOf(cycle)
	if err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(s.cfg.Now())
	deadlines.Confirm, deadlines.Appeal = domain.AddDays(today, rules.ConfirmDays), domain.AddDays(today, rules.AppealDays)
	if err := kept(cycle.SetDeadlines, deadlines); err != nil {
		return err
	}
	cycle.SetPublishedAt(s.cfg.Now())
	cycle.SetPublishedBy(records.UserID(gate.Of(ctx).User.Id))
	for _, row := range rows {
		if err := s.show(ctx, tx, cycle, row, rules); err != nil {
			return err
		}
	}
	return spread(tx, cycle)
}

// show publishes one appraisal: its subject reads it, and what his superior rated.
func (s *Service) show(ctx context.Context, tx core.App, cycle records.AppraisalCycle, row records.Appraisal, rules appraisal.CycleRules) error {
	if err := take(row, appraisal.StepPublish); err != nil {
		return err
	}
	row.SetReader(row.Subject())
	row.SetPublishedAt(s.cfg.Now())
	if err := save(ctx, tx, row); err != nil {
		return err
	}
	forms, err := records.AppraisalRatings.All(tx, "appraisal = {:a} AND kind = 'superior' AND state = 'submitted'", params{"a": row.ID()}, "id")
	if err != nil {
		return err
	}
	for _, form := range forms {
		if !slices.Contains(form.Readers(), row.Subject()) {
			form.SetReaders(append(form.Readers(), row.Subject()))
		}
		if err := save(ctx, tx, form); err != nil {
			return err
		}
	}
	today := domain.BusinessDay(s.cfg.Now())
	err = s.tell(ctx, tx, row.Subject(), "appraisal.published", linkTo(row), cycle, map[string]any{
		"score": row.FinalScore(), "grade": row.Grade(), "confirm": domain.AddDays(today, rules.ConfirmDays), "appeal": domain.AddDays(today, rules.AppealDays),
	})
	if err != nil || s.cfg.Published == nil {
		return err
	}
	return s.cfg.Published(ctx, tx, row)
}

// confirmed is the person's word: that he has read it, and whether he agrees.
type confirmed struct {
	Agreed *bool                 `json:"agreed"`
	At     time.Time             `json:"at"`
	Clock  *domain.ClockEvidence `json:"clock"`
}

// confirm keeps it with its time and the hash of what was confirmed.
func (s *Service) confirm(ctx context.Context, tx core.App, row records.Appraisal, args confirmed) error {
	if args.Agreed == nil {
		return gate.RefuseField("agreed", "appraisal.agreed_required")
	}
	reading, err := s.cfg.ReadStep(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	at := reading.At
	if at.Before(row.PublishedAt()) {
		at = row.PublishedAt()
	}
	row.SetConfirmedAt(at)
	row.SetAgreed(*args.Agreed)
	row.SetSilent(false)
	row.SetConfirmDevice(gate.Of(ctx).Device)
	hash, err := confirmHash(row)
	if err == nil {
		row.SetConfirmHash(hash)
	}
	return err
}

// confirmHash is what somebody stands for: whose result, what it was, and what he said of it.
func confirmHash(row records.Appraisal) (string, error) {
	out, err := text([]any{
		row.ID(), row.Subject(), row.Period(), row.FinalScore(), row.Grade(), row.TraceDigest(), row.Agreed(), gate.Stamp(row.ConfirmedAt()),
	})
	return digest(out), err
}

// because is why something is asked for or decided.
type because struct {
	Reason string `json:"reason"`
}

// appeal asks for a decision, within the days that there are for it.
func (s *Service) appeal(ctx context.Context, tx core.App, row records.Appraisal, args because) error {
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return err
	}
	rules, err := rulesOf(cycle)
	if err != nil {
		return err
	}
	if last := domain.AddDays(domain.BusinessDay(row.PublishedAt()), rules.AppealDays); domain.BusinessDay(s.cfg.Arrived(ctx)) > last {
		return gate.Refuse("appraisal.appeal_over", "day", last)
	}
	reason, err := said(args.Reason, "appraisal.reason_required")
	if err != nil {
		return err
	}
	row.SetAppealReason(reason)
	row.SetAppealedAt(s.cfg.Now())
	subject, err := records.Users.Require(tx, row.Subject())
	if err != nil {
		return err
	}
	heads, err := s.decidersOf(tx, row)
	if err != nil {
		return err
	}
	for _, head := range heads {
		if err := s.tell(ctx, tx, head, "appraisal.appealed", linkTo(row), cycle, map[string]any{"name": subject.Name(), "reason": reason}); err != nil {
			return err
		}
	}
	return nil
}

// decidersOf are who decides on somebody's appraisal.
func (s *Service) decidersOf(tx core.App, row records.Appraisal) (out []records.UserID, err error) {
	where, bound := "role = 'dept_manager' AND department = {:d} AND active = TRUE", params{"d": row.Sight()}
	if row.Sight() == "" {
		where, bound = "role = 'executive' AND active = TRUE", params{}
	}
	users, err := records.Users.All(tx, where, bound, "id")
	for _, user := range users {
		out = append(out, user.ID())
	}
	return out, err
}

// decision is what an appeal, or a reopening, comes to: another score, gates that are
// lifted, or neither.
type decision struct {
	Reason string           `json:"reason"`
	Score  *decimal.Decimal `json:"score"`
	Lifted []string         `json:"lifted"`
}

// decided reckons a result anew by a decision: appraisal.decision_score beyond the limits,
// appraisal.decision_gate of what is no gate of the scheme.
func (s *Service) decided(ctx context.Context, tx core.App, row records.Appraisal, args decision) error {
	snapshot, cycle, err := schemeOf(tx, row)
	if err != nil {
		return err
	}
	limits := snapshot.Scheme.Limits
	if sc := args.Score; sc != nil && (sc.Exponent() < -2 || sc.Exponent() > 3 || sc.LessThan(limits.Least) || sc.GreaterThan(limits.Most)) {
		return gate.RefuseField("score", "appraisal.decision_score", "least", limits.Least.String(), "most", limits.Most.String())
	}
	for _, code := range args.Lifted {
		if !slices.ContainsFunc(snapshot.Scheme.Gates, func(g appraisal.Gate) bool { return g.Code == code }) {
			return gate.RefuseField("lifted", "appraisal.decision_gate", "gate", code)
		}
	}
	facts, err := factsOf(row)
	if err != nil {
		return err
	}
	if args.Score != nil || len(args.Lifted) > 0 {
		facts.Decision = &appraisal.Decision{Score: args.Score, Lifted: args.Lifted, Reason: args.Reason}
	}
	return s.reckon(ctx, tx, cycle, row, facts)
}

// decide decides on an appeal.
func (s *Service) decide(ctx context.Context, tx core.App, row records.Appraisal, args decision) error {
	var err error
	if args.Reason, err = said(args.Reason, "appraisal.reason_required"); err != nil {
		return err
	}
	before := row.FinalScore() + " " + row.Grade()
	if err := s.decided(ctx, tx, row, args); err != nil {
		return err
	}
	row.SetDecision(args.Reason)
	row.SetDecisionChange(before + " → " + row.FinalScore() + " " + row.Grade())
	row.SetDecidedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetDecidedAt(s.cfg.Now())
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, row.Subject(), "appraisal.decided", linkTo(row), cycle, map[string]any{"reason": args.Reason, "score": row.FinalScore(), "grade": row.Grade()})
}

// reopen takes a locked result up again, with a reason: it may be calibrated, and is
// published anew. Until then its subject sees that it is open, and not what it comes to.
func (s *Service) reopen(ctx context.Context, tx core.App, row records.Appraisal, args decision) error {
	var err error
	if args.Reason, err = said(args.Reason, "appraisal.reason_required"); err != nil {
		return err
	}
	if err := s.decided(ctx, tx, row, args); err != nil {
		return err
	}
	row.SetReopenReason(args.Reason)
	row.SetReopenedAt(s.cfg.Now())
	row.SetReopens(row.Reopens() + 1)
	row.SetReader("")
	row.SetConfirmHash("")
	row.SetAgreed(false)
	row.SetSilent(false)
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return err
	}
	if err := s.tell(ctx, tx, row.Subject(), "appraisal.reopened", "", cycle, map[string]any{"reason": args.Reason}); err != nil || s.cfg.Reopened == nil {
		return err
	}
	return s.cfg.Reopened(ctx, tx, row)
}

// republish shows one appraisal that was reopened.
func (s *Service) republish(ctx context.Context, tx core.App, row records.Appraisal, _ kit.None) error {
	by, err := appraisalParties(ctx, tx, row)
	if err != nil {
		return err
	}
	if !slices.Contains(by, domain.PartyHead) {
		return gate.Refuse(appraisal.AppraisalNotHead)
	}
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return err
	}
	if row.Reopens() == 0 || !in(row, appraisal.StateComposite, appraisal.StateCalibrated) {
		return gate.Refuse(appraisal.AppraisalState, "from", string(row.State()), "action", "republish")
	}
	rules, err := rulesOf(cycle)
	if err != nil {
		return err
	}
	return s.show(ctx, tx, cycle, row, rules)
}
