package audits

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) samples() kit.Collection {
	return kit.Collection{
		Name: records.AuditSampleTable,
		Server: []string{
			records.AuditSampleColOwner, records.AuditSampleColSeed, records.AuditSampleColPopulation, records.AuditSampleColPicks, records.AuditSampleColContentHash,
		},
		Once:  []string{records.AuditSampleColMonth, records.AuditSampleColSize},
		Audit: gate.Audit{Fields: []string{records.AuditSampleColMonth, records.AuditSampleColSeed, records.AuditSampleColPicks}, Create: true},
		Keep:  &gate.Keep{Log: true},
		Rules: []kit.Rule{kit.On(kit.Create, records.AuditSamples, "auditSampleCreate", s.drawn)},
	}
}

// drawn draws a sample of the claims that were paid in a month that is over, less those
// that were drawn of it before: who draws again adds to a sample and replaces none.
// Nobody chooses the seed or knows it before. Without a size the settings say how many.
func (s service) drawn(e *kit.Change[records.AuditSample]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	month := e.Row.Month()
	if month >= domain.Month(domain.BusinessDay(s.Now())) {
		return gate.RefuseField(records.AuditSampleColMonth, "sample.month_open")
	}
	if user := gate.From(e.RecordEvent).Author(); user != nil {
		e.Row.SetOwner(records.UserID(user.Id))
	}
	claims, err := paidIn(e.App, month)
	if err != nil {
		return err
	}
	before, err := records.AuditSamples.All(e.App, "month = {:m}", dbx.Params{"m": month}, "id")
	if err != nil {
		return err
	}
	for _, sample := range before {
		picks, err := sample.Picks()
		if err != nil {
			return err
		}
		claims = slices.DeleteFunc(claims, func(c expense.AuditClaim) bool {
			return slices.ContainsFunc(picks, func(p expense.AuditPick) bool { return p.Claim == c.ID })
		})
	}
	if len(claims) == 0 {
		return gate.RefuseField(records.AuditSampleColMonth, "sample.nothing_paid")
	}
	e.Row.SetSeed(gate.Thrown())
	if e.Row.Size() < 1 {
		size, err := sizeOf(e.App, len(claims))
		if err != nil {
			return err
		}
		e.Row.SetSize(size)
	}
	e.Row.SetPopulation(len(claims))
	e.Row.SetPicks(expense.DrawAudit(claims, e.Row.Seed(), e.Row.Size()))
	e.Row.SetContentHash(expense.AuditHash(claims))
	return e.Next()
}

func sizeOf(app core.App, population int) (int, error) {
	share, err := gate.SettingsNow(app).AuditShareBp()
	if err != nil {
		return 0, err
	}
	least, err := gate.SettingsNow(app).AuditLeast()
	if err != nil {
		return 0, err
	}
	return expense.AuditSize(population, share, least), nil
}

// paidIn reads the claims that were paid in a month, as far as their risk is judged.
func paidIn(app core.App, month string) ([]expense.AuditClaim, error) {
	var rows []struct {
		ID        string `db:"id"`
		Fen       int    `db:"paid_fen"`
		Special   bool   `db:"special"`
		Warnings  int    `db:"warnings"`
		Reviews   int    `db:"reviews"`
		NoInvoice int    `db:"no_invoice"`
		CutFen    int    `db:"cut_fen"`
		Found     int    `db:"found"`
	}
	err := app.DB().NewQuery(`SELECT c.id, c.total_fen AS paid_fen, c.special, c.warnings, c.reviews, MAX(c.total_fen - c.approved_fen, 0) AS cut_fen,
			(SELECT COUNT(*) FROM expense_lines l WHERE l.claim = c.id AND l.no_invoice_reason <> '') AS no_invoice,
			(SELECT COUNT(*) FROM audit_findings f WHERE f.person = c.owner AND f.state = 'confirmed' AND f.decided_at < {:from}) AS found
		FROM expense_claims c WHERE c.paid_at >= {:from} AND c.paid_at < {:to} AND c.state IN ('paid', 'archived') ORDER BY c.id`).
		Bind(dbx.Params{"from": stampOf(month), "to": stampOf(domain.Month(domain.AddDays(month+"-01", 31)))}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read what was paid in %s: %w", month, err)
	}
	out := make([]expense.AuditClaim, len(rows))
	for i, r := range rows {
		out[i] = expense.AuditClaim{ID: r.ID, Fen: r.Fen, Special: r.Special, Warnings: r.Warnings, Reviews: r.Reviews, NoInvoice: r.NoInvoice, CutFen: r.CutFen, Found: r.Found}
	}
	return out, nil
}

// stampOf is the moment at which a month begins, as rows store it.
func stampOf(month string) string {
	return domain.AddDays(month+"-01", -1) + " 16:00:00.000Z"
}
