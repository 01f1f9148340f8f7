package audits

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

func savings() kit.Collection {
	return kit.Collection{
		Name:     records.CostSavingTable,
		Machine:  &expense.SavingMachine,
		Parties:  kit.Parties(records.CostSavings, savingParties),
		Personal: &kit.Personal{Stranger: "saving.not_owner"},
		Server:   []string{records.CostSavingColSavedFen, records.CostSavingColDecidedBy, records.CostSavingColDecidedAt, records.CostSavingColReason},
		Audit:    gate.Audit{Fields: []string{records.CostSavingColState, records.CostSavingColSavedFen}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.CostSavings, "costSavingCreate", saved),
			kit.On(kit.Update, records.CostSavings, "costSavingUpdate", saved),
			kit.On(kit.Delete, records.CostSavings, "costSavingDelete", savingKept),
		},
	}
}

// savingParties: finance says whether it counts, nobody of his own.
func savingParties(ctx context.Context, _ core.App, row records.CostSaving) ([]domain.Party, error) {
	user, found := actor(ctx)
	if !found || user.ID() == row.Owner() || user.Role() != people.RoleFinance {
		return nil, nil
	}
	return []domain.Party{domain.PartyOffice}, nil
}

// saved counts what was saved.
func saved(e *kit.Change[records.CostSaving]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if e.Row.BeforeFen() <= e.Row.AfterFen() {
		return gate.RefuseField(records.CostSavingColAfterFen, "saving.none")
	}
	e.Row.SetSavedFen(e.Row.BeforeFen() - e.Row.AfterFen())
	return e.Next()
}

// savingKept keeps what finance has decided.
func savingKept(e *kit.Change[records.CostSaving]) error {
	if e.Row.State() != expense.SavingReported {
		return gate.Refuse("saving.locked")
	}
	return e.Next()
}

func (s service) confirmSaving(ctx context.Context, tx core.App, row records.CostSaving, _ kit.None) error {
	return s.savingDecided(ctx, tx, row, "saving.confirmed", "")
}

func (s service) declineSaving(ctx context.Context, tx core.App, row records.CostSaving, args because) error {
	return s.savingDecided(ctx, tx, row, "saving.declined", args.Reason)
}

func (s service) savingDecided(ctx context.Context, tx core.App, row records.CostSaving, kind, reason string) error {
	if user, found := actor(ctx); found {
		row.SetDecidedBy(user.ID())
	}
	row.SetDecidedAt(s.Now())
	row.SetReason(reason)
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Owner()), Kind: kind, Link: records.CostSavingTable + "/" + string(row.ID()), Params: map[string]any{"title": row.Title(), "reason": reason},
	})
}
