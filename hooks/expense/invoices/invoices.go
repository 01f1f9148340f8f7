// Package invoices keeps the folder of invoices: what papers, QRs and people say
// of each, what of it counts, and what is suspicious.
//
// A paper that is stored becomes a row, in the transaction that stores it; the
// row waits to be read as paper_state = pending, so it is read after a crash as
// well. Whatever a phone sends but the QR's text, what was typed, and which
// paper it is, is computed here anew.
package invoices

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/media/documents"
	"satchel/media/ocr"
	"satchel/records"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time

	// Manual leaves the reading to calls of Service.Work.
	Manual bool

	// Read reads the paper at a path, in another process; without it none is read. A
	// *papers.Refusal is of the file itself, any other error says nothing of it.
	Read func(ctx context.Context, path string, opts documents.Options) (documents.Paper, error)

	// OCR reads pictures without a QR if the setting media.ocr says 1; the program
	// tesseract by default.
	OCR ocr.Reader
}

// Service is the area's state.
type Service struct {
	cfg    Config
	papers documents.Options
	queue  queue
}

// New makes the area's state.
func New(cfg Config) *Service {
	if cfg.Read == nil {
		cfg.Read = nobody
	}
	if cfg.OCR == nil {
		cfg.OCR = ocr.Tesseract{}
	}
	return &Service{cfg: cfg, papers: documents.DefaultOptions.Installed(), queue: newQueue()}
}

// Area is what invoices are. An invoice has no draft: a paper that was handed in stays.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "invoices",
		Collections: []kit.Collection{
			{
				Name:     records.InvoiceTable,
				Machine:  &expense.InvoiceMachine,
				Parties:  kit.Parties(records.Invoices, parties),
				Personal: &kit.Personal{Stranger: "invoice.not_owner"},
				Server:   computed,
				Keep:     &gate.Keep{Drafts: []string{}},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.Invoices, "invoiceCreate", s.create),
					kit.On(kit.Update, records.Invoices, "invoiceUpdate", s.update),
					kit.On(kit.AfterCreate, records.Invoices, "invoiceMade", s.nudged),
					kit.On(kit.AfterUpdate, records.Invoices, "invoiceChanged", s.nudged),
				},
				Audit: gate.Audit{Fields: []string{records.InvoiceColState, records.InvoiceColVerifyState, records.InvoiceColFinding, records.InvoiceColRepaidAt}},
			},
			{Name: records.BlobTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Blobs, "paperMade", paperStored),
				kit.On(kit.UpdateExecute, records.Blobs, "paperStored", paperStored),
			}},
			{Name: records.PhotoMatchTable, Rules: []kit.Rule{kit.On(kit.CreateExecute, records.PhotoMatches, "papersAlike", s.alike)}},
			{Name: records.ExpenseClaimTable, Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.ExpenseClaims, "invoicesShown", s.claimShown)}},
			companies(), checks(),
		},
		Actions: []kit.Action{
			kit.Do(records.Invoices, expense.InvoiceRelease, step),
			kit.Do(records.Invoices, expense.InvoiceRestore, step),
			kit.Do(records.Invoices, expense.InvoiceCheck, s.check),
			kit.Do(records.Invoices, expense.InvoiceRepaid, s.repaid),
		},
		Jobs:   []gate.Job{{Name: "invoiceChecks", Schedule: "35 * * * *", Run: s.verifyEach}},
		Routes: []kit.Route{{Method: http.MethodPost, Path: "/api/ka/expense_claims/{id}/verify", Run: s.verifyClaim}},
		Bind:   s.bindQueue,
	}
}

// computed is what only the server's own code writes.
var computed = []string{
	records.InvoiceColKind, records.InvoiceColCode, records.InvoiceColNumber, records.InvoiceColIssueDate, records.InvoiceColCheckCode,
	records.InvoiceColAmountExFen, records.InvoiceColTaxFen, records.InvoiceColTotalFen,
	records.InvoiceColSellerName, records.InvoiceColSellerTax, records.InvoiceColBuyerName, records.InvoiceColBuyerTax, records.InvoiceColGoods,
	records.InvoiceColQROk, records.InvoiceColCrc, records.InvoiceColKey, records.InvoiceColSHA256,
	records.InvoiceColVerifyState, records.InvoiceColVerifySrc,
	records.InvoiceColPaperState, records.InvoiceColPaperCode, records.InvoiceColPaperTries, records.InvoiceColReadings, records.InvoiceColSources,
	records.InvoiceColRisk, records.InvoiceColRiskScore, records.InvoiceColBlocked, records.InvoiceColDuplicateOf,
	records.InvoiceColReviewers, records.InvoiceColUsedFen, records.InvoiceColBuyer, records.InvoiceColDisputes, records.InvoiceColVerifiedAt,
	records.InvoiceColFinding, records.InvoiceColFoundAt, records.InvoiceColRepayFen, records.InvoiceColRepaidAt, records.InvoiceColRepaidNote, records.InvoiceColKeepUntil,
}

// parties is what who acts is to an invoice.
func parties(ctx context.Context, _ core.App, row records.Invoice) (out []domain.Party, _ error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	if records.UserID(author.Id) == row.Owner() {
		out = append(out, domain.PartyOwner)
	}
	if string(records.Users.Of(author).Role()) == people.RoleFinance {
		out = append(out, domain.PartyOffice)
	}
	return out, nil
}

// step is all that the owner's steps do; the rest follows from the save.
func step(context.Context, core.App, records.Invoice, kit.None) error { return nil }

func (s *Service) nudged(e *kit.Change[records.Invoice]) error {
	if e.Row.PaperState() == expense.PaperPending {
		s.queue.Nudge()
	}
	return e.Next()
}
