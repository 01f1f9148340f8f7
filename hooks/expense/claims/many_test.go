package claims_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
)

// written is what a step leaves of the parts of a claim and of its invoices and papers:
// rows, entries of the log, and rows that change capture saw.
type written struct {
	rows     map[string]map[string]*core.Record // by collection and id
	log      []string
	captured []string
}

var errBack = errors.New("taken back")

var manyCollections = []string{"expense_lines", "expense_shares", "expense_uses", "invoices", "blobs"}

// try runs a step in a transaction that is taken back, and says what it leaves.
func (d *desk) try(c *core.Record, step func(tx core.App) error) written {
	d.t.Helper()
	out := written{rows: map[string]map[string]*core.Record{}}
	err := d.RunInTransaction(func(tx core.App) error {
		var seq int
		if err := tx.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM _sync_log").Row(&seq); err != nil {
			return err
		}
		in := "'" + strings.Join(manyCollections, "', '") + "'"
		entries := "SELECT collection || ' ' || record || ' ' || action || ' ' || actor || ' ' || actor_name || ' ' || device || ' ' || ip || ' ' || override_reason || ' ' || before || ' ' || after FROM audit_log WHERE collection IN (" + in + ")"
		var before []string
		if err := tx.DB().NewQuery(entries).Column(&before); err != nil {
			return err
		}
		if err := step(tx); err != nil {
			return err
		}
		out.rows = d.parts(tx, c)
		if err := tx.DB().NewQuery(entries).Column(&out.log); err != nil {
			return err
		}
		for _, entry := range before {
			i := slices.Index(out.log, entry)
			out.log = slices.Delete(out.log, i, i+1)
		}
		err := tx.DB().NewQuery(`SELECT DISTINCT c.name || ' ' || l.rec || ' ' || l.op FROM _sync_log l JOIN _collections c ON c.id = l.coll
			WHERE l.seq > {:seq} AND c.name IN (` + in + `) ORDER BY 1`).Bind(dbx.Params{"seq": seq}).Column(&out.captured)
		if err != nil {
			return err
		}
		return errBack
	})
	if !errors.Is(err, errBack) {
		d.t.Fatal(err)
	}
	return out
}

// parts are the rows of a claim, with its invoices and their papers.
func (d *desk) parts(app core.App, c *core.Record) map[string]map[string]*core.Record {
	d.t.Helper()
	const named = "SELECT invoice FROM expense_uses WHERE claim = {:c}"
	out := map[string]map[string]*core.Record{}
	for collection, where := range map[string]string{
		"expense_lines": "claim = {:c}", "expense_shares": "claim = {:c}", "expense_uses": "claim = {:c}", "invoices": "id IN (" + named + ")",
		"blobs": "id IN (SELECT blob FROM invoices WHERE id IN (" + named + "))",
	} {
		var rows []*core.Record
		if err := app.RecordQuery(collection).AndWhere(dbx.NewExp(where, dbx.Params{"c": c.Id})).All(&rows); err != nil {
			d.t.Fatal(err)
		}
		out[collection] = map[string]*core.Record{}
		for _, row := range rows {
			out[collection][row.Id] = row
		}
	}
	return out
}

// bySaves leaves the same rows by a save of each that changed.
func (d *desk) bySaves(ctx context.Context, want written) func(tx core.App) error {
	return func(tx core.App) error {
		for _, collection := range manyCollections {
			for _, id := range slices.Sorted(maps.Keys(want.rows[collection])) {
				end := want.rows[collection][id]
				row, err := tx.FindRecordById(collection, id)
				if err != nil {
					return err
				}
				if collection == "invoices" && row.GetString("state") == "reimbursed" && end.GetString("state") == "folder" {
					row.Set("state", "used") // nothing leads there at once
					if err := gate.SaveChanged(ctx, tx, row); err != nil {
						return err
					}
					if row, err = tx.FindRecordById(collection, id); err != nil {
						return err
					}
				}
				for _, f := range row.Collection().Fields {
					if f.Type() != core.FieldTypeAutodate {
						row.SetRaw(f.GetName(), end.GetRaw(f.GetName()))
					}
				}
				if err := gate.SaveChanged(ctx, tx, row); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// compare holds what a step writes at once against saves of the same rows one after the other.
func (d *desk) compare(name string, c *core.Record, who string, step func(ctx context.Context, tx core.App) error) {
	d.t.Helper()
	ctx := d.By(who)
	at := d.try(c, func(tx core.App) error { return step(ctx, tx) })
	one := d.try(c, d.bySaves(ctx, at))
	for _, collection := range manyCollections {
		for id, row := range at.rows[collection] {
			a, errA := row.DBExport(d.App)
			b, errB := one.rows[collection][id].DBExport(d.App)
			if errA != nil || errB != nil {
				d.t.Fatal(errA, errB)
			}
			for field := range a {
				if field != "updated" && fmt.Sprint(a[field]) != fmt.Sprint(b[field]) {
					d.t.Errorf("%s: %s of %s %s is %v, by a save %v", name, field, collection, id, a[field], b[field])
				}
			}
		}
	}
	slices.Sort(at.log)
	slices.Sort(one.log)
	if !slices.Equal(at.log, one.log) {
		d.t.Errorf("%s: the log says\n%s\nby saves\n%s", name, strings.Join(at.log, "\n"), strings.Join(one.log, "\n"))
	}
	if !slices.Equal(at.captured, one.captured) {
		d.t.Errorf("%s: captured is\n%s\nby saves\n%s", name, strings.Join(at.captured, "\n"), strings.Join(one.captured, "\n"))
	}
	if (len(at.log) == 0 || len(at.captured) == 0) && len(at.rows["invoices"]) > 0 {
		d.t.Errorf("%s: nothing is written", name)
	}
}

// assorted is a draft of rep.chen's of lines, shares, uses and papers as they come.
func (d *desk) assorted(r *rand.Rand, round int) *core.Record {
	d.t.Helper()
	c, paper := d.claim(rep), ""
	for i := range 1 + r.IntN(5) {
		fen := 100 + r.IntN(900)
		line := d.line(rep, c, fen, map[string]any{"seq": i + 1, "no_invoice_reason": "停车费无票", "reason": "展会"})
		for s := range r.IntN(3) {
			d.Make(rep, "expense_shares", map[string]any{"claim": c.Id, "line": line.Id, "seq": s + 1, "weight": 1 + r.IntN(3)})
		}
		left := fen
		for k := range r.IntN(3) {
			part := left
			if k == 0 {
				part = 1 + r.IntN(left-1)
			}
			invoice, refused := d.Invoice(rep, map[string]any{
				"kind": "32", "number": fmt.Sprintf("26%06d%012d", round, i*10+k), "issue_date": day, "total_fen": part + r.IntN(2)*50, "seller_name": fmt.Sprint("甲", r.IntN(4)),
			})
			d.Must(refused)
			if paper != "" && r.IntN(3) == 0 { // two on one picture
				if _, err := d.DB().NewQuery("UPDATE invoices SET blob = {:b} WHERE id = {:id}").Bind(dbx.Params{"b": paper, "id": invoice.Id}).Execute(); err != nil {
					d.t.Fatal(err)
				}
			}
			paper = d.Fresh(invoice).GetString("blob")
			d.Make(rep, "expense_uses", map[string]any{"claim": c.Id, "line": line.Id, "invoice": invoice.Id, "amount_fen": part})
			if left -= part; left < 2 {
				break
			}
		}
		if left > 0 && left < fen { // what its invoices come to
			d.Must(d.Set(rep, line, "amount_fen", fen-left))
		}
	}
	return c
}

// TestWhatIsWrittenAtOnceIsWhatSavesWrite: rows, log and change capture of random claims
// that are handed in, taken back, paid, not paid and reversed.
func TestWhatIsWrittenAtOnceIsWhatSavesWrite(t *testing.T) {
	d := open(t)
	r := rand.New(rand.NewPCG(11, 3))
	do := func(action, args string, c *core.Record) func(ctx context.Context, tx core.App) error {
		return func(ctx context.Context, tx core.App) error {
			row, err := tx.FindRecordById("expense_claims", c.Id)
			if err != nil {
				return err
			}
			return d.Bound.Actions["expense_claims."+action](ctx, tx, row, []byte(args))
		}
	}
	heard := map[string]string{}
	d.OnRecordAfterUpdateSuccess("invoices").BindFunc(func(e *core.RecordEvent) error {
		heard[e.Record.Id] = e.Record.GetString("state")
		return e.Next()
	})
	for round := range effort.Times(6, 40) {
		c := d.assorted(r, round)
		d.compare("submit", c, rep, do("submit", "{}", c))
		clear(heard)
		d.Must(d.Act(rep, c, "submit", ""))
		for id := range d.parts(d.App, c)["invoices"] {
			if heard[id] != "used" {
				t.Errorf("who listens heard of an invoice that it is %q", heard[id])
			}
		}
		if r.IntN(3) == 0 {
			d.compare("withdraw", c, rep, do("withdraw", "{}", c))
			d.Must(d.Act(rep, c, "withdraw", ""))
			continue
		}
		d.Must(d.Decide(manager, c, "approve", ""))
		d.Must(d.Decide(finance, c, "approve", ""))
		d.Must(d.pay(c, d.Fresh(c).GetInt("approved_fen")))
		d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"退"}`))
		d.compare("reverse", c, director, do("reverse", "{}", c))
		d.Must(d.Act(director, c, "reverse", ""))
	}
}
