package requests

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) support() kit.Collection {
	return kit.Collection{
		Name:    records.SupportRequestTable,
		Machine: &customers.SupportMachine,
		Parties: kit.Parties(records.SupportRequests, func(ctx context.Context, app core.App, row records.SupportRequest) ([]domain.Party, error) {
			return parties(ctx, app, row.Owner(), row.ToDept())
		}),
		Personal: &kit.Personal{Stranger: "request.not_party"},
		Server: []string{
			records.SupportRequestColSource, records.SupportRequestColDue, records.SupportRequestColAnswer, records.SupportRequestColAnsweredBy,
			records.SupportRequestColAnsweredAt, records.SupportRequestColFirstResponseAt, records.SupportRequestColOverdue,
		},
		Once:  []string{records.SupportRequestColToDept, records.SupportRequestColKind},
		Audit: gate.Audit{Fields: []string{records.SupportRequestColState, records.SupportRequestColToDept, records.SupportRequestColAnswer}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.SupportRequests, "supportCreate", s.supportCreate),
			kit.On(kit.Update, records.SupportRequests, "supportUpdate", supportUpdate),
		},
	}
}

func supportLink(row records.SupportRequest) string {
	return records.SupportRequestTable + "/" + string(row.ID())
}

// supportCreate starts a request: it has a department that is asked, that of its
// kind if it names none, and a due time (R1.3, R2.4).
func (s service) supportCreate(e *kit.Change[records.SupportRequest]) error {
	if e.Row.ToDept() == "" {
		if err := setAsked(e.App, e.Row); err != nil {
			return err
		}
	}
	if err := s.setDue(e.App, e.Row); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.tell(e.Context, e.App, e.Row.ToDept(), "request.new", e.Row.Text(), supportLink(e.Row))
}

// setAsked addresses a request by its kind: request.department if there is no such
// department.
func setAsked(app core.App, row records.SupportRequest) error {
	kinds, err := gate.SettingsNow(app).RequestDepartments()
	if err != nil {
		return err
	}
	asked, err := departments(app, kinds[string(row.Kind())])
	if err != nil {
		return err
	}
	if len(asked) == 0 {
		return gate.RefuseField(records.SupportRequestColToDept, "request.department")
	}
	row.SetToDept(asked[0])
	return nil
}

// supportUpdate lets the owner reword a request that nobody has taken up.
func supportUpdate(e *kit.Change[records.SupportRequest]) error {
	if state := e.Row.State(); !gate.ByServer(e.RecordEvent) && state != customers.SupportOpen {
		return gate.Refuse("request.state", "from", string(state), "action", "edit")
	}
	return e.Next()
}

// setDue counts the setting's working hours from now.
func (s service) setDue(app core.App, row records.SupportRequest) error {
	hours, err := gate.SettingsNow(app).RequestHours()
	if err != nil {
		return err
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return err
	}
	row.SetDue(calendar.AddWorkingTime(s.now(), time.Duration(hours[string(row.Kind())])*time.Hour))
	return nil
}

// accept is a step that leaves nothing but the department's first response.
func (s service) accept(ctx context.Context, _ core.App, row records.SupportRequest, _ stepArgs) error {
	s.responded(ctx, row)
	return nil
}

// responded notes when somebody of the department that is asked acted first.
func (s service) responded(ctx context.Context, row records.SupportRequest) {
	author := gate.Of(ctx).Author()
	if author != nil && records.Users.Of(author).Department() == row.ToDept() && row.FirstResponseAt().IsZero() {
		row.SetFirstResponseAt(s.now())
	}
}

// answer says what became of the request: request.answer_required.
func (s service) answer(ctx context.Context, tx core.App, row records.SupportRequest, args stepArgs) error {
	if blank(args.Answer) {
		return gate.Refuse("request.answer_required")
	}
	return s.answered(ctx, tx, row, args)
}

// refuse answers that nothing will: request.reason_required.
func (s service) refuse(ctx context.Context, tx core.App, row records.SupportRequest, args stepArgs) error {
	if blank(args.Reason) {
		return gate.Refuse("request.reason_required")
	}
	return s.answered(ctx, tx, row, args)
}

func (s service) answered(ctx context.Context, tx core.App, row records.SupportRequest, args stepArgs) error {
	s.responded(ctx, row)
	row.SetAnswer(args.Answer + args.Reason)
	row.SetAnsweredBy(records.UserID(gate.Of(ctx).Author().Id))
	row.SetAnsweredAt(s.now())
	row.SetOverdue(s.now().After(row.Due()))
	return s.tellUser(ctx, tx, row.Owner(), "request.answered", row.Text(), supportLink(row))
}

// reopen asks again, with a clock that begins anew: request.reason_required.
func (s service) reopen(ctx context.Context, tx core.App, row records.SupportRequest, args stepArgs) error {
	if blank(args.Reason) {
		return gate.Refuse("request.reason_required")
	}
	s.responded(ctx, row)
	if err := s.setDue(tx, row); err != nil {
		return err
	}
	row.SetOverdue(false)
	return s.tell(ctx, tx, row.ToDept(), "request.new", row.Text(), supportLink(row))
}

// close is who asked being content.
func (s service) close(context.Context, core.App, records.SupportRequest, stepArgs) error { return nil }

// overdue marks requests whose time is up and tells both sides once.
func (s service) overdue(ctx context.Context, app core.App, now time.Time) error {
	late, err := records.SupportRequests.All(app, "state IN ('open', 'accepted') AND overdue = FALSE AND due <> '' AND due < {:now}",
		dbx.Params{"now": gate.Stamp(now)}, "due, id")
	if err != nil {
		return fmt.Errorf("look for overdue requests: %w", err)
	}
	ctx = gate.AsServer(ctx)
	for _, row := range late {
		err := app.RunInTransaction(func(tx core.App) error {
			row.SetOverdue(true)
			if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, row.ToDept(), "request.overdue", row.Text(), supportLink(row)); err != nil {
				return err
			}
			return s.tellUser(ctx, tx, row.Owner(), "request.overdue", row.Text(), supportLink(row))
		})
		if err != nil {
			return fmt.Errorf("mark request %s as overdue: %w", row.ID(), err)
		}
	}
	return nil
}
