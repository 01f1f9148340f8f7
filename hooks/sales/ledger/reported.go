package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// isFinance reports whether a person is of finance.
func isFinance(user *core.Record) bool {
	return user != nil && records.Users.Of(user).Role() == people.RoleFinance
}

// reported are the rows in which somebody tells of an account's money.
type reported interface {
	IsNew() bool
	Raw() *core.Record
	Account() records.AccountID
	Owner() records.UserID
	SetOwner(records.UserID)
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
	Paper() records.BlobID
}

// report fills whose a new row is: who serves the account, or did when he
// captured it, and finance report; they alone write it after. area is the first
// part of its codes.
func report[R reported](e *kit.Change[R], area string) error {
	row, actor := e.Row, gate.From(e.RecordEvent)
	team, err := gate.TeamOf(e.App, string(row.Account()))
	if errors.Is(err, sql.ErrNoRows) {
		return gate.RefuseField("account", area+".account_required")
	}
	if err != nil {
		return fmt.Errorf("find the account of a report: %w", err)
	}
	author := actor.Author()
	if row.IsNew() {
		row.SetManager(records.UserID(team.Manager))
		row.SetDept(records.DepartmentID(team.Dept))
	}
	if author == nil {
		return nil
	}
	if !row.IsNew() {
		if string(e.Before().Owner()) != author.Id && !isFinance(actor.User) {
			return gate.Refuse(area + ".not_reporter")
		}
		return nil
	}
	if row.Owner() == "" {
		row.SetOwner(records.UserID(author.Id))
	}
	if string(row.Owner()) != author.Id {
		return gate.Refuse(area + ".not_reporter")
	}
	if !team.Serves(author) && !team.Serves(actor.User) && !isFinance(actor.User) {
		return actor.ServedThen(string(row.Account()))
	}
	return nil
}

// checkPaper wants a paper that is of the account, or of who writes.
func checkPaper(app core.App, id records.BlobID, account records.AccountID, author *core.Record, code string) error {
	if id == "" {
		return nil
	}
	blob, found, err := records.Blobs.Find(app, id)
	if err != nil {
		return err
	}
	if !found || blob.Account() != account && (author == nil || string(blob.Owner()) != author.Id) {
		return gate.RefuseField("paper", code)
	}
	return nil
}

// decided are reports of which finance says what becomes of them.
type decided[S ~string] interface {
	reported
	State() S
	AmountFen() int
	SetDecidedBy(records.UserID)
	SetDecidedAt(time.Time)
	SetReason(string)
}

// decide signs a decision on a report; what it does to the ledger follows from the
// save. area is the first part of its notices.
func decide[R decided[S], S ~string](ctx context.Context, tx core.App, b *Books, area string, row R, args why) error {
	row.SetDecidedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetDecidedAt(b.now())
	row.SetReason(args.Reason)
	record := row.Raw()
	return b.tell(ctx, tx, row.Owner(), area+"."+string(row.State()), record.Collection().Name+"/"+record.Id, row.Account(),
		map[string]any{"yuan": yuan(row.AmountFen()), "reason": args.Reason})
}

// byAnother keeps a step of a report from its reporter: its guard has the code.
func byAnother[R reported, ID ~string](c records.Collection[R, ID], a kit.Action, code string) kit.Action {
	return kit.Guarded(c, a, func(ctx context.Context, _ core.App, row R) (func(string) bool, error) {
		own := string(row.Owner()) == gate.Of(ctx).User.Id
		return func(guard string) bool { return guard == code && !own }, nil
	})
}

// why is the reason that a step wants.
type why struct {
	Reason string `json:"reason"`
}

// reasoned is a step that wants a reason: its guard has the code.
func reasoned[R any, ID ~string](c records.Collection[R, ID], verb, code string, run func(context.Context, core.App, R, why) error) kit.Action {
	return kit.Guarded(c, kit.Do(c, verb, run), func(ctx context.Context, _ core.App, _ R) (func(string) bool, error) {
		var args why
		if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
			return nil, err
		}
		return func(guard string) bool { return guard == code && strings.TrimSpace(args.Reason) != "" }, nil
	})
}

// tell tells somebody of an account's money, unless he does it himself; who may no
// longer read of it has the account's owner told instead.
func (b *Books) tell(ctx context.Context, tx core.App, whom records.UserID, kind, link string, account records.AccountID, params map[string]any) error {
	row, err := records.Accounts.Require(tx, account)
	if err != nil {
		return err
	}
	if whom != row.Owner() && whom != row.Manager() {
		user, found, err := records.Users.Find(tx, whom)
		if err != nil {
			return err
		}
		if !found || user.Role() != people.RoleFinance {
			whom = row.Owner()
		}
	}
	if user := gate.Of(ctx).User; user != nil && user.Id == string(whom) {
		return nil
	}
	params["account"] = row.Name()
	return gate.Notify(ctx, tx, b.now(), gate.Notice{User: string(whom), Kind: kind, Params: params, Link: link})
}
