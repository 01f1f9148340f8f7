package invoices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/media/documents"
	"satchel/records"
)

// nobody is Config.Read of a server that cannot: papers wait.
func nobody(context.Context, string, documents.Options) (documents.Paper, error) {
	return documents.Paper{}, errors.New("this server has no process that reads papers")
}

// read reads the paper of one row, outside of any transaction, and concludes.
func (s *Service) read(ctx context.Context, app core.App, id records.InvoiceID) error {
	row, found, err := records.Invoices.Find(app, id)
	if err != nil || !found {
		return err
	}
	if row.PaperTries() > maxTries {
		return s.conclude(ctx, app, id, unreadable("paper.failed"))
	}
	path, err := s.fetch(ctx, app, row)
	if errors.Is(err, errNoPaper) {
		return s.conclude(ctx, app, id, unreadable("paper.failed"))
	}
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }() // it lies in the folder for passing files
	paper, err := s.cfg.Read(ctx, path, s.papers)
	if refusal, ok := errors.AsType[*documents.Refusal](err); ok {
		return s.conclude(ctx, app, id, unreadable(refusal.Code))
	}
	if err != nil {
		return fmt.Errorf("read paper: %w", err)
	}
	if paper.Fault != "" {
		app.Logger().Warn("the QR program failed", "error", paper.Fault)
	}
	if err := s.recognise(ctx, app, &paper, path); err != nil {
		return err
	}
	return s.conclude(ctx, app, id, func(txApp core.App, row records.Invoice) error { return s.take(ctx, txApp, row, paper) })
}

var errNoPaper = errors.New("the paper has no bytes")

// fetch copies the original to a file of its own, whatever the storage is.
func (s *Service) fetch(ctx context.Context, app core.App, row records.Invoice) (path string, err error) {
	paper, found, err := records.Blobs.Find(app, row.Blob())
	if err != nil {
		return "", err
	}
	if !found || paper.OriginalField() == "" {
		return "", errNoPaper
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", fmt.Errorf("open the storage: %w", err)
	}
	defer func() { _ = files.Close() }() // it was only read
	files.SetContext(ctx)
	in, err := files.GetReader(paper.Raw().BaseFilesPath() + "/" + paper.OriginalField())
	if errors.Is(err, filesystem.ErrNotFound) {
		return "", errNoPaper
	}
	if err != nil {
		return "", fmt.Errorf("fetch paper: %w", err)
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.CreateTemp("", "satchel-paper-")
	if err != nil {
		return "", fmt.Errorf("fetch paper: %w", err)
	}
	_, err = io.Copy(out, io.LimitReader(in, s.papers.Bytes+1)) // one more tells that it is too large
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("fetch paper: %w", err), os.Remove(out.Name()))
	}
	return out.Name(), nil
}

// recognise adds what OCR reads on a picture that told nothing, if that is
// wanted and there is a program for it. What it cannot do delays nothing else.
func (s *Service) recognise(ctx context.Context, app core.App, paper *documents.Paper, path string) error {
	on, err := gate.SettingsNow(app).MediaOcr()
	if err != nil || on != 1 || len(paper.QR) > 0 || len(paper.Readings) > 0 || !evidence.IsPhotoType(paper.Type) || !s.cfg.OCR.Available() {
		return err
	}
	text, err := s.cfg.OCR.Text(ctx, path)
	if err != nil {
		app.Logger().Warn("OCR failed", "error", err)
		return ctx.Err()
	}
	paper.AddText(text)
	return nil
}

func unreadable(code string) func(core.App, records.Invoice) error {
	return func(_ core.App, row records.Invoice) error {
		setPaper(row, expense.PaperUnreadable, code)
		return nil
	}
}

// take puts what a paper told onto the row. Further invoices on the same paper
// become rows of their own.
func (s *Service) take(ctx context.Context, txApp core.App, row records.Invoice, paper documents.Paper) error {
	texts, red := s.invoicesOf(paper.QR)
	readings := map[string]map[string]string{}
	if len(texts) <= 1 { // fields of several invoices run into each other
		for _, r := range paper.Readings {
			if readings[r.Source] == nil {
				readings[r.Source] = r.Fields
				continue
			}
			for name, value := range r.Fields {
				if readings[r.Source][name] == "" {
					readings[r.Source][name] = value
				}
			}
		}
	}
	if len(texts) > 0 {
		readings[expense.SourceQR] = map[string]string{qrText: texts[0]}
		if row.QRRaw() == "" {
			row.SetQRRaw(texts[0])
		}
	}
	row.SetReadings(readings)
	k, err := s.facts(row)
	if p, ok := errors.AsType[domain.Problem](err); ok || red {
		row.SetReadings(nil)
		code := redLetter
		if ok {
			code = p.Code
		}
		setPaper(row, expense.PaperUnreadable, code)
		return nil
	}
	if err != nil {
		return err
	}
	if setPaper(row, expense.PaperRead, ""); k.Number == "" {
		setPaper(row, expense.PaperUnreadable, "paper.nothing")
	}
	for _, text := range texts[min(1, len(texts)):] {
		further, err := records.Invoices.New(txApp)
		if err != nil {
			return err
		}
		further.SetBlob(row.Blob())
		further.SetOwner(row.Owner())
		further.SetQRRaw(text)
		setPaper(further, expense.PaperRead, "")
		further.SetReadings(map[string]map[string]string{expense.SourceQR: {qrText: text}})
		if err := txApp.SaveWithContext(gate.AsServer(context.WithoutCancel(ctx)), further.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// invoicesOf picks the QRs that are invoices. red tells that the only one is red-letter.
func (s *Service) invoicesOf(texts []string) (out []string, red bool) {
	today := domain.BusinessDay(s.cfg.Now())
	for _, text := range texts {
		_, err := expense.ParseInvoiceQR(text, today)
		if p, ok := errors.AsType[domain.Problem](err); ok && p.Code == "invoice.red_letter" {
			red = true
		}
		if err == nil {
			out = append(out, text)
		}
	}
	return out, red && len(out) == 0
}
