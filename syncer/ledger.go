package syncer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
)

// entry is a mutation of a push, as far as its envelope can be read.
type entry struct {
	n        int64 // 0 if it cannot be read; its place tells it then
	id       string
	group    string
	after    []string
	hash     string
	raw      jsontext.Value
	members  map[string]jsontext.Value // of one that cannot be read: what of it can
	problem  *Problem                  // why it cannot be read
	replayed bool
}

// identify reads a mutation's number, names and the hash of its content
// without the number, which changes when the device gets another id.
func identify(raw jsontext.Value) entry {
	e := entry{raw: raw, members: map[string]jsontext.Value{}}
	if len(raw) > MaxMutationBytes {
		e.problem = &Problem{Code: "mutation_too_large", Params: map[string]any{"limit": MaxMutationBytes}}
	}
	var content []byte
	err := json.Unmarshal(raw, &e.members)
	if err == nil && e.members == nil {
		e.members, e.problem = map[string]jsontext.Value{}, &Problem{Code: "json.type", Params: map[string]any{"place": ""}}
	}
	if err == nil {
		n := e.members["n"]
		delete(e.members, "n")
		content, err = json.Marshal(e.members, json.Deterministic(true))
		content = []byte(canonical(content))
		e.members["n"] = n
	}
	if err != nil {
		if e.problem == nil {
			e.problem = unreadable(err)
		}
		content = e.salvage()
	} else if e.problem == nil {
		e.problem = bounded(raw, wrapping)
	}
	sum := sha256.Sum256(content)
	e.hash = hex.EncodeToString(sum[:])
	if _, err := fmt.Sscanf(string(e.members["n"]), "%d", &e.n); err != nil || !number.Match(e.members["n"]) {
		e.n = 0
	}
	// What has another form is refused by decode.
	if json.Unmarshal(e.members["id"], &e.id) != nil || len(e.id) > longestID {
		e.id = ""
	}
	if json.Unmarshal(e.members["group"], &e.group) != nil {
		e.group = ""
	}
	if json.Unmarshal(e.members["after"], &e.after) != nil {
		e.after = nil
	}
	return e
}

const (
	wrapping  = 2  // a value stands in a part of a mutation
	longestID = 64 // of a mutation, for it to be known again
)

// number is how a mutation's number is spelled.
var number = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)

// salvage takes the members of a mutation that no strict reader takes, by their
// brackets and quotes, and returns its content without the number. A member that
// stands twice has no value.
func (e *entry) salvage() (content []byte) {
	members, whole := lexer{e.raw, true}.members()
	if !whole {
		if again, ok := (lexer{e.raw, false}).members(); ok {
			members, whole = again, true
		}
	}
	var parts []string
	e.members = map[string]jsontext.Value{}
	for _, m := range members {
		_, twice := e.members[m.name]
		e.members[m.name] = m.value
		if twice {
			e.members[m.name] = nil
		}
		if m.name != "n" {
			parts = append(parts, m.name+":"+string(lexer{m.value, true}.compact()))
		}
	}
	for name, value := range e.members {
		if value == nil {
			delete(e.members, name)
		}
	}
	if !whole {
		return lexer{e.raw, true}.compact()
	}
	slices.Sort(parts)
	return []byte(strings.Join(parts, ","))
}

// number checks that the mutations go on where the device stopped, before any
// of them is carried out.
func (s *Session) number(mutations []jsontext.Value, high int64) ([]entry, error) {
	out := identifyAll(mutations)
	last := high
	for i := range out {
		e := &out[i]
		if e.n == 0 || e.problem != nil && s.engine.Planted == PlantUnreadableStops {
			return nil, refuseRequest(400, "mutation_malformed")
		}
		if s.engine.Planted == PlantDepth && e.problem != nil && e.problem.Code == "json.depth" && e.raw.IsValid() {
			e.problem = nil
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
	}
	return out, nil
}

// identifyAll reads the mutations of a request. Numbers count up, so that of one
// whose number cannot be read follows from its neighbours; 0 is left if none of
// them has one.
func identifyAll(mutations []jsontext.Value) []entry {
	out := make([]entry, len(mutations))
	for i, raw := range mutations {
		out[i] = identify(raw)
	}
	if at := slices.IndexFunc(out, func(e entry) bool { return e.n > 0 }); at > 0 && out[at].n > int64(at) {
		out[0].n = cmp.Or(out[0].n, out[at].n-int64(at))
	}
	count(out)
	return out
}

// count numbers what has no number of its own by what stands before it.
func count(entries []entry) {
	for i := 1; i < len(entries); i++ {
		if entries[i].n == 0 && entries[i-1].n > 0 {
			entries[i].n = entries[i-1].n + 1
		}
	}
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
		return Result{}, fmt.Errorf("read the verdict of mutation %d: %w", n, err)
	}
	if row.Hash != hash && row.Hash != "" {
		return Result{}, &Problem{Status: 409, Code: "device_forked", Params: map[string]any{"n": n}}
	}
	return readResult(row.Result)
}

func readResult(text string) (r Result, err error) {
	if err = json.Unmarshal([]byte(text), &r); err != nil {
		err = fmt.Errorf("read a verdict: %w", err)
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
		return nil, fmt.Errorf("look for earlier verdicts: %w", err)
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
		return fmt.Errorf("store verdicts: %w", err)
	}
	return nil
}
