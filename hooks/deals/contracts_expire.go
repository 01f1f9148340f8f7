package deals

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// expire moves contracts in force to the state of the day, and tells owner and
// manager once when one is to be renewed (H-CON-4).
func expire(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	usual, err := gate.SettingsOn(app, today).Whole("contract.renew_days")
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		open, err := txApp.FindRecordsByFilter(contracts, "state = 'effective' || state = 'expiring'", "id", 0, 0)
		if err != nil {
			return fmt.Errorf("failed to read contracts in force: %w", err)
		}
		ctx := gate.With(context.Background(), gate.Actor{Action: contracts + ".expire"})
		for _, contract := range open {
			_, end := datesOf(contract)
			state := domain.ContractOn(stateOf(contract), end, today, cmp.Or(noticeDaysOf(contract), usual))
			if state == stateOf(contract) {
				continue
			}
			setState(contract, state)
			if state == domain.ContractExpired {
				setEnd(contract, now, "")
			}
			if err := txApp.SaveWithContext(gate.AsServer(ctx), contract); err != nil {
				return fmt.Errorf("failed to move a contract: %w", err)
			}
			if err := tellRenewal(ctx, txApp, now, contract, state); err != nil {
				return err
			}
		}
		return nil
	})
}

func tellRenewal(ctx context.Context, txApp core.App, now time.Time, contract *core.Record, state string) error {
	account, err := gate.AccountOf(txApp, contract)
	if err != nil {
		return fmt.Errorf("failed to find the account of a contract: %w", err)
	}
	_, end := datesOf(contract)
	var notices []gate.Notice
	for _, user := range lineOf(contract, account) {
		notices = append(notices, gate.Notice{
			User: user, Kind: "contract." + state, Link: contracts + "/" + contract.Id,
			Params: map[string]any{"title": titleOf(contract), "account": account.GetString("name"), "end": end},
		})
	}
	return gate.Notify(ctx, txApp, now, notices...)
}
