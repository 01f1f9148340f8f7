package cases

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// stepArgs of all steps: resolve needs cause and solution, confirm who of the
// customer's said so, reopen the reason, merge the other issue.
type stepArgs struct {
	Note     string `json:"note"`
	Cause    string `json:"cause"`
	Solution string `json:"solution"`
	Contact  string `json:"contact"`
	Into     string `json:"into"`
	Action   string `json:"action"` // close: the improvement that keeps a repeated issue from coming again
}

// effect writes what a step does beside moving the state.
type effect func(ctx context.Context, tx core.App, issue records.Case, args stepArgs) error

// step is a step with its entry in the history, and the other side told.
func (a actions) step(verb string, run effect) kit.Action {
	return kit.Do(records.Cases, verb, func(ctx context.Context, tx core.App, issue records.Case, args stepArgs) error {
		if err := run(ctx, tx, issue, args); err != nil {
			return err
		}
		if err := a.log(ctx, tx, issue, verb, cmp.Or(args.Note, args.Solution, args.Cause)); err != nil {
			return err
		}
		return a.tell(ctx, tx, issue, verb)
	})
}

// guards is what else must hold for a step, by the state before it.
func guards(_ context.Context, _ core.App, issue records.Case) (func(string) bool, error) {
	confirmed, locked := issue.State() == customers.CaseConfirmed, over(issue)
	return func(guard string) bool {
		switch guard {
		case customers.CaseUnconfirmed:
			return confirmed
		case customers.CaseLocked:
			return !locked
		}
		return false
	}, nil
}

// respond stops the first clock, once.
func (a actions) respond(ctx context.Context, _ core.App, issue records.Case, _ stepArgs) error {
	if !issue.RespondedAt().IsZero() {
		return nil
	}
	now := a.now()
	issue.SetRespondedAt(now)
	issue.SetFirstLate(now.After(issue.FirstResponseDue()))
	if issue.Owner() == "" {
		issue.SetOwner(records.UserID(gate.Of(ctx).User.Id))
	}
	return nil
}

func (a actions) wait(_ context.Context, _ core.App, issue records.Case, args stepArgs) error {
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("customer_issue.note_required")
	}
	issue.SetPausedAt(a.now())
	return nil
}

func (a actions) resume(_ context.Context, tx core.App, issue records.Case, _ stepArgs) error {
	promise, _, err := a.promiseOf(tx, issue)
	if err != nil {
		return err
	}
	issue.SetResolveDue(promise.SolveClock.Resume(issue.ResolveDue(), issue.PausedAt(), a.now()))
	issue.SetPausedAt(time.Time{})
	return nil
}

func (a actions) resolve(ctx context.Context, tx core.App, issue records.Case, args stepArgs) error {
	if strings.TrimSpace(args.Cause) == "" || strings.TrimSpace(args.Solution) == "" {
		return gate.Refuse("customer_issue.cause_required")
	}
	if err := a.respond(ctx, tx, issue, args); err != nil {
		return err
	}
	now := a.now()
	issue.SetCause(args.Cause)
	issue.SetSolution(args.Solution)
	issue.SetResolvedAt(now)
	issue.SetResolveLate(now.After(issue.ResolveDue()))
	return nil
}

func (a actions) confirm(_ context.Context, _ core.App, issue records.Case, args stepArgs) error {
	if strings.TrimSpace(args.Contact) == "" {
		return gate.Refuse("customer_issue.contact_required")
	}
	issue.SetConfirmedBy(args.Contact)
	issue.SetConfirmedAt(a.now())
	return nil
}

// reopen: what was not solved has the time of its level once more.
func (a actions) reopen(_ context.Context, tx core.App, issue records.Case, args stepArgs) error {
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("customer_issue.note_required")
	}
	_, solve, err := a.dueOf(tx, issue, a.now())
	if err != nil {
		return err
	}
	issue.SetResolveDue(solve)
	issue.SetResolvedAt(time.Time{})
	issue.SetConfirmedAt(time.Time{})
	issue.SetConfirmedBy("")
	issue.SetClosedAt(time.Time{})
	issue.SetPausedAt(time.Time{})
	issue.SetEscalation(0)
	return nil
}

// close refuses what came again and again without an improvement that keeps it
// from coming (H-ISS).
func (a actions) close(_ context.Context, tx core.App, issue records.Case, args stepArgs) error {
	if args.Action != "" {
		improvement, found, err := records.ImprovementActions.Find(tx, records.ImprovementActionID(args.Action))
		if err != nil {
			return err
		}
		if !found {
			return gate.RefuseField("action", "record.not_found")
		}
		issue.SetPrevention(improvement.ID())
	}
	most, err := gate.SettingsNow(tx).IssueRepeatCount()
	if err != nil {
		return err
	}
	if issue.Repeats() >= most && issue.Prevention() == "" {
		return gate.Refuse("customer_issue.prevention_required", "count", issue.Repeats())
	}
	issue.SetClosedAt(a.now())
	return nil
}

func merge(_ context.Context, tx core.App, issue records.Case, args stepArgs) error {
	other, found, err := records.Cases.Find(tx, records.CaseID(args.Into))
	if err != nil {
		return err
	}
	if !found || other.ID() == issue.ID() || other.Account() != issue.Account() || over(other) {
		return gate.RefuseField("into", "record.not_found")
	}
	issue.SetMergedInto(other.ID())
	return nil
}

// routeArgs name who solves an issue from now on.
type routeArgs struct {
	Dept  string `json:"dept"`
	Owner string `json:"owner"`
}

// route hands an issue to another department or person; the clock goes on.
func (a actions) route(ctx context.Context, tx core.App, issue records.Case, args routeArgs) error {
	if args.Dept != "" {
		dept, found, err := records.Departments.Find(tx, records.DepartmentID(args.Dept))
		if err != nil {
			return err
		}
		if !found {
			return gate.RefuseField("dept", "record.not_found")
		}
		issue.SetOwnerDept(dept.ID())
	}
	if args.Owner != "" {
		owner, found, err := records.Users.Find(tx, records.UserID(args.Owner))
		if err != nil {
			return err
		}
		if !found || !worksIn(owner, issue.OwnerDept()) {
			return gate.RefuseField("owner", "record.not_found")
		}
		issue.SetOwner(owner.ID())
	}
	if err := follow(tx, issue); err != nil {
		return err
	}
	return a.log(ctx, tx, issue, "routed", args.Dept)
}

// tell says to the other side what is its turn now.
func (a actions) tell(ctx context.Context, tx core.App, issue records.Case, step string) error {
	if step != customers.CaseResolve && step != customers.CaseReopen {
		return nil
	}
	account, err := records.Accounts.Require(tx, issue.Account())
	if err != nil {
		return err
	}
	notice := gate.Notice{User: string(account.Owner()), Kind: "issue.resolved", Link: linkOf(issue), Params: params(issue, account)}
	if step == customers.CaseReopen {
		notice.User, notice.Kind = string(issue.Owner()), "issue.reopened"
	}
	return gate.Notify(ctx, tx, a.now(), notice)
}
