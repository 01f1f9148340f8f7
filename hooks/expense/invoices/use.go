package invoices

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Use takes the invoices that a claim names and is handed in with, whose uses are active by
// now: each must be its owner's, nobody else's, and cover what all uses take of it.
func (s *Service) Use(ctx context.Context, tx core.App, claim records.ExpenseClaim, rows []records.Invoice, uses []expense.Use) error {
	asked, order := map[records.InvoiceID]int{}, []records.InvoiceID{}
	for _, u := range uses {
		id := records.InvoiceID(u.Invoice)
		if _, seen := asked[id]; !seen {
			order = append(order, id)
		}
		asked[id] += u.Fen
	}
	today := domain.BusinessDay(s.cfg.Now())
	companies, err := own(tx)
	if err != nil {
		return err
	}
	used := map[records.InvoiceID]records.Invoice{}
	for _, row := range rows {
		used[row.ID()] = row
	}
	of, err := knownUses(tx, claim.ID())
	if err != nil {
		return err
	}
	m := mover{Service: s, ctx: ctx, tx: tx}
	for _, id := range order {
		row, found := used[id]
		if !found || row.Owner() != claim.Owner() {
			return gate.Refuse("invoice.not_owner")
		}
		sums := of.sums[id]
		if err := checkUse(row, companies, sums.Fen-asked[id], asked[id], today); err != nil {
			return err
		}
		if err := m.follow(row, sums, append(of.seen[id], claim.Reviewers()...)); err != nil { // the claim in hand is not saved yet
			return seenBy(tx, row, claim.Owner(), err)
		}
	}
	return m.done()
}

// checkUse refuses what may not be claimed of an invoice, as it is known by now.
func checkUse(row records.Invoice, companies []expense.OwnCompany, others, asked int, today string) error {
	return gate.WrapError(expense.CheckInvoiceUse(expense.InvoiceUseFacts{
		InvoiceFacts: factsOf(row), NoPaper: row.Blob() == "", Verify: verdictOf(row), Buyer: expense.InvoiceBuyer(factsOf(row), companies),
		OtherFen: int64(others), UseFen: int64(asked), Today: today,
	}))
}

// Release gives back the invoices of a claim that came to nothing, whose uses are
// released by now.
func (s *Service) Release(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	return s.each(ctx, tx, claim, nil)
}

// Paid notes that the invoices of a claim were paid for, and keeps their electronic
// originals for as long as vouchers are kept.
func (s *Service) Paid(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	years, err := gate.SettingsNow(tx).InvoiceKeepYears()
	if err != nil {
		return err
	}
	until := s.cfg.Now().AddDate(years, 0, 0).Format(time.DateOnly)
	return s.each(ctx, tx, claim, func(row records.Invoice, _ sums) error {
		row.SetKeepUntil(max(row.KeepUntil(), until))
		for _, id := range papersOf(row) {
			if err := s.keep(ctx, tx, id, until); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unpaid takes that back: their uses are active again, and what was not paid after all is
// not owed for a finding.
func (s *Service) Unpaid(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	return s.each(ctx, tx, claim, func(row records.Invoice, of sums) error {
		if row.RepaidAt().IsZero() {
			row.SetRepayFen(min(row.RepayFen(), of.PaidFen))
		}
		return nil
	})
}

// Recheck judges the invoices of a claim right before it is paid: a paper may have been read
// since, and say what was not typed.
func (s *Service) Recheck(_ context.Context, tx core.App, claim records.ExpenseClaim) error {
	settings := gate.SettingsNow(tx)
	over, err := settings.InvoiceManualOverFen()
	if err != nil {
		return err
	}
	hours, err := settings.InvoiceVerifyHours()
	if err != nil {
		return err
	}
	address, err := settings.InvoiceVerifyURL()
	if err != nil {
		return err
	}
	rows, err := invoicesUsed(tx, claim.ID(), expense.UseActive)
	if err != nil {
		return err
	}
	of, err := knownUses(tx, claim.ID())
	if err != nil {
		return err
	}
	companies, err := own(tx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if blocked := row.Blocked(); blocked != "" && blocked != "invoice.same_file" {
			return gate.WrapError(domain.Problem{Code: blocked})
		}
		if err := checkUse(row, companies, 0, of.sums[row.ID()].Fen, domain.BusinessDay(s.cfg.Now())); err != nil {
			return err
		}
		if row.PaperState() == "" { // its bytes are on a phone still
			return gate.Refuse("invoice.paper_missing", "number", row.Number())
		}
		fresh := s.cfg.Now().Sub(row.VerifiedAt()) <= time.Duration(hours)*time.Hour
		if err := expense.CheckBeforePayment(row.Number(), verdictOf(row), int64(max(row.TotalFen(), row.AmountExFen())), int64(over), address != "", fresh); err != nil {
			return gate.WrapError(err)
		}
	}
	return nil
}

// each brings the invoices of a claim up to what its uses say by now.
func (s *Service) each(ctx context.Context, tx core.App, claim records.ExpenseClaim, also func(records.Invoice, sums) error) error {
	rows, err := invoicesUsed(tx, claim.ID(), expense.UseActive, expense.UsePaid, expense.UseReleased)
	if err != nil {
		return err
	}
	of, err := knownUses(tx, claim.ID())
	if err != nil {
		return err
	}
	m := mover{Service: s, ctx: ctx, tx: tx}
	for _, row := range rows {
		if also != nil {
			if err := also(row, of.sums[row.ID()]); err != nil {
				return err
			}
		}
		if err := m.follow(row, of.sums[row.ID()], of.seen[row.ID()]); err != nil {
			return err
		}
	}
	return m.done()
}

// sums are what uses that count come to.
type sums struct {
	Active int `db:"active"`
	Paid   int `db:"paid"`
	Fen    int `db:"fen"`
	// PaidFen is what of it was paid.
	PaidFen int `db:"paid_fen"`
}

// uses are what all claims make of the invoices of one, and who decides on any of them, or
// did when it was handed in.
type uses struct {
	sums map[records.InvoiceID]sums
	seen map[records.InvoiceID][]records.UserID
}

func knownUses(app core.App, claim records.ExpenseClaimID) (out uses, err error) {
	out = uses{map[records.InvoiceID]sums{}, map[records.InvoiceID][]records.UserID{}}
	const theirs = "u.invoice IN (SELECT invoice FROM expense_uses WHERE claim = {:claim})"
	var added []struct {
		Invoice records.InvoiceID `db:"invoice"`
		sums
	}
	err = app.DB().NewQuery(`SELECT u.invoice, SUM(u.state = 'active') AS active, SUM(u.state = 'paid') AS paid, SUM(u.amount_fen) AS fen,
			SUM(IIF(u.state = 'paid', u.amount_fen, 0)) AS paid_fen
		FROM expense_uses u WHERE ` + theirs + ` AND u.state IN ('active', 'paid') GROUP BY u.invoice`).Bind(dbx.Params{"claim": claim}).All(&added)
	if err != nil {
		return out, fmt.Errorf("add up the uses of invoices: %w", err)
	}
	for _, a := range added {
		out.sums[a.Invoice] = a.sums
	}
	var decide []struct {
		Invoice records.InvoiceID `db:"invoice"`
		User    records.UserID    `db:"user"`
	}
	err = app.DB().NewQuery(`SELECT DISTINCT u.invoice, r.value AS user FROM expense_uses u JOIN expense_claims c ON c.id = u.claim,
		json_each(IIF(json_valid(c.reviewers), c.reviewers, '[]')) r WHERE ` + theirs + ` AND u.state <> 'draft'`).Bind(dbx.Params{"claim": claim}).All(&decide)
	if err != nil {
		return out, fmt.Errorf("read who decides: %w", err)
	}
	for _, d := range decide {
		out.seen[d.Invoice] = append(out.seen[d.Invoice], d.User)
	}
	return out, nil
}

// invoicesUsed are the invoices that a claim uses in one of these states.
func invoicesUsed(app core.App, claim records.ExpenseClaimID, states ...string) ([]records.Invoice, error) {
	params := dbx.Params{"claim": claim}
	in := ""
	for i, state := range states {
		name := fmt.Sprintf("s%d", i)
		params[name] = state
		in += ", {:" + name + "}"
	}
	return records.Invoices.All(app, "id IN (SELECT invoice FROM expense_uses WHERE claim = {:claim} AND state IN ("+in[2:]+"))", params, "id")
}

// keep holds the bytes of an original against the removal of old files.
func (s *Service) keep(ctx context.Context, tx core.App, id records.BlobID, until string) error {
	paper, found, err := records.Blobs.Find(tx, id)
	if err != nil || !found || paper.Hold() {
		return err
	}
	paper.SetHold(true)
	paper.SetHoldReason("会计档案保管至 " + until + " (accounting record)")
	paper.SetHoldAt(s.cfg.Now())
	return gate.SaveChanged(ctx, tx, paper.Raw())
}

// seenBy names the claim that has an invoice already, to whom sees that claim; a
// stranger learns that somebody has it.
func seenBy(tx core.App, row records.Invoice, user records.UserID, refused error) error {
	p, _, is := gate.ProblemOf(refused)
	if !is || p.Code != "invoice.duplicate" {
		return refused
	}
	claim, found, err := records.ExpenseClaims.First(tx, `id IN (SELECT u.claim FROM expense_uses u JOIN invoices i ON i.id = u.invoice
			WHERE i.key = {:key} AND u.state IN ('active', 'paid')) AND owner <> {:user} AND (manager = {:user}
			OR EXISTS (SELECT 1 FROM json_each(IIF(json_valid(reviewers), reviewers, '[]')) r WHERE r.value = {:user}))`,
		dbx.Params{"key": row.Key(), "user": user}, "")
	if err != nil {
		return err
	}
	if !found {
		return refused
	}
	return gate.Refuse("invoice.duplicate_claim", "no", claim.No(), "number", row.Number())
}

// stampOf is a moment as the database compares it.
func stampOf(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }
