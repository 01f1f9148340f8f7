package advances

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func approval(s *Service) kit.Approval {
	return kit.Approval{
		Collection: records.AdvanceTable,
		Content:    []string{records.AdvanceColPurpose, records.AdvanceColAmountFen, records.AdvanceColDueOn},
		Oversight:  people.RoleFinance,
		Title: func(subject *core.Record) string {
			row := records.Advances.Of(subject)
			return "借款 " + domain.Yuan(int64(row.AmountFen())) + " 元：" + row.Purpose()
		},
		Route:    route,
		OnSubmit: s.submitted,
	}
}

// route is of the superior, then of finance.
func route(app core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	return gate.FinanceLast(app, string(records.Advances.Of(subject).Owner()), people.ApprovalStep{Key: "superior", By: people.BySuperior})
}

// submitted wants a day that is to come, and, by setting, nothing overdue.
func (s *Service) submitted(_ context.Context, tx core.App, subject *core.Record) error {
	row := records.Advances.Of(subject)
	if err := expense.CheckAdvance(row.AmountFen(), row.DueOn(), domain.BusinessDay(s.Now())); err != nil {
		return gate.WrapError(err)
	}
	if err := kit.AsOfToday(tx, row); err != nil {
		return err
	}
	block, err := gate.SettingsNow(tx).AdvanceBlockOverdue()
	if err != nil || !block {
		return err
	}
	overdue, err := s.Overdue(tx, row.Owner())
	if err != nil {
		return err
	}
	if overdue > 0 {
		return gate.Refuse("advance.overdue_open", "count", overdue)
	}
	return nil
}

// parties: its owner, and finance for what came back of others'.
func parties(ctx context.Context, _ core.App, row records.Advance) (out []domain.Party, _ error) {
	actor := gate.Of(ctx).Author()
	switch {
	case actor == nil:
		return nil, nil
	case actor.Id == string(row.Owner()):
		return []domain.Party{domain.PartyOwner}, nil
	case records.Users.Of(actor).Role() == people.RoleFinance:
		return []domain.Party{domain.PartyOffice}, nil
	}
	return nil, nil
}
