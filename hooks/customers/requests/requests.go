// Package requests binds what goes from the field to departments: intelligence
// about the market, and requests for support and for products.
package requests

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Sold is what an account was delivered in a period, net, and of how many orders.
	Sold func(app core.App, account records.AccountID, p domain.Period) (fen, orders int, err error)
}

// service knows the time, and what accounts buy.
type service struct {
	Config
	now func() time.Time
}

// Area is what goes to departments.
func Area(cfg Config) kit.Area {
	s := service{Config: cfg, now: cfg.Now}
	return kit.Area{
		Name:        "requests",
		Collections: []kit.Collection{s.intel(), s.support(), s.product(), values()},
		Actions: []kit.Action{
			kit.Do(records.IntelReports, "acknowledge", s.acknowledge),
			kit.Do(records.IntelReports, "score", s.score),
			kit.Do(records.SupportRequests, customers.SupportAccept, s.accept),
			kit.Do(records.SupportRequests, customers.SupportAnswer, s.answer),
			kit.Do(records.SupportRequests, customers.SupportRefuse, s.refuse),
			kit.Do(records.SupportRequests, customers.SupportReopen, s.reopen),
			kit.Do(records.SupportRequests, customers.SupportClose, s.close),
			kit.Do(records.SupportRequests, customers.SupportWithdraw, s.accept),
			kit.Do(records.ProductRequests, customers.ProductReview, s.handle),
			kit.Do(records.ProductRequests, customers.ProductPromise, s.promise),
			kit.Do(records.ProductRequests, customers.ProductFinish, s.handle),
			kit.Do(records.ProductRequests, customers.ProductDecline, s.decline),
			kit.Do(records.ProductRequests, customers.ProductTell, s.tellCustomer),
		},
		Jobs: []gate.Job{
			{Name: "requestsOverdue", Schedule: "*/15 * * * *", Run: s.overdue},
			{Name: "productRequestsWeighed", Schedule: "40 16 * * *", Run: s.weighAll}, // 00:40 in Shanghai
			{Name: "promisesOverdue", Schedule: "35 1 * * *", Run: s.promisesOverdue},
			{Name: "intelUnread", Schedule: "20 1 * * *", Run: s.remindReaders},
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/intel_reports/{id}/readers", Who: kit.AnyReader(), Run: s.answerReaders}},
		Takes: gate.Routes{
			field.RouteSupport: s.takeSupport, field.RouteProduct: s.takeProduct, field.RouteIntel: s.takeIntel,
		},
	}
}

// stepArgs are the arguments of all steps.
type stepArgs struct {
	Answer  string `json:"answer"`
	Reason  string `json:"reason"`
	Version string `json:"version"`
	Note    string `json:"note"`
}

// parties is what the actor is to a request: who asked, or one of the department that
// is asked. Nobody answers what he asked himself but who heads that department.
func parties(ctx context.Context, app core.App, owner records.UserID, asked records.DepartmentID) (out []domain.Party, err error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	user := records.Users.Of(author)
	own := user.ID() == owner
	if own {
		out = append(out, domain.PartyOwner)
	}
	if asked == "" || user.Department() != asked {
		return out, nil
	}
	if own {
		dept, found, err := records.Departments.Find(app, asked)
		if err != nil || !found || dept.Head() != owner {
			return out, err
		}
	}
	return append(out, domain.PartyAsked), nil
}

// tell notifies the head of a department, if it has one.
func (s service) tell(ctx context.Context, app core.App, dept records.DepartmentID, kind, text, link string) error {
	department, found, err := records.Departments.Find(app, dept)
	if err != nil || !found {
		return err
	}
	return s.tellUser(ctx, app, department.Head(), kind, text, link)
}

func (s service) tellUser(ctx context.Context, app core.App, user records.UserID, kind, text, link string) error {
	return gate.Notify(ctx, app, s.now(), gate.Notice{User: string(user), Kind: kind, Params: map[string]any{"text": short(text)}, Link: link})
}

// departments finds departments by their kinds, in that order.
func departments(app core.App, kinds ...string) (out []records.DepartmentID, err error) {
	for _, kind := range kinds {
		all, err := records.Departments.All(app, "kind = {:k}", dbx.Params{"k": kind}, "id")
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			out = append(out, d.ID())
		}
	}
	return out, nil
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// short cuts a text for a notice.
func short(text string) string {
	letters := []rune(strings.TrimSpace(text))
	if len(letters) <= 40 {
		return string(letters)
	}
	return string(letters[:40]) + "…"
}
