package issues

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
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

func (a actions) step(step string) gate.Action {
	return func(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
		var args stepArgs
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		account, err := gate.AccountOf(txApp, issue)
		if err != nil {
			return err
		}
		if err := mayStep(gate.Of(ctx).User, issue, account, domain.CaseSideOf(step)); err != nil {
			return err
		}
		next, err := domain.CaseMove(stateOf(issue), step)
		if err != nil {
			return gate.WrapError(err)
		}
		if err := a.effect(ctx, txApp, issue, step, args); err != nil {
			return err
		}
		setState(issue, next)
		if err := txApp.SaveWithContext(gate.AsServer(ctx), issue); err != nil {
			return err
		}
		if err := a.log(ctx, txApp, issue, step, firstOf(args.Note, args.Solution, args.Cause)); err != nil {
			return err
		}
		return a.tell(ctx, txApp, issue, account, step)
	}
}

// mayStep: those who solve are the owner department and the service; the line
// speaks with the customer.
func mayStep(actor, issue, account *core.Record, side domain.CaseSide) error {
	if actor == nil {
		return gate.Refuse("record.not_allowed")
	}
	solver := serves(actor) || worksIn(actor, solverDept(issue))
	line := gate.InLine(actor, account)
	if side == domain.CaseSolvers && !solver || side == domain.CaseLine && !line || !solver && !line {
		return gate.Refuse("customer_issue.not_party")
	}
	return nil
}

// effect writes what a step does beside moving the state.
func (a actions) effect(ctx context.Context, txApp core.App, issue *core.Record, step string, args stepArgs) error {
	now := a.now()
	switch step {
	case domain.CaseAcknowledge, domain.CaseStart:
		setResponded(issue, gate.Of(ctx).User.Id, now)
	case domain.CaseWait:
		if strings.TrimSpace(args.Note) == "" {
			return gate.Refuse("customer_issue.note_required")
		}
		setPaused(issue, now)
	case domain.CaseResume:
		clock, err := clockOf(txApp, levelOf(issue))
		if err != nil {
			return err
		}
		setResumed(issue, clock.Resume(resolveDue(issue), pausedAt(issue), now))
	case domain.CaseResolve:
		if strings.TrimSpace(args.Cause) == "" || strings.TrimSpace(args.Solution) == "" {
			return gate.Refuse("customer_issue.cause_required")
		}
		setResponded(issue, gate.Of(ctx).User.Id, now)
		setResolved(issue, args.Cause, args.Solution, now)
	case domain.CaseConfirm:
		if strings.TrimSpace(args.Contact) == "" {
			return gate.Refuse("customer_issue.contact_required")
		}
		setConfirmed(issue, args.Contact, now)
	case domain.CaseReopen:
		if strings.TrimSpace(args.Note) == "" {
			return gate.Refuse("customer_issue.note_required")
		}
		if err := setDueAgain(txApp, issue, now); err != nil {
			return err
		}
	case domain.CaseClose:
		if err := prevented(txApp, issue, args.Action); err != nil {
			return err
		}
		setClosed(issue, now)
	case domain.CaseMerge:
		other, err := txApp.FindRecordById(issues, args.Into)
		if err != nil || other.Id == issue.Id || accountOf(other) != accountOf(issue) || over(stateOf(other)) {
			return gate.RefuseField("into", "record.not_found")
		}
		setMerged(issue, other.Id)
	}
	return nil
}

// prevented refuses to close an issue that came again and again without an
// improvement that keeps it from coming (H-ISS).
func prevented(txApp core.App, issue *core.Record, action string) error {
	if action != "" {
		if _, err := txApp.FindRecordById(improvements, action); err != nil {
			return gate.RefuseField("action", "record.not_found")
		}
		setPrevention(issue, action)
	}
	most, err := gate.SettingsNow(txApp).Whole("issue.repeat_count")
	if err != nil {
		return err
	}
	if repeatsOf(issue) >= most && preventionOf(issue) == "" {
		return gate.Refuse("customer_issue.prevention_required", "count", repeatsOf(issue))
	}
	return nil
}

// route args: {dept, owner}. Hands an issue to another department or person; the
// clock goes on.
func (a actions) route(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
	account, err := gate.AccountOf(txApp, issue)
	if err != nil {
		return err
	}
	if err := mayStep(gate.Of(ctx).User, issue, account, domain.CaseSolvers); err != nil {
		return err
	}
	var args struct {
		Dept  string `json:"dept"`
		Owner string `json:"owner"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if over(stateOf(issue)) {
		return gate.Refuse("customer_issue.locked")
	}
	if args.Dept != "" {
		if _, err := txApp.FindRecordById("departments", args.Dept); err != nil {
			return gate.RefuseField("dept", "record.not_found")
		}
		setSolver(issue, args.Dept)
	}
	if args.Owner != "" {
		owner, err := txApp.FindRecordById(gate.Users, args.Owner)
		if err != nil || !worksIn(owner, solverDept(issue)) {
			return gate.RefuseField("owner", "record.not_found")
		}
		setOwner(issue, owner.Id)
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue); err != nil {
		return err
	}
	if err := follow(txApp, issue); err != nil {
		return err
	}
	return a.log(ctx, txApp, issue, "routed", args.Dept)
}

// log adds an entry to the history.
func (a actions) log(ctx context.Context, txApp core.App, issue *core.Record, kind, text string) error {
	coll, err := txApp.FindCachedCollectionByNameOrId(events)
	if err != nil {
		return err
	}
	row := core.NewRecord(coll)
	row.Load(map[string]any{"issue": issue.Id, "kind": kind, "text": text})
	hang(row, issue, gate.Of(ctx).Author(), a.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), row); err != nil {
		return fmt.Errorf("failed to log a step of an issue: %w", err)
	}
	return nil
}

// tell says to the other side what is its turn now.
func (a actions) tell(ctx context.Context, txApp core.App, issue, account *core.Record, step string) error {
	notice := gate.Notice{Link: linkOf(issue), Params: params(issue, account)}
	switch step {
	case domain.CaseResolve:
		notice.User, notice.Kind = ownerOf(account), "issue.resolved"
	case domain.CaseReopen:
		notice.User, notice.Kind = ownerOf(issue), "issue.reopened"
	default:
		return nil
	}
	return gate.Notify(ctx, txApp, a.now(), notice)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
