package visits

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// tell notifies somebody of what concerns a visit, in the words of the notice.
func (s *Service) tell(ctx context.Context, app core.App, user, kind string, visit *core.Record, link string) error {
	if ctx == nil {
		ctx = context.Background()
	}
	account, err := app.FindRecordById(accounts, accountOf(visit))
	if err != nil {
		return fmt.Errorf("failed to find the account of a visit: %w", err)
	}
	return gate.Notify(ctx, app, s.now(), gate.Notice{
		User: user, Kind: kind, Link: link, Params: map[string]any{"account": account.GetString("name"), "day": visit.GetString("planned_date")},
	})
}

// headID finds who heads a department; empty if nobody does.
func headID(app core.App, dept string) (string, error) {
	var ids []string
	err := app.DB().Select("head").From("departments").Where(dbx.HashExp{"id": dept}).Column(&ids)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

func linkOf(visit *core.Record) string { return visits + "/" + visit.Id }
