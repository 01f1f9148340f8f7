package invoices

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// moves are what claims write of an invoice that they use.
var moves = []string{records.InvoiceColState, records.InvoiceColUsedFen, records.InvoiceColReviewers, records.InvoiceColKeepUntil}

// stands reports whether what is known of an invoice stands while a claim moves it from a
// state. What keeps one from being used is written in it: whoever takes its key or its file
// has it judged anew.
func stands(row records.Invoice, from string) bool {
	return row.Blocked() == "" && row.State() != expense.InvoiceReleased && from != expense.InvoiceReleased
}

// moved reports whether a claim alone moves an invoice of which nothing new is told.
func moved(e *kit.Change[records.Invoice]) bool {
	if e.Row.IsNew() || !gate.ByServer(e.RecordEvent) || refreshing(e.Context) || !stands(e.Row, string(e.Before().State())) {
		return false
	}
	changed := gate.Changed(e.Record)
	return len(changed) > 0 && !slices.ContainsFunc(changed, func(field string) bool { return !slices.Contains(moves, field) })
}

// mover gives the invoices of a claim the state, the sum and the readers that their uses
// give them: those that stand all at once by done, each other by a save of its own.
type mover struct {
	*Service
	ctx        context.Context
	tx         core.App
	back, rows []records.Invoice
	then       []func() // what becomes of rows once those that go back are on their way
	turned     []records.InvoiceID
}

func (m *mover) follow(row records.Invoice, of sums, seen []records.UserID) error {
	from := string(row.State())
	to := expense.InvoiceStateOf(of.Active, of.Paid, row.Finding() != "", from)
	become := func() {
		row.SetState(records.InvoiceState(to))
		row.SetUsedFen(of.Fen)
		row.SetReviewers(sortedOnce(seen))
	}
	back := from == expense.InvoiceReimbursed && to == expense.InvoiceFolder // reversed: by way of what it was before
	if back {
		row.SetState(expense.InvoiceUsed)
	}
	if !stands(row, from) || to == expense.InvoiceReleased {
		return m.alone(row, become, back)
	}
	if err := enters(row, from, to, back); err != nil {
		return err
	}
	if back {
		m.back = append(m.back, row)
	}
	if from != to {
		m.turned = append(m.turned, row.ID())
	}
	m.rows, m.then = append(m.rows, row), append(m.then, become)
	return nil
}

// enters refuses what the rules of invoices refuse of such a move.
func enters(row records.Invoice, from, to string, back bool) error {
	if from != to && !back && !expense.InvoiceMachine.Joins(from, to) {
		return gate.Refuse("invoice.state", "from", from, "to", to)
	}
	if expense.InvoiceTakes(to) && !expense.InvoiceTakes(from) && row.Key() == "" && row.SHA256() == "" {
		return gate.Refuse("invoice.empty")
	}
	return nil
}

func (m *mover) alone(row records.Invoice, become func(), back bool) error {
	if back {
		if err := gate.SaveChanged(m.ctx, m.tx, row.Raw()); err != nil {
			return err
		}
		if err := row.Refresh(m.tx); err != nil {
			return err
		}
	}
	become()
	if err := gate.SaveChanged(m.ctx, m.tx, row.Raw()); err != nil {
		return err
	}
	return showPapers(m.ctx, m.tx, papersOf(row))
}

func (m *mover) done() error {
	if err := saveMany(m.ctx, m.tx, m.back); err != nil {
		return err
	}
	for _, become := range m.then {
		become()
	}
	if err := saveMany(m.ctx, m.tx, m.rows); err != nil {
		return err
	}
	if err := refreshAlike(m.ctx, m.tx, m.turned); err != nil {
		return err
	}
	return showPapers(m.ctx, m.tx, papersOf(m.rows...))
}

func saveMany(ctx context.Context, tx core.App, rows []records.Invoice) error {
	raw := make([]*core.Record, len(rows))
	for i, row := range rows {
		raw[i] = row.Raw()
	}
	return gate.SaveMany(ctx, tx, raw)
}

// refreshAlike is refresh for invoices of which the state alone has changed.
func refreshAlike(ctx context.Context, tx core.App, turned []records.InvoiceID) error {
	if len(turned) == 0 {
		return nil
	}
	ids, err := json.Marshal(turned)
	if err != nil {
		return fmt.Errorf("name invoices: %w", err)
	}
	alike, err := records.Invoices.All(tx, `state <> 'released' AND id IN (
		WITH m AS (SELECT i.id, i.key, i.sha256 FROM json_each({:ids}) t CROSS JOIN invoices i ON i.id = t.value)
		SELECT a.id FROM m CROSS JOIN invoices a ON a.key = m.key WHERE m.key <> '' AND a.id <> m.id
		UNION ALL SELECT a.id FROM m CROSS JOIN invoices a ON a.sha256 = m.sha256 WHERE m.sha256 <> '' AND a.id <> m.id
		UNION ALL SELECT a.id FROM m CROSS JOIN invoices a ON a.duplicate_of = m.id WHERE a.duplicate_of <> '')`,
		dbx.Params{"ids": string(ids)}, "")
	if err != nil {
		return err
	}
	return again(contextOf(ctx), tx, alike)
}
