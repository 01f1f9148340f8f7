package visits

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

type reportArgs struct {
	At          time.Time             `json:"at"`
	Clock       *domain.ClockEvidence `json:"clock"`
	Summary     string                `json:"summary"` // required
	Needs       *string               `json:"needs"`
	ResultCode  *string               `json:"result_code"`
	NextStep    *string               `json:"next_step"`
	NextDate    *string               `json:"next_date"`
	Companions  *[]string             `json:"companions"`
	ContactsMet *[]string             `json:"contacts_met"`
}

// report says what came of a visit: visit.report_incomplete. A correction of an
// earlier report is as late as that was.
func (s *service) report(ctx context.Context, tx core.App, visit records.Visit, args reportArgs) error {
	if strings.TrimSpace(args.Summary) == "" {
		return gate.Refuse("visit.report_incomplete", "missing", "summary")
	}
	written, err := s.clock.ReadClock(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	if _, err := noteClock(visit, field.ClockReport, args.At, args.Clock, written); err != nil {
		return err
	}
	hours, err := gate.SettingsNow(tx).VisitRecordHours()
	if err != nil {
		return err
	}
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	ended := visit.OutAt()
	if ended.IsZero() {
		ended = visit.InAt()
	}
	arrived := s.clock.Arrived(ctx)
	late, codes, reasons := field.LateRecord(ended, lateBy(written, arrived), hours), field.AtReport, field.ReportRisk(ended, arrived, rules)
	flags, err := visit.Flags()
	if err != nil {
		return err
	}
	if slices.Contains(flags, flagCorrected) {
		late, codes, reasons = visit.LateRecord(), nil, nil
	}
	args.write(visit)
	visit.SetReportAt(written.At)
	visit.SetLateRecord(late)
	if err := checkPeople(tx, visit); err != nil {
		return err
	}
	return s.judged(ctx, tx, visit, asked(ctx, field.VisitReport), codes, reasons)
}

// write keeps what the rep noted before and the report does not name.
func (a reportArgs) write(visit records.Visit) {
	visit.SetSummary(a.Summary)
	for _, said := range []struct {
		value *string
		set   func(string)
	}{
		{a.Needs, visit.SetNeeds}, {a.ResultCode, visit.SetResultCode}, {a.NextStep, visit.SetNextStep}, {a.NextDate, visit.SetNextDate},
	} {
		if said.value != nil {
			said.set(*said.value)
		}
	}
	if a.Companions != nil {
		visit.SetCompanions(ids[records.UserID](*a.Companions))
	}
	if a.ContactsMet != nil {
		visit.SetContactsMet(ids[records.ContactID](*a.ContactsMet))
	}
}

func ids[T ~string](texts []string) []T {
	out := make([]T, len(texts))
	for i, id := range texts {
		out[i] = T(id)
	}
	return out
}

// lateBy is the time by which a report is late or not: what nothing bounds may
// have been written as late as it arrived.
func lateBy(written domain.ClockReading, arrived time.Time) time.Time {
	if written.Unknown() {
		return arrived
	}
	return written.At
}
