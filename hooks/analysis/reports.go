package analysis

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// runReports makes the reports whose day of the month has come, each once a month. A
// definition that cannot be carried out delays no other.
func (s *Service) runReports(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	due, err := records.ReportDefinitions.All(app, "active = TRUE AND day <= CAST({:day} AS INTEGER) AND last_month < {:month}",
		dbx.Params{"day": today[len("2006-01-"):], "month": domain.Month(today)}, "id")
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range due {
		if !analysis.ReportDue(string(d.Period()), today) {
			continue
		}
		if err := s.runReport(ctx, app, d, now); err != nil {
			failed = append(failed, fmt.Errorf("make report %s: %w", d.ID(), err))
		}
	}
	return errors.Join(failed...)
}

// runReport makes each receiver's file, and notes that this month's are made.
func (s *Service) runReport(ctx context.Context, app core.App, d records.ReportDefinition, now time.Time) error {
	today := domain.BusinessDay(now)
	period := analysis.ReportPeriod(string(d.Period()), today)
	receivers, err := records.Users.All(app, "active = TRUE AND id IN (SELECT value FROM report_definitions d, json_each(d.receivers) WHERE d.id = {:d})",
		dbx.Params{"d": d.ID()}, "id")
	if err != nil {
		return err
	}
	files := make([]reportFile, len(receivers))
	for i, user := range receivers { // read before the transaction that writes
		if files[i], err = s.reportFor(ctx, app, d, user, period); err != nil {
			return err
		}
	}
	return app.RunInTransaction(func(tx core.App) error {
		for i, user := range receivers {
			if err := keepRun(ctx, tx, d, user, period, files[i], now); err != nil {
				return err
			}
		}
		fresh, err := records.ReportDefinitions.Require(tx, d.ID())
		if err != nil {
			return err
		}
		fresh.SetLastMonth(domain.Month(today))
		return tx.SaveWithContext(gate.AsServer(ctx), fresh.Raw())
	})
}

// reportFile is what a receiver gets: a file, or the sentence that refuses it.
type reportFile struct {
	content []byte
	rows    int
	refused string
}

// reportFor asks each figure as the receiver would.
func (s *Service) reportFor(ctx context.Context, app core.App, d records.ReportDefinition, user records.User, period domain.Period) (f reportFile, err error) {
	w, err := wantedOf(d)
	if err != nil {
		return f, err
	}
	locale := string(user.Locale())
	columns := make([]analysis.Column, len(w.figures))
	for i, key := range w.figures {
		answer, err := s.askFor(ctx, app, user, key, w.params(period))
		if p, is := errors.AsType[domain.Problem](err); is {
			return reportFile{refused: p.Text(locale)}, nil
		}
		if err != nil {
			return f, err
		}
		if columns[i], err = columnOf(answer, w.by); err != nil {
			return f, err
		}
	}
	names := make([]domain.Texts, len(w.by))
	for i, dimension := range w.by {
		names[i] = dimension.Name()
	}
	heads, rows := analysis.ReportTable(columns, names, locale != "en")
	var b bytes.Buffer
	if err := s.cfg.Write(&b, string(d.Format()), gate.Watermark(user.Raw(), s.cfg.Now()), heads, rows); err != nil {
		return f, fmt.Errorf("write a report: %w", err)
	}
	return reportFile{content: b.Bytes(), rows: len(rows)}, nil
}

// askFor asks as somebody would by the route.
func (s *Service) askFor(ctx context.Context, app core.App, user records.User, key string, params map[string][]string) (a analysis.Answer, err error) {
	q, err := analysis.Read(key, params, domain.BusinessDay(s.cfg.Now()))
	if err != nil {
		return a, err
	}
	err = s.read(ctx, app, func(from reading) (err error) {
		a, err = s.ask(ctx, from, q, viewerOf(user))
		return err
	})
	return a, err
}

// columnOf takes a figure's values out of its answer.
func columnOf(a analysis.Answer, by []analysis.Dimension) (c analysis.Column, err error) {
	if c.Figure, err = analysis.Find(a.Key); err != nil {
		return c, err
	}
	c.Total = a.Total.Value
	for _, r := range a.Rows {
		row := analysis.ReportRow{Value: r.Value}
		for _, d := range by {
			row.Keys = append(row.Keys, r.By[d])
			row.Labels = append(row.Labels, cmp.Or(r.Label[d], r.By[d]))
		}
		c.Rows = append(c.Rows, row)
	}
	return c, nil
}

// keepRun keeps what a receiver got, and tells him.
func keepRun(ctx context.Context, tx core.App, d records.ReportDefinition, user records.User, period domain.Period, f reportFile, now time.Time) error {
	run, err := records.ReportRuns.New(tx)
	if err != nil {
		return err
	}
	run.SetDefinition(d.ID())
	run.SetReceiver(user.ID())
	run.SetName(d.Name())
	run.SetFromDate(period.From)
	run.SetToDate(period.To)
	run.SetAt(now)
	kind := "report_run.refused"
	run.SetState("refused")
	run.SetProblem(f.refused)
	if f.refused == "" {
		if kind = "report_run.made"; d.Delivery() == "mail" {
			kind = "report_run.mailed"
		}
		file, err := filesystem.NewFileFromBytes(f.content, fileName(d.Name(), period, string(d.Format())))
		if err != nil {
			return fmt.Errorf("keep a report: %w", err)
		}
		sum := sha256.Sum256(f.content)
		run.SetState("made")
		run.SetRows(f.rows)
		run.SetSHA256(hex.EncodeToString(sum[:]))
		run.SetFile(file)
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), run.Raw()); err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	return gate.Notify(ctx, tx, now, gate.Notice{
		User: string(user.ID()), Kind: kind, Link: records.ReportRunTable + "/" + string(run.ID()),
		Params: map[string]any{"name": d.Name(), "from": period.From, "to": period.To, "problem": f.refused},
	})
}

// fileName names a report's file, in one line and with nothing that a file system, or
// the head of a mail, reads as more than a letter.
func fileName(name string, period domain.Period, format string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		case strings.ContainsRune(`/\"<>:|?*`, r):
			return '-'
		}
		return r
	}, name)
	return strings.Join(strings.Fields(plain), " ") + " " + period.From + " " + period.To + "." + format
}

// Attached is the file of a run, by the link of the notice that tells of it.
func Attached(app core.App, link string) (name string, content []byte, err error) {
	_, id, _ := strings.Cut(link, "/")
	run, err := records.ReportRuns.Require(app, records.ReportRunID(id))
	if err != nil {
		return "", nil, err
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", nil, fmt.Errorf("open the storage: %w", err)
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	in, err := files.GetReader(run.Raw().BaseFilesPath() + "/" + run.File())
	if err != nil {
		return "", nil, fmt.Errorf("open a report: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if content, err = io.ReadAll(in); err != nil {
		return "", nil, fmt.Errorf("read a report: %w", err)
	}
	return fileName(run.Name(), domain.Period{From: run.FromDate(), To: run.ToDate()}, strings.TrimPrefix(path.Ext(run.File()), ".")), content, nil
}
