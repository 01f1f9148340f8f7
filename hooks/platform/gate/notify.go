package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
)

// Notice tells somebody something, in the words of domain.Notices[Kind].
type Notice struct {
	User   string // whom; nobody if empty
	Kind   string
	Params map[string]any
	Link   string // "collection/id" of what it is about
}

// Notify adds notices in the transaction of what they tell of. What goes out by
// mail or webhook goes after the commit.
func Notify(ctx context.Context, txApp core.App, at time.Time, notices ...Notice) error {
	coll, err := txApp.FindCachedCollectionByNameOrId("notifications")
	if err != nil {
		return fmt.Errorf("find notifications: %w", err)
	}
	for _, n := range notices {
		if n.User == "" {
			continue
		}
		if _, known := domain.Notices[n.Kind]; !known {
			return fmt.Errorf("there is no notice %s", n.Kind)
		}
		record := core.NewRecord(coll)
		record.Load(map[string]any{"user": n.User, "kind": n.Kind, "params": n.Params, "link": n.Link, "at": at})
		if err := txApp.SaveWithContext(AsServer(ctx), record); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
	}
	return nil
}

// Stamp writes a moment as the database keeps it.
func Stamp(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }

// NotifyOnce adds a notice unless its user was told the same of the same before.
func NotifyOnce(ctx context.Context, txApp core.App, at time.Time, n Notice) error {
	told, err := txApp.CountRecords("notifications", dbx.HashExp{"user": n.User, "kind": n.Kind, "link": n.Link})
	if err != nil {
		return fmt.Errorf("look for a notice: %w", err)
	}
	if told > 0 {
		return nil
	}
	return Notify(ctx, txApp, at, n)
}
