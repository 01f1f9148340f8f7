package syncer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
)

// entry is a mutation of a push, as far as its envelope can be read.
type entry struct {
	n        int64
	id       string
	group    string
	after    []string
	hash     string
	raw      jsontext.Value
	replayed bool
}

// identify reads a mutation's number, names and the hash of its content
// without the number, which changes when the device gets another id.
func identify(raw jsontext.Value) (entry, error) {
	bad := refuseRequest(400, "mutation_malformed")
	var members map[string]jsontext.Value
	if json.Unmarshal(raw, &members) != nil {
		return entry{}, bad
	}
	e := entry{raw: raw}
	if json.Unmarshal(members["n"], &e.n) != nil || e.n < 1 {
		return entry{}, bad
	}
	delete(members, "n")
	content, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		return entry{}, bad
	}
	sum := sha256.Sum256([]byte(canonical(content)))
	e.hash = hex.EncodeToString(sum[:])
	// What has another form is refused alone, by decode.
	ok := true
	for name, into := range map[string]any{"id": &e.id, "group": &e.group, "after": &e.after} {
		if v, given := members[name]; given {
			ok = ok && json.Unmarshal(v, into) == nil
		}
	}
	if !ok {
		e = entry{n: e.n, hash: e.hash, raw: raw}
	}
	return e, nil
}

// number checks that the mutations go on where the device stopped, before any
// of them is carried out.
func (s *Session) number(mutations []jsontext.Value, high int64) ([]entry, error) {
	out := make([]entry, 0, len(mutations))
	last := high
	for i, raw := range mutations {
		e, err := identify(raw)
		if err != nil {
			return nil, err
		}
		again := s.engine.Planted == PlantDuplicateApply && i == len(mutations)-1
		e.replayed = e.n <= high && !again
		switch {
		case e.n > last+1, e.n <= last && e.n > high:
			return nil, gap(last)
		case e.replayed && last > high:
			return nil, gap(last)
		}
		last = max(last, e.n)
		out = append(out, e)
	}
	return out, nil
}

func gap(high int64) *Problem {
	return &Problem{Status: 409, Code: "sync_gap", Params: map[string]any{"expected": high + 1}}
}

// replay answers a number that was taken before.
func (s *Session) replay(device string, n int64, hash string) (Result, error) {
	var row struct {
		Hash   string `db:"hash"`
		Result string `db:"result"`
	}
	err := s.tx.NewQuery("SELECT hash, result FROM _sync_push WHERE device = {:d} AND n = {:n}").
		Bind(dbx.Params{"d": device, "n": n}).One(&row)
	if err != nil {
		return Result{}, fmt.Errorf("failed to read the verdict of mutation %d: %w", n, err)
	}
	if row.Hash != hash && row.Hash != "" {
		return Result{}, &Problem{Status: 409, Code: "device_forked", Params: map[string]any{"n": n}}
	}
	return readResult(row.Result)
}

func readResult(text string) (r Result, err error) {
	if err = json.Unmarshal([]byte(text), &r); err != nil {
		err = fmt.Errorf("failed to read a verdict: %w", err)
	}
	return r, err
}

// taken is a verdict with the hash of what it was for.
type taken struct {
	Result
	hash string
}

// verdicts reads the verdicts that mutations of these ids came to before, from
// any device of the user: a phone that got a new device id sends again what it
// is not sure of, and a child names parents of earlier pushes.
func (s *Session) verdicts(user string, entries []entry) (map[string]taken, error) {
	var ids []string
	for _, e := range entries {
		if !e.replayed {
			ids = append(append(ids, e.id), e.after...)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		ID     string `db:"mutation"`
		Hash   string `db:"hash"`
		Result string `db:"result"`
	}
	err := s.tx.NewQuery(`SELECT p.mutation, p.hash, p.result FROM json_each({:ids}) i
		CROSS JOIN _sync_push p ON p.mutation = i.value AND p.mutation <> '' JOIN _sync_device d ON d.device = p.device
		WHERE d.user = {:u}`).Bind(dbx.Params{"ids": jsonText(ids), "u": user}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("failed to look for earlier verdicts: %w", err)
	}
	out := make(map[string]taken, len(rows))
	for _, r := range rows {
		t := taken{hash: r.Hash}
		if t.Result, err = readResult(r.Result); err != nil {
			return nil, err
		}
		out[r.ID] = t
	}
	return out, nil
}

// storeResults keeps verdicts. A phone pushes from the lowest number that it has
// no verdict of: it has those up to acked.
func (s *Session) storeResults(dev Device, high, acked int64, fresh []entry, results []Result) error {
	rows := make([]any, len(fresh))
	for i, e := range fresh {
		rows[i] = []any{dev.ID, e.n, e.hash, jsonText(results[i]), e.id}
	}
	_, err := s.tx.NewQuery(`INSERT OR REPLACE INTO _sync_push (device, n, hash, result, mutation)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each({:rows})`).Bind(dbx.Params{"rows": jsonText(rows)}).Execute()
	if err == nil {
		_, err = s.tx.NewQuery(`INSERT INTO _sync_device (device, user, high_water, acked_n) VALUES ({:d}, {:u}, {:h}, {:acked})
			ON CONFLICT (device) DO UPDATE SET high_water = excluded.high_water, acked_n = excluded.acked_n, user = excluded.user`).
			Bind(dbx.Params{"d": dev.ID, "u": dev.User, "h": high, "acked": acked}).Execute()
	}
	if err != nil {
		return fmt.Errorf("failed to store verdicts: %w", err)
	}
	return nil
}
