package handovers

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// prefetch writes into each account who may read ahead because he gets it
// within the days of the setting, and takes it from whoever no longer does.
func (s *Service) prefetch(txApp core.App) error {
	days, err := gate.SettingsNow(txApp).HandoverPrefetchDays()
	if err != nil {
		return err
	}
	// A handover of an account that went elsewhere meanwhile will leave it out.
	next := `COALESCE((SELECT p.user FROM account_assignments p LEFT JOIN account_handovers h ON h.id = p.handover
		WHERE p.account = accounts.id AND p.state = 'planned' AND p.from_date <= {:horizon} AND p.user <> accounts.owner
		AND (p.handover = '' OR h.from_rep = accounts.owner)), '')`
	_, err = txApp.DB().NewQuery(`UPDATE accounts SET next_owner = ` + next + ` WHERE next_owner <> ` + next + `
		AND id IN (SELECT id FROM accounts WHERE next_owner <> '' UNION SELECT account FROM account_assignments WHERE state = 'planned')`).
		Bind(dbx.Params{"horizon": domain.AddDays(s.today(), days)}).Execute()
	if err != nil {
		return fmt.Errorf("let the next holders read ahead: %w", err)
	}
	return nil
}
