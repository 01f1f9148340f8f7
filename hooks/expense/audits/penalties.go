package audits

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// penalties are made of findings that were confirmed, and stay.
func penalties() kit.Collection {
	return kit.Collection{
		Name:    records.PenaltyTable,
		Machine: &expense.PenaltyMachine,
		Parties: kit.Parties(records.Penalties, penaltyParties),
		Audit: gate.Audit{Fields: []string{
			records.PenaltyColState, records.PenaltyColOwner, records.PenaltyColPoints, records.PenaltyColAmountFen, records.PenaltyColRepaidFen,
		}, Create: true},
		Open: kit.Open(records.Penalties, "owner = {:user} AND kind = 'repayment' AND state = 'open'"),
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.PenaltyTable, Name: "findingsMakePenalties", Run: gate.OnlyServer},
			{On: kit.Update, Collection: records.PenaltyTable, Name: "stepsAlone", Run: gate.OnlyServer},
			{On: kit.Delete, Collection: records.PenaltyTable, Name: "penaltiesStay", Run: gate.OnlyServer},
		},
	}
}

// penaltyParties: finance books, the management waives; nobody his own.
func penaltyParties(ctx context.Context, _ core.App, row records.Penalty) ([]domain.Party, error) {
	user, found := actor(ctx)
	switch {
	case !found || user.ID() == row.Owner():
		return nil, nil
	case user.Role() == people.RoleFinance:
		return []domain.Party{domain.PartyOffice}, nil
	case user.Role() == people.RoleExecutive:
		return []domain.Party{domain.PartyHead}, nil
	}
	return nil, nil
}

// paidBack is a payment that finance received.
type paidBack struct {
	Fen  int    `json:"fen"`
	Day  string `json:"day"`
	Note string `json:"note"`
}

// repay books what came back: penalty.amount_invalid, penalty.day_invalid, and
// penalty.no_repayment of what is no debt. All of it settles.
func (s service) repay(ctx context.Context, tx core.App, row records.Penalty, args paidBack) error {
	if row.Kind() != expense.PenaltyRepayment {
		return gate.Refuse("penalty.no_repayment")
	}
	if !domain.IsDay(args.Day) || args.Day > domain.BusinessDay(s.Now()) {
		return gate.Refuse("penalty.day_invalid")
	}
	if err := expense.CheckRepayment(row.AmountFen()-row.RepaidFen(), args.Fen); err != nil {
		return gate.WrapError(err)
	}
	payments, err := row.Payments()
	if err != nil {
		return err
	}
	payment := expense.Repayment{Fen: args.Fen, Day: args.Day, Note: args.Note}
	if user, found := actor(ctx); found {
		payment.By = string(user.ID())
	}
	row.SetPayments(append(payments, payment))
	row.SetRepaidFen(row.RepaidFen() + args.Fen)
	row.SetState(expense.PenaltyOpen)
	if row.RepaidFen() == row.AmountFen() {
		row.SetState(expense.PenaltySettled)
		row.SetSettledAt(s.Now())
	}
	return nil
}

func (s service) waive(ctx context.Context, tx core.App, row records.Penalty, args because) error {
	row.SetReason(args.Reason)
	row.SetSettledAt(s.Now())
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Owner()), Kind: "penalty.waived", Link: records.PenaltyTable + "/" + string(row.ID()), Params: map[string]any{"reason": args.Reason},
	})
}

// overdue tells once of money that was not paid back in time: who owes it, and finance.
func (s service) overdue(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		rows, err := records.Penalties.All(tx, "state = 'open' AND kind = 'repayment' AND due < {:d} AND told_at = ''", dbx.Params{"d": domain.BusinessDay(now)}, "id")
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		finance, err := records.Users.All(tx, "role = 'finance' AND active = TRUE", nil, "id")
		if err != nil {
			return err
		}
		ctx := gate.AsServer(ctx)
		for _, row := range rows {
			row.SetToldAt(s.Now())
			if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
				return fmt.Errorf("note an overdue repayment: %w", err)
			}
			users := []records.UserID{row.Owner()}
			for _, user := range finance {
				users = append(users, user.ID())
			}
			params := map[string]any{"amount": domain.Yuan(int64(row.AmountFen() - row.RepaidFen())), "due": row.Due()}
			for _, user := range users {
				err := gate.Notify(ctx, tx, s.Now(), gate.Notice{User: string(user), Kind: "penalty.overdue", Link: records.PenaltyTable + "/" + string(row.ID()), Params: params})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// SettleDeductions settles the points that somebody's appraisal of a period took.
func SettleDeductions(ctx context.Context, tx core.App, now time.Time, owner records.UserID, p domain.Period) error {
	rows, err := records.Penalties.All(tx, "owner = {:u} AND kind = 'deduction' AND state = 'open' AND month BETWEEN {:from} AND {:to}",
		dbx.Params{"u": owner, "from": domain.Month(p.From), "to": domain.Month(p.To)}, "id")
	if err != nil {
		return err
	}
	for _, row := range rows {
		next, err := expense.PenaltyMachine.OwnNext(string(row.State()), expense.PenaltySettle)
		if err != nil {
			return err
		}
		row.SetState(records.PenaltyState(next))
		row.SetSettledAt(now)
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return fmt.Errorf("settle a deduction: %w", err)
		}
	}
	return nil
}
