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
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/media/ocr"
	"satchel/media/papers"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time

	// Manual leaves the reading to calls of Service.Work.
	Manual bool

	// Read reads the paper at a path, in another process; without it none is read. A
	// *papers.Refusal is of the file itself, any other error says nothing of it.
	Read func(ctx context.Context, path string, opts papers.Options) (papers.Paper, error)

	// OCR reads pictures without a QR if the setting media.ocr says 1; the program
	// tesseract by default.
	OCR ocr.Reader
}

// Service is the area's state.
type Service struct {
	cfg   Config
	queue queue
}

// Bind registers the area's events.
func Bind(app core.App, cfg Config) *Service {
	if cfg.Read == nil {
		cfg.Read = nobody
	}
	if cfg.OCR == nil {
		cfg.OCR = ocr.Tesseract{}
	}
	s := &Service{cfg: cfg, queue: newQueue()}
	app.OnRecordCreate(collection).Bind(gate.Named("invoiceCreate", gate.Atomic(s.create)))
	app.OnRecordUpdate(collection).Bind(gate.Named("invoiceUpdate", gate.Atomic(s.update)))
	app.OnRecordAfterCreateSuccess(collection).Bind(gate.Named("invoiceMade", s.nudged))
	app.OnRecordAfterUpdateSuccess(collection).Bind(gate.Named("invoiceChanged", s.nudged))
	app.OnRecordCreateExecute(blobsCollection).Bind(gate.Named("paperMade", gate.Atomic(s.paperStored)))
	app.OnRecordUpdateExecute(blobsCollection).Bind(gate.Named("paperStored", gate.Atomic(s.paperStored)))
	s.bindQueue(app)
	return s
}

// Keeps declares that an invoice has no draft: a paper that was handed in stays.
func Keeps() gate.Keeps { return gate.Keeps{collection: {Drafts: []string{}}} }

// Actions are the area's state changes.
func (s *Service) Actions() gate.Actions {
	return gate.Actions{collection + "." + domain.InvoiceRelease: move(domain.InvoiceRelease), collection + "." + domain.InvoiceRestore: move(domain.InvoiceRestore)}
}

func (s *Service) nudged(e *core.RecordEvent) error {
	if row := (invoice{e.Record}); row.paperState() == paperPending {
		s.queue.nudge()
	}
	return e.Next()
}
