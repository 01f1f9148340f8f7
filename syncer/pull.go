package syncer

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

// Pull is one device's question.
type Pull struct {
	User, Device string
	Schema       uint32
	Cursor       string
	Keys         Keys
	Now          time.Time
	Anchor       *Anchor // the server's time for this device; nil for none
	// MaxBytes asks for a page of about so many bytes of rows; 0 for all at once.
	MaxBytes int
	// MaxRows returns the most rows that a scope may have; nil for no limit. Issues
	// and notices do not count: whoever causes many must not cut off who gets them.
	MaxRows func() (int, error)
	// Word gives a warning its texts; nil for none.
	Word func(w *Warning)
}

// Sink takes an answer.
type Sink interface {
	io.Writer
	// Embed writes lines that many answers share.
	Embed(s *Segment) error
}

// Idle answers a pull from memory if nothing changed for the user since his
// cursor; false if that is not known.
func (e *Engine) Idle(p Pull, w io.Writer) (bool, error) {
	if p.Cursor == "" || e.Planted == PlantTimestampCursor {
		return false, nil
	}
	c, err := p.Keys.Cursor(p.Cursor, p.Device)
	if err != nil || c.Schema != p.Schema {
		return false, err
	}
	dev, known := e.devices.get(p.Device)
	if !known {
		return false, nil
	}
	tip, quiet := e.heads.quiet(p.User, c)
	if !quiet {
		return false, nil
	}
	a := answer{p: p, st: tip, dev: dev, from: start{seq: c.Seq}, w: w}
	e.helds.note(p.Device, heldPoint{p.User, c.Seq, p.Now.Unix()})
	return true, a.empty()
}

// Pull writes the answer to w as lines of JSON. tx must be one read snapshot.
// Errors that are *Problem or *ForkError come before the first byte.
func (e *Engine) Pull(tx dbx.Builder, p Pull, w Sink) (Pulled, error) {
	st, err := readState(tx)
	if err != nil {
		return Pulled{}, err
	}
	e.heads.load(st)
	catalog, err := e.catalogAt(tx, st.rules)
	if err != nil {
		return Pulled{}, err
	}
	if e.Planted == PlantTimestampCursor {
		if err := tx.NewQuery("SELECT COALESCE(MAX(ver), 0) FROM _sync_doc").Row(&st.head.seq); err != nil {
			return Pulled{}, err
		}
	}
	from, err := e.startOf(tx, st, p)
	if err != nil {
		return Pulled{}, err
	}
	dev, err := e.deviceState(tx, p.Device)
	if err != nil {
		return Pulled{}, err
	}
	a := answer{p: p, st: st, dev: dev, from: from, w: w}
	if err := e.gather(tx, &a); err != nil {
		return Pulled{}, err
	}
	rows, err := e.measure(tx, &a)
	if err != nil {
		return Pulled{}, err
	}
	if rows == 0 && from.reset && from.page.Doc == 0 {
		rows = a.puts()
	}
	if err := e.heads.remember(tx, p.User, st.head.seq); err != nil {
		return Pulled{}, err
	}
	if p.MaxBytes > 0 {
		if err := a.page(tx, catalog); err != nil {
			return Pulled{}, err
		}
	}
	e.helds.note(p.Device, heldPoint{p.User, from.held(st.head.seq), p.Now.Unix()})
	e.answereds.note(p.Device, answeredTo{p.User, st.head.seq})
	return Pulled{To: st.head.seq, Rows: rows, Puts: a.puts(), Leaves: a.left(), Reset: a.from.reset && a.from.page.Doc == 0, More: a.next.Doc != 0}, a.write(tx, catalog, w)
}

// Pulled tells what an answer holds.
type Pulled struct {
	To           int64
	Puts, Leaves int
	Rows         int  // of the scope, if they were counted; else 0
	Reset        bool // the answer is all that the phone holds then
	More         bool // a page, not the last
}

// start is where an answer begins.
type start struct {
	seq   int64
	page  Page
	reset bool
}

// held is the oldest point that the device may come with after an answer to to.
func (f start) held(to int64) int64 {
	switch {
	case f.reset:
		return to
	case f.page.Doc != 0 && f.page.Base > 0:
		return f.page.Base
	}
	return f.seq
}

// startOf returns where to start: at nothing without a cursor, or with one of
// another schema, from below the floor, or from before a collection got another
// name; the answer then replaces all. A cursor off this server's chain is a *ForkError in the epoch
// that it is of, and a start at nothing in any later one.
func (e *Engine) startOf(tx dbx.Builder, st state, p Pull) (start, error) {
	anew := start{reset: true}
	if p.Cursor == "" {
		return anew, nil
	}
	c, err := p.Keys.Cursor(p.Cursor, p.Device)
	if err != nil {
		return anew, err
	}
	from := start{seq: c.Seq, page: c.Page, reset: c.Seq == 0}
	if e.Planted == PlantTimestampCursor {
		return from, nil
	}
	if c.Seq > 0 && c.Seq < st.floor || c.Page.Base > 0 && c.Page.Base < st.floor {
		return anew, nil
	}
	ours, err := onChain(tx, point{c.Seq, c.Link})
	switch {
	case err != nil:
		return anew, err
	case c.Seq > st.head.seq || !ours:
		if c.Epoch >= st.epoch {
			return anew, &ForkError{Epoch: c.Epoch, Seq: c.Seq}
		}
		return anew, nil
	case c.Schema != p.Schema, c.Seq < st.reset, c.Page.Doc != 0 && c.Page.Base < st.reset:
		return anew, nil
	}
	return from, nil
}

// tooLarge names the collections that make a scope larger than a phone can hold.
func tooLarge(tx dbx.Builder, user string, rows, limit int) error {
	parts, err := LargestOf(tx, user)
	if err != nil {
		return err
	}
	named := make([]string, len(parts))
	for i, p := range parts {
		named[i] = fmt.Sprintf("%s %d", p.Name, p.Rows)
	}
	return &Problem{Status: 413, Code: "scope_too_large", Params: map[string]any{
		"rows": rows, "limit": limit, "largest": strings.Join(named, ", "), "collections": parts,
	}}
}
