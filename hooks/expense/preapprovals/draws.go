package preapprovals

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Taken is what the lines of a claim take of each pre-approval that they name.
type Taken map[records.PreapprovalID]int

// Take notes what a claim takes of its owner's pre-approvals, in place of what it took;
// done again it changes nothing. The ledger draws on their reservations by itself, by
// the costs' From. Refusals: preapproval.not_usable (state), preapproval.paper_overdue
// (due), preapproval.not_yours. What a claim takes already it may go on taking less of.
func (s *Service) Take(ctx context.Context, tx core.App, claim string, owner records.UserID, taken Taken) error {
	rows, err := s.drawnBy(tx, claim, owner)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(taken)) {
		if slices.ContainsFunc(rows, func(r records.Preapproval) bool { return r.ID() == id }) {
			continue
		}
		row, found, err := records.Preapprovals.Find(tx, id)
		if err != nil {
			return err
		}
		if !found || row.Owner() != owner {
			return gate.Refuse("preapproval.not_yours")
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		if err := s.draw(ctx, tx, row, claim, taken[row.ID()]); err != nil {
			return err
		}
	}
	return nil
}

// drawnBy are the pre-approvals that a claim draws on.
func (s *Service) drawnBy(tx core.App, claim string, owner records.UserID) ([]records.Preapproval, error) {
	return records.Preapprovals.All(tx, "owner = {:owner} AND json_valid(draws) AND EXISTS (SELECT 1 FROM json_each(draws) d WHERE d.key = {:claim})",
		dbx.Params{"owner": owner, "claim": claim}, "id")
}

func (s *Service) draw(ctx context.Context, tx core.App, row records.Preapproval, claim string, fen int) error {
	draws, err := row.Draws()
	if err != nil {
		return err
	}
	if fen > draws[claim] {
		today := domain.BusinessDay(s.Now())
		if err := expense.PreapprovalUsable(string(row.State()), row.ExpiresOn(), row.Emergency(), row.PaperDue(), today); err != nil {
			return gate.WrapError(err)
		}
	}
	draws = draws.With(claim, fen)
	row.SetDraws(draws)
	row.SetUsedFen(draws.Sum())
	row.SetLeftFen(0)
	if state := string(row.State()); expense.PreapprovalHolds(state) {
		row.SetLeftFen(max(0, row.PlannedFen()-row.UsedFen()))
		verb := expense.PreapprovalUse
		if row.UsedFen() == 0 {
			verb = expense.PreapprovalGiveBack
		}
		if next, err := expense.PreapprovalMachine.OwnNext(state, verb); err == nil {
			row.SetState(records.PreapprovalState(next))
		}
	}
	return gate.SaveChanged(gate.AsServer(ctx), tx, row.Raw())
}

// keep makes a pre-approval hold what is left of it, to the fen: a claim may have drawn on
// it without its reservation, before it was approved or beyond what it planned. Where its
// leaf has no room for that by now, it goes on with what it has.
func (s *Service) keep(ctx context.Context, tx core.App, id records.PreapprovalID, claim records.ExpenseClaim) error {
	row, err := records.Preapprovals.Require(tx, id)
	if err != nil || row.Node() == "" || !expense.PreapprovalHolds(string(row.State())) {
		return err
	}
	draws, err := row.Draws()
	if err != nil {
		return err
	}
	unheld, err := waiting(tx, draws, claim)
	if err != nil {
		return err
	}
	left := max(0, row.PlannedFen()-row.UsedFen()+unheld)
	_, err = s.Budget.Keep(ctx, tx, docOf(row), []expense.BudgetCost{{Line: plannedLine, Node: string(row.Node()), Day: row.Day(), Net: left}})
	if _, _, refused := gate.ProblemOf(err); refused {
		return nil
	}
	return err
}

// waiting is what claims draw that are over the budget, and hold nothing until the last
// word; the one in hand is not saved yet.
func waiting(tx core.App, draws expense.PreapprovalDraws, claim records.ExpenseClaim) (fen int, err error) {
	for id, drawn := range draws {
		of := claim
		if id != string(claim.ID()) {
			found := false
			if of, found, err = records.ExpenseClaims.Find(tx, records.ExpenseClaimID(id)); err != nil {
				return 0, err
			} else if !found {
				continue
			}
		}
		if of.OverBudget() && string(of.State()) == expense.ClaimSubmitted {
			fen += drawn
		}
	}
	return fen, nil
}

// release gives back what is left of a reservation.
func (s *Service) release(ctx context.Context, tx core.App, row records.Preapproval) error {
	row.SetLeftFen(0)
	row.SetClosedAt(s.Now())
	if err := s.Budget.Release(ctx, tx, docOf(row)); err != nil {
		return fmt.Errorf("give back what a pre-approval held: %w", err)
	}
	return nil
}
