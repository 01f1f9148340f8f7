// Package accounts binds the rules of accounts, of what is known of them, and of
// their development.
package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// desk knows today.
type desk struct{ now func() time.Time }

// Area is what accounts are.
func Area(cfg gate.Config) kit.Area {
	d := desk{now: cfg.Now}
	return kit.Area{
		Name:        "accounts",
		Collections: []kit.Collection{accounts(), d.contacts(), stageLog(), requests(), models(), scorecards(), plans(), competitors(), d.shared()},
		Actions: []kit.Action{
			d.stageStep(customers.StageAdvance), d.stageStep(customers.StageDrop), d.stageStep(customers.StageReopen),
			d.stageStep(customers.StageRest), d.stageStep(customers.StageLose),
			kit.Do(records.AccountChangeRequests, customers.RequestAccept, d.accept),
			kit.Do(records.AccountChangeRequests, customers.RequestRefuse, d.refuse),
			kit.Do(records.AccountScorecards, customers.CardAdmit, admit),
			kit.Do(records.Contacts, "forget", d.forget),
		},
		Approvals: []kit.Approval{cardReview()},
		Routes:    []kit.Route{{Method: http.MethodGet, Path: "/api/ka/accounts/{id}/duplicates", Run: duplicates}},
	}
}

// roleOf is the role of who acts; nobody has none.
func roleOf(actor *core.Record) records.UserRole {
	if actor == nil {
		return ""
	}
	return records.Users.Of(actor).Role()
}

// inLine is what the actor is to an account that is his to write about.
func inLine(ctx context.Context, _ core.App, account records.Account) ([]domain.Party, error) {
	if actor := gate.Of(ctx).User; actor != nil && gate.OnTeam(actor, account.Raw()) {
		return []domain.Party{domain.PartyTeam}, nil
	}
	return nil, nil
}
