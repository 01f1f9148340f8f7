package kit

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Office makes of everybody of a role the party whose work a collection's rows are.
func Office(role string) func(context.Context, core.App, *core.Record) ([]domain.Party, error) {
	return func(ctx context.Context, _ core.App, _ *core.Record) ([]domain.Party, error) {
		if user := gate.Of(ctx).User; user == nil || string(records.Users.Of(user).Role()) != role {
			return nil, nil
		}
		return []domain.Party{domain.PartyOffice}, nil
	}
}
