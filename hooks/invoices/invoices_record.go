package invoices

import (
	"database/sql"
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"math"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const (
	collection      = "invoices"
	blobsCollection = "blobs"

	fieldState = "state"
	fieldOwner = "owner"

	paperPending = domain.PaperPending

	// qrText is the one field of the reading of the QR.
	qrText = "text"
)

// computed is what only the server's own code writes.
var computed = []string{
	"kind", "code", "number", "issue_date", "check_code", "amount_ex_fen", "tax_fen", "total_fen",
	"seller_name", "seller_tax", "buyer_name", "buyer_tax", "qr_ok", "crc", "key", "sha256", "verify_state", "verify_src",
	"paper_state", "paper_code", "paper_tries", "readings", "sources", "risk", "risk_score", "blocked", "duplicate_of",
}

// invoice is a row of invoices.
type invoice struct{ *core.Record }

func (r invoice) state() string      { return r.GetString(fieldState) }
func (r invoice) owner() string      { return r.GetString(fieldOwner) }
func (r invoice) blob() string       { return r.GetString("blob") }
func (r invoice) qrRaw() string      { return r.GetString("qr_raw") }
func (r invoice) key() string        { return r.GetString("key") }
func (r invoice) number() string     { return r.GetString("number") }
func (r invoice) sha256() string     { return r.GetString("sha256") }
func (r invoice) sellerTax() string  { return r.GetString("seller_tax") }
func (r invoice) sellerName() string { return r.GetString("seller_name") }
func (r invoice) paperState() string { return r.GetString("paper_state") }
func (r invoice) tries() int         { return r.GetInt("paper_tries") }

func (r invoice) setState(state string) { r.Set(fieldState, state) }
func (r invoice) setOwner(id string)    { r.Set(fieldOwner, id) }
func (r invoice) setQR(text string)     { r.Set("qr_raw", text) }
func (r invoice) setSHA256(hash string) { r.Set("sha256", hash) }
func (r invoice) setPaper(state, code string) {
	r.Set("paper_state", state)
	r.Set("paper_code", code)
}

// told tells whether the row says anything of an invoice.
func (r invoice) told() bool {
	typed, ok := r.typed()
	return r.blob() != "" || r.qrRaw() != "" || len(typed) > 0 || !ok
}

// typed reads what the owner typed, by the fields' names: texts, and whole fen
// for amounts. It fails on anything else.
func (r invoice) typed() (fields map[string]string, ok bool) {
	var raw map[string]any
	text := r.GetString("typed")
	if text == "" || text == "null" {
		return map[string]string{}, true
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return map[string]string{}, false
	}
	fields = map[string]string{}
	for _, name := range domain.InvoiceFieldNames {
		value, given := raw[name]
		delete(raw, name)
		switch value := value.(type) {
		case nil:
		case string:
			if isFen(name) {
				return map[string]string{}, false
			}
			fields[name] = value
		case float64:
			if !isFen(name) || value != math.Trunc(value) || math.Abs(value) > 1e14 {
				return map[string]string{}, false
			}
			fields[name] = domain.Yuan(int64(value))
		default:
			if given {
				return map[string]string{}, false
			}
		}
	}
	return fields, len(raw) == 0
}

func isFen(name string) bool {
	return name == "amount_ex_fen" || name == "tax_fen" || name == "total_fen"
}

// readings are what the server read, by source.
func (r invoice) readings() map[string]map[string]string {
	out := map[string]map[string]string{}
	if text := r.GetString("readings"); text != "" {
		_ = json.Unmarshal([]byte(text), &out) // the server's own
	}
	if out == nil {
		out = map[string]map[string]string{}
	}
	return out
}

func (r invoice) setReadings(readings map[string]map[string]string) { r.Set("readings", readings) }

// fill writes what the sources tell together.
func (r invoice) fill(k known) {
	f := k.InvoiceFacts
	for name, value := range map[string]any{
		"kind": f.Kind, "code": f.Code, "number": f.Number, "issue_date": f.Date, "check_code": f.CheckCode,
		"amount_ex_fen": f.ExFen, "tax_fen": f.TaxFen, "total_fen": f.TotalFen,
		"seller_name": f.SellerName, "seller_tax": f.SellerTax, "buyer_name": f.BuyerName, "buyer_tax": f.BuyerTax,
		"qr_ok": k.qrOK, "crc": k.crc, "key": domain.InvoiceKey(f.Code, f.Number), "sources": maps.Clone(k.from),
	} {
		r.Set(name, value)
	}
	if r.GetString("verify_state") == "" {
		r.Set("verify_state", "unverified")
	}
}

// judge writes what is suspicious. own is the row that this one repeats.
func (r invoice) judge(reasons []domain.RiskReason, blocked error, own string) {
	if reasons == nil {
		reasons = []domain.RiskReason{}
	}
	r.Set("risk", reasons)
	r.Set("risk_score", domain.RiskScore(reasons))
	code := ""
	if p, ok := errors.AsType[domain.Problem](blocked); ok {
		code = p.Code
	}
	r.Set("blocked", code)
	r.Set("duplicate_of", own)
}

// belong takes the department from the owner.
func (r invoice) belong(app core.App) error {
	owner, err := app.FindRecordById("users", r.owner())
	if errors.Is(err, sql.ErrNoRows) {
		return nil // a required field says so better
	}
	if err != nil {
		return fmt.Errorf("failed to find the owner of an invoice: %w", err)
	}
	r.Set("dept", owner.GetString("department"))
	return nil
}

func (r invoice) twin() domain.InvoiceTwin {
	return domain.InvoiceTwin{
		ID: r.Id, Owner: r.owner(), State: r.state(), Key: r.key(), SHA256: r.sha256(), Code: r.GetString("code"), Number: r.number(),
		Seller: sellerOf(r.sellerTax(), r.sellerName()), Date: r.GetString("issue_date"), TotalFen: int64(r.GetInt("total_fen")),
	}
}

func sellerOf(tax, name string) string {
	if tax != "" {
		return tax
	}
	return name
}

// blob is a row of blobs, or none.
type blob struct{ *core.Record }

// paper finds the row's blob; none if it has no paper.
func (r invoice) paper(app core.App) (blob, error) {
	if r.blob() == "" {
		return blob{}, nil
	}
	record, err := app.FindRecordById(blobsCollection, r.blob())
	if errors.Is(err, sql.ErrNoRows) {
		return blob{}, nil
	}
	return blob{record}, err
}

func (b blob) text(field string) string {
	if b.Record == nil {
		return ""
	}
	return b.GetString(field)
}

func (b blob) owner() string    { return b.text(fieldOwner) }
func (b blob) sha256() string   { return b.text("sha256") }
func (b blob) phash() string    { return b.text("phash") }
func (b blob) original() string { return b.text("original") }
func (b blob) stored() bool {
	return b.text(fieldState) == domain.BlobStored || b.text(fieldState) == domain.BlobDurable
}

func (b blob) isPaper() bool {
	return b.text("purpose") == domain.BlobInvoice || b.text("purpose") == domain.BlobReceipt
}
