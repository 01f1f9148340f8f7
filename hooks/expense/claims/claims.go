// Package claims binds the rules of expense claims: what people wrote down, what is
// judged and reserved when a claim is handed in, who approves it, what finance cuts, and
// what its payment does. Payments, advances, pre-approvals, invoices and rules are other
// areas'; they come in by Config.
package claims

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what claims take from outside.
type Config struct {
	gate.Config
	Planted syncer.Planted // a fault, for tests of the tests
	// Judge finds the rules that a claim does not keep. It adds to the facts what it needs
	// of other tables.
	Judge func(tx core.App, claim expense.ClaimFacts) ([]expense.Hit, error)
	// Reckon brings amounts that come of rules up to what these say now.
	Reckon       func(tx core.App, owner records.User, lines []records.ExpenseLine) error
	Budget       Budget
	Invoices     Invoices
	Preapprovals Preapprovals
	Advances     Advances
}

// Budget is the ledger of budgets, as far as claims need it.
type Budget struct {
	Find        func(tx core.App, dept records.DepartmentID, day string, dims expense.BudgetDims) (records.BudgetNode, bool, error)
	Reserve     func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error)
	ReserveOver func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error)
	Release     func(ctx context.Context, tx core.App, doc expense.BudgetDoc) error
	Spend       func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, at time.Time) ([]expense.BudgetWarning, error)
	Reverse     func(ctx context.Context, tx core.App, doc expense.BudgetDoc, why string) error
	Holds       func(tx core.App, doc expense.BudgetDoc) ([]expense.BudgetHeld, error)
}

// Invoices move the invoices of a claim. The states of its uses stand already as they are
// to be: active before Use and Unpaid, paid before Paid, released before Release.
type Invoices struct {
	Use     func(ctx context.Context, tx core.App, claim records.ExpenseClaim, named []records.Invoice, uses []expense.Use) error
	Release func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
	Paid    func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
	Unpaid  func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
	// Recheck judges them again right before the payment.
	Recheck func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
	// Named are the invoices that a claim names, and Facts what rules look at of them.
	Named func(app core.App, claim records.ExpenseClaimID) ([]records.Invoice, error)
	Facts func(app core.App, claim records.ExpenseClaimID, named []records.Invoice) (map[records.InvoiceID]expense.LineInvoice, error)
}

// Preapprovals are what lines draw down.
type Preapprovals struct {
	// Of is the document whose reservation a line draws, and the leaf that has it.
	Of func(tx core.App, line records.ExpenseLine) (doc expense.BudgetDoc, leaf records.BudgetNodeID, found bool, err error)
	// Facts are of the pre-approvals that lines name, by line.
	Facts func(tx core.App, lines []records.ExpenseLine) (map[records.ExpenseLineID]*expense.PreapprovalFacts, error)
	// Drawn notes what a claim's lines draw by now, in place of what they drew.
	Drawn func(ctx context.Context, tx core.App, claim records.ExpenseClaim, lines []records.ExpenseLine) error
	// Redrawn is Drawn of a claim that holds less by now: what it gave back is held again.
	Redrawn func(ctx context.Context, tx core.App, claim records.ExpenseClaim, lines []records.ExpenseLine) error
	// GivenBack is Redrawn of a claim that holds nothing by now.
	GivenBack func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
}

// Advances are cleared by claims when they are paid.
type Advances struct {
	Clear   func(ctx context.Context, tx core.App, claim records.ExpenseClaim, fen int) error
	Unclear func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error
}

// Service is the area's state.
type Service struct{ Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is what claims are.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "claims",
		Collections: []kit.Collection{s.claims(), s.lines(), s.shares(), s.uses()},
		Actions: []kit.Action{
			kit.Do(records.ExpenseClaims, expense.ClaimCancel, s.cancel),
			kit.Do(records.ExpenseClaims, expense.ClaimArchive, s.archive),
			kit.Guarded(records.ExpenseClaims, kit.Do(records.ExpenseClaims, expense.ClaimAskReversal, s.askReversal), reversalGuards),
			kit.Guarded(records.ExpenseClaims, kit.Do(records.ExpenseClaims, expense.ClaimDropReversal, s.dropReversal), reversalGuards),
			kit.Guarded(records.ExpenseClaims, kit.Do(records.ExpenseClaims, expense.ClaimReverse, s.reverse), reversalGuards),
		},
		Approvals: []kit.Approval{s.approval()},
		Routes:    []kit.Route{{Method: http.MethodPost, Path: "/api/ka/expense_claims/{id}/check", Run: s.check}},
	}
}

func (s *Service) claims() kit.Collection {
	return kit.Collection{
		Name:     records.ExpenseClaimTable,
		Machine:  &expense.ClaimMachine,
		Parties:  kit.Parties(records.ExpenseClaims, parties),
		Personal: &kit.Personal{Stranger: "claim.not_owner"},
		Server: []string{
			records.ExpenseClaimColFormerNo, records.ExpenseClaimColTotalFen, records.ExpenseClaimColApprovedFen, records.ExpenseClaimColClearedFen,
			records.ExpenseClaimColPaidFen, records.ExpenseClaimColSpecial, records.ExpenseClaimColSpecialReason, records.ExpenseClaimColOverBudget,
			records.ExpenseClaimColBudgetLevels, records.ExpenseClaimColWarnings, records.ExpenseClaimColReviews, records.ExpenseClaimColReason,
			records.ExpenseClaimColApprovedAt, records.ExpenseClaimColPaidAt, records.ExpenseClaimColArchivedAt, records.ExpenseClaimColVoucherNo,
			records.ExpenseClaimColReversalBy, records.ExpenseClaimColReversalReason, records.ExpenseClaimColReversedAt,
		},
		Once: []string{records.ExpenseClaimColNo},
		Audit: gate.Audit{Fields: []string{
			records.ExpenseClaimColState, records.ExpenseClaimColTotalFen, records.ExpenseClaimColApprovedFen, records.ExpenseClaimColPaidFen,
			records.ExpenseClaimColSpecial, records.ExpenseClaimColVoucherNo,
		}},
		Open: kit.Open(records.ExpenseClaims, "owner = {:user} AND state IN ('draft', 'submitted', 'returned', 'approved')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseClaims, "claimCreate", s.claimSaved),
			kit.On(kit.Update, records.ExpenseClaims, "claimUpdate", s.claimSaved),
			kit.On(kit.Update, records.ExpenseClaims, "claimShown", shown),
		},
	}
}

// ofParts are the fields that a part takes from its claim.
var ofParts = []string{records.ExpenseLineColReviewers}

func (s *Service) within() *kit.Within {
	open := expense.ClaimWritten
	if s.Planted == syncer.PlantUnsignedApproved {
		open = append([]string{expense.ClaimSubmitted}, open...)
	}
	return &kit.Within{Field: records.ExpenseLineColClaim, Parent: records.ExpenseClaimTable, Open: open, Refusal: "claim.locked"}
}

func (s *Service) lines() kit.Collection {
	return kit.Collection{
		Name:     records.ExpenseLineTable,
		Personal: &kit.Personal{Stranger: "claim.not_owner"},
		Server: append([]string{
			records.ExpenseLineColTaxFen, records.ExpenseLineColComputed, records.ExpenseLineColHits, records.ExpenseLineColLeaf,
			records.ExpenseLineColApprovedFen, records.ExpenseLineColCutReason, records.ExpenseLineColCutBy, records.ExpenseLineColComment,
		}, ofParts...),
		Once:   []string{records.ExpenseLineColClaim},
		Within: s.within(),
		Audit:  gate.Audit{Fields: []string{records.ExpenseLineColAmountFen, records.ExpenseLineColApprovedFen, records.ExpenseLineColCutReason}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseLines, "expenseLineCreate", s.lineSaved),
			kit.On(kit.Update, records.ExpenseLines, "expenseLineUpdate", s.lineSaved),
			kit.On(kit.Delete, records.ExpenseLines, "expenseLineDelete", s.lineGone),
		},
	}
}

func (s *Service) shares() kit.Collection {
	return kit.Collection{
		Name:     records.ExpenseShareTable,
		Personal: &kit.Personal{Stranger: "claim.not_owner"},
		Server:   append([]string{records.ExpenseShareColLeaf, records.ExpenseShareColApprovedFen}, ofParts...),
		Once:     []string{records.ExpenseShareColClaim, records.ExpenseShareColLine},
		Within:   s.within(),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseShares, "expenseShareCreate", s.shareSaved),
			kit.On(kit.Update, records.ExpenseShares, "expenseShareUpdate", s.shareSaved),
			kit.On(kit.Delete, records.ExpenseShares, "expenseShareDelete", partGone(records.ExpenseShares)),
		},
	}
}

func (s *Service) uses() kit.Collection {
	return kit.Collection{
		Name:     records.ExpenseUseTable,
		Personal: &kit.Personal{Stranger: "claim.not_owner"},
		Begins: kit.Begin(records.ExpenseUses, func(e *kit.Change[records.ExpenseUse]) error {
			if e.Row.State() == "" {
				e.Row.SetState(expense.UseDraft)
			} else if !gate.ByServer(e.RecordEvent) && e.Row.State() != expense.UseDraft {
				return gate.RefuseField(records.ExpenseUseColState, "field.locked")
			}
			return nil
		}),
		Server: append([]string{records.ExpenseUseColTaxFen}, ofParts...),
		Once:   []string{records.ExpenseUseColClaim, records.ExpenseUseColLine, records.ExpenseUseColInvoice},
		Within: s.within(),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseUses, "expenseUseCreate", s.useSaved),
			kit.On(kit.Update, records.ExpenseUses, "expenseUseUpdate", s.useSaved),
			kit.On(kit.Delete, records.ExpenseUses, "expenseUseDelete", partGone(records.ExpenseUses)),
		},
	}
}
