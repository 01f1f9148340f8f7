package fieldwork

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// reportAheadDays is how early a report may be begun; it is handed in once its
// period has.
const reportAheadDays = 31

// reportCreate begins a report of a period, prefilled with what the period's
// records say (R2.11).
func (s *Service) reportCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.WorkReportDraft)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(e.Record) != domain.WorkReportDraft {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, reportFilled...); err != nil {
		return err
	}
	if err := owned(e); err != nil {
		return err
	}
	taken, err := e.App.CountRecords(reports, dbx.HashExp{fieldOwner: ownerOf(e.Record), "kind": e.Record.GetString("kind"), "period": e.Record.GetString("period")})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("report.exists")
	}
	if err := s.prefill(e.App, e.Record, reportAheadDays); err != nil {
		return err
	}
	return e.Next()
}

// prefill writes the facts of a report's period and until when it is due.
// It begins so many days from now at most, and was not over a year ago:
// report.period_invalid.
func (s *Service) prefill(app core.App, r *core.Record, ahead int) error {
	kind := r.GetString("kind")
	period, err := domain.PeriodOf(kind, r.GetString("period"))
	if err != nil {
		return gate.WrapError(err)
	}
	today := domain.BusinessDay(s.now())
	if period.From > domain.AddDays(today, ahead) || period.To < domain.AddDays(today, -oldestDay) {
		return gate.Refuse("report.period_invalid", "period", r.GetString("period"))
	}
	hours, err := gate.SettingsNow(app).Whole("report." + kind + "_hours")
	if err != nil {
		return err
	}
	facts, err := factsOf(app, ownerOf(r), period)
	if err != nil {
		return fmt.Errorf("failed to gather the facts of a report: %w", err)
	}
	r.Set("auto", facts)
	r.Set("due_at", domain.ReportDue(period, hours))
	return nil
}

func reportUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, append(reportFilled, fieldState, fieldOwner, "kind", "period")...); err != nil {
		return err
	}
	if actor := gate.From(e).Author(); actor != nil && actor.Id != ownerOf(e.Record) {
		return gate.Refuse("work.not_owner")
	}
	if stateOf(e.Record) != domain.WorkReportDraft && len(gate.Changed(e.Record)) > 0 {
		return gate.Refuse("report.submitted")
	}
	return e.Next()
}

// submit args: {text, problems, next}, each if it differs from what is there:
// the report goes up with the facts of now.
func (s *Service) submit(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(r) {
		return gate.Refuse("work.not_owner")
	}
	if stateOf(r) != domain.WorkReportDraft {
		return gate.Refuse("report.submitted")
	}
	var args struct {
		Text     *string `json:"text"`
		Problems *string `json:"problems"`
		Next     *string `json:"next"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	for name, value := range map[string]*string{"text": args.Text, "problems": args.Problems, "next": args.Next} {
		if value != nil {
			r.Set(name, *value)
		}
	}
	if strings.TrimSpace(r.GetString("text")) == "" {
		return gate.Refuse("report.text_required")
	}
	if err := s.prefill(txApp, r, 0); err != nil {
		return err
	}
	setState(r, domain.WorkReportSubmitted)
	r.Set("submitted_at", s.now())
	r.Set("late", s.now().After(r.GetDateTime("due_at").Time()))
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// comment args: {text}: a superior's word, which the owner is told of.
func (s *Service) comment(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).Author()
	if !superior(actor, r) {
		return gate.Refuse("report.not_superior")
	}
	if stateOf(r) != domain.WorkReportSubmitted {
		return gate.Refuse("report.not_submitted")
	}
	var args struct {
		Text string `json:"text"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Text) == "" {
		return gate.Refuse("report.text_required")
	}
	addComment(r, actor.Id, args.Text, s.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return err
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: ownerOf(r), Kind: "report.comment", Params: map[string]any{"period": r.GetString("period")}, Link: reports + "/" + r.Id,
	})
}

// facts of a period, as records say. Money is fen.
type facts struct {
	Planned   int `json:"planned" db:"planned"` // visits whose day lies in it
	Done      int `json:"done" db:"done"`       // checked in
	Valid     int `json:"valid" db:"valid"`     // that count
	Unplanned int `json:"unplanned" db:"unplanned"`
	Missed    int `json:"missed" db:"missed"`
	Cancelled int `json:"cancelled" db:"cancelled"`
	Late      int `json:"late_records" db:"late"`
	DwellS    int `json:"dwell_s" db:"dwell"`
	Orders    int `json:"orders"`
	OrderFen  int `json:"order_fen"`
	Feedback  int `json:"feedback"`
	DistanceM int `json:"distance_m"`
	Progress  int `json:"progress"` // entries on plan items
}

// factsOf counts what somebody's records of a period say.
func factsOf(app core.App, owner string, p domain.Period) (f facts, err error) {
	from, to := p.Bounds()
	bind := dbx.Params{"o": owner, "first": p.From, "last": p.To, "from": gate.Stamp(from), "to": gate.Stamp(to)}
	// A visit belongs to the day of its check-in, one without to its planned day.
	err = app.DB().NewQuery(`SELECT COUNT(CASE WHEN type = 'planned' THEN 1 END) AS planned, COUNT(CASE WHEN in_at <> '' THEN 1 END) AS done,
			COUNT(CASE WHEN counts THEN 1 END) AS valid, COUNT(CASE WHEN type = 'unplanned' AND in_at <> '' THEN 1 END) AS unplanned,
			COUNT(CASE WHEN state = 'missed' THEN 1 END) AS missed, COUNT(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled,
			COUNT(CASE WHEN late_record THEN 1 END) AS late, COALESCE(SUM(dwell_s), 0) AS dwell
		FROM visits WHERE owner = {:o} AND ((in_at >= {:from} AND in_at < {:to}) OR (in_at = '' AND planned_date >= {:first} AND planned_date <= {:last} AND state <> 'draft'))`).
		Bind(bind).One(&f)
	if err != nil {
		return f, err
	}
	for _, q := range []struct {
		sql  string
		into []any
	}{
		{`SELECT COUNT(*), COALESCE(SUM(total_fen), 0) FROM orders WHERE owner = {:o} AND state NOT IN ('draft', 'cancelled', 'rejected') AND submitted_at >= {:from} AND submitted_at < {:to}`, []any{&f.Orders, &f.OrderFen}},
		{`SELECT COUNT(*) FROM visit_feedback WHERE owner = {:o} AND created >= {:from} AND created < {:to}`, []any{&f.Feedback}},
		{`SELECT COALESCE(SUM(distance_m), 0) FROM work_sessions WHERE owner = {:o} AND date >= {:first} AND date <= {:last}`, []any{&f.DistanceM}},
		{`SELECT COUNT(*) FROM plan_progress WHERE owner = {:o} AND at >= {:from} AND at < {:to}`, []any{&f.Progress}},
	} {
		if err := app.DB().NewQuery(q.sql).Bind(bind).Row(q.into...); err != nil {
			return f, err
		}
	}
	return f, nil
}
