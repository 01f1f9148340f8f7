package claims

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// partOf is a row of a claim, seen by those who see the claim.
type partOf interface {
	Raw() *core.Record
	Claim() records.ExpenseClaimID
	SetOwner(records.UserID)
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
	SetReviewers([]records.UserID)
}

// claimSaved wants visits that are the owner's.
func (s *Service) claimSaved(e *kit.Change[records.ExpenseClaim]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	for _, id := range e.Row.Visits() {
		if err := ownVisit(e.App, id, e.Row.Owner(), records.ExpenseClaimColVisits); err != nil {
			return err
		}
	}
	return e.Next()
}

func ownVisit(app core.App, id records.VisitID, owner records.UserID, field string) error {
	if id == "" {
		return nil
	}
	visit, found, err := records.Visits.Find(app, id)
	if err != nil {
		return err
	}
	if !found || visit.Owner() != owner {
		return gate.RefuseField(field, "record.not_found")
	}
	return nil
}

// shown lets those see the parts of a claim who see it by now.
func shown(e *kit.Change[records.ExpenseClaim]) error {
	_, changed := gate.Difference(e.Record, []string{records.ExpenseClaimColReviewers, records.ExpenseClaimColManager, records.ExpenseClaimColDept})
	if err := e.Next(); err != nil || len(changed) == 0 {
		return err
	}
	all, err := e.Record.DBExport(e.App)
	if err != nil {
		return fmt.Errorf("read who sees a claim: %w", err)
	}
	of := dbx.Params{
		"claim": e.Record.Id, "manager": e.Row.Manager(), "dept": e.Row.Dept(), "now": types.NowDateTime().String(),
		"reviewers": fmt.Sprint(all[records.ExpenseClaimColReviewers]),
	}
	for _, table := range []string{
		"UPDATE expense_lines SET manager = {:manager}, dept = {:dept}, reviewers = {:reviewers}, updated = {:now} WHERE claim = {:claim}",
		"UPDATE expense_shares SET manager = {:manager}, dept = {:dept}, reviewers = {:reviewers}, updated = {:now} WHERE claim = {:claim}",
		"UPDATE expense_uses SET manager = {:manager}, dept = {:dept}, reviewers = {:reviewers}, updated = {:now} WHERE claim = {:claim}",
	} {
		if _, err := e.App.DB().NewQuery(table).Bind(of).Execute(); err != nil {
			return fmt.Errorf("show the parts of a claim: %w", err)
		}
	}
	return nil
}

// claimOf is the claim of a part that somebody writes, which is his own.
func claimOf(e *core.RecordEvent, p partOf) (records.ExpenseClaim, error) {
	claim, found, err := records.ExpenseClaims.Find(e.App, p.Claim())
	if err != nil {
		return claim, err
	}
	if !found {
		return claim, gate.RefuseField(records.ExpenseLineColClaim, "record.not_found")
	}
	if author := gate.From(e).Author(); author != nil && author.Id != string(claim.Owner()) {
		return claim, gate.Refuse("claim.not_owner")
	}
	p.SetOwner(claim.Owner())
	p.SetManager(claim.Manager())
	p.SetDept(claim.Dept())
	p.SetReviewers(claim.Reviewers())
	return claim, nil
}

// lineSaved wants days that are some, and what a line names to be its owner's to name.
func (s *Service) lineSaved(e *kit.Change[records.ExpenseLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	claim, err := claimOf(e.RecordEvent, e.Row)
	if err != nil {
		return err
	}
	line := e.Row
	if !domain.IsPlausibleDay(line.Day()) {
		return gate.RefuseField(records.ExpenseLineColDay, "claim.day_invalid")
	}
	if to := line.ToDay(); to != "" && (!domain.IsPlausibleDay(to) || to < line.Day()) {
		return gate.RefuseField(records.ExpenseLineColToDay, "claim.day_invalid")
	}
	if attendees, err := line.Attendees(); err != nil || slices.ContainsFunc(attendees, badAttendee) {
		return gate.RefuseField(records.ExpenseLineColAttendees, "claim.attendees_invalid")
	}
	if err := ownVisit(e.App, line.Visit(), claim.Owner(), records.ExpenseLineColVisit); err != nil {
		return err
	}
	if err := ofAccount(e.App, line); err != nil {
		return err
	}
	if err := checkBearer(e.App, claim, line.Node(), line.Activity()); err != nil {
		return err
	}
	if id := line.Preapproval(); id != "" {
		agreed, found, err := records.Preapprovals.Find(e.App, id)
		if err != nil {
			return err
		}
		if !found || agreed.Owner() != claim.Owner() {
			return gate.RefuseField(records.ExpenseLineColPreapproval, "record.not_found")
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	return addUp(e.App, claim.ID())
}

func badAttendee(a expense.Attendee) bool {
	return a.Name == "" || a.Side != expense.AttendeeOurs && a.Side != expense.AttendeeTheirs
}

// ofAccount wants the contact, the gift and the contract that a line names to be its account's.
func ofAccount(app core.App, line records.ExpenseLine) error {
	if line.Contact() != "" {
		contact, found, err := records.Contacts.Find(app, line.Contact())
		if err != nil {
			return err
		}
		if !found || contact.Account() != line.Account() {
			return gate.RefuseField(records.ExpenseLineColContact, "record.not_found")
		}
	}
	if line.CareTask() != "" {
		task, found, err := records.CareTasks.Find(app, line.CareTask())
		if err != nil {
			return err
		}
		if !found || task.State() != "done" || task.Account() != line.Account() || task.Contact() != line.Contact() {
			return gate.RefuseField(records.ExpenseLineColCareTask, "record.not_found")
		}
	}
	if line.Contract() == "" {
		return nil
	}
	contract, found, err := records.Contracts.Find(app, line.Contract())
	if err != nil {
		return err
	}
	if !found || contract.Account() != line.Account() {
		return gate.RefuseField(records.ExpenseLineColContract, "record.not_found")
	}
	return nil
}

// checkBearer wants a node of the claim's department, or of what pays for its activity,
// and an activity in which the department takes part. Which it is, nobody is told.
func checkBearer(app core.App, claim records.ExpenseClaim, node records.BudgetNodeID, activity records.ActivityID) error {
	depts := []records.DepartmentID{claim.Dept()}
	if activity != "" {
		row, found, err := records.Activities.Find(app, activity)
		if err != nil {
			return err
		}
		if !found || row.Dept() != claim.Dept() && row.Owner() != claim.Owner() && !slices.Contains(row.Depts(), claim.Dept()) && !slices.Contains(row.Helpers(), claim.Owner()) {
			return gate.RefuseField(records.ExpenseLineColActivity, "record.not_found")
		}
		depts = append(append(depts, row.Dept()), row.Depts()...)
	}
	if node == "" {
		return nil
	}
	row, found, err := records.BudgetNodes.Find(app, node)
	if err != nil {
		return err
	}
	if !found || !slices.Contains(depts, row.Dept()) {
		return gate.RefuseField(records.ExpenseLineColNode, "claim.node_invalid")
	}
	return nil
}

// lineGone takes a line out of its claim's sum.
func (s *Service) lineGone(e *kit.Change[records.ExpenseLine]) error {
	if err := partGone(records.ExpenseLines)(e); err != nil {
		return err
	}
	return addUp(e.App, e.Row.Claim())
}

// addUp writes what a claim's lines come to.
func addUp(app core.App, id records.ExpenseClaimID) error {
	_, err := app.DB().NewQuery(`UPDATE expense_claims SET total_fen = (SELECT COALESCE(SUM(amount_fen), 0) FROM expense_lines WHERE claim = {:c}), updated = {:now} WHERE id = {:c}`).
		Bind(dbx.Params{"c": id, "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("add up a claim: %w", err)
	}
	return nil
}

// lineOf is the line of a share or use, which is of the same claim.
func lineOf(app core.App, claim records.ExpenseClaim, id records.ExpenseLineID) error {
	line, found, err := records.ExpenseLines.Find(app, id)
	if err != nil {
		return err
	}
	if !found || line.Claim() != claim.ID() {
		return gate.RefuseField(records.ExpenseShareColLine, "record.not_found")
	}
	return nil
}

func (s *Service) shareSaved(e *kit.Change[records.ExpenseShare]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	claim, err := claimOf(e.RecordEvent, e.Row)
	if err != nil {
		return err
	}
	if err := lineOf(e.App, claim, e.Row.Line()); err != nil {
		return err
	}
	if err := checkBearer(e.App, claim, e.Row.Node(), e.Row.Activity()); err != nil {
		return err
	}
	return e.Next()
}

// useSaved wants an invoice of the claimant's own.
func (s *Service) useSaved(e *kit.Change[records.ExpenseUse]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	claim, err := claimOf(e.RecordEvent, e.Row)
	if err != nil {
		return err
	}
	if err := gate.LockFields(e.RecordEvent, records.ExpenseUseColState); err != nil && !e.Row.IsNew() {
		return err
	}
	if err := lineOf(e.App, claim, e.Row.Line()); err != nil {
		return err
	}
	invoice, found, err := records.Invoices.Find(e.App, e.Row.Invoice())
	if err != nil {
		return err
	}
	if !found || invoice.Owner() != claim.Owner() {
		return gate.RefuseField(records.ExpenseUseColInvoice, "record.not_found")
	}
	return e.Next()
}

// partGone lets the owner alone drop a part of his claim.
func partGone[R partOf, ID ~string](records.Collection[R, ID]) func(*kit.Change[R]) error {
	return func(e *kit.Change[R]) error {
		if gate.ByServer(e.RecordEvent) {
			return e.Next()
		}
		claim, found, err := records.ExpenseClaims.Find(e.App, e.Row.Claim())
		if err != nil {
			return err
		}
		if author := gate.From(e.RecordEvent).Author(); found && author != nil && author.Id != string(claim.Owner()) {
			return gate.Refuse("claim.not_owner") // else the claim goes, and its parts with it
		}
		return e.Next()
	}
}
