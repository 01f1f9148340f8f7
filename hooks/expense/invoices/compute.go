package invoices

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// known is what all sources together tell.
type known struct {
	expense.InvoiceFacts
	from      map[string]string
	conflicts []expense.InvoiceConflict
	told      map[string]expense.InvoiceFacts
	qrOK      bool
	crc       string
	review    bool
}

// facts joins the sources of a row. The QR that the server read counts before
// the one that the phone sent. A red-letter invoice is invoice.red_letter.
func (s *Service) facts(row records.Invoice) (known, error) {
	k := known{crc: expense.CheckNA}
	told := map[string]expense.InvoiceFacts{}
	read, err := row.Readings()
	if err != nil {
		read = nil // written past the server, and others alike are judged with this row
	}
	today := domain.BusinessDay(s.cfg.Now())
	var texts []string
	for _, text := range []string{read[expense.SourceQR][qrText], row.QRRaw()} {
		if text != "" && (len(texts) == 0 || texts[0] != text) {
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		qr, err := expense.ParseInvoiceQR(text, today)
		if p, ok := errors.AsType[domain.Problem](err); ok && p.Code == "invoice.red_letter" {
			return k, p
		}
		if err != nil {
			continue
		}
		if k.qrOK { // the phone's, which is another one than the server read
			if mine := told[expense.SourceQR]; mine.Key() != qr.Facts().Key() {
				k.conflicts = append(k.conflicts, expense.InvoiceConflict{Field: "number", Kept: expense.SourceQR, Other: expense.SourcePhone, A: mine.Number, B: qr.Number})
			}
			continue
		}
		k.qrOK, k.crc, k.review = true, qr.CRC, qr.Review
		told[expense.SourceQR] = qr.Facts()
	}
	mine, _ := typed(row)
	sources := map[string]map[string]string{}
	maps.Copy(sources, read)
	sources[expense.SourcePhone] = mine
	delete(sources, expense.SourceQR)
	for source, fields := range sources {
		facts, err := expense.ReadInvoiceFacts(fields)
		if err != nil {
			return k, err
		}
		told[source] = facts
	}
	var conflicts []expense.InvoiceConflict
	k.InvoiceFacts, k.from, conflicts = expense.MergeInvoice(told)
	k.conflicts, k.told = append(k.conflicts, conflicts...), told
	return k, nil
}

// compute fills everything that follows from what was told, and returns why the
// invoice cannot be used, if so.
func (s *Service) compute(app core.App, row records.Invoice) (blocked, err error) {
	k, err := s.facts(row)
	if err != nil {
		return nil, gate.WrapError(err)
	}
	paper, found, err := records.Blobs.Find(app, row.Blob())
	if err != nil {
		return nil, err
	}
	hash, looks := "", ""
	if found {
		hash, looks = paper.SHA256(), paper.Phash()
	}
	fill(row, k)
	row.SetSHA256(hash)
	row.SetDisputes(expense.InvoiceDisputes(k.told, k.conflicts))
	companies, err := own(app)
	if err != nil {
		return nil, err
	}
	row.SetBuyer(records.InvoiceBuyer(expense.InvoiceBuyer(k.InvoiceFacts, companies)))
	reasons := expense.InvoiceDoubts(k.InvoiceFacts, k.crc, k.review, k.conflicts)
	mine := twin(row)
	mine.PHash = looks
	settings := gate.SettingsNow(app)
	others, err := s.others(app, row, mine)
	if err != nil {
		return nil, err
	}
	twins, blocked, own := expense.InvoiceTwins(mine, others)
	reasons = append(reasons, twins...)
	for i := range reasons {
		if reasons[i].Points, err = settings.Whole("risk." + reasons[i].Code); err != nil {
			return nil, err
		}
	}
	reasons = slices.DeleteFunc(reasons, func(r domain.RiskReason) bool { return r.Points == 0 }) // switched off
	judge(row, reasons, blocked, own)
	return blocked, nil
}

// others finds the active rows that have something in common with one, those
// aside that only repeat another row of their owner.
func (s *Service) others(app core.App, row records.Invoice, mine expense.InvoiceTwin) ([]expense.InvoiceTwin, error) {
	const columns = `SELECT i.id, i.owner, i.state, i.key, i.sha256, i.code, i.number, i.seller_name, i.seller_tax, i.issue_date,
		i.total_fen, i.blob, COALESCE(b.phash, '') AS phash FROM invoices i LEFT JOIN blobs b ON b.id = i.blob
		WHERE i.id <> {:id} AND i.state <> 'released' AND i.duplicate_of = '' AND `
	type found struct {
		ID         string `db:"id"`
		Owner      string `db:"owner"`
		State      string `db:"state"`
		Key        string `db:"key"`
		SHA256     string `db:"sha256"`
		Code       string `db:"code"`
		Number     string `db:"number"`
		SellerName string `db:"seller_name"`
		SellerTax  string `db:"seller_tax"`
		Date       string `db:"issue_date"`
		TotalFen   int64  `db:"total_fen"`
		Blob       string `db:"blob"`
		PHash      string `db:"phash"`
	}
	bind := dbx.Params{
		"id": row.ID(), "key": mine.Key, "sha": mine.SHA256, "tax": row.SellerTax(), "name": row.SellerName(), "owner": mine.Owner, "day": mine.Date,
		"from": domain.AddDays(mine.Date, -runDays), "to": domain.AddDays(mine.Date, runDays), "blob": row.Blob(), "total": mine.TotalFen,
	}
	var wheres []string
	if mine.Key != "" {
		wheres = append(wheres, "i.key = {:key}")
	}
	if mine.SHA256 != "" {
		wheres = append(wheres, "i.sha256 = {:sha}")
	}
	if mine.Seller != "" && mine.Date != "" {
		wheres = append(wheres, `i.seller_tax = {:tax} AND i.seller_name = {:name} AND i.issue_date BETWEEN {:from} AND {:to} AND (i.issue_date = {:day} OR i.owner = {:owner})`)
	}
	if mine.Date != "" {
		wheres = append(wheres, "i.owner = {:owner} AND i.issue_date = {:day} AND ({:key} = '' OR i.key = '')")
	}
	if mine.PHash != "" { // papers of one layout look alike whatever is printed on them: looks alone say nothing
		wheres = append(wheres, `i.blob IN (SELECT other FROM photo_matches WHERE blob = {:blob} UNION ALL SELECT blob FROM photo_matches WHERE other = {:blob})
			AND (i.total_fen > 0 AND i.total_fen = {:total} OR i.issue_date <> '' AND i.issue_date = {:day} AND i.seller_tax = {:tax} AND i.seller_name = {:name})`)
	}
	var out []expense.InvoiceTwin
	for _, where := range wheres {
		var rows []found
		if err := app.DB().NewQuery(columns + where + " ORDER BY i.created, i.id").Bind(bind).All(&rows); err != nil {
			return nil, fmt.Errorf("look for invoices alike: %w", err)
		}
		for _, o := range rows {
			twin := expense.InvoiceTwin{
				ID: o.ID, Owner: o.Owner, State: o.State, Key: o.Key, SHA256: o.SHA256, Code: o.Code, Number: o.Number,
				Seller: sellerOf(o.SellerTax, o.SellerName), Date: o.Date, TotalFen: o.TotalFen, PHash: o.PHash,
			}
			if o.Blob != "" && o.Blob == string(row.Blob()) { // several invoices on one picture
				twin.SHA256, twin.PHash = "", ""
			}
			out = append(out, twin)
		}
	}
	return out, nil
}

// runDays is how far numbers are looked at that follow each other.
const runDays = 90

type refreshKey struct{}

// refreshing reports whether a save comes from refresh, which goes one step only.
func refreshing(ctx context.Context) bool { return ctx != nil && ctx.Value(refreshKey{}) != nil }

// refresh computes those rows anew that have, or had, the key or the file of one
// that changed: who hands in second is told, and who is left is told too.
func (s *Service) refresh(e *kit.Change[records.Invoice], before records.Invoice) error {
	const ids = "SELECT id FROM invoices WHERE "
	alike, err := records.Invoices.All(e.App, `state <> 'released' AND id <> {:id} AND id IN (
		`+ids+`key <> '' AND key IN ({:key}, {:was}) UNION ALL `+ids+`sha256 <> '' AND sha256 = {:sha} UNION ALL `+ids+`duplicate_of <> '' AND duplicate_of = {:id})`,
		dbx.Params{"id": e.Row.ID(), "key": e.Row.Key(), "was": before.Key(), "sha": e.Row.SHA256()}, "")
	if err != nil {
		return err
	}
	return again(contextOf(e.Context), e.App, alike)
}

// again judges rows anew, and nobody else because of them.
func again(ctx context.Context, app core.App, rows []records.Invoice) error {
	ctx = context.WithValue(gate.AsServer(ctx), refreshKey{}, true)
	for _, row := range rows {
		if err := app.SaveNoValidateWithContext(ctx, row.Raw()); err != nil {
			return fmt.Errorf("judge an invoice anew: %w", err)
		}
	}
	return nil
}
