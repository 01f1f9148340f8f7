package invoices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/media/papers"
)

// ocrKey is the setting that turns OCR on, by 1.
const ocrKey = "media.ocr"

// nobody is Config.Read of a server that cannot: papers wait.
func nobody(context.Context, string, papers.Options) (papers.Paper, error) {
	return papers.Paper{}, errors.New("this server has no process that reads papers")
}

// read reads the paper of one row, outside of any transaction, and concludes.
func (s *Service) read(ctx context.Context, app core.App, id string) error {
	record, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find invoice: %w", err)
	}
	row := invoice{record}
	if row.tries() > maxTries {
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
	paper, err := s.cfg.Read(ctx, path, papers.DefaultOptions)
	if refusal, ok := errors.AsType[*papers.Refusal](err); ok {
		return s.conclude(ctx, app, id, unreadable(refusal.Code))
	}
	if err != nil {
		return fmt.Errorf("read paper: %w", err)
	}
	if err := s.recognise(ctx, app, &paper, path); err != nil {
		return err
	}
	return s.conclude(ctx, app, id, func(txApp core.App, row invoice) error { return s.take(ctx, txApp, row, paper) })
}

var errNoPaper = errors.New("the paper has no bytes")

// fetch copies the original to a file of its own, whatever the storage is.
func (s *Service) fetch(ctx context.Context, app core.App, row invoice) (path string, err error) {
	paper, err := row.paper(app)
	if err != nil {
		return "", fmt.Errorf("find paper: %w", err)
	}
	if paper.original() == "" {
		return "", errNoPaper
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", fmt.Errorf("open the storage: %w", err)
	}
	defer func() { _ = files.Close() }() // it was only read
	files.SetContext(ctx)
	in, err := files.GetReader(paper.BaseFilesPath() + "/" + paper.original())
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
	_, err = io.Copy(out, io.LimitReader(in, papers.DefaultOptions.Bytes+1)) // one more tells that it is too large
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("fetch paper: %w", err), os.Remove(out.Name()))
	}
	return out.Name(), nil
}

// recognise adds what OCR reads on a picture that told nothing, if that is
// wanted and there is a program for it. What it cannot do delays nothing else.
func (s *Service) recognise(ctx context.Context, app core.App, paper *papers.Paper, path string) error {
	on, err := gate.Setting(app, ocrKey, 0)
	if err != nil || on != 1 || len(paper.QR) > 0 || len(paper.Readings) > 0 || !domain.IsPhotoType(paper.Type) || !s.cfg.OCR.Available() {
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

func unreadable(code string) func(core.App, invoice) error {
	return func(_ core.App, row invoice) error {
		row.setPaper(domain.PaperUnreadable, code)
		return nil
	}
}

// take puts what a paper told onto the row. Further invoices on the same paper
// become rows of their own.
func (s *Service) take(ctx context.Context, txApp core.App, row invoice, paper papers.Paper) error {
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
		readings[domain.SourceQR] = map[string]string{qrText: texts[0]}
		if row.qrRaw() == "" {
			row.setQR(texts[0])
		}
	}
	row.setReadings(readings)
	k, err := s.facts(row)
	if p, ok := errors.AsType[domain.Problem](err); ok || red {
		row.setReadings(nil)
		code := "invoice.red_letter"
		if ok {
			code = p.Code
		}
		row.setPaper(domain.PaperUnreadable, code)
		return nil
	}
	if row.setPaper(domain.PaperRead, ""); k.Number == "" {
		row.setPaper(domain.PaperUnreadable, "paper.nothing")
	}
	for _, text := range texts[min(1, len(texts)):] {
		further := core.NewRecord(row.Collection())
		further.Set("blob", row.blob())
		invoice{further}.setOwner(row.owner())
		invoice{further}.setQR(text)
		invoice{further}.setPaper(domain.PaperRead, "")
		invoice{further}.setReadings(map[string]map[string]string{domain.SourceQR: {qrText: text}})
		if err := txApp.SaveWithContext(gate.AsServer(context.WithoutCancel(ctx)), further); err != nil {
			return err
		}
	}
	return nil
}

// invoicesOf picks the QRs that are invoices. red tells that the only one is red-letter.
func (s *Service) invoicesOf(texts []string) (out []string, red bool) {
	today := domain.BusinessDay(s.cfg.Now())
	for _, text := range texts {
		_, err := domain.ParseInvoiceQR(text, today)
		if p, ok := errors.AsType[domain.Problem](err); ok && p.Code == "invoice.red_letter" {
			red = true
		}
		if err == nil {
			out = append(out, text)
		}
	}
	return out, red && len(out) == 0
}
