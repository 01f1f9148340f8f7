package care

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// What became of the request that a period be excepted; empty without one.
const (
	exceptionRequested records.AccountCoverageRowException = "requested"
	exceptionGranted   records.AccountCoverageRowException = "granted"
	exceptionRefused   records.AccountCoverageRowException = "refused"
)

// exceptionArgs say why.
type exceptionArgs struct {
	Reason string `json:"reason"`
}

// requestException: the line asks that a period be excepted; the manager of the
// account decides.
func (a actions) requestException(ctx context.Context, tx core.App, row records.AccountCoverageRow, args exceptionArgs) error {
	account, err := mustBeInLine(ctx, tx, row.Account())
	if err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("coverage.reason_required")
	case row.State() == customers.CoverageMet || row.State() == customers.CoverageExcepted:
		return gate.Refuse("coverage.not_missing")
	case row.Exception() == exceptionRequested:
		return gate.Refuse("coverage.requested")
	}
	row.SetException(exceptionRequested)
	row.SetExceptionBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetExceptionReason(args.Reason)
	return gate.Notify(ctx, tx, a.now(), coverageNotice(string(account.Manager()), string(exceptionRequested), row, account))
}

// decisionArgs are a note with a decision.
type decisionArgs struct {
	Note string `json:"note"`
}

// decideException is of the account's manager or the head of its department,
// never of who asked. A granted one excepts the period at once.
func (a actions) decideException(decision records.AccountCoverageRowException) func(context.Context, core.App, records.AccountCoverageRow, decisionArgs) error {
	return func(ctx context.Context, tx core.App, row records.AccountCoverageRow, args decisionArgs) error {
		account, err := records.Accounts.Require(tx, row.Account())
		if err != nil {
			return err
		}
		actor := gate.Of(ctx).User
		if actor == nil || actor.Id == string(row.ExceptionBy()) || (string(account.Manager()) != actor.Id && !gate.Heads(actor, string(account.Dept()))) {
			return gate.Refuse("coverage.not_superior")
		}
		if row.Exception() != exceptionRequested {
			return gate.Refuse("coverage.not_requested")
		}
		row.SetException(decision)
		row.SetDecidedBy(records.UserID(actor.Id))
		row.SetDecisionNote(args.Note)
		row.SetDecidedAt(a.now())
		if decision == exceptionGranted {
			row.SetState(customers.CoverageExcepted)
		}
		return gate.Notify(ctx, tx, a.now(), coverageNotice(string(row.ExceptionBy()), string(decision), row, account))
	}
}
