package visits

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// feedbackCreate routes what a customer said: by its theme it becomes an issue,
// a request or intelligence of the department that it is for (R4.8).
func (s *Service) feedbackCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if strings.TrimSpace(e.Record.GetString("text")) == "" {
		return gate.RefuseField("text", "feedback.text_required")
	}
	if err := gate.LockFields(e, append(partFilled, fieldState, "route", "routed_to", "routed_id")...); err != nil {
		return err
	}
	visit, err := visitOf(e, visitIDOf(e.Record))
	if err != nil {
		return err
	}
	copyPlace(e.Record, visit)
	e.Record.Set("manager", managerOf(visit))
	to := domain.RouteFeedback(e.Record.GetString("theme"))
	if s.routes[to.Kind] == nil {
		to.Kind = domain.RouteSupport
	}
	if e.Record.GetString("target_dept") == "" {
		dept, err := departmentOf(e.App, to.Department)
		if err != nil {
			return err
		}
		if dept == "" { // a company without it keeps the matter in its own department
			dept = deptOf(visit)
		}
		e.Record.Set("target_dept", dept)
	}
	e.Record.Set("route", to.Kind)
	setState(e.Record, "routed")
	if e.Record.Id == "" {
		e.Record.Id = core.GenerateDefaultRandomId()
	}
	collection, id, err := s.routes[to.Kind](e.Context, e.App, gate.Routed{
		Owner: ownerOf(visit), Manager: managerOf(visit), Dept: deptOf(visit), Account: accountOf(visit), Visit: visit.Id,
		Product: e.Record.GetString("product"), Department: e.Record.GetString("target_dept"), Theme: e.Record.GetString("theme"),
		Text: e.Record.GetString("text"), Source: feedback + "/" + e.Record.Id,
	})
	if err != nil {
		return fmt.Errorf("failed to route feedback: %w", err)
	}
	e.Record.Set("routed_to", collection)
	e.Record.Set("routed_id", id)
	return e.Next()
}

// departmentOf finds a department by its kind; empty if there is none.
func departmentOf(app core.App, kind string) (string, error) {
	var ids []string
	err := app.DB().Select("id").From("departments").Where(dbx.HashExp{"kind": kind}).OrderBy("id").Limit(1).Column(&ids)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}
