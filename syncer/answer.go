package syncer

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/pocketbase/dbx"
)

// answer is a pull on its way to the device.
type answer struct {
	p      Pull
	st     state
	dev    DeviceState
	from   start
	w      io.Writer
	fresh  []int64 // docs to put, in the order of their sending
	shared []*Segment
	leaves []int64
	gone   []Line // leaves of rows that the device holds and has no right to
	next   Page   // where the next page begins

	warning *Warning
}

// gather finds what the device must learn. A device amid pages holds the rows
// up to its mark as of its cursor and all others as of where the pages began.
func (e *Engine) gather(tx dbx.Builder, a *answer) error {
	to := a.st.head.seq
	if a.from.page.Doc != 0 {
		return e.gatherRest(tx, a)
	}
	var without []string
	if a.from.reset && a.p.MaxBytes == 0 {
		var err error
		if a.shared, without, err = e.sharedSegments(tx, a.p, a.st); err != nil {
			return err
		}
	}
	d, err := e.delta(tx, a.p.User, a.from.seq, to, without...)
	if err != nil {
		return err
	}
	a.fresh, a.leaves = d.puts, d.leaves
	for _, s := range a.shared {
		a.fresh = minus(a.fresh, s.docs)
	}
	return nil
}

func (e *Engine) gatherRest(tx dbx.Builder, a *answer) error {
	mark, to := a.from.page, a.st.head.seq
	behind, err := e.delta(tx, a.p.User, mark.Base, to)
	if err != nil {
		return err
	}
	ahead, err := e.delta(tx, a.p.User, a.from.seq, to)
	if err != nil {
		return err
	}
	catalog, err := e.catalogAt(tx, a.st.rules)
	if err != nil {
		return err
	}
	restPuts, err1 := within(tx, catalog, behind.puts, mark, true)
	donePuts, err2 := within(tx, catalog, ahead.puts, mark, false)
	restLeaves, err3 := within(tx, catalog, behind.leaves, mark, true)
	doneLeaves, err4 := within(tx, catalog, ahead.leaves, mark, false)
	a.fresh, a.leaves = append(donePuts, restPuts...), append(doneLeaves, restLeaves...)
	return firstError(err1, err2, err3, err4)
}

// within picks the docs beyond a mark, or those up to it.
func within(tx dbx.Builder, catalog *Catalog, ids []int64, mark Page, beyond bool) ([]int64, error) {
	spots, err := spotsOf(tx, catalog, ids)
	var out []int64
	for _, s := range spots {
		if (s.compare(mark) > 0) == beyond {
			out = append(out, s.doc)
		}
	}
	return out, err
}

// spot is a row's place in the order of pages.
type spot struct {
	priority uint32
	doc      int64
	bytes    int
}

func (s spot) compare(mark Page) int {
	return cmp.Or(cmp.Compare(s.priority, mark.Priority), cmp.Compare(s.doc, mark.Doc))
}

// spotsOf orders docs by the priority of their collection, then by number.
func spotsOf(tx dbx.Builder, catalog *Catalog, ids []int64) ([]spot, error) {
	var rows []struct {
		ID    int64  `db:"id"`
		Coll  string `db:"coll"`
		Bytes int    `db:"bytes"`
	}
	err := tx.NewQuery("SELECT id, coll, COALESCE(length(body), 0) AS bytes FROM _sync_doc WHERE id IN (SELECT value FROM json_each({:ids}))").
		Bind(dbx.Params{"ids": idList(ids)}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("order rows: %w", err)
	}
	out := make([]spot, len(rows))
	for i, r := range rows {
		out[i] = spot{doc: r.ID, bytes: r.Bytes}
		if rule, ok := catalog.byID[r.Coll]; ok {
			out[i].priority = uint32(rule.Priority) //nolint:gosec // validated with the rule
		}
	}
	slices.SortFunc(out, func(a, b spot) int { return a.compare(Page{Priority: b.priority, Doc: b.doc}) })
	return out, nil
}

// page cuts the answer to about MaxBytes. Rows at or before the mark that the
// device holds already go whole: they make its cursor true. What leaves has its
// turn like what comes: a row beyond the next mark stays as it was at the base.
func (a *answer) page(tx dbx.Builder, catalog *Catalog) error {
	spots, err := spotsOf(tx, catalog, a.fresh)
	if err != nil {
		return err
	}
	a.fresh = a.fresh[:0]
	size, sent := 0, 0
	for i, s := range spots {
		beyond := a.from.page.Doc == 0 || s.compare(a.from.page) > 0
		if beyond && sent > 0 && size+s.bytes > a.p.MaxBytes {
			last := spots[i-1]
			a.next = Page{Base: a.from.seq, Priority: last.priority, Doc: last.doc}
			if a.from.page.Doc != 0 {
				a.next.Base = a.from.page.Base
			}
			a.leaves, err = within(tx, catalog, a.leaves, a.next, false)
			return err
		}
		if beyond {
			sent++
		}
		size += s.bytes
		a.fresh = append(a.fresh, s.doc)
	}
	return nil
}

func (a *answer) puts() int {
	n := len(a.fresh)
	for _, s := range a.shared {
		n += len(s.docs)
	}
	return n
}

func (a *answer) left() int { return len(a.leaves) + len(a.gone) }

func (a *answer) begin() error {
	b := Begin{
		From: a.from.seq, To: a.st.head.seq, Epoch: a.st.epoch, Puts: a.puts(), Leaves: a.left(),
		Reset: a.from.reset, HighWater: a.dev.HighWater, DurableN: a.dev.DurableN, Anchor: a.p.Anchor,
		Warning: a.warning,
	}
	_, err := fmt.Fprintf(a.w, `{"begin":%s}`+"\n", jsonText(b))
	return err
}

func (a *answer) end(sum uint64) error {
	c := Cursor{
		Epoch: a.st.epoch, Seq: a.st.head.seq, Link: a.st.head.link,
		Schema: a.p.Schema, Device: a.p.Device, Page: a.next,
	}
	end := End{
		Cursor: c.Encode(a.p.Keys.Seal), Puts: a.puts(), Leaves: a.left(),
		Sum: fmt.Sprintf("%016x", sum), More: a.next.Doc != 0,
	}
	_, err := fmt.Fprintf(a.w, `{"end":%s}`+"\n", jsonText(end))
	return err
}

// empty writes an answer without rows.
func (a *answer) empty() error { return firstError(a.begin(), a.end(0)) }

func (a *answer) write(tx dbx.Builder, catalog *Catalog, w Sink) error {
	if err := a.begin(); err != nil {
		return err
	}
	out := &lines{w: w, catalog: catalog, today: dayOf(a.p.Now), schema: a.p.Schema}
	for _, s := range a.shared {
		if err := w.Embed(s); err != nil {
			return err
		}
		out.puts += len(s.docs)
		out.sum += s.sum
	}
	if err := firstError(out.put(tx, a.fresh), out.leave(tx, a.leaves)); err != nil {
		return err
	}
	for _, l := range a.gone {
		if err := out.gone(l); err != nil {
			return err
		}
	}
	if out.puts != a.puts() || out.leaves != a.left() {
		return fmt.Errorf("a pull promised %d puts and %d leaves and found %d and %d", a.puts(), a.left(), out.puts, out.leaves)
	}
	return a.end(out.sum)
}

// minus removes from a what b holds. Both ascend.
func minus(a, b []int64) []int64 {
	out, j := a[:0], 0
	for _, id := range a {
		for j < len(b) && b[j] < id {
			j++
		}
		if j == len(b) || b[j] != id {
			out = append(out, id)
		}
	}
	return out
}
