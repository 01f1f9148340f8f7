package visits

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// feedback is what a customer said, written down once.
func (s *service) feedback() kit.Collection {
	return kit.Collection{
		Name: records.VisitFeedbackRowTable,
		Server: []string{
			records.VisitFeedbackRowColLate, records.VisitFeedbackRowColAccount, records.VisitFeedbackRowColOwner, records.VisitFeedbackRowColManager,
			records.VisitFeedbackRowColDept, records.VisitFeedbackRowColState,
			records.VisitFeedbackRowColRoute, records.VisitFeedbackRowColRoutedTo, records.VisitFeedbackRowColRoutedID,
		},
		Within: s.within(records.VisitFeedbackRowColVisit),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.VisitFeedback, "visitFeedbackCreate", s.feedbackCreate),
			{On: kit.Update, Collection: records.VisitFeedbackRowTable, Name: "visitFeedbackUpdate", Run: gate.OnlyServer},
		},
	}
}

// feedbackCreate routes what a customer said: by its theme it becomes an issue,
// a request or intelligence of the department that it is for (R4.8).
func (s *service) feedbackCreate(e *kit.Change[records.VisitFeedbackRow]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if strings.TrimSpace(e.Row.Text()) == "" {
		return gate.RefuseField(records.VisitFeedbackRowColText, "feedback.text_required")
	}
	visit, err := ownVisit(e.RecordEvent, e.Row.Visit())
	if err != nil {
		return err
	}
	inherit(e.Row, visit)
	e.Row.SetManager(visit.Manager())
	to := field.RouteFeedback(string(e.Row.Theme()))
	if s.routes[to.Kind] == nil {
		to.Kind = field.RouteSupport
	}
	if e.Row.TargetDept() == "" {
		dept, err := departmentOf(e.App, to.Department)
		if err != nil {
			return err
		}
		if dept == "" { // a company without it keeps the matter in its own department
			dept = visit.Dept()
		}
		e.Row.SetTargetDept(dept)
	}
	e.Row.SetRoute(records.VisitFeedbackRowRoute(to.Kind))
	e.Row.SetState("routed")
	if e.Record.Id == "" {
		e.Record.Id = core.GenerateDefaultRandomId()
	}
	collection, id, err := s.routes[to.Kind](e.Context, e.App, gate.Routed{
		Owner: string(visit.Owner()), Manager: string(visit.Manager()), Dept: string(visit.Dept()), Account: string(visit.Account()), Visit: string(visit.ID()),
		Product: string(e.Row.Product()), Department: string(e.Row.TargetDept()), Theme: string(e.Row.Theme()),
		Text: e.Row.Text(), Source: records.VisitFeedbackRowTable + "/" + e.Record.Id,
	})
	if err != nil {
		return fmt.Errorf("route feedback: %w", err)
	}
	e.Row.SetRoutedTo(collection)
	e.Row.SetRoutedID(id)
	return e.Next()
}

// departmentOf finds a department by its kind; empty if there is none.
func departmentOf(app core.App, kind string) (records.DepartmentID, error) {
	dept, found, err := records.Departments.First(app, "kind = {:k}", dbx.Params{"k": kind}, "id")
	if err != nil || !found {
		return "", err
	}
	return dept.ID(), nil
}
