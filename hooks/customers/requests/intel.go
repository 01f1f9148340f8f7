package requests

import (
	"context"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) intel() kit.Collection {
	return kit.Collection{
		Name:     records.IntelReportTable,
		Personal: &kit.Personal{Stranger: "record.not_allowed"},
		Server: []string{
			records.IntelReportColAcks, records.IntelReportColAckCount, records.IntelReportColSource, records.IntelReportColValueScore,
			records.IntelReportColScoreNote, records.IntelReportColScoredBy, records.IntelReportColScoredAt, records.IntelReportColRemindedAt,
		},
		Audit: gate.Audit{Fields: []string{records.IntelReportColRouted, records.IntelReportColValueScore}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.IntelReports, "intelCreate", s.intelCreate),
			kit.On(kit.Update, records.IntelReports, "intelUpdate", intelUpdate),
		},
	}
}

func intelLink(row records.IntelReport) string {
	return records.IntelReportTable + "/" + string(row.ID())
}

// ack is who has read a report, and when.
type ack struct {
	User records.UserID `json:"user"`
	At   string         `json:"at"` // RFC 3339, UTC
	Note string         `json:"note,omitzero"`
}

func acksOf(row records.IntelReport) ([]ack, error) { return records.Decode[[]ack](row.Acks()) }

func setAcks(row records.IntelReport, acks []ack) {
	row.SetAcks(acks)
	row.SetAckCount(len(acks))
}

// intelCreate sends a report to whom it is for: up to the offices, or down to the field.
func (s service) intelCreate(e *kit.Change[records.IntelReport]) error {
	if blank(e.Row.Text()) {
		return gate.RefuseField(records.IntelReportColText, "intel.text_required")
	}
	if err := setDirection(e); err != nil {
		return err
	}
	setAcks(e.Row, []ack{})
	if e.Row.Direction() == field.IntelDown {
		return s.sendDown(e)
	}
	return s.sendUp(e)
}

// setDirection is by the author's role, unless he names one that is his: intel.direction.
func setDirection(e *kit.Change[records.IntelReport]) error {
	author := gate.From(e.RecordEvent).Author()
	if author == nil || gate.ByServer(e.RecordEvent) {
		if e.Row.Direction() == "" {
			e.Row.SetDirection(field.IntelUp)
		}
		return nil
	}
	role := string(records.Users.Of(author).Role())
	if e.Row.Direction() == "" {
		e.Row.SetDirection(records.IntelReportDirection(field.IntelDirection(role)))
	}
	if !field.MayWriteIntel(role, string(e.Row.Direction())) {
		return gate.RefuseField(records.IntelReportColDirection, "intel.direction")
	}
	return nil
}

// sendUp is H-INTEL: a report goes to the head of its author's department, to the
// market department and, by its kind, to others.
func (s service) sendUp(e *kit.Change[records.IntelReport]) error {
	if err := gate.LockFields(e.RecordEvent, records.IntelReportColRouted); err != nil {
		return err
	}
	to, err := departments(e.App, field.IntelDepartments(string(e.Row.Kind()))...)
	if err != nil {
		return err
	}
	e.Row.SetRouted(to)
	if err := e.Next(); err != nil {
		return err
	}
	told := map[records.UserID]bool{e.Row.Owner(): true}
	for _, id := range append([]records.DepartmentID{e.Row.Dept()}, to...) {
		dept, found, err := records.Departments.Find(e.App, id)
		if err != nil {
			return err
		}
		if !found || told[dept.Head()] {
			continue
		}
		told[dept.Head()] = true
		if err := s.tellUser(e.Context, e.App, dept.Head(), "intel.new", e.Row.Text(), intelLink(e.Row)); err != nil {
			return err
		}
	}
	return nil
}

// intelUpdate: what was reported stays as it was.
func intelUpdate(e *kit.Change[records.IntelReport]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	return gate.RefuseField(records.IntelReportColText, "field.locked")
}

// acknowledge args: {note}: somebody to whom a report went has read it. Who does
// so twice is noted once.
func (s service) acknowledge(ctx context.Context, _ core.App, row records.IntelReport, args stepArgs) error {
	author := gate.Of(ctx).Author()
	if author == nil {
		return gate.Refuse("intel.not_addressed")
	}
	reader := records.Users.Of(author)
	switch {
	case reader.ID() == row.Owner():
		return gate.Refuse("intel.own")
	case reader.ID() == row.Manager(), gate.Heads(author, string(row.Dept())), slices.Contains(row.Routed(), reader.Department()):
	default:
		return gate.Refuse("intel.not_addressed")
	}
	acks, err := acksOf(row)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(acks, func(a ack) bool { return a.User == reader.ID() }) {
		setAcks(row, append(acks, ack{User: reader.ID(), At: s.now().UTC().Format(time.RFC3339), Note: args.Note}))
	}
	return nil
}
