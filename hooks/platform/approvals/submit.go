package approvals

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"fmt"
	"reflect"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// submission is the action of a kind's submit, with its arguments.
func (k *kind) submission(submit func(context.Context, core.App, *core.Record, jsontext.Value) error) kit.Action {
	a := kit.DoAny(k.Collection, people.ApprovalSubmit, submit)
	a.Args = reflect.TypeFor[kit.None]()
	if k.Submit != nil {
		a.Args = k.Submit.Args
	}
	return a
}

// submit: the author puts a subject to its chain.
func (s *Service) submit(ctx context.Context, txApp core.App, subject *core.Record, raw jsontext.Value) error {
	k := s.kinds[subject.Collection().Name]
	if err := s.byAuthor(ctx, k, subject, people.ApprovalSubmit); err != nil {
		return err
	}
	if !k.editable(k.stateOf(subject)) {
		return gate.Refuse("approval.state", "from", k.stateOf(subject), "action", people.ApprovalSubmit)
	}
	var err error
	switch {
	case k.Submit != nil:
		err = k.Submit.Run(ctx, txApp, subject, raw)
	default:
		err = gate.Args(raw, &kit.None{})
		if err == nil && k.OnSubmit != nil {
			err = k.OnSubmit(ctx, txApp, subject)
		}
	}
	if err != nil {
		return err
	}
	return s.begin(ctx, txApp, k, subject)
}

// withdraw: the author takes his subject back before anybody decided.
func (s *Service) withdraw(ctx context.Context, txApp core.App, subject *core.Record, _ kit.None) error {
	k := s.kinds[subject.Collection().Name]
	if err := s.byAuthor(ctx, k, subject, people.ApprovalWithdraw); err != nil {
		return err
	}
	if !k.open(k.stateOf(subject)) {
		return gate.Refuse("approval.state", "from", k.stateOf(subject), "action", people.ApprovalWithdraw)
	}
	rows, err := chainOf(txApp, subject)
	if err != nil {
		return err
	}
	verdict, err := people.Withdraw(rowsOf(rows))
	if err != nil {
		return gate.WrapError(err)
	}
	if err := s.apply(ctx, txApp, rows, verdict); err != nil {
		return err
	}
	k.setState(subject, k.States.Draft)
	if k.OnWithdrawn != nil {
		if err := k.OnWithdrawn(ctx, txApp, subject); err != nil {
			return err
		}
	}
	return s.over(ctx, txApp, subject)
}

// over saves a subject whose chain ended, and lets those read it no longer who
// were not reached.
func (s *Service) over(ctx context.Context, txApp core.App, subject *core.Record) error {
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	if err := s.show(ctx, txApp, subject, chart, false); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), subject)
}

// byAuthor refuses everybody else, and who only stands in for him.
func (s *Service) byAuthor(ctx context.Context, k *kind, subject *core.Record, action string) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != k.authorOf(subject) {
		return gate.Refuse("approval.not_author", "action", action)
	}
	return nil
}

// begin computes the chain of a subject's next round, asks the first step, and
// saves the subject as submitted; a chain without steps has passed.
func (s *Service) begin(ctx context.Context, txApp core.App, k *kind, subject *core.Record) error {
	steps, err := k.Route(txApp, subject)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		return s.pass(ctx, txApp, k, subject)
	}
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	author := k.authorOf(subject)
	assigned, err := people.RouteApproval(chart, author, steps, domain.BusinessDay(s.now()))
	if err != nil {
		return gate.WrapError(err)
	}
	content, err := k.contentOf(txApp, subject)
	if err != nil {
		return err
	}
	var reviewers []string
	for _, a := range assigned {
		reviewers = union(reviewers, a.Approver, a.Delegated)
	}
	setRound(subject, roundOf(subject)+1, s.now())
	before, err := roundsOf(txApp, subject)
	if err != nil {
		return err
	}
	reviewers = union(reviewers, readersOf(before, chart, domain.BusinessDay(s.now()))...) // who decided before still sees it
	setReviewers(subject, reviewers)
	k.setState(subject, cmp.Or(assigned[0].State, k.States.Submitted))
	if err := txApp.SaveWithContext(gate.AsServer(ctx), subject); err != nil {
		return err
	}
	title := subject.Id
	if k.Title != nil {
		title = k.Title(subject)
	}
	var later []records.Approval
	for _, a := range assigned {
		r, err := records.Approvals.New(txApp)
		if err != nil {
			return err
		}
		r.SetRefCollection(k.Collection)
		r.SetRefID(subject.Id)
		r.SetTitle(title)
		r.SetRound(roundOf(subject))
		r.SetStep(a.Step)
		r.SetKey(a.Key)
		r.SetAny(a.Any)
		r.SetDueHours(a.DueHours)
		r.SetSubjectState(a.State)
		r.SetAuthor(records.UserID(author))
		r.SetManager(records.UserID(chart.People[author].Manager))
		r.SetDept(records.DepartmentID(chart.People[author].Dept))
		r.SetOversight(k.Oversight)
		r.SetApprover(records.UserID(a.Approver))
		r.SetDelegatedFrom(records.UserID(a.Delegated))
		r.SetReviewers(records.IDs[records.UserID](reviewers))
		r.SetState(people.ApprovalWaiting)
		r.SetContent(content)
		r.SetContentHash(people.ContentHash(content))
		if a.Step == 1 {
			if err := s.ask(ctx, txApp, r); err != nil {
				return err
			}
			continue
		}
		later = append(later, r)
	}
	for _, r := range later {
		if err := save(ctx, txApp, r); err != nil {
			return err
		}
	}
	return nil
}

// pass approves what nobody is to decide on.
func (s *Service) pass(ctx context.Context, txApp core.App, k *kind, subject *core.Record) error {
	setRound(subject, roundOf(subject)+1, s.now())
	k.setState(subject, k.States.Approved)
	if k.OnApproved != nil {
		if err := k.OnApproved(ctx, txApp, subject); err != nil {
			return err
		}
	}
	if roundOf(subject) == 1 { // nobody was ever asked, so nobody reads it for that
		return txApp.SaveWithContext(gate.AsServer(ctx), subject)
	}
	return s.over(ctx, txApp, subject)
}

// ask opens a row and tells its approver.
func (s *Service) ask(ctx context.Context, txApp core.App, r records.Approval) error {
	due, err := s.dueAt(txApp, r.DueHours())
	if err != nil {
		return err
	}
	open(r, s.now(), due)
	if err := save(ctx, txApp, r); err != nil {
		return err
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: string(r.Approver()), Kind: "approval.pending", Params: map[string]any{"title": r.Title(), "step": r.Key()}, Link: linkOf(r),
	})
}

func save(ctx context.Context, txApp core.App, r records.Approval) error {
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r.Raw()); err != nil {
		return fmt.Errorf("save an approval: %w", err)
	}
	return nil
}

// union adds ids to a list that has some.
func union(list []string, more ...string) []string {
	for _, id := range more {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
