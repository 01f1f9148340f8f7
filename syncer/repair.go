package syncer

import (
	"strings"

	"github.com/pocketbase/dbx"
)

// maxRepairRows is the most rows that a device may list in one request.
const maxRepairRows = 2_000

// RepairRequest lists what a device holds in buckets that differ:
// collection → prefix → id → version. A row whose content the device finds
// damaged is listed with version 0.
type RepairRequest struct {
	Device  string                                 `json:"device"`
	Schema  int                                    `json:"schema"`
	Cursor  string                                 `json:"cursor"`
	Buckets map[string]map[string]map[string]int64 `json:"buckets"`
}

// Mended tells what a repair sends, and what both sides held in the buckets.
type Mended struct {
	Rows   int                                    `json:"-"`
	Phone  map[string]map[string]map[string]int64 `json:"phone"`
	Server map[string]map[string]map[string]int64 `json:"server"`
}

// Repair writes to w, as the lines of a pull that leaves the cursor where it
// is, the rows of the buckets that differ and no others. Problems as of Digest.
func (e *Engine) Repair(tx dbx.Builder, p Pull, req RepairRequest, w Sink) (Mended, error) {
	key := NewDigestKey(p.Keys.Digest, p.Device)
	if !wellPlaced(key, req.Buckets) {
		return Mended{}, refuseRequest(400, "body_malformed")
	}
	rows, st, err := e.standing(tx, p)
	if err != nil {
		return Mended{}, err
	}
	dev, err := e.deviceState(tx, p.Device)
	if err != nil {
		return Mended{}, err
	}
	a := answer{p: p, st: st, dev: dev, from: start{seq: st.head.seq}, w: w}
	out := Mended{Phone: req.Buckets, Server: map[string]map[string]map[string]int64{}}
	for c, buckets := range req.Buckets {
		out.Server[c] = map[string]map[string]int64{}
		for prefix, theirs := range buckets {
			ours := map[string]int64{}
			for _, r := range rows[c] {
				if !strings.HasPrefix(Hex16(key.Place(c, r.id)), prefix) {
					continue
				}
				ours[r.id] = r.v
				if v, held := theirs[r.id]; !held || v != r.v {
					a.fresh = append(a.fresh, r.doc)
				}
			}
			for id := range theirs {
				if _, ok := ours[id]; !ok {
					a.gone = append(a.gone, Line{C: c, I: id, X: LeaveLeft})
				}
			}
			out.Server[c][prefix] = ours
		}
	}
	a.fresh = unique(a.fresh)
	out.Rows = a.puts() + a.left()
	catalog, err := e.catalogAt(tx, st.rules)
	if err != nil {
		return out, err
	}
	return out, a.write(tx, catalog, w)
}

// wellPlaced reports whether each row listed belongs into its bucket: of one that
// does not, the server could not say that it is no longer there.
func wellPlaced(key DigestKey, buckets map[string]map[string]map[string]int64) bool {
	listed := 0
	for c, byPrefix := range buckets {
		for prefix, rows := range byPrefix {
			if badPrefix(prefix) {
				return false
			}
			for id := range rows {
				if !strings.HasPrefix(Hex16(key.Place(c, id)), prefix) {
					return false
				}
			}
			listed += len(rows)
		}
	}
	return listed <= maxRepairRows
}
