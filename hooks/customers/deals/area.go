// Package deals binds the rules of what leads to business with an account:
// opportunities, negotiations and contracts.
package deals

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

// Area is what deals are.
func Area(cfg gate.Config) kit.Area {
	d := desk{now: cfg.Now}
	return kit.Area{
		Name:        "deals",
		Collections: []kit.Collection{d.opportunities(), stageLog(), negotiations(), contracts()},
		Actions: []kit.Action{
			d.oppStep(customers.OppAdvance, oppMoved),
			d.oppStep(customers.OppWin, d.won),
			d.oppStep(customers.OppConfirm, d.confirmed),
			d.oppStep(customers.OppReturn, d.returned),
			d.oppStep(customers.OppLose, lost),
			d.oppStep(customers.OppSuspend, suspended),
			d.oppStep(customers.OppResume, d.resumed),
			kit.Do(records.Opportunities, customers.OppDecide, d.decide),
			contractStep(customers.ContractSend, contractMoved),
			contractStep(customers.ContractSign, d.signed),
			contractStep(customers.ContractRenew, renewed),
			contractStep(customers.ContractTerminate, d.terminated),
		},
		Approvals: []kit.Approval{contractReview()},
		Jobs: []gate.Job{
			{Name: "contractsExpire", Schedule: "7 17 * * *", Run: expire},            // 01:07 in Shanghai
			{Name: "opportunitiesOverdue", Schedule: "23 17 * * *", Run: tellOverdue}, // 01:23
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/opportunities/funnel", Run: d.funnel}},
	}
}

// parties is what the actor is to what is done with an account.
func parties(ctx context.Context, tx core.App, id records.AccountID) ([]domain.Party, error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, nil
	}
	account, err := records.Accounts.Require(tx, id)
	if err != nil {
		return nil, err
	}
	return partiesTo(actor, account), nil
}

func partiesTo(actor *core.Record, account records.Account) (all []domain.Party) {
	if gate.OnTeam(actor, account.Raw()) {
		all = append(all, domain.PartyTeam)
	}
	if gate.Heads(actor, string(account.Dept())) {
		all = append(all, domain.PartyHead)
	}
	return all
}
