package visits

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// tell notifies somebody of what concerns a visit, in the words of the notice.
func (s *service) tell(ctx context.Context, app core.App, user records.UserID, kind string, visit records.Visit, link string) error {
	account, err := records.Accounts.Require(app, visit.Account())
	if err != nil {
		return fmt.Errorf("find the account of a visit: %w", err)
	}
	return gate.Notify(ctx, app, s.now(), gate.Notice{
		User: string(user), Kind: kind, Link: link, Params: map[string]any{"account": account.Name(), "day": visit.PlannedDate()},
	})
}

func linkOf(visit records.Visit) string { return records.VisitTable + "/" + string(visit.ID()) }
