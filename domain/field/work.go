package field

import (
	"fmt"
	"slices"
	"time"

	"satchel/domain"
)

// States of a day of field work.
const (
	SessionOpen       = "open"
	SessionClosed     = "closed"
	SessionAutoClosed = "auto_closed" // nobody ended the day
)

// SessionEnd is the action that ends a day of field work.
const SessionEnd = "end"

// SessionMachine is the life of a day of field work. One that the job has closed
// may still be ended as it was.
var SessionMachine = domain.Machine{
	Collection: "work_sessions",
	States:     []string{SessionOpen, SessionClosed, SessionAutoClosed},
	Refusal:    "work.session_over",
	Steps: []domain.Step{
		{
			Action: SessionEnd, From: []string{SessionOpen, SessionAutoClosed}, To: []string{SessionClosed}, By: []domain.Party{domain.PartyOwner}, Stranger: "work.not_owner",
			Leads: []string{"the length of its track is known"},
		},
	},
}

// WorkHours are the hours of the day within which positions may be recorded,
// HH:MM in the company's zone, the end not included.
type WorkHours struct{ From, To string }

// Session is a day of field work. End is zero while it is open.
type Session struct {
	Owner      string
	Start, End time.Time
}

// CheckTrackPoint judges whether a position of owner may be kept at all:
// track.no_session, track.outside_session, track.outside_hours and
// track.no_consent. given is when he agreed last, withdrawn when he took it back.
func CheckTrackPoint(owner string, at time.Time, s Session, hours WorkHours, given, withdrawn time.Time) error {
	switch {
	case s.Owner == "" || s.Owner != owner:
		return domain.Problem{Code: "track.no_session"}
	case given.IsZero() || given.After(at) || (!withdrawn.IsZero() && !at.Before(withdrawn)):
		return domain.Problem{Code: "track.no_consent"}
	case at.Before(s.Start) || (!s.End.IsZero() && at.After(s.End)):
		return domain.Problem{Code: "track.outside_session"}
	}
	clock := at.In(domain.BusinessZone).Format("15:04")
	if clock < hours.From || clock >= hours.To || domain.BusinessDay(at) != domain.BusinessDay(s.Start) {
		return domain.Problem{Code: "track.outside_hours", Params: map[string]any{"from": hours.From, "to": hours.To}}
	}
	return nil
}

// Kinds of work reports.
const (
	ReportDay   = "day"
	ReportWeek  = "week"
	ReportMonth = "month"
)

// States of a work report.
const (
	WorkReportDraft     = "draft"
	WorkReportSubmitted = "submitted"
)

// Actions on a work report.
const (
	WorkReportSubmit  = "submit"
	WorkReportComment = "comment"
)

// ReportNotSubmitted is asked of a report that somebody comments.
const ReportNotSubmitted = "report.not_submitted"

// WorkReportMachine is the life of a work report (R2.11).
var WorkReportMachine = domain.Machine{
	Collection: "work_reports",
	States:     []string{WorkReportDraft, WorkReportSubmitted},
	Refusal:    "report.submitted",
	Steps: []domain.Step{
		{
			Action: WorkReportSubmit, From: []string{WorkReportDraft}, To: []string{WorkReportSubmitted}, By: []domain.Party{domain.PartyOwner}, Stranger: "work.not_owner",
			Leads: []string{"its facts are gathered anew"},
		},
		{
			Action: WorkReportComment, From: []string{WorkReportDraft, WorkReportSubmitted}, By: []domain.Party{domain.PartySuperior}, Stranger: "report.not_superior",
			Guards: []string{ReportNotSubmitted}, Leads: []string{"the owner is told"},
		},
	},
}

// PeriodOf reads a period of a kind: a day YYYY-MM-DD, an ISO week YYYY-Www, a
// month YYYY-MM. Problem report.period_invalid.
func PeriodOf(kind, text string) (domain.Period, error) {
	bad := domain.Problem{Code: "report.period_invalid", Params: map[string]any{"period": text}}
	switch kind {
	case ReportDay:
		if !domain.IsDay(text) {
			return domain.Period{}, bad
		}
		return domain.Period{text, text}, nil
	case ReportWeek:
		var year, week int
		if n, err := fmt.Sscanf(text, "%4d-W%2d", &year, &week); err != nil || n != 2 {
			return domain.Period{}, bad
		}
		// The week of 4 January is the first.
		jan4 := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
		monday := jan4.AddDate(0, 0, -(int(jan4.Weekday())+6)%7+7*(week-1))
		if y, w := monday.ISOWeek(); y != year || w != week || text != fmt.Sprintf("%04d-W%02d", year, week) {
			return domain.Period{}, bad
		}
		return domain.Period{monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly)}, nil
	case ReportMonth:
		first, err := time.Parse("2006-01", text)
		if err != nil {
			return domain.Period{}, bad
		}
		return domain.Period{first.Format(time.DateOnly), first.AddDate(0, 1, -1).Format(time.DateOnly)}, nil
	}
	return domain.Period{}, bad
}

// ReportDue is until when a report of the period is in time, so many hours after
// the period is over; negative hours lie before its end.
func ReportDue(p domain.Period, hours int) time.Time {
	_, over := p.Bounds()
	return over.Add(time.Duration(hours) * time.Hour)
}

// TrackLengthM is the length of a track in whole metres. A step that is shorter
// than the accuracy of where it ends is noise, and the next is measured from
// where it began; a point without a place is none.
func TrackLengthM(points []domain.Position) int {
	points = slices.DeleteFunc(slices.Clone(points), func(p domain.Position) bool { return !p.Known() })
	var sum float64
	for i, from := 1, 0; i < len(points); i++ {
		d := domain.DistanceM(points[from], points[i])
		if d < points[i].AccM {
			continue
		}
		sum += d
		from = i
	}
	return int(sum)
}
