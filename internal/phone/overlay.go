package phone

import (
	"database/sql"
	"encoding/json/v2"
	"errors"
	"slices"
	"strings"

	"satchel/syncer"
)

// shows is what the phone shows of an action before the server has spoken.
var shows = map[string]string{
	"visits.check_in": "in_progress", "visits.check_out": "checked_out", "visits.report": "reported", "visits.cancel": "cancelled",
	"visits.plan": "planned", "visits.answer": "reported", "visits.accept": "accepted", "visits.question": "questioned", "visits.confirm_void": "void_fraud",
	"visits.reopen":      "checked_out",
	"visit_plans.submit": "submitted", "visit_plans.withdraw": "draft", "monthly_plans.submit": "submitted", "monthly_plans.withdraw": "draft",
	"approvals.approve": "approved", "approvals.reject": "rejected", "approvals.return": "returned", "plan_items.drop": "dropped",
	"account_positions.confirm": "confirmed", "account_positions.refuse": "refused", "visit_audits.finish": "done", "visit_audits.cancel": "cancelled",
	"support_requests.accept": "accepted", "support_requests.answer": "answered", "support_requests.refuse": "refused",
	"support_requests.reopen": "open", "support_requests.close": "closed", "support_requests.withdraw": "withdrawn",
	"product_requests.review": "reviewing", "product_requests.promise": "planned", "product_requests.finish": "done", "product_requests.decline": "declined",
	"trainings.publish": "published", "trainings.hold": "held", "trainings.close": "closed", "trainings.cancel": "cancelled", "training_records.submit": "submitted",
	"work_sessions.end": "closed", "work_reports.submit": "submitted",
	"sync_issues.resubmit": "resubmitted", "sync_issues.discard": "discarded", "sync_issues.acknowledge": "acknowledged", "sync_issues.choose": "chosen",
	"orders.submit": "submitted", "orders.withdraw": "draft", "orders.confirm": "confirmed", "orders.release": "processing",
	"expense_claims.submit": "submitted", "expense_claims.withdraw": "draft", "expense_claims.cancel": "cancelled",
	"preapprovals.submit": "submitted", "preapprovals.withdraw": "draft", "preapprovals.close": "closed",
	"orders.close_short": "delivered", "orders.accept": "accepted", "orders.cancel": "cancelled",
}

// Get returns a record as the phone shows it: the row of the last pull with the
// outbox laid over it. ErrNoRow if there is none.
func (p *Phone) Get(collection, id string) (Row, error) {
	var body string
	err := p.store.db.QueryRow("SELECT body FROM base WHERE c = ? AND id = ?", collection, id).Scan(&body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	var row Row
	if err == nil {
		if err := json.Unmarshal([]byte(body), &row); err != nil {
			return nil, err
		}
	}
	own, err := p.mutations("SELECT body FROM outbox WHERE c = ? AND r = ? AND state <> 'kept' ORDER BY n", collection, id)
	if err != nil {
		return nil, err
	}
	for _, m := range append(own, p.members...) {
		if m.C != collection || m.R != id {
			continue
		}
		if row, err = lay(row, m); err != nil {
			return nil, err
		}
	}
	if row == nil {
		return nil, ErrNoRow
	}
	return row, nil
}

// Base returns the rows of the last pull, without the outbox, by id: raw JSON.
func (p *Phone) Base(collection string) (map[string]string, error) {
	rows, err := p.store.db.Query("SELECT id, body FROM base WHERE c = ?", collection)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	out := map[string]string{}
	for rows.Next() {
		var id, body string
		if err := rows.Scan(&id, &body); err != nil {
			return nil, err
		}
		out[id] = body
	}
	return out, rows.Err()
}

// List returns a collection as the phone shows it, in the order of the ids.
func (p *Phone) List(collection string) ([]Row, error) {
	base, err := p.Base(collection)
	if err != nil {
		return nil, err
	}
	shown := make(map[string]Row, len(base))
	for id, body := range base {
		var row Row
		if err := json.Unmarshal([]byte(body), &row); err != nil {
			return nil, err
		}
		shown[id] = row
	}
	own, err := p.mutations("SELECT body FROM outbox WHERE c = ? AND state <> 'kept' ORDER BY n", collection)
	if err != nil {
		return nil, err
	}
	for _, m := range append(own, p.members...) {
		if m.C != collection {
			continue
		}
		if shown[m.R], err = lay(shown[m.R], m); err != nil {
			return nil, err
		}
	}
	out := make([]Row, 0, len(shown))
	for _, row := range shown {
		if row != nil {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.Text("id"), b.Text("id")) })
	return out, nil
}

// Find returns the first record, by id, whose fields have these values.
func (p *Phone) Find(collection string, want Row) (Row, error) {
	rows, err := p.List(collection)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		ok := true
		for f, v := range want {
			ok = ok && row[f] == v
		}
		if ok {
			return row, nil
		}
	}
	return nil, ErrNoRow
}

// lay applies one mutation to a shown row; nil is no row.
func lay(row Row, m syncer.Mutation) (Row, error) {
	switch m.Op {
	case syncer.OpCreate:
		row = Row{"id": m.R}
	case syncer.OpDelete:
		return nil, nil
	}
	if row == nil {
		return nil, nil // the row left the phone; the edit waits for its verdict
	}
	for f, raw := range m.Set {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		row[f] = v
	}
	for f, by := range m.Inc {
		row[f] = row.Number(f) + float64(by)
	}
	if state, ok := shows[m.C+"."+m.Action]; ok && m.Op == syncer.OpAction {
		row["state"] = state
	}
	return row, nil
}

func (p *Phone) mutations(query string, args ...any) ([]syncer.Mutation, error) {
	rows, err := p.store.db.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	var out []syncer.Mutation
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var m syncer.Mutation
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// Text returns a field as text, empty if it is none.
func (r Row) Text(field string) string { s, _ := r[field].(string); return s }

// Number returns a field as a number, 0 if it is none.
func (r Row) Number(field string) float64 {
	switch n := r[field].(type) {
	case float64:
		return n
	case int:
		return float64(n)
	}
	return 0
}
