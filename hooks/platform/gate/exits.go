package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Exit is a way by which rows leave though they are kept.
type Exit struct {
	Name        string
	Collections []string
	Why         string
}

// Exits are all there are; a wish of privacy is none, since a tombstone stays
// (contacts.forget). Whatever else of ours deletes rows of the company is a fault.
var Exits = []*Exit{TracksPurge, DispatchesSwept, ImportUndone, PaymentsUnplanned}

// The exits by name.
var (
	TracksPurge     = &Exit{"tracksPurge", []string{"track_points"}, "where somebody was is kept for the days of track.keep_days"}
	DispatchesSwept = &Exit{"dispatchesSwept", []string{"dispatches"}, "what was sent is kept for thirty days; what was told is in the audit log"}
	ImportUndone    = &Exit{"importUndone", []string{Users, "accounts", "account_assignments", "contacts"}, "rows of a mistaken import go, if nobody touched them, nothing names them and no phone saw them"}
	// PaymentsUnplanned has no job: who plans a run anew, or gives it up, lets them go.
	PaymentsUnplanned = &Exit{"paymentsUnplanned", []string{"payments"}, "a payment that is planned alone is not one yet: the bank does not know of it, and no voucher does"}
)

// MaySaw returns which rows, all made after the head since, a phone may know.
type MaySaw func(records []string, since int64) (map[string]bool, error)

// Unseen runs fn in a transaction during which no phone is answered.
type Unseen func(app core.App, fn func(txApp core.App, maySaw MaySaw) error) error

func (x *Exit) lets(collection string) bool {
	return x != nil && slices.Contains(x.Collections, collection)
}

type exitKey struct{}

// Removing marks deletions that an exit allows.
func Removing(ctx context.Context, x *Exit) context.Context {
	return context.WithValue(ctx, exitKey{}, x)
}

func exitOf(ctx context.Context) *Exit {
	if ctx == nil {
		return nil
	}
	x, _ := ctx.Value(exitKey{}).(*Exit)
	return x
}

// Purge deletes the rows of a collection that where finds, without their hooks,
// and returns how many. where is SQL on the collection's columns.
func (x *Exit) Purge(app core.App, collection, where string, bind dbx.Params) (n int64, err error) {
	if !x.lets(collection) {
		return 0, fmt.Errorf("no rows of %s leave by %s", collection, x.Name)
	}
	err = app.RunInTransaction(func(txApp core.App) error {
		if err := Gone(txApp, collection, "SELECT id FROM {{"+collection+"}} WHERE "+where, bind); err != nil {
			return err
		}
		result, err := txApp.DB().NewQuery("DELETE FROM {{" + collection + "}} WHERE " + where).Bind(bind).Execute()
		if err != nil {
			return fmt.Errorf("purge %s: %w", collection, err)
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}

// Gone notes that the rows of a collection that ids selects go in good order, in
// the transaction in which they go: what change capture sees go without, goes
// into the audit log. Rows that it does not capture need no note.
func Gone(txApp core.App, collection, ids string, bind dbx.Params) error {
	c, err := txApp.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return fmt.Errorf("find %s: %w", collection, err)
	}
	captured := "EXISTS (SELECT 1 FROM sync_rules WHERE name = {:goneFrom} AND direction <> 'none')"
	all := dbx.Params{"goneFrom": c.Name, "goneID": c.Id}
	for name, value := range bind {
		all[name] = value
	}
	_, err = txApp.DB().NewQuery("INSERT OR IGNORE INTO _gone (coll, rec) SELECT {:goneID}, id FROM (" + ids + ") WHERE " + captured).Bind(all).Execute()
	if err != nil {
		return fmt.Errorf("note what goes: %w", err)
	}
	return nil
}
