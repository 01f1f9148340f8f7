package rules

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/records"
)

// A line reaches into a claim if it ends, by its days or nights, in the last days before it;
// none is looked for that began longest ago.
const reach, longest = 62, 400

// others adds lines of the owner's other claims about the same days.
func (l *loader) others() error {
	var rows []struct {
		ID          string                    `db:"id"`
		Category    records.ExpenseCategoryID `db:"category"`
		Day         string                    `db:"day"`
		ToDay       string                    `db:"to_day"`
		City        string                    `db:"city"`
		Fen         int                       `db:"fen"`
		Account     string                    `db:"account"`
		Contact     string                    `db:"contact"`
		Preapproval string                    `db:"preapproval"`
		Nights      int                       `db:"nights"`
		DistanceM   int                       `db:"distance_m"`
	}
	err := l.app.DB().NewQuery(`SELECT l.id, l.category, l.day, l.to_day, l.city, CASE WHEN c.state = 'submitted' THEN l.amount_fen ELSE l.approved_fen END AS fen,
			l.account, l.contact, l.preapproval, l.nights, l.distance_m
		FROM expense_lines l JOIN expense_claims c ON c.id = l.claim
		WHERE l.owner = {:o} AND l.day >= {:back} AND l.day <= {:to} AND MAX(l.day, l.to_day) >= {:from} AND c.id <> {:claim} AND c.state IN ` + given + ` ORDER BY l.day, l.id`).
		Bind(dbx.Params{"o": l.claim.Owner, "back": domain.AddDays(l.first, -longest), "from": domain.AddDays(l.first, -reach), "to": l.last, "claim": l.claim.ID}).All(&rows)
	if err != nil {
		return fmt.Errorf("read lines of other claims: %w", err)
	}
	for _, r := range rows {
		other := expense.LineFacts{
			ID: r.ID, Day: r.Day, ToDay: r.ToDay, City: r.City, Fen: r.Fen, Account: r.Account, Contact: r.Contact, Nights: r.Nights, DistanceM: r.DistanceM,
		}
		other.Category, other.Above = l.tree.of(r.Category)
		if r.Preapproval != "" {
			other.Preapproval = &expense.PreapprovalFacts{ID: r.Preapproval}
		}
		l.claim.Others = append(l.claim.Others, other)
	}
	return nil
}

// alike adds other lines without an invoice of the same category, day and amount: one of
// the owner's, and one of others' for each merchant.
func (l *loader) alike() error {
	type asked struct {
		At       int                       `json:"at"`
		ID       string                    `json:"id"`
		Category records.ExpenseCategoryID `json:"category"`
		Day      string                    `json:"day"`
		Fen      int                       `json:"fen"`
	}
	var lines []asked
	for i, line := range l.claim.Lines {
		if len(line.Invoices) == 0 {
			lines = append(lines, asked{i, line.ID, l.ids[i], line.Day, line.Fen})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("name lines without an invoice: %w", err)
	}
	var rows []struct {
		At       int    `db:"at"`
		Claim    string `db:"claim"`
		Own      bool   `db:"own"`
		Merchant string `db:"merchant"`
	}
	err = l.app.DB().NewQuery(`SELECT q.value ->> 'at' AS at, MIN(l.claim) AS claim, l.owner = {:o} AS own, IIF(l.owner = {:o}, '', l.merchant) AS merchant FROM json_each({:lines}) q
			CROSS JOIN expense_lines l ON l.category = q.value ->> 'category' AND l.day = q.value ->> 'day' AND l.amount_fen = q.value ->> 'fen'
			CROSS JOIN expense_claims c ON c.id = l.claim
		WHERE l.id <> q.value ->> 'id' AND (c.id = {:claim} OR c.state IN ` + given + `)
			AND NOT EXISTS (SELECT 1 FROM expense_uses u WHERE u.line = l.id) GROUP BY 1, 3, 4 ORDER BY 1, 3 DESC, 4`).
		Bind(dbx.Params{"lines": string(text), "claim": l.claim.ID, "o": l.claim.Owner}).All(&rows)
	if err != nil {
		return fmt.Errorf("look for lines alike: %w", err)
	}
	for _, r := range rows {
		line := &l.claim.Lines[r.At]
		line.Alike = append(line.Alike, expense.AlikeLine{Claim: r.Claim, Own: r.Own, Merchant: r.Merchant})
	}
	return nil
}

// sellers adds what the owner's other claims have of each line's sellers on its day.
func (l *loader) sellers() error {
	var rows []struct {
		Line     string `db:"line"`
		Day      string `db:"day"`
		Fen      int    `db:"fen"`
		Merchant string `db:"merchant"`
		Seller   string `db:"seller"`
	}
	err := l.app.DB().NewQuery(`SELECT l.id AS line, l.day, l.amount_fen AS fen, l.merchant, COALESCE(i.seller_name, '') AS seller
		FROM expense_lines l JOIN expense_claims c ON c.id = l.claim LEFT JOIN expense_uses u ON u.line = l.id LEFT JOIN invoices i ON i.id = u.invoice
		WHERE l.owner = {:o} AND l.day >= {:from} AND l.day <= {:to} AND c.id <> {:claim} AND c.state IN ` + given).
		Bind(dbx.Params{"o": l.claim.Owner, "from": l.first, "to": l.last, "claim": l.claim.ID}).All(&rows)
	if err != nil {
		return fmt.Errorf("add up bills of sellers: %w", err)
	}
	others := map[string]expense.LineFacts{}
	for _, r := range rows {
		other := others[r.Line]
		other.Day, other.Fen, other.Merchant = r.Day, r.Fen, r.Merchant
		if r.Seller != "" {
			other.Invoices = append(other.Invoices, expense.LineInvoice{InvoiceFacts: expense.InvoiceFacts{SellerName: r.Seller}})
		}
		others[r.Line] = other
	}
	type bought struct{ day, seller string }
	of := map[bought][]string{} // others' lines
	for id, other := range others {
		for _, seller := range other.Sellers() {
			of[bought{other.Day, seller}] = append(of[bought{other.Day, seller}], id)
		}
	}
	for i := range l.claim.Lines {
		line, counted := &l.claim.Lines[i], map[string]bool{}
		for _, seller := range line.Sellers() {
			for _, id := range of[bought{line.Day, seller}] {
				if !counted[id] {
					counted[id] = true
					line.SellerFen += others[id].Fen
				}
			}
		}
	}
	return nil
}

// withoutInvoice adds up what the owner's other claims have without an invoice, by month.
func (l *loader) withoutInvoice() error {
	var rows []struct {
		Month string `db:"month"`
		Fen   int    `db:"fen"`
	}
	err := l.app.DB().NewQuery(`SELECT SUBSTR(l.day, 1, 7) AS month, SUM(l.amount_fen) AS fen FROM expense_lines l JOIN expense_claims c ON c.id = l.claim
		WHERE l.owner = {:o} AND l.day >= {:from} AND l.day <= {:to} AND c.id <> {:claim} AND c.state IN ` + given + `
			AND COALESCE(json_extract(NULLIF(l.computed, ''), '$.no_invoice'), 0) = 0
			AND NOT EXISTS (SELECT 1 FROM expense_uses u WHERE u.line = l.id) GROUP BY 1`).
		Bind(dbx.Params{"o": l.claim.Owner, "from": domain.Month(l.first) + "-01", "to": domain.Month(l.last) + "-31", "claim": l.claim.ID}).All(&rows)
	if err != nil {
		return fmt.Errorf("add up what has no invoice: %w", err)
	}
	l.claim.NoInvoiceFen = map[string]int{}
	for _, r := range rows {
		l.claim.NoInvoiceFen[r.Month] = r.Fen
	}
	return nil
}
