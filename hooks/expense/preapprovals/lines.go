package preapprovals

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/records"
)

// Of is the document whose reservation a line draws on, and the leaf that has it; none
// while nothing is reserved for it.
func (s *Service) Of(tx core.App, line records.ExpenseLine) (doc expense.BudgetDoc, leaf records.BudgetNodeID, found bool, err error) {
	row, found, err := records.Preapprovals.Find(tx, line.Preapproval())
	if err != nil || !found || row.Owner() != line.Owner() || row.Node() == "" || !expense.PreapprovalHolds(string(row.State())) {
		return doc, "", false, err
	}
	return docOf(row), row.Node(), true, nil
}

// Drawn notes what a claim's lines draw by now, in place of what they drew; see Take.
func (s *Service) Drawn(ctx context.Context, tx core.App, claim records.ExpenseClaim, lines []records.ExpenseLine) error {
	return s.Take(ctx, tx, string(claim.ID()), claim.Owner(), takenBy(lines))
}

func takenBy(lines []records.ExpenseLine) Taken {
	taken := Taken{}
	for _, line := range lines {
		if line.Preapproval() != "" {
			taken[line.Preapproval()] += line.ApprovedFen()
		}
	}
	return taken
}

// Redrawn is Drawn of a claim that holds less by now, in the ledger too: what it gave back
// is held again by its pre-approvals.
func (s *Service) Redrawn(ctx context.Context, tx core.App, claim records.ExpenseClaim, lines []records.ExpenseLine) error {
	return s.again(ctx, tx, claim, takenBy(lines))
}

// GivenBack takes back all that a claim drew, which holds nothing any more.
func (s *Service) GivenBack(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	return s.again(ctx, tx, claim, nil)
}

func (s *Service) again(ctx context.Context, tx core.App, claim records.ExpenseClaim, taken Taken) error {
	rows, err := s.drawnBy(tx, string(claim.ID()), claim.Owner())
	if err != nil {
		return err
	}
	if err := s.Take(ctx, tx, string(claim.ID()), claim.Owner(), taken); err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.keep(ctx, tx, row.ID(), claim); err != nil {
			return err
		}
	}
	return nil
}

// Facts are of the pre-approvals that lines name, by line, as the rules look at them.
func (s *Service) Facts(tx core.App, lines []records.ExpenseLine) (map[records.ExpenseLineID]*expense.PreapprovalFacts, error) {
	out := map[records.ExpenseLineID]*expense.PreapprovalFacts{}
	for _, line := range lines {
		row, found, err := records.Preapprovals.Find(tx, line.Preapproval())
		if err != nil {
			return nil, err
		}
		if found && row.Owner() == line.Owner() {
			facts := factsOf(row)
			if facts.Category, err = categoryOf(tx, row); err != nil {
				return nil, err
			}
			out[line.ID()] = facts
		}
	}
	return out, nil
}

// categoryOf is the code of the category that a pre-approval is for: the one that it
// names, else that of its kind, if the company has it.
func categoryOf(tx core.App, row records.Preapproval) (string, error) {
	named, found, err := records.ExpenseCategories.Find(tx, row.Category())
	if err != nil || found {
		return named.Code(), err
	}
	usual, found, err := records.ExpenseCategories.First(tx, "code = {:code}", dbx.Params{"code": expense.PreapprovalCategory(string(row.Kind()))}, "")
	if err != nil || !found {
		return "", err
	}
	return usual.Code(), nil
}

func factsOf(row records.Preapproval) *expense.PreapprovalFacts {
	return &expense.PreapprovalFacts{
		ID: string(row.ID()), Kind: string(row.Kind()), State: string(row.State()), Account: string(row.Account()), Node: string(row.Node()),
		PlannedFen: row.PlannedFen(), LeftFen: row.PlannedFen() - row.UsedFen(), Day: row.Day(), ToDay: row.ToDay(), ExpiresOn: row.ExpiresOn(),
		Applied: domain.BusinessDay(row.SubmittedAt()), Emergency: row.Emergency(), PaperDue: row.PaperDue(),
	}
}
