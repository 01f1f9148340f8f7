package claims

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// whole is a claim with its parts.
type whole struct {
	claim      records.ExpenseClaim
	lines      []records.ExpenseLine // by seq
	shares     map[records.ExpenseLineID][]records.ExpenseShare
	uses       map[records.ExpenseLineID][]records.ExpenseUse
	categories map[records.ExpenseCategoryID]records.ExpenseCategory
	invoices   []records.Invoice // that it names, once their facts are read
}

func read(app core.App, claim records.ExpenseClaim) (*whole, error) {
	of := dbx.Params{"c": claim.ID()}
	w := &whole{
		claim: claim, shares: map[records.ExpenseLineID][]records.ExpenseShare{}, uses: map[records.ExpenseLineID][]records.ExpenseUse{},
		categories: map[records.ExpenseCategoryID]records.ExpenseCategory{},
	}
	var err error
	if w.lines, err = records.ExpenseLines.All(app, "claim = {:c}", of, "seq, id"); err != nil {
		return nil, err
	}
	shares, err := records.ExpenseShares.All(app, "claim = {:c}", of, "seq, id")
	if err != nil {
		return nil, err
	}
	for _, share := range shares {
		w.shares[share.Line()] = append(w.shares[share.Line()], share)
	}
	uses, err := records.ExpenseUses.All(app, "claim = {:c}", of, "id")
	if err != nil {
		return nil, err
	}
	for _, use := range uses {
		w.uses[use.Line()] = append(w.uses[use.Line()], use)
	}
	categories, err := records.ExpenseCategories.All(app, "id IN (SELECT category FROM expense_lines WHERE claim = {:c})", of, "")
	if err != nil {
		return nil, err
	}
	for _, category := range categories {
		w.categories[category.ID()] = category
	}
	return w, nil
}

// name is what people know a line by: its place, its category and its day.
func (w *whole) name(id string) string {
	for i, line := range w.lines {
		if string(line.ID()) == id {
			return strconv.Itoa(cmp.Or(line.Seq(), i+1)) + " " + w.categories[line.Category()].NameZh() + " " + line.Day()
		}
	}
	return ""
}

// money is a claim as far as its money goes.
func (w *whole) money() []expense.ClaimLine {
	out := make([]expense.ClaimLine, len(w.lines))
	for i, line := range w.lines {
		l := expense.ClaimLine{ID: string(line.ID()), Name: w.name(string(line.ID())), Last: max(line.Day(), line.ToDay()), Fen: line.AmountFen(), Approved: line.ApprovedFen()}
		for _, share := range w.shares[line.ID()] {
			l.Shares = append(l.Shares, expense.ClaimShare{ID: string(share.ID()), Weight: share.Weight(), Fen: share.Fen()})
		}
		for _, use := range w.uses[line.ID()] {
			l.Uses = append(l.Uses, expense.Use{ID: string(use.ID()), Line: string(line.ID()), Invoice: string(use.Invoice()), Fen: use.AmountFen()})
		}
		out[i] = l
	}
	return out
}

// place splits lines over their shares, of what is asked for and of what is approved.
func (w *whole) place(planted syncer.Planted) error {
	for i, l := range w.money() {
		fen, err := expense.PlaceShares(l)
		if err != nil {
			return err
		}
		approved := expense.ApprovedShares(w.lines[i].ApprovedFen(), fen)
		if planted == syncer.PlantShareRounded {
			for at, part := range fen {
				approved[at] = (2*w.lines[i].ApprovedFen()*part + l.Fen) / (2 * l.Fen)
			}
		}
		for at, share := range w.shares[w.lines[i].ID()] {
			share.SetFen(fen[at])
			share.SetApprovedFen(approved[at])
		}
	}
	return nil
}

// saveMoney writes what is judged, placed and approved of the parts.
func (w *whole) saveMoney(ctx context.Context, tx core.App) error {
	var lines, shares, parts []*core.Record
	for _, line := range w.lines {
		lines = append(lines, line.Raw())
		for _, share := range w.shares[line.ID()] {
			shares = append(shares, share.Raw())
		}
		for _, use := range w.uses[line.ID()] {
			parts = append(parts, use.Raw())
		}
	}
	for _, rows := range [][]*core.Record{parts, lines, shares} {
		if err := gate.SaveMany(ctx, tx, rows); err != nil {
			return err
		}
	}
	return nil
}

// markUses puts the uses of a claim into another state.
func markUses(tx core.App, claim records.ExpenseClaim, state string) error {
	_, err := tx.DB().NewQuery("UPDATE expense_uses SET state = {:s}, updated = {:now} WHERE claim = {:c} AND state <> {:s}").
		Bind(dbx.Params{"s": state, "c": claim.ID(), "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("mark the invoices of a claim: %w", err)
	}
	return nil
}

// all are the invoices that a claim uses.
func (w *whole) all() (out []expense.Use) {
	for _, l := range w.money() {
		out = append(out, l.Uses...)
	}
	return out
}

// approvedFen is what lines come to by now.
func (w *whole) approvedFen() (sum int) {
	for _, line := range w.lines {
		sum += line.ApprovedFen()
	}
	return sum
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

func docOf(claim records.ExpenseClaim) expense.BudgetDoc {
	return expense.BudgetDoc{Collection: records.ExpenseClaimTable, ID: string(claim.ID())}
}

// today is the company's day.
func (s *Service) today() string { return domain.BusinessDay(s.Now()) }
