package requests

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// promiseArgs are those of all steps, and the day of the promise, if it is known.
type promiseArgs struct {
	Answer     string `json:"answer"`
	Reason     string `json:"reason"`
	Version    string `json:"version"`
	Note       string `json:"note"`
	PromisedOn string `json:"promised_on"`
}

// promise names the version that will have it, and the day if that is known:
// request.version, request.promise_past. One that is made anew takes the place of
// the former.
func (s service) promise(ctx context.Context, tx core.App, row records.ProductRequest, args promiseArgs) error {
	if blank(args.Version) {
		return gate.Refuse("request.version")
	}
	if on := args.PromisedOn; on != "" && (!domain.IsDay(on) || on < domain.BusinessDay(s.now())) {
		return gate.Refuse("request.promise_past")
	}
	row.SetVersionPromised(args.Version)
	row.SetPromisedOn(args.PromisedOn)
	row.SetOverdue(false)
	return s.handle(ctx, tx, row, stepArgs{})
}

// promisesOverdue marks promises whose day is over and tells both sides once.
func (s service) promisesOverdue(ctx context.Context, app core.App, now time.Time) error {
	late, err := records.ProductRequests.All(app, "state = {:planned} AND overdue = FALSE AND promised_on <> '' AND promised_on < {:today}",
		dbx.Params{"planned": customers.ProductPlanned, "today": domain.BusinessDay(now)}, "promised_on, id")
	if err != nil {
		return fmt.Errorf("look for overdue promises: %w", err)
	}
	for _, row := range late {
		if err := app.RunInTransaction(func(tx core.App) error { return s.promiseOverdue(ctx, tx, row) }); err != nil {
			return fmt.Errorf("mark the promise of request %s as overdue: %w", row.ID(), err)
		}
	}
	return nil
}

func (s service) promiseOverdue(ctx context.Context, tx core.App, row records.ProductRequest) error {
	row.SetOverdue(true)
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return err
	}
	told := []records.UserID{row.Owner()}
	asked, found, err := records.Departments.Find(tx, row.ToDept())
	if err != nil {
		return err
	}
	if found && asked.Head() != row.Owner() {
		told = append(told, asked.Head())
	}
	for _, user := range told {
		n := gate.Notice{
			User: string(user), Kind: "request.promise_overdue", Link: productLink(row),
			Params: map[string]any{"text": short(row.Need()), "version": row.VersionPromised(), "day": row.PromisedOn()},
		}
		if err := gate.Notify(ctx, tx, s.now(), n); err != nil {
			return err
		}
	}
	return nil
}
