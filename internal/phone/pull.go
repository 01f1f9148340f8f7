package phone

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"satchel/syncer"
)

// errTorn says that an answer broke off or does not add up; the old cursor stays.
var errTorn = errors.New("the pull did not arrive whole")

// Pulled tells what a pull brought.
type Pulled struct {
	Puts, Leaves int
	Bytes        int64 // on the wire
	To           int64
	Warning      *syncer.Warning // for the person; nil for none

	anchor *syncer.Anchor
}

// Pull brings the phone up to date. Rows, cursor and the end of overlays are
// committed together, and only if the answer arrived whole.
func (p *Phone) Pull(ctx context.Context) (Pulled, error) {
	for mended := 0; ; mended++ {
		out, err := p.pullOnce(ctx)
		if err == nil || mended == maxMends {
			return out, err
		}
		if err := p.mend(ctx, err); err != nil {
			return out, err
		}
	}
}

func (p *Phone) pullOnce(ctx context.Context) (Pulled, error) {
	device, err := p.Device()
	if err != nil {
		return Pulled{}, err
	}
	cursor, err := p.store.meta("cursor")
	if err != nil {
		return Pulled{}, err
	}
	oldest, err := p.oldest()
	if err != nil {
		return Pulled{}, err
	}
	var resp *http.Response
	var asked moment
	err = p.authed(ctx, func() error {
		asked = p.moment()
		return p.once(ctx, http.MethodPost, "/api/sync/pull",
			syncer.PullRequest{Device: device, Schema: Schema, Cursor: cursor, OldestCaptured: &oldest}, &resp, http.Header{"Accept-Encoding": {"zstd, gzip"}})
	})
	if err != nil {
		return Pulled{}, err
	}
	whole := p.resuming(ctx, resp)
	defer whole.Close() //nolint:errcheck // read to the end or failed already
	wire := &counted{r: whole}
	plain, done, err := decoded(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return Pulled{}, err
	}
	defer done()
	var out Pulled
	err = p.store.within(func(tx *sql.Tx) error {
		out, err = take(tx, plain)
		return err
	})
	out.Bytes = wire.n
	if err == nil {
		err = p.hear(out.anchor, asked)
	}
	return out, err
}

// oldest is when the oldest mutation that waits was captured, empty if none does.
func (p *Phone) oldest() (captured string, err error) {
	err = p.store.db.QueryRow(`SELECT COALESCE((SELECT body->>'captured' FROM outbox WHERE state = 'pending' ORDER BY n LIMIT 1), '')`).Scan(&captured)
	return captured, err
}

// take applies the lines of an answer inside one local transaction.
func take(tx *sql.Tx, r io.Reader) (out Pulled, err error) {
	put, err := tx.Prepare("INSERT OR REPLACE INTO base (c, id, v, body, sum) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return out, err
	}
	defer put.Close() //nolint:errcheck // the transaction ends it
	var begin syncer.Begin
	lines, sum := bufio.NewReaderSize(r, 64<<10), uint64(0)
	for {
		raw, err := lines.ReadBytes('\n')
		if err != nil {
			return out, errors.Join(errTorn, err)
		}
		var l syncer.Line
		if err := json.Unmarshal(raw, &l); err != nil {
			return out, errors.Join(errTorn, err)
		}
		switch {
		case l.Begin != nil:
			begin = *l.Begin
			out.anchor, out.Warning = begin.Anchor, begin.Warning
			if out.To = begin.To; begin.Reset {
				_, err = tx.Exec("DELETE FROM base")
			}
			// What the server was told and does not have, it gets again.
			err = errors.Join(err, requeue(tx, begin.HighWater))
		case l.End != nil:
			if l.End.Puts != out.Puts || l.End.Leaves != out.Leaves || l.End.Sum != fmt.Sprintf("%016x", sum) {
				return out, errTorn
			}
			return out, finish(tx, l.End.Cursor, begin)
		case l.X != "":
			out.Leaves++
			_, err = tx.Exec("DELETE FROM base WHERE c = ? AND id = ?", l.C, l.I)
		default:
			out.Puts++
			var id string
			if id, err = idOf(l.R); err == nil {
				_, err = put.Exec(l.C, id, l.V, string(l.R), crc32.ChecksumIEEE(l.R))
			}
		}
		if err != nil {
			return out, err
		}
		if l.Begin == nil {
			sum += uint64(crc32.ChecksumIEEE(raw))
		}
	}
}

// finish stores the cursor and drops the overlay of what the pull contains.
func finish(tx *sql.Tx, cursor string, begin syncer.Begin) error {
	if _, err := tx.Exec("INSERT OR REPLACE INTO meta (k, v) VALUES ('cursor', ?)", cursor); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE outbox SET state = 'kept' WHERE state = 'acked' AND seq <= ?", begin.To); err != nil {
		return err
	}
	if err := settlePhotos(tx, begin.DurableN); err != nil {
		return err
	}
	return forget(tx, begin.DurableN)
}

func idOf(row jsontext.Value) (string, error) {
	var head struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(row, &head)
	return head.ID, err
}

// decoded unpacks a body; done releases what it took.
func decoded(r io.Reader, encoding string) (io.Reader, func(), error) {
	switch encoding {
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nil, err
		}
		return d, d.Close, nil
	case "gzip":
		d, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, errors.Join(errTorn, err)
		}
		return d, func() {}, nil
	}
	return r, func() {}, nil
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
