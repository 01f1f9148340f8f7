package deals

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// expire moves contracts in force to the state of the day, and tells owner and
// manager once when one is to be renewed (H-CON-4).
func expire(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	usual, err := gate.SettingsOn(app, today).ContractRenewDays()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		open, err := records.Contracts.All(tx, `state IN ('effective', 'expiring')`, nil, "id")
		if err != nil {
			return err
		}
		ctx := gate.With(ctx, gate.Actor{Action: records.ContractTable + "." + customers.ContractExpire})
		for _, contract := range open {
			was := contract.State()
			state := customers.ContractOn(string(was), contract.EndDate(), today, cmp.Or(contract.RenewNoticeDays(), usual))
			if state == string(was) {
				continue
			}
			contract.SetState(records.ContractState(state))
			if state == customers.ContractExpired {
				contract.SetEndedAt(now)
				contract.SetEndReason("")
			}
			if err := tx.SaveWithContext(gate.AsServer(ctx), contract.Raw()); err != nil {
				return fmt.Errorf("move a contract: %w", err)
			}
			if err := tellRenewal(ctx, tx, now, contract); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellRenewal tells who answers for a contract: its owner, and the owner and
// manager of its account today, each once.
func tellRenewal(ctx context.Context, tx core.App, now time.Time, contract records.Contract) error {
	account, err := records.Accounts.Require(tx, contract.Account())
	if err != nil {
		return err
	}
	var notices []gate.Notice
	var told []records.UserID
	for _, user := range []records.UserID{contract.Owner(), account.Owner(), account.Manager()} {
		if user == "" || slices.Contains(told, user) {
			continue
		}
		told = append(told, user)
		notices = append(notices, gate.Notice{
			User: string(user), Kind: "contract." + string(contract.State()), Link: records.ContractTable + "/" + string(contract.ID()),
			Params: map[string]any{"title": titleOf(contract), "account": account.Name(), "end": contract.EndDate()},
		})
	}
	return gate.Notify(ctx, tx, now, notices...)
}
