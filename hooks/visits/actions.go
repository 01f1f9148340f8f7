package visits

import (
	"context"
	"encoding/json/jsontext"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

type reportArgs struct {
	At          time.Time             `json:"at"`
	Clock       *domain.ClockEvidence `json:"clock"`
	Summary     string                `json:"summary"`
	Needs       *string               `json:"needs"`
	ResultCode  *string               `json:"result_code"`
	NextStep    *string               `json:"next_step"`
	NextDate    *string               `json:"next_date"`
	Companions  *[]string             `json:"companions"`
	ContactsMet *[]string             `json:"contacts_met"`
}

// begin judges whether the visit's owner acts and where the action leads. It
// returns the state before.
func (s *Service) begin(ctx context.Context, visit *core.Record, action string) (string, error) {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(visit) {
		return "", gate.Refuse("visit.not_owner")
	}
	return s.move(visit, action)
}

func (s *Service) move(visit *core.Record, action string) (string, error) {
	from := stateOf(visit)
	next, err := domain.VisitMove(from, action)
	if err != nil {
		return from, gate.WrapError(err)
	}
	setState(visit, next)
	return from, nil
}

// finish appends the step to the chain, draws what follows from the reasons
// that it found, and saves the visit.
func (s *Service) finish(ctx context.Context, txApp core.App, visit *core.Record, action, from string, data jsontext.Value, codes []string, reasons []domain.RiskReason) error {
	if err := s.record(ctx, txApp, visit, action, from, data); err != nil {
		return err
	}
	if err := s.judge(ctx, txApp, visit, codes, reasons); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// step saves a visit after an action that finds no reasons.
func (s *Service) step(ctx context.Context, txApp core.App, visit *core.Record, action, from string, data jsontext.Value) error {
	if err := s.record(ctx, txApp, visit, action, from, data); err != nil {
		return err
	}
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	if err := s.conclude(ctx, txApp, visit, rules); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// plan takes a draft into the month's plan.
func (s *Service) plan(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.begin(ctx, visit, domain.VisitPlan)
	if err != nil {
		return err
	}
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	return s.step(ctx, txApp, visit, domain.VisitPlan, from, nil)
}

// checkOut args: {at, lat, lng, acc_m, crs, fixes, clock}; see fix.
func (s *Service) checkOut(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.begin(ctx, visit, domain.VisitCheckOut)
	if err != nil {
		return err
	}
	p, _, err := s.see(ctx, txApp, raw)
	if err != nil {
		return err
	}
	if err := stepsDone(txApp, visit); err != nil {
		return err
	}
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	notes := noteClock(visit, clockOut, p.at, p.told, p.clock)
	visit.Set("out_at", p.clock.At)
	setPlace(visit, "out", p)
	stay := dwell(visit, notes, p.clock.At, s.clock.Arrived(ctx))
	visit.Set("dwell_s", stay)
	reasons := domain.ClockRisk(clockGrade(notes), rules)
	if typeOf(visit) != typePhone {
		if !stayUnknown(notes) {
			reasons = append(reasons, domain.CheckOutRisk(stay, rules)...)
		}
		reasons = append(reasons, domain.MovedRisk(moved(visit, rules), rules)...)
	}
	return s.finish(ctx, txApp, visit, domain.VisitCheckOut, from, raw, domain.AtCheckOut, reasons)
}

// report args: {at, clock, summary, needs, result_code, next_step, next_date,
// companions, contacts_met}; the summary is required.
func (s *Service) report(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.begin(ctx, visit, domain.VisitReport)
	if err != nil {
		return err
	}
	var args reportArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Summary) == "" {
		return gate.Refuse("visit.report_incomplete", "missing", "summary")
	}
	written, err := s.clock.ReadClock(ctx, txApp, args.At, args.Clock)
	if err != nil {
		return err
	}
	noteClock(visit, clockReport, args.At, args.Clock, written)
	hours, err := gate.SettingsNow(txApp).Whole(recordHoursKey)
	if err != nil {
		return err
	}
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	ended := checkedOutAt(visit)
	if ended.IsZero() {
		ended = checkedInAt(visit)
	}
	arrived := s.clock.Arrived(ctx)
	late, codes, reasons := domain.LateRecord(ended, lateBy(written, arrived), hours), domain.AtReport, domain.ReportRisk(ended, arrived, rules)
	if corrected(visit) { // by the first report
		late, codes, reasons = visit.GetBool("late_record"), nil, nil
	}
	setReport(visit, args, written.At, late)
	if err := checkPeople(txApp, visit); err != nil {
		return err
	}
	return s.finish(ctx, txApp, visit, domain.VisitReport, from, raw, codes, reasons)
}

// lateBy is the time by which a report is late or not: what nothing bounds may
// have been written as late as it arrived.
func lateBy(written domain.ClockReading, arrived time.Time) time.Time {
	if written.Unknown() {
		return arrived
	}
	return written.At
}

// cancel args: {reason}.
func (s *Service) cancel(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.begin(ctx, visit, domain.VisitCancel)
	if err != nil {
		return err
	}
	reason, err := reasonArg(raw)
	if err != nil {
		return err
	}
	visit.Set("cancel_reason", reason)
	return s.step(ctx, txApp, visit, domain.VisitCancel, from, raw)
}

// answer args: {text}: what the owner says to the questions.
func (s *Service) answer(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	from, err := s.begin(ctx, visit, domain.VisitAnswer)
	if err != nil {
		return err
	}
	var args struct {
		Text string `json:"text"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Text) == "" {
		return gate.Refuse("visit.report_incomplete", "missing", "text")
	}
	visit.Set("answer", args.Text)
	visit.Set("answered_at", s.now())
	return s.step(ctx, txApp, visit, domain.VisitAnswer, from, raw)
}

// reasonArg reads args {reason}: visit.reason_required.
func reasonArg(raw jsontext.Value) (string, error) {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return "", err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return "", gate.Refuse("visit.reason_required")
	}
	return args.Reason, nil
}
