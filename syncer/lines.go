package syncer

import (
	"encoding/json/v2"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
)

// lines writes put and leave lines and keeps their sum.
type lines struct {
	w            io.Writer
	sum          uint64 // of the CRC-32 of each line
	catalog      *Catalog
	today        int64
	schema       uint32
	views        map[*Rule]*view
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
	v, seen := l.views[rule]
	if !seen {
		if l.views == nil {
			l.views = map[*Rule]*view{}
		}
		v = rule.view(l.schema)
		l.views[rule] = v
	}
	body, err := v.body(d.body)
	if err != nil {
		return err
	}
	l.puts++
	l.buf = append(l.buf[:0], rule.prefix...)
	l.buf = strconv.AppendInt(l.buf, d.ver, 10)
	l.buf = append(l.buf, `,"r":`...)
	l.buf = append(l.buf, body...)
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
	return l.gone(Line{C: name, I: d.rec, X: why})
}

// gone writes a leave line.
func (l *lines) gone(line Line) error {
	l.leaves++
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	l.buf = append(append(l.buf[:0], b...), '\n')
	return l.flush()
}

func (l *lines) flush() error {
	l.sum += uint64(crc32.ChecksumIEEE(l.buf))
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
