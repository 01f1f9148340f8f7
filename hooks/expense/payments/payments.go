// Package payments binds the rules of how money leaves the company: who is paid by which
// account, runs of payments with the file that the bank gets and what it answers, and
// payments that came back. Nothing is paid by two payments, and nobody pays what he
// approved or gets.
//
// Full numbers of accounts are read by finance alone, in payee_accounts and in the file.
package payments

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what payments take from outside.
type Config struct {
	gate.Config
	Planted  syncer.Planted // a fault, for tests of the tests
	Claims   Claims
	Advances Advances
	// Posting is what the journal says of a payment that is booked now.
	Posting func(app core.App, row records.Payment) (expense.VoucherPosting, error)
}

// Claims are paid by payments.
type Claims struct {
	// Recheck judges a claim's invoices right before money is sent.
	Recheck func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
	// Pay spends what a claim cost: fen by the payment, the rest off its advance.
	Pay func(ctx context.Context, tx core.App, claim records.ExpenseClaim, fen int, voucher string, at time.Time) error
	// Unpay lets a claim wait for its payment again.
	Unpay func(ctx context.Context, tx core.App, claim records.ExpenseClaim, why string) error
}

// Advances are paid by payments, and cleared by those of claims.
type Advances struct {
	// Open is what a claim may still clear of an advance.
	Open    func(tx core.App, advance records.Advance, claim records.ExpenseClaimID) (int, error)
	Paid    func(ctx context.Context, tx core.App, id records.AdvanceID, fen int, at time.Time) error
	Unpaid  func(ctx context.Context, tx core.App, id records.AdvanceID) error
	NotBack func(ctx context.Context, tx core.App, id records.AdvanceID, fen int) error
}

// Service is the area's state.
type Service struct{ Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is what payments are.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "payments",
		Collections: []kit.Collection{payees(), s.payeeChanges(), payeeAccounts(), s.runs(), s.payments(), s.claims()},
		Actions: []kit.Action{
			kit.Do(records.PayeeChanges, expense.PayeeChangeConfirm, s.confirm),
			kit.Do(records.PayeeChanges, expense.PayeeChangeRefuse, s.refuse),
			kit.Do(records.PayeeChanges, expense.PayeeChangeCancel, s.giveUp),
			kit.Do(records.PaymentRuns, expense.RunCompare, s.compare),
			kit.Do(records.PaymentRuns, expense.RunTakeUp, s.takeUp),
			kit.Do(records.PaymentRuns, expense.RunPlan, s.plan),
			kit.Do(records.PaymentRuns, expense.RunExport, s.export),
			kit.Do(records.PaymentRuns, expense.RunAnswer, s.answer),
			kit.Guarded(records.PaymentRuns, kit.Do(records.PaymentRuns, expense.RunClose, s.close), s.closable),
			kit.Do(records.PaymentRuns, expense.RunCancel, s.cancel),
			kit.Do(records.Payments, expense.PaymentAskReversal, s.askReversal),
			kit.Do(records.Payments, expense.PaymentDropReversal, s.dropReversal),
			kit.Do(records.Payments, expense.PaymentReverse, s.reverse),
			kit.Do(records.Payments, expense.PaymentCameBack, s.cameBack),
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/payment_runs/{id}/file", Run: s.file}},
	}
}

func (s *Service) runs() kit.Collection {
	return kit.Collection{
		Name:     records.PaymentRunTable,
		Machine:  &expense.PaymentRunMachine,
		Parties:  kit.Office(people.RoleFinance),
		Personal: &kit.Personal{Stranger: "payment_run.not_owner"},
		Server: []string{
			records.PaymentRunColNo, records.PaymentRunColCount, records.PaymentRunColTotalFen, records.PaymentRunColPaidCount, records.PaymentRunColPaidFen,
			records.PaymentRunColFailedCount, records.PaymentRunColEncoding, records.PaymentRunColSHA256, records.PaymentRunColFile,
			records.PaymentRunColExportedBy, records.PaymentRunColExportedAt, records.PaymentRunColAnswers, records.PaymentRunColClosedBy, records.PaymentRunColClosedAt,
			records.PaymentRunColTakenUp, records.PaymentRunColComparedLife, records.PaymentRunColComparedNote, records.PaymentRunColComparedBy, records.PaymentRunColComparedAt,
		},
		Audit: gate.Audit{Fields: []string{
			records.PaymentRunColState, records.PaymentRunColCount, records.PaymentRunColTotalFen, records.PaymentRunColSHA256, records.PaymentRunColPaidFen,
			records.PaymentRunColTakenUp, records.PaymentRunColComparedNote,
		}, Create: true},
		Open: kit.Open(records.PaymentRuns, "owner = {:user} AND state IN ('draft', 'exported', 'answered')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PaymentRuns, "paymentRunCreate", runMade),
		},
	}
}

// runMade lets finance alone begin a run.
func runMade(e *kit.Change[records.PaymentRun]) error {
	if author := gate.From(e.RecordEvent).Author(); !gate.ByServer(e.RecordEvent) && author != nil && records.Users.Of(author).Role() != people.RoleFinance {
		return gate.Refuse("payment_run.not_finance")
	}
	return e.Next()
}

func (s *Service) payments() kit.Collection {
	return kit.Collection{
		Name:    records.PaymentTable,
		Machine: &expense.PaymentMachine,
		Parties: kit.Parties(records.Payments, parties),
		Audit: gate.Audit{Fields: []string{
			records.PaymentColState, records.PaymentColAmountFen, records.PaymentColVoucherNo, records.PaymentColReversalVoucherNo, records.PaymentColBackVoucherNo,
		}, Create: true},
		Rules: []kit.Rule{{On: kit.Create, Collection: records.PaymentTable, Name: "paymentCreate", Run: gate.OnlyServer}},
	}
}

// parties: finance, and who heads the department of whose it is; where nobody else does,
// another of finance. Who was paid has no part in it.
func parties(ctx context.Context, tx core.App, row records.Payment) (out []domain.Party, err error) {
	author := gate.Of(ctx).Author()
	if author == nil || author.Id == string(row.Owner()) {
		return nil, nil
	}
	heads := gate.Heads(author, string(row.Dept()))
	if records.Users.Of(author).Role() == people.RoleFinance {
		out = append(out, domain.PartyOffice)
		if heads, err = gate.Headless(tx, string(row.Dept()), string(row.Owner())); err != nil {
			return nil, err
		}
	}
	if heads {
		out = append(out, domain.PartyHead)
	}
	return out, nil
}
