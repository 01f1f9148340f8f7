package syncer

import (
	"encoding/json/v2"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"

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

// put writes the put lines of docs, in the order given. All ids go into one
// statement: to compile one costs as much as to read many rows.
func (l *lines) put(tx dbx.Builder, docs []int64) error {
	return eachRow(tx, `SELECT d.coll, d.ver, d.body FROM json_each({:ids}) i CROSS JOIN _sync_doc d ON d.id = i.value
		WHERE d.body IS NOT NULL`, docs, func(rows *dbx.Rows) error {
		var coll, body string // a text goes into a string without a copy
		var ver int64
		if err := rows.Scan(&coll, &ver, &body); err != nil {
			return err
		}
		return l.putRow(coll, ver, body)
	})
}

// leave writes the leave lines of docs, in the order given.
func (l *lines) leave(tx dbx.Builder, docs []int64) error {
	return eachRow(tx, `SELECT d.coll, d.rec, d.expires, d.body IS NULL FROM json_each({:ids}) i CROSS JOIN _sync_doc d ON d.id = i.value`,
		docs, func(rows *dbx.Rows) error {
			var coll, rec string
			var expires int64
			var deleted bool
			if err := rows.Scan(&coll, &rec, &expires, &deleted); err != nil {
				return err
			}
			return l.leaveRow(coll, rec, expires, deleted)
		})
}

func eachRow(tx dbx.Builder, query string, docs []int64, each func(rows *dbx.Rows) error) error {
	if len(docs) == 0 {
		return nil
	}
	rows, err := tx.NewQuery(query).Bind(dbx.Params{"ids": idList(docs)}).Rows()
	if err != nil {
		return fmt.Errorf("read replicas: %w", err)
	}
	for err == nil && rows.Next() {
		err = each(rows)
	}
	if err := firstError(err, rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func (l *lines) putRow(coll string, ver int64, row string) error {
	rule, ok := l.catalog.byID[coll]
	if !ok {
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
	l.puts++
	l.buf = append(l.buf[:0], rule.prefix...)
	l.buf = strconv.AppendInt(l.buf, ver, 10)
	l.buf = append(l.buf, `,"r":`...)
	if v == nil {
		l.buf = append(l.buf, row...)
	} else {
		theirs, err := v.body([]byte(row))
		if err != nil {
			return err
		}
		l.buf = append(l.buf, theirs...)
	}
	l.buf = append(l.buf, "}\n"...)
	return l.flush()
}

func (l *lines) leaveRow(coll, rec string, expires int64, deleted bool) error {
	name := coll
	if rule, ok := l.catalog.byID[coll]; ok {
		name = rule.Collection.Name
	}
	why := LeaveLeft
	switch {
	case deleted:
		why = LeaveDeleted
	case expires > 0 && expires <= l.today:
		why = LeaveExpired
	}
	return l.gone(Line{C: name, I: rec, X: why})
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

// idList renders ids as a JSON array, for json_each.
func idList(ids []int64) string {
	b := make([]byte, 1, 8*len(ids)+2)
	b[0] = '['
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return string(append(b, ']'))
}
