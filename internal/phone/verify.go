package phone

import (
	"context"
	"database/sql"
	"encoding/hex"
	"hash/crc32"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"satchel/syncer"
)

const (
	// verifyEvery is the number of pulls after which a sync compares by itself.
	// Pulls are counted, not days: the phone's clock may say anything.
	verifyEvery = 100
	// smallBucket is the number of rows below which a bucket is listed whole.
	smallBucket = 32
	// maxListed bounds the rows listed in one request for repair.
	maxListed = 1_000
)

// Verified tells what a comparison with the server found.
type Verified struct {
	Mended  int  // rows that differed and were put right
	Reset   bool // too many differed: all was loaded anew
	Stopped bool // and again: nothing more is tried until the next comparison
}

// Verify compares what the phone holds with what the server says it should, and
// mends the rows that differ.
func (p *Phone) Verify(ctx context.Context) (out Verified, err error) {
	for range maxMends {
		var again bool
		if again, err = p.compare(ctx, &out); err == nil && !again {
			return out, nil
		}
		switch CodeOf(err) {
		case "":
			if err != nil {
				return out, err
			}
		case "sync_moved", "cursor_invalid":
			_, err = p.Pull(ctx)
		case "repair_reset":
			out.Reset = true
			if err = p.store.setMeta("cursor", ""); err == nil {
				_, err = p.Pull(ctx)
			}
		case "repair_stopped":
			out.Stopped = true
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
	return out, err
}

// verifyDue compares once in a while, as a part of a sync.
func (p *Phone) verifyDue(ctx context.Context) error {
	text, err := p.store.meta("pulls")
	if err != nil {
		return err
	}
	pulls, _ := strconv.Atoi(text) // none at first
	if pulls++; pulls < verifyEvery {
		return p.store.setMeta("pulls", strconv.Itoa(pulls))
	}
	if _, err := p.Verify(ctx); err != nil {
		return err
	}
	return p.store.setMeta("pulls", "0")
}

// compare asks once, from the sums down to the rows, and mends what differs;
// again says that it did.
func (p *Phone) compare(ctx context.Context, out *Verified) (again bool, err error) {
	h, err := p.holding(ctx)
	if err != nil {
		return false, err
	}
	req := h.request
	req.Sums = h.sums()
	repair := syncer.RepairRequest{Device: req.Device, Schema: req.Schema, Cursor: req.Cursor}
	for {
		var resp syncer.DigestResponse
		if err := p.call(ctx, http.MethodPost, "/api/sync/digest", req, &resp); err != nil {
			return false, err
		}
		if resp.Equal {
			return false, nil
		}
		small, within := h.narrow(resp.Buckets)
		for _, list := range chunked(small) {
			repair.Buckets = list
			mended, err := p.repair(ctx, repair)
			if out.Mended += mended; err != nil {
				return false, err
			}
		}
		if len(within) == 0 {
			return true, nil
		}
		req.Sums, req.Within = nil, within
	}
}

func (p *Phone) repair(ctx context.Context, req syncer.RepairRequest) (int, error) {
	var resp *http.Response
	err := p.authed(ctx, func() error {
		return p.once(ctx, http.MethodPost, "/api/sync/repair", req, &resp, http.Header{"Accept-Encoding": {"zstd, gzip"}})
	})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end or failed already
	plain, done, err := decoded(resp.Body, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return 0, err
	}
	defer done()
	var out Pulled
	err = p.store.within(func(tx *sql.Tx) error {
		out, err = take(tx, plain)
		return err
	})
	return out.Puts + out.Leaves, err
}

// holding is all that a phone holds, as it is compared.
type holding struct {
	request syncer.DigestRequest
	key     syncer.DigestKey
	rows    map[string][]held // by collection
}

type held struct {
	id    string
	v     int64
	place string
	sum   uint64 // the leaf
}

// holding reads every row anew: a sum kept aside would go on vouching for what
// the store has lost. A row whose content is damaged counts as version 0.
func (p *Phone) holding(ctx context.Context) (*holding, error) {
	if err := p.learnKey(ctx); err != nil {
		return nil, err
	}
	device, err := p.Device()
	if err != nil {
		return nil, err
	}
	cursor, err := p.store.meta("cursor")
	if err != nil {
		return nil, err
	}
	text, err := p.store.meta("digest_key")
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(text)
	if err != nil {
		return nil, err
	}
	h := &holding{
		request: syncer.DigestRequest{Device: device, Schema: Schema, Cursor: cursor},
		key:     key, rows: map[string][]held{},
	}
	rows, err := p.store.db.Query("SELECT c, id, v, sum, body FROM base")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	for rows.Next() {
		var c string
		var r held
		var sum uint32
		var body []byte
		if err := rows.Scan(&c, &r.id, &r.v, &sum, &body); err != nil {
			return nil, err
		}
		if crc32.ChecksumIEEE(body) != sum {
			r.v = 0
		}
		r.sum, r.place = h.key.Leaf(c, r.id, r.v), syncer.Hex16(h.key.Place(c, r.id))
		h.rows[c] = append(h.rows[c], r)
	}
	return h, rows.Err()
}

// learnKey asks for the key of the phone's leaves if it joined without one.
func (p *Phone) learnKey(ctx context.Context) error {
	if key, err := p.store.meta("digest_key"); err != nil || key != "" {
		return err
	}
	user, err := p.User()
	if err != nil {
		return err
	}
	token, err := p.store.meta("token")
	if err != nil {
		return err
	}
	return p.Adopt(ctx, user, token)
}

func (h *holding) sums() map[string]string {
	out := map[string]string{}
	for c, rows := range h.rows {
		var sum uint64
		for _, r := range rows {
			sum += r.sum
		}
		out[c] = syncer.Hex16(sum)
	}
	return out
}

// narrow sorts the server's buckets into those to list for repair and those to
// look into further.
func (h *holding) narrow(theirs map[string]map[string]syncer.Bucket) (small map[string]map[string]map[string]int64, within map[string][]string) {
	small, within = map[string]map[string]map[string]int64{}, map[string][]string{}
	for c, buckets := range theirs {
		for prefix, b := range buckets {
			mine := h.under(c, prefix)
			if max(b.Rows, len(mine)) <= smallBucket {
				if small[c] == nil {
					small[c] = map[string]map[string]int64{}
				}
				small[c][prefix] = mine
				continue
			}
			for i, sum := range b.Sums {
				if inner := prefix + "0123456789abcdef"[i:i+1]; syncer.Hex16(h.sumUnder(c, inner)) != sum {
					within[c] = append(within[c], inner)
				}
			}
		}
	}
	return small, within
}

func (h *holding) under(c, prefix string) map[string]int64 {
	out := map[string]int64{}
	for _, r := range h.rows[c] {
		if strings.HasPrefix(r.place, prefix) {
			out[r.id] = r.v
		}
	}
	return out
}

func (h *holding) sumUnder(c, prefix string) (sum uint64) {
	for _, r := range h.rows[c] {
		if strings.HasPrefix(r.place, prefix) {
			sum += r.sum
		}
	}
	return sum
}

// chunked cuts buckets into requests of a bounded number of rows.
func chunked(small map[string]map[string]map[string]int64) (out []map[string]map[string]map[string]int64) {
	size := maxListed
	for _, c := range slices.Sorted(maps.Keys(small)) {
		for _, prefix := range slices.Sorted(maps.Keys(small[c])) {
			if size+len(small[c][prefix]) >= maxListed {
				out, size = append(out, map[string]map[string]map[string]int64{}), 0
			}
			last := out[len(out)-1]
			if last[c] == nil {
				last[c] = map[string]map[string]int64{}
			}
			last[c][prefix] = small[c][prefix]
			size += len(small[c][prefix]) + 1
		}
	}
	return out
}
