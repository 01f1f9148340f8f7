package syncer

import (
	"encoding/json/v2"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

const pullChunk = 400

// Pull is one device's question.
type Pull struct {
	User, Device string
	Schema       uint32
	Cursor       string
	Secret       []byte
	Now          time.Time
	// MaxRows returns the most rows that one answer may put; nil for no limit.
	MaxRows func() (int, error)
}

// Pull writes the answer to w as lines of JSON. tx must be one read snapshot.
// Errors that are *Problem come before the first byte.
func (e *Engine) Pull(tx dbx.Builder, p Pull, w io.Writer) error {
	catalog, err := e.Catalog(tx)
	if err != nil {
		return err
	}
	from, err := e.startOf(tx, p)
	if err != nil {
		return err
	}
	d, err := e.delta(tx, p.User, from)
	if err != nil {
		return err
	}
	if p.MaxRows != nil && len(d.puts) > 0 {
		limit, err := p.MaxRows()
		if err != nil {
			return err
		}
		if len(d.puts) > limit {
			return tooLarge(tx, catalog, d.puts, limit)
		}
	}
	reset := from == 0
	begin := Begin{From: d.from, To: d.to, Puts: len(d.puts), Leaves: len(d.leaves), Reset: reset}
	if _, err := fmt.Fprintf(w, `{"begin":%s}`+"\n", jsonText(begin)); err != nil {
		return err
	}
	out := &lines{w: w, sum: crc32.NewIEEE(), catalog: catalog, today: dayOf(p.Now)}
	if err := out.stream(tx, d.puts, out.put); err != nil {
		return err
	}
	if err := out.stream(tx, d.leaves, out.leave); err != nil {
		return err
	}
	if out.puts != len(d.puts) || out.leaves != len(d.leaves) {
		return fmt.Errorf("a pull promised %d puts and %d leaves and found %d and %d", len(d.puts), len(d.leaves), out.puts, out.leaves)
	}
	end := End{
		Cursor: Cursor{Seq: d.to, Schema: p.Schema, Device: p.Device}.Encode(p.Secret),
		Puts:   out.puts, Leaves: out.leaves, Sum: fmt.Sprintf("%08x", out.sum.Sum32()),
	}
	_, err = fmt.Fprintf(w, `{"end":%s}`+"\n", jsonText(end))
	return err
}

// startOf returns the seq to start from: 0 without a cursor, or with one of
// another schema, ahead of this server or before a collection got another
// name; the answer then replaces all.
func (e *Engine) startOf(tx dbx.Builder, p Pull) (int64, error) {
	if p.Cursor == "" {
		return 0, nil
	}
	c, err := DecodeCursor(p.Secret, p.Cursor, p.Device)
	if err != nil {
		return 0, err
	}
	head, err := e.horizon(tx)
	if err != nil {
		return 0, err
	}
	var reset int64
	if err := tx.NewQuery("SELECT value FROM _sync_state WHERE key = 'reset'").Row(&reset); err != nil {
		return 0, fmt.Errorf("failed to read the last reset: %w", err)
	}
	if c.Schema != p.Schema || c.Seq > head || c.Seq < reset {
		return 0, nil
	}
	return c.Seq, nil
}

// tooLarge names the collections that make a scope larger than a phone can hold.
func tooLarge(tx dbx.Builder, catalog *Catalog, docs []int64, limit int) error {
	counts := map[string]int{}
	for chunk := range slices.Chunk(docs, pullChunk) {
		var colls []string
		if err := tx.NewQuery("SELECT coll FROM _sync_doc WHERE id IN (" + joinIDs(chunk) + ")").Column(&colls); err != nil {
			return fmt.Errorf("failed to count scope: %w", err)
		}
		for _, c := range colls {
			if rule, ok := catalog.byID[c]; ok {
				counts[rule.Collection.Name]++
			}
		}
	}
	return &Problem{Status: 413, Code: "scope_too_large", Params: map[string]any{"rows": len(docs), "limit": limit, "collections": counts}}
}

// lines writes put and leave lines and keeps their sum.
type lines struct {
	w            io.Writer
	sum          hash.Hash32
	catalog      *Catalog
	today        int64
	puts, leaves int
	buf          []byte
}

type docRow struct {
	coll, rec    string
	ver, expires int64
	body         []byte
	deleted      bool
}

// stream reads docs in the order of their numbers, which is that of the disk.
func (l *lines) stream(tx dbx.Builder, ids []int64, each func(docRow) error) error {
	for chunk := range slices.Chunk(ids, pullChunk) {
		rows, err := tx.NewQuery("SELECT coll, rec, ver, expires, body, body IS NULL FROM _sync_doc WHERE id IN (" + joinIDs(chunk) + ") ORDER BY id").Rows()
		if err != nil {
			return fmt.Errorf("failed to read replicas: %w", err)
		}
		for rows.Next() {
			var d docRow
			if err = rows.Scan(&d.coll, &d.rec, &d.ver, &d.expires, &d.body, &d.deleted); err == nil {
				err = each(d)
			}
			if err != nil {
				break
			}
		}
		if err := firstError(err, rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("failed to write rows: %w", err)
		}
	}
	return nil
}

func (l *lines) put(d docRow) error {
	rule, ok := l.catalog.byID[d.coll]
	if !ok || d.deleted {
		return nil
	}
	l.puts++
	l.buf = append(l.buf[:0], rule.prefix...)
	l.buf = strconv.AppendInt(l.buf, d.ver, 10)
	l.buf = append(l.buf, `,"r":`...)
	l.buf = append(l.buf, d.body...)
	l.buf = append(l.buf, "}\n"...)
	return l.flush()
}

func (l *lines) leave(d docRow) error {
	name := d.coll
	if rule, ok := l.catalog.byID[d.coll]; ok {
		name = rule.Collection.Name
	}
	why := LeaveLeft
	switch {
	case d.deleted:
		why = LeaveDeleted
	case d.expires > 0 && d.expires <= l.today:
		why = LeaveExpired
	}
	l.leaves++
	b, err := json.Marshal(Line{C: name, I: d.rec, X: why})
	if err != nil {
		return err
	}
	l.buf = append(append(l.buf[:0], b...), '\n')
	return l.flush()
}

func (l *lines) flush() error {
	if _, err := l.sum.Write(l.buf); err != nil {
		return err
	}
	_, err := l.w.Write(l.buf)
	return err
}

func joinIDs(ids []int64) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	return b.String()
}
