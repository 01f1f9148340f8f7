package claims

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// submission are the arguments of a submit: whether the management is asked for what goes
// over the budget or a limit, and why.
type submission struct {
	Special bool   `json:"special"`
	Reason  string `json:"reason"`
}

// submit judges a claim as a whole, takes its invoices and reserves its money. Refused, it
// changes nothing: the draft stays as it is.
func (s *Service) submit(ctx context.Context, tx core.App, subject *core.Record, args submission) error {
	claim := records.ExpenseClaims.Of(subject)
	if args.Special && isBlank(args.Reason) {
		return gate.Refuse("claim.special_reason_required")
	}
	if claim.PayeeKind() != expense.PayeeEmployee && claim.Payee() == "" { // nobody could pay it
		return gate.RefuseField(records.ExpenseClaimColPayee, "claim.payee_invalid")
	}
	owner, err := records.Users.Require(tx, claim.Owner())
	if err != nil {
		return err
	}
	claim.SetManager(owner.Manager())
	claim.SetDept(owner.Department())
	w, err := read(tx, claim)
	if err != nil {
		return err
	}
	if err := s.Reckon(tx, owner, w.lines); err != nil {
		return err
	}
	total, err := w.begin(s.today(), s.Planted)
	if err != nil {
		return gate.WrapError(err)
	}
	hits, err := s.judge(tx, w, owner)
	if err != nil {
		return err
	}
	if err := expense.JudgeHits(hits, args.Special, w.name); err != nil {
		return gate.WrapError(err)
	}
	special := w.note(hits)
	if err := s.settle(tx, w); err != nil {
		return err
	}
	claim.SetTotalFen(total)
	claim.SetApprovedFen(total)
	claim.SetClearedFen(0)
	claim.SetOverBudget(false)
	claim.SetReason("")
	if err := markUses(tx, claim, expense.UseActive); err != nil {
		return err
	}
	if err := s.Invoices.Use(ctx, tx, claim, w.invoices, w.all()); err != nil {
		return err
	}
	if err := s.Preapprovals.Drawn(ctx, tx, claim, w.lines); err != nil {
		return err
	}
	err = s.reserve(ctx, tx, w, false)
	if err != nil && (!args.Special || !isShort(err)) {
		return err
	}
	claim.SetOverBudget(err != nil) // the last word books it
	claim.SetSpecial(args.Special && (special || err != nil))
	claim.SetSpecialReason(args.Reason)
	return w.saveMoney(ctx, tx)
}

// begin judges the sums and days of a claim, and approves all of it for now.
func (w *whole) begin(today string, planted syncer.Planted) (total int, err error) {
	money := w.money()
	if total, err = expense.ClaimTotal(money); err != nil {
		return 0, err
	}
	if err := expense.CheckDays(money, today); err != nil {
		return 0, err
	}
	for i, line := range w.lines {
		if err := expense.CheckUses(money[i]); err != nil {
			return 0, err
		}
		if len(money[i].Uses) == 0 && isBlank(line.NoInvoiceReason()) && !computed(line) { // H-EXP-1
			return 0, problem("claim.invoice_required", money[i].Name)
		}
		line.SetApprovedFen(line.AmountFen())
		line.SetCutReason("")
		line.SetCutBy("")
		line.SetComment("")
	}
	return total, w.place(planted)
}

// computed reports whether an amount comes of days or distances and not of a paper.
func computed(line records.ExpenseLine) bool {
	c, err := records.Decode[*expense.Computed](line.Computed())
	return err == nil && c != nil && c.NoInvoice
}

// note writes on each line what was found, and counts it. It reports whether anything
// passes by special approval alone.
func (w *whole) note(hits []expense.Hit) (special bool) {
	warnings, reviews := 0, 0
	byLine := map[string][]expense.Hit{}
	for _, h := range hits {
		byLine[h.Line] = append(byLine[h.Line], h)
		switch h.Severity {
		case expense.HitBlocks:
			special = true
		case expense.HitWarns:
			warnings++
		case expense.HitReviews:
			reviews++
		}
	}
	for i, line := range w.lines {
		found := byLine[string(line.ID())]
		if i == 0 {
			found = append(found, byLine[""]...)
		}
		line.SetHits(append([]expense.Hit{}, found...))
	}
	w.claim.SetWarnings(warnings)
	w.claim.SetReviews(reviews)
	return special
}

// giveBack returns all that a claim holds: money, invoices and pre-approvals.
func (s *Service) giveBack(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	if err := s.Budget.Release(ctx, tx, docOf(claim)); err != nil {
		return err
	}
	if err := markUses(tx, claim, expense.UseReleased); err != nil {
		return err
	}
	if err := s.Invoices.Release(ctx, tx, claim); err != nil {
		return err
	}
	return s.Preapprovals.GivenBack(ctx, tx, claim)
}
