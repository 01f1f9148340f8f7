package claims

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// stepFinance is the step in which lines are cut.
const stepFinance = "finance"

// approval is of the owner's superior, of the management if special approval is asked
// for, and of finance.
func (s *Service) approval() kit.Approval {
	return kit.Approval{
		Collection: records.ExpenseClaimTable,
		Content: []string{
			records.ExpenseClaimColTitle, records.ExpenseClaimColPurpose, records.ExpenseClaimColPeriod, records.ExpenseClaimColVisits, records.ExpenseClaimColPayeeKind,
			records.ExpenseClaimColPayee, records.ExpenseClaimColAdvance,
		},
		Oversight: people.RoleFinance,
		Title: func(subject *core.Record) string {
			claim := records.ExpenseClaims.Of(subject)
			return claim.No() + " " + claim.Title() + " " + domain.Yuan(int64(claim.TotalFen())) + " 元"
		},
		Submit:      kit.Carrying(s.submit),
		Route:       route,
		Snapshot:    s.signed,
		Decide:      kit.Carrying(s.decide),
		OnApproved:  s.approved,
		OnWithdrawn: s.over,
		OnRejected:  s.over,
		OnReturned:  s.over,
	}
}

func route(app core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	steps := []people.ApprovalStep{{Key: "manager", By: people.BySuperior}}
	if records.ExpenseClaims.Of(subject).Special() {
		steps = append(steps, people.ApprovalStep{Key: "management", By: people.ByRole, Role: people.RoleExecutive, Any: true})
	}
	return gate.FinanceLast(app, string(records.ExpenseClaims.Of(subject).Owner()), steps...)
}

// signedLine is a line as it is signed.
type signedLine struct {
	ID          string         `json:"id" db:"id"`
	Category    string         `json:"category" db:"category"`
	Day         string         `json:"day" db:"day"`
	ToDay       string         `json:"to_day,omitzero" db:"to_day"`
	City        string         `json:"city,omitzero" db:"city"`
	Fen         int            `json:"amount_fen" db:"amount_fen"`
	ApprovedFen int            `json:"approved_fen" db:"approved_fen"`
	CutReason   string         `json:"cut_reason,omitzero" db:"cut_reason"`
	Account     string         `json:"account,omitzero" db:"account"`
	Activity    string         `json:"activity,omitzero" db:"activity"`
	Contract    string         `json:"contract,omitzero" db:"contract"`
	Preapproval string         `json:"preapproval,omitzero" db:"preapproval"`
	Leaf        string         `json:"leaf,omitzero" db:"leaf"`
	Reason      string         `json:"reason,omitzero" db:"reason"`
	NoInvoice   string         `json:"no_invoice_reason,omitzero" db:"no_invoice_reason"`
	Shares      []signedShare  `json:"shares,omitzero"`
	Invoices    map[string]int `json:"invoices,omitzero"`
}

type signedShare struct {
	Leaf    string `json:"leaf,omitzero" db:"leaf"`
	Account string `json:"account,omitzero" db:"account"`
	Fen     int    `json:"fen" db:"fen"`
}

// signed is what is signed of a claim: its lines, with what finance cut.
func (s *Service) signed(tx core.App, subject *core.Record) (map[string]any, error) {
	if s.Planted == syncer.PlantUnsignedApproved {
		return nil, nil
	}
	claim, of := records.ExpenseClaims.Of(subject), dbx.Params{"c": subject.Id}
	lines := []signedLine{}
	err := tx.DB().NewQuery(`SELECT id, category, day, to_day, city, amount_fen, approved_fen, cut_reason, account, activity, contract, preapproval, leaf, reason, no_invoice_reason
		FROM expense_lines WHERE claim = {:c} ORDER BY seq, id`).Bind(of).All(&lines)
	if err != nil {
		return nil, fmt.Errorf("read the lines that are signed: %w", err)
	}
	at := map[string]*signedLine{}
	for i := range lines {
		at[lines[i].ID] = &lines[i]
	}
	var shares []struct {
		Line string `db:"line"`
		signedShare
	}
	if err := tx.DB().NewQuery("SELECT line, leaf, account, fen FROM expense_shares WHERE claim = {:c} ORDER BY seq, id").Bind(of).All(&shares); err != nil {
		return nil, fmt.Errorf("read the shares that are signed: %w", err)
	}
	for _, share := range shares {
		if l, found := at[share.Line]; found {
			l.Shares = append(l.Shares, share.signedShare)
		}
	}
	var uses []struct {
		Line    string `db:"line"`
		Invoice string `db:"invoice"`
		Fen     int    `db:"amount_fen"`
	}
	if err := tx.DB().NewQuery("SELECT line, invoice, amount_fen FROM expense_uses WHERE claim = {:c} ORDER BY id").Bind(of).All(&uses); err != nil {
		return nil, fmt.Errorf("read the invoices that are signed: %w", err)
	}
	for _, use := range uses {
		l, found := at[use.Line]
		if !found {
			continue
		}
		if l.Invoices == nil {
			l.Invoices = map[string]int{}
		}
		l.Invoices[use.Invoice] = use.Fen
	}
	return map[string]any{"total_fen": claim.TotalFen(), "special": claim.Special(), "special_reason": claim.SpecialReason(), "lines": lines}, nil
}

// decisions are what a decision carries: what finance leaves of lines, and what is said
// about them.
type decisions struct {
	Cuts     []expense.Cut `json:"cuts"`
	Comments []struct {
		Line    records.ExpenseLineID `json:"line"`
		Comment string                `json:"comment"`
	} `json:"comments"`
}

// decide writes comments on lines, and cuts them while finance approves; what is cut is
// free at once (H-EXP-5).
func (s *Service) decide(ctx context.Context, tx core.App, subject *core.Record, args decisions) error {
	w, err := read(tx, records.ExpenseClaims.Of(subject))
	if err != nil {
		return err
	}
	find := func(id string) int {
		return slices.IndexFunc(w.lines, func(l records.ExpenseLine) bool { return string(l.ID()) == id })
	}
	for _, c := range args.Comments {
		i := find(string(c.Line))
		if i < 0 {
			return gate.Refuse("claim.line_unknown")
		}
		w.lines[i].SetComment(c.Comment)
	}
	if len(args.Cuts) == 0 {
		return w.saveMoney(ctx, tx)
	}
	if err := cuts(ctx, tx, w.claim); err != nil {
		return err
	}
	for _, c := range args.Cuts {
		i := find(c.Line)
		if i < 0 {
			return gate.Refuse("claim.line_unknown")
		}
		if err := expense.CutLine(w.money()[i], c); err != nil {
			return gate.WrapError(err)
		}
		w.lines[i].SetApprovedFen(c.Fen)
		w.lines[i].SetCutReason(c.Reason)
		w.lines[i].SetCutBy(records.UserID(gate.Of(ctx).Author().Id))
	}
	if w.approvedFen() == 0 {
		return gate.Refuse("claim.cut_all")
	}
	if err := w.place(s.Planted); err != nil {
		return gate.WrapError(err)
	}
	invoices, err := s.invoiceFacts(tx, w)
	if err != nil {
		return err
	}
	w.tax(invoices)
	w.claim.SetApprovedFen(w.approvedFen())
	if err := w.saveMoney(ctx, tx); err != nil {
		return err
	}
	if !w.claim.OverBudget() && s.Planted != syncer.PlantCutKept { // else nothing is held yet
		if err := s.reserve(ctx, tx, w, true); err != nil { // it asks for less
			return err
		}
	}
	return s.Preapprovals.Redrawn(ctx, tx, w.claim, w.lines)
}

// cuts lets finance alone cut, in its step, and while it approves.
func cuts(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	if kit.StepOf(ctx).Action != people.ApprovalApprove {
		return gate.Refuse("claim.cut_not_finance")
	}
	n, err := records.Approvals.Count(tx, "ref_collection = {:c} AND ref_id = {:id} AND round = {:r} AND key = {:k} AND state = 'pending' AND approver = {:a}", dbx.Params{
		"c": records.ExpenseClaimTable, "id": claim.ID(), "r": claim.ApprovalRound(), "k": stepFinance, "a": gate.Of(ctx).Author().Id,
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return gate.Refuse("claim.cut_not_finance")
	}
	return nil
}

// approved books what goes over the budget, which the management let pass.
func (s *Service) approved(ctx context.Context, tx core.App, subject *core.Record) error {
	claim := records.ExpenseClaims.Of(subject)
	claim.SetApprovedAt(s.Now())
	if s.Planted == syncer.PlantPaperFreed {
		if err := markUses(tx, claim, expense.UseReleased); err != nil {
			return err
		}
	}
	if !claim.OverBudget() {
		return nil
	}
	w, err := read(tx, claim)
	if err != nil {
		return err
	}
	return s.reserve(ctx, tx, w, true)
}

// over gives back what a claim that came to nothing held.
func (s *Service) over(ctx context.Context, tx core.App, subject *core.Record) error {
	claim := records.ExpenseClaims.Of(subject)
	claim.SetApprovedFen(0)
	claim.SetOverBudget(false)
	claim.SetSpecial(false)
	return s.giveBack(ctx, tx, claim)
}
