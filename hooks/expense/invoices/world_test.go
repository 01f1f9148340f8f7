package invoices_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/media/papers/papertest"
)

// world is an app whose papers are read when the test says so.
type world struct {
	*testapp.App
	t *testing.T
}

func newWorld(t *testing.T, change ...func(*hooks.Config)) *world {
	t.Helper()
	opts := []testapp.Option{testapp.Hooks(func(c *hooks.Config) {
		c.Manual = true
		for _, f := range change {
			f(c)
		}
	})}
	return &world{App: testapp.New(t, opts...), t: t}
}

// paper stores a file as the uploads do: a row, then its bytes, then the state.
func (w *world) paper(who, purpose string, data []byte) *core.Record {
	w.t.Helper()
	sum := sha256.Sum256(data)
	record := w.fresh("blobs", map[string]any{
		"owner": w.As(who).Id, "sha256": hex.EncodeToString(sum[:]), "size": len(data), "mime": "application/octet-stream", "purpose": purpose, "state": "pending",
	})
	w.save(record)
	return w.store(record, data)
}

func (w *world) store(record *core.Record, data []byte) *core.Record {
	w.t.Helper()
	file, err := filesystem.NewFileFromBytes(data, record.Id+".bin")
	if err != nil {
		w.t.Fatal(err)
	}
	record.Set("original", file)
	record.Set("state", evidence.BlobStored)
	w.save(record)
	return record
}

func (w *world) fresh(collection string, fields map[string]any) *core.Record {
	w.t.Helper()
	coll, err := w.FindCollectionByNameOrId(collection)
	if err != nil {
		w.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(fields)
	return record
}

func (w *world) save(record *core.Record) {
	w.t.Helper()
	if err := w.SaveWithContext(gate.AsServer(context.Background()), record); err != nil {
		w.t.Fatal(err)
	}
}

// phone saves as somebody's phone does.
func (w *world) phone(who string, record *core.Record) string {
	w.t.Helper()
	err := w.SaveWithContext(gate.With(context.Background(), gate.Actor{User: w.As(who)}), record)
	p, _, _ := gate.ProblemOf(err)
	if err != nil && p.Code == "" {
		w.t.Fatal(err)
	}
	return p.Code
}

// scanned is a row that a phone made of a QR.
func (w *world) scanned(who, qr string) *core.Record {
	w.t.Helper()
	record := w.fresh("invoices", map[string]any{"owner": w.As(who).Id, "qr_raw": qr})
	if code := w.phone(who, record); code != "" {
		w.t.Fatalf("%s: %s", qr, code)
	}
	return record
}

func (w *world) work() {
	w.t.Helper()
	if err := w.Bound.Invoices.Work(context.Background(), w.TestApp); err != nil {
		w.t.Fatal(err)
	}
}

// of returns the rows of a paper.
func (w *world) of(paper *core.Record) []*core.Record {
	w.t.Helper()
	rows, err := w.FindAllRecords("invoices", dbx.HashExp{"blob": paper.Id})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func (w *world) again(record *core.Record) *core.Record {
	w.t.Helper()
	fresh, err := w.FindRecordById(record.Collection(), record.Id)
	if err != nil {
		w.t.Fatal(err)
	}
	return fresh
}

// expect compares fields by their texts.
func (w *world) expect(record *core.Record, want map[string]string) {
	w.t.Helper()
	record = w.again(record)
	for name, value := range want {
		if got := record.GetString(name); got != value {
			w.t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

// risks lists the codes of a row's reasons.
func (w *world) risks(record *core.Record) []string {
	w.t.Helper()
	var reasons []domain.RiskReason
	if err := json.Unmarshal([]byte(w.again(record).GetString("risk")), &reasons); err != nil {
		w.t.Fatal(err)
	}
	var codes []string
	for _, r := range reasons {
		codes = append(codes, r.Code)
	}
	return codes
}

func (w *world) expectRisks(record *core.Record, want ...string) {
	w.t.Helper()
	if got := w.risks(record); !slices.Equal(got, want) {
		w.t.Errorf("risks %v, want %v", got, want)
	}
}

// invoiceNo makes a digital invoice of 2026 with a right checksum.
func invoiceNo(n int) papertest.Invoice {
	v := papertest.Sample
	v.Number, v.Day = fmt.Sprintf("2631200000%010d", n), "2026-03-09"
	fields := strings.Split(v.QRText(), ",")
	v.CRC = expense.InvoiceCRC(fields)
	return v
}
