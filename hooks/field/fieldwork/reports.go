package fieldwork

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// reportAheadDays is how early a report may be begun; it is handed in once its
// period has.
const reportAheadDays = 31

func (s service) reports() kit.Collection {
	return kit.Collection{
		Name:     records.WorkReportTable,
		Machine:  &field.WorkReportMachine,
		Parties:  kit.PersonalParties(records.WorkReports),
		Personal: mine(),
		Server: []string{
			records.WorkReportColAuto, records.WorkReportColComments, records.WorkReportColDueAt, records.WorkReportColSubmittedAt, records.WorkReportColLate,
		},
		Once:  []string{records.WorkReportColKind, records.WorkReportColPeriod},
		Audit: gate.Audit{Fields: []string{records.WorkReportColState}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.WorkReports, "workReportCreate", s.reportCreate),
			kit.On(kit.Update, records.WorkReports, "workReportUpdate", reportUpdate),
		},
	}
}

// reportCreate begins a report of a period, prefilled with what the period's
// records say (R2.11).
func (s service) reportCreate(e *kit.Change[records.WorkReport]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	taken, err := records.WorkReports.Count(e.App, "owner = {:o} AND kind = {:k} AND period = {:p}",
		dbx.Params{"o": e.Row.Owner(), "k": e.Row.Kind(), "p": e.Row.Period()})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("report.exists")
	}
	if err := s.prefill(e.App, e.Row, reportAheadDays); err != nil {
		return err
	}
	return e.Next()
}

// prefill writes the facts of a report's period and until when it is due.
// It begins so many days from now at most, and was not over a year ago:
// report.period_invalid.
func (s service) prefill(app core.App, report records.WorkReport, ahead int) error {
	kind := string(report.Kind())
	period, err := field.PeriodOf(kind, report.Period())
	if err != nil {
		return gate.WrapError(err)
	}
	today := domain.BusinessDay(s.now())
	if period.From > domain.AddDays(today, ahead) || period.To < domain.AddDays(today, -oldestDay) {
		return gate.Refuse("report.period_invalid", "period", report.Period())
	}
	hours, err := gate.SettingsNow(app).Whole("report." + kind + "_hours")
	if err != nil {
		return err
	}
	facts, err := s.factsOf(app, report.Owner(), period)
	if err != nil {
		return fmt.Errorf("gather the facts of a report: %w", err)
	}
	report.SetAuto(facts)
	report.SetDueAt(field.ReportDue(period, hours))
	return nil
}

// reportUpdate leaves a report as it was handed in.
func reportUpdate(e *kit.Change[records.WorkReport]) error {
	if !gate.ByServer(e.RecordEvent) && e.Row.State() != field.WorkReportDraft && gate.HasChanged(e.Record) {
		return gate.Refuse("report.submitted")
	}
	return e.Next()
}

// submitArgs are what differs from what is there.
type submitArgs struct {
	Text     *string `json:"text"`
	Problems *string `json:"problems"`
	Next     *string `json:"next"`
}

// submit hands the report up with the facts of now: report.text_required.
func (s service) submit(_ context.Context, tx core.App, report records.WorkReport, args submitArgs) error {
	if args.Text != nil {
		report.SetText(*args.Text)
	}
	if args.Problems != nil {
		report.SetProblems(*args.Problems)
	}
	if args.Next != nil {
		report.SetNext(*args.Next)
	}
	if strings.TrimSpace(report.Text()) == "" {
		return gate.Refuse("report.text_required")
	}
	if err := s.prefill(tx, report, 0); err != nil {
		return err
	}
	report.SetSubmittedAt(s.now())
	report.SetLate(s.now().After(report.DueAt()))
	return nil
}

// comment is a superior's word on a report.
type comment struct {
	By   records.UserID `json:"by"`
	At   string         `json:"at"` // RFC 3339, UTC
	Text string         `json:"text"`
}

type commentArgs struct {
	Text string `json:"text"`
}

// commentable reports whether a report has been handed in.
func commentable(_ context.Context, _ core.App, report records.WorkReport) (func(guard string) bool, error) {
	return func(string) bool { return report.State() == field.WorkReportSubmitted }, nil
}

// comment adds a superior's word, which the owner is told of: report.text_required.
func (s service) comment(ctx context.Context, tx core.App, report records.WorkReport, args commentArgs) error {
	if strings.TrimSpace(args.Text) == "" {
		return gate.Refuse("report.text_required")
	}
	all, err := records.Decode[[]comment](report.Comments())
	if err != nil {
		return err
	}
	report.SetComments(append(all, comment{records.UserID(gate.Of(ctx).Author().Id), s.now().UTC().Format(time.RFC3339), args.Text}))
	return gate.Notify(ctx, tx, s.now(), gate.Notice{
		User: string(report.Owner()), Kind: "report.comment", Params: map[string]any{"period": report.Period()}, Link: records.WorkReportTable + "/" + string(report.ID()),
	})
}
