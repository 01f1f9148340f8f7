// Package requests binds what goes from the field to departments: intelligence
// about the market, and requests for support and for products.
package requests

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Service is the area's state.
type Service struct{ now func() time.Time }

// Bind registers the area's events.
func Bind(app core.App, cfg gate.Config) {
	s := &Service{now: cfg.Now}
	app.OnRecordCreate(intel).Bind(gate.Named("intelCreate", gate.Atomic(s.intelCreate)))
	app.OnRecordUpdate(intel).Bind(gate.Named("intelUpdate", onlyServer))
	app.OnRecordCreate(support).Bind(gate.Named("supportCreate", gate.Atomic(s.requestCreate)))
	app.OnRecordUpdate(support).Bind(gate.Named("supportUpdate", gate.Atomic(requestUpdate)))
	app.OnRecordCreate(product).Bind(gate.Named("productRequestCreate", gate.Atomic(s.requestCreate)))
	app.OnRecordUpdate(product).Bind(gate.Named("productRequestUpdate", gate.Atomic(requestUpdate)))
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	s := &Service{now: cfg.Now}
	out := gate.Actions{intel + ".acknowledge": s.acknowledge}
	for _, name := range []string{"accept", "answer", "refuse", "reopen", "close", "withdraw"} {
		out[support+"."+name] = s.support(name)
	}
	for _, name := range []string{"review", "promise", "finish", "decline"} {
		out[product+"."+name] = s.product(name)
	}
	return out
}

// Jobs are the area's work of the clock.
func Jobs(cfg gate.Config) []gate.Job {
	s := &Service{now: cfg.Now}
	return []gate.Job{{Name: "requestsOverdue", Schedule: "*/15 * * * *", Run: s.Overdue}}
}

// Routes are what other areas may have made of what they pass on.
func Routes(cfg gate.Config) gate.Routes {
	s := &Service{now: cfg.Now}
	return gate.Routes{
		domain.RouteSupport: s.routeSupport, domain.RouteProduct: s.routeProduct, domain.RouteIntel: s.routeIntel,
	}
}

func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.RefuseField("text", "field.locked")
}

// owned makes who writes the owner and fills his line.
func owned(e *core.RecordEvent) error {
	if actor := gate.From(e).Author(); actor != nil {
		if ownerOf(e.Record) == "" {
			e.Record.Set(fieldOwner, actor.Id)
		}
		if ownerOf(e.Record) != actor.Id {
			return gate.Refuse("record.not_allowed")
		}
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil {
		return nil //nolint:nilerr // the relation's own validation refuses it
	}
	setLine(e.Record, owner)
	return nil
}

// requestCreate starts a request of its owner's: it has a department that is
// asked and, for support, a due time (R1.3).
func (s *Service) requestCreate(e *core.RecordEvent) error {
	name := e.Record.Collection().Name
	if stateOf(e.Record) == "" {
		setState(e.Record, openState(name))
	}
	if !gate.ByServer(e) {
		if stateOf(e.Record) != openState(name) {
			return gate.RefuseField(fieldState, "field.locked")
		}
		filled := supportFilled
		if name == product {
			filled = productFilled
		}
		if err := gate.LockFields(e, filled...); err != nil {
			return err
		}
		if err := owned(e); err != nil {
			return err
		}
		if name == product && toDeptOf(e.Record) == "" {
			ids, err := departments(e.App, "product")
			if err != nil {
				return err
			}
			if len(ids) > 0 {
				e.Record.Set("to_dept", ids[0])
			}
		}
		if toDeptOf(e.Record) == "" {
			return gate.RefuseField("to_dept", "request.department")
		}
	}
	if name == support {
		if err := s.setDue(e.App, e.Record); err != nil {
			return err
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	text := textOf(e.Record)
	if name == product {
		text = e.Record.GetString("need")
	}
	return s.tell(e.Context, e.App, toDeptOf(e.Record), "request.new", text, name+"/"+e.Record.Id)
}

// setDue counts the setting's working hours from now.
func (s *Service) setDue(app core.App, r *core.Record) error {
	hours := map[string]int{}
	if err := gate.SettingsNow(app).Decode("request.hours", &hours); err != nil {
		return err
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return err
	}
	r.Set("due", calendar.AddWorkingTime(s.now(), time.Duration(hours[kindOf(r)])*time.Hour))
	return nil
}

// tell notifies the head of a department.
func (s *Service) tell(ctx context.Context, app core.App, dept, kind, text, link string) error {
	if ctx == nil {
		ctx = context.Background()
	}
	var heads []string
	if err := app.DB().Select("head").From("departments").Where(dbx.HashExp{"id": dept}).Column(&heads); err != nil {
		return fmt.Errorf("failed to find the head of a department: %w", err)
	}
	for _, head := range heads {
		if err := gate.Notify(ctx, app, s.now(), gate.Notice{User: head, Kind: kind, Params: map[string]any{"text": short(text)}, Link: link}); err != nil {
			return err
		}
	}
	return nil
}

// requestUpdate lets the owner reword a request that nobody has taken up.
func requestUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	name := e.Record.Collection().Name
	filled := supportFilled
	if name == product {
		filled = productFilled
	}
	if err := gate.LockFields(e, append(filled, fieldState, fieldOwner, "to_dept", "kind")...); err != nil {
		return err
	}
	if actor := gate.From(e).Author(); actor != nil && actor.Id != ownerOf(e.Record) {
		return gate.Refuse("request.not_party")
	}
	if stateOf(e.Record) != openState(name) {
		return gate.Refuse("request.state", "from", stateOf(e.Record), "action", "edit")
	}
	return e.Next()
}

// departments finds the ids of departments by their kinds, in that order.
func departments(app core.App, kinds ...string) (out []string, err error) {
	for _, kind := range kinds {
		var ids []string
		if err := app.DB().Select("id").From("departments").Where(dbx.HashExp{"kind": kind}).OrderBy("id").Column(&ids); err != nil {
			return nil, fmt.Errorf("failed to find departments: %w", err)
		}
		out = append(out, ids...)
	}
	return out, nil
}

// short cuts a text for a notice.
func short(text string) string {
	letters := []rune(strings.TrimSpace(text))
	if len(letters) <= 40 {
		return string(letters)
	}
	return string(letters[:40]) + "…"
}
