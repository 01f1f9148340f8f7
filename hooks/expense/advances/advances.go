// Package advances binds the rules of what is paid before it is known what things cost:
// asked for, approved, paid by a run of payments, cleared by claims or given back. What is
// claimed and given back never exceeds what was paid.
package advances

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what advances take from outside.
type Config struct {
	gate.Config
	Planted syncer.Planted // a fault, for tests of the tests
	// GivenBack writes down what came back of an advance, with a voucher.
	GivenBack func(ctx context.Context, tx core.App, advance records.Advance, fen int, ref string) error
}

// Service is the area's state.
type Service struct{ Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is what advances are.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "advances",
		Collections: []kit.Collection{s.advances(), claims()},
		Actions: []kit.Action{
			kit.Do(records.Advances, expense.AdvanceCancel, s.cancel),
			kit.Do(records.Advances, expense.AdvanceGiveBack, s.giveBack),
		},
		Approvals: []kit.Approval{approval(s)},
		Jobs:      []gate.Job{{Name: "advancesOverdue", Schedule: "35 17 * * *", Run: s.remind}}, // 01:35 in Shanghai
	}
}

func (s *Service) advances() kit.Collection {
	return kit.Collection{
		Name:     records.AdvanceTable,
		Machine:  &expense.AdvanceMachine,
		Parties:  kit.Parties(records.Advances, parties),
		Personal: &kit.Personal{Stranger: "advance.not_owner"},
		Server: []string{
			records.AdvanceColPaidFen, records.AdvanceColClearedFen, records.AdvanceColGivenBackFen,
			records.AdvanceColPaidAt, records.AdvanceColClosedAt, records.AdvanceColToldAt,
		},
		Audit: gate.Audit{Fields: []string{
			records.AdvanceColState, records.AdvanceColAmountFen, records.AdvanceColPaidFen, records.AdvanceColClearedFen, records.AdvanceColGivenBackFen,
		}, Create: true},
		Open: kit.Open(records.Advances, "owner = {:user} AND state IN ('submitted', 'approved', 'paid')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Advances, "advanceCreate", s.saved),
			kit.On(kit.Update, records.Advances, "advanceUpdate", s.saved),
		},
	}
}

// saved judges a draft, and holds every write to what was paid.
func (s *Service) saved(e *kit.Change[records.Advance]) error {
	if !gate.ByServer(e.RecordEvent) {
		if err := expense.CheckAdvance(e.Row.AmountFen(), e.Row.DueOn(), ""); err != nil {
			return gate.WrapError(err)
		}
	}
	if err := sums(e.Row).Check(); err != nil && s.Planted != syncer.PlantClearedTwice {
		return gate.WrapError(err)
	}
	return e.Next()
}

func sums(row records.Advance) expense.AdvanceSums {
	return expense.AdvanceSums{Paid: row.PaidFen(), Cleared: row.ClearedFen(), GivenBack: row.GivenBackFen()}
}

// claims name an advance of their owner's own, and only what is paid to him clears it.
func claims() kit.Collection {
	return kit.Collection{Name: records.ExpenseClaimTable, Rules: []kit.Rule{
		kit.On(kit.Create, records.ExpenseClaims, "claimAdvance", named),
		kit.On(kit.Update, records.ExpenseClaims, "claimAdvance", named),
	}}
}

func named(e *kit.Change[records.ExpenseClaim]) error {
	id := e.Row.Advance()
	if id == "" || gate.ByServer(e.RecordEvent) || e.Before().Advance() == id && e.Before().PayeeKind() == e.Row.PayeeKind() {
		return e.Next()
	}
	advance, found, err := records.Advances.Find(e.App, id)
	switch {
	case err != nil:
		return err
	case !found || advance.Owner() != e.Row.Owner():
		return gate.RefuseField(records.ExpenseClaimColAdvance, "claim.advance_invalid")
	case e.Row.PayeeKind() != expense.PayeeEmployee:
		return gate.RefuseField(records.ExpenseClaimColAdvance, "claim.advance_employee")
	}
	return e.Next()
}

// Overdue counts what somebody neither cleared nor gave back in time.
func (s *Service) Overdue(app core.App, owner records.UserID) (int, error) {
	return records.Advances.Count(app, "owner = {:u} AND state = 'paid' AND due_on < {:d}", map[string]any{"u": owner, "d": domain.BusinessDay(s.Now())})
}
