// Package deals binds the rules of what leads to business with an account:
// opportunities, negotiations and contracts.
package deals

import (
	"context"
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
		Collections: []kit.Collection{opportunities(), negotiations(), contracts()},
		Actions: []kit.Action{
			oppStep(customers.OppAdvance, oppMoved),
			oppStep(customers.OppWin, won),
			oppStep(customers.OppLose, lost),
			oppStep(customers.OppSuspend, suspended),
			oppStep(customers.OppResume, resumed),
			kit.Do(records.Opportunities, customers.OppDecide, d.decide),
			contractStep(customers.ContractSend, contractMoved),
			contractStep(customers.ContractSign, d.signed),
			contractStep(customers.ContractRenew, renewed),
			contractStep(customers.ContractTerminate, d.terminated),
		},
		Approvals: []kit.Approval{contractReview()},
		Jobs:      []gate.Job{{Name: "contractsExpire", Schedule: "7 17 * * *", Run: expire}}, // 01:07 in Shanghai
	}
}

// parties is what the actor is to what is done with an account.
func parties(ctx context.Context, tx core.App, id records.AccountID) (all []domain.Party, err error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, nil
	}
	account, err := records.Accounts.Require(tx, id)
	if err != nil {
		return nil, err
	}
	if gate.OnTeam(actor, account.Raw()) {
		all = append(all, domain.PartyTeam)
	}
	if gate.Heads(actor, string(account.Dept())) {
		all = append(all, domain.PartyHead)
	}
	return all, nil
}
