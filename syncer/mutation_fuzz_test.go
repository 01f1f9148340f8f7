package syncer_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// FuzzMutation pushes arbitrary bytes between two good mutations. If they are a
// value of JSON by its brackets and quotes, however spoilt, the push passes: the
// good ones are carried out, and the one between gets a verdict by its number.
// What is taken comes back whole.
func FuzzMutation(f *testing.F) {
	b := newBench(f)
	head := `{"n":2,"id":"mmmmmmmmmmmmmm2","op":"create","c":"kit","r":"bbbbbbbbbbbbbbb"`
	for _, tail := range []string{
		`,"set":{"note":"x","doc":{"serial":6901234567890123457}}}`, `,"set":{"doc":"123","amount":9007199254740992}}`, `,"set":{"doc":-0.000012345678901234567890}}`,
		`,"set":{"note":"\ud83d"}}`, ",\"set\":{\"note\":\"\xcd\xf5\\\"}}", ",\"set\":{\"note\":\"\xe4\\\"\"}}", `,"op":"delete"}`, `,"set":{"doc":1e400}}`,
		`,"set":{"doc":` + strings.Repeat("[", 1100) + strings.Repeat("]", 1100) + `}}`, `,"captured":"yesterday"}`, `,"after":["mmmmmmmmmmmmmm2"]}`,
		`,"after":["mmmmmmmmmmmmmm3"]}`, `,"id":7}`, `,"group":"g","after":[]}`, `,"n":2}`, `,"base":9e15}`, `,"set":{"doc":{"a":[1,{"b":null}]}}}`,
	} {
		f.Add([]byte(head + tail))
	}
	for _, whole := range []string{
		`null`, `7`, `[]`, `{}`, `"x"`, `{"n":1e400}`, `{"n":"2"}`, `{n:2}`, `{"n":2,}`, `{"n":3}`, `tru`,
		`{"n":2,"id":"mmmmmmmmmmmmmm1","op":"create","c":"kit","r":"ccccccccccccccc"}`,
		`{"n":2,"id":"mmmmmmmmmmmmmm2","op":"update","c":"kit","r":"aaaaaaaaaaaaaaa","base":9000000000000,"set":{"note":"x"}}`,
	} {
		f.Add([]byte(whole))
	}
	good := func(n, id string) string {
		return `{"n":` + n + `,"id":"mmmmmmmmmmmmmm` + n + `","op":"create","c":"kit","r":"` + id + `","set":{"note":"good","owner":"rep"}}`
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		body := slices.Concat([]byte(`{"device":"d","schema":1,"mutations":[`+good("1", "aaaaaaaaaaaaaaa")+","), raw, []byte(","+good("3", "ddddddddddddddd")+`]}`))
		req, err := syncer.ReadPush(body)
		one := oneValue(raw)
		if err != nil || len(req.Mutations) != 3 {
			if one {
				t.Fatalf("a value between two others: %d mutations, %v", len(req.Mutations), err)
			}
			return
		}
		b.try(t, b.rule(), func(e *syncer.Engine, tx dbx.Builder) {
			fold(t, e, tx, fuzzNow)
			s, err := e.Begin(tx, fuzzNow)
			if err != nil {
				t.Fatal(err)
			}
			results, _, err := s.Push(syncer.Device{ID: "dev", User: "rep"}, req.Mutations, &toyApplier{tx: tx}, nil)
			if p, ok := syncer.IsProblem(err); ok && p.Code == "sync_gap" || isDirty(err) {
				return // it says itself that it is another number, or is refused after writing
			}
			if err != nil || len(results) != 3 {
				t.Fatalf("%d verdicts, %v", len(results), err)
			}
			group := results[1].Status == syncer.StatusRejected && strings.HasSuffix(results[1].Code, "group_refused")
			for _, at := range []int{0, 2} {
				if r := results[at]; r.N != int64(at+1) || r.Status != syncer.StatusApplied && r.Code != "mutation_id_taken" && r.Code != "id.taken" && r.Status != syncer.StatusDuplicate && !group {
					t.Fatalf("the good mutation %d got %+v", at+1, r)
				}
			}
			if results[1].N != 2 || results[1].Status == syncer.StatusRejected && results[1].Code == "" {
				t.Fatalf("the one between got %+v", results[1])
			}
			s.Publish()
			comesBack(t, req.Mutations[1], results[1], pulled(t, e, tx, "rep"))
		})
	})
}

func isDirty(err error) bool {
	_, dirty := err.(*syncer.DirtyError) //nolint:errorlint // as Push returns it
	return dirty
}

// oneValue reports whether bytes are one value of JSON for a reader that lets pass
// what strict ones refuse.
func oneValue(raw []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadValue(); err != nil {
		return false
	}
	return dec.InputOffset() == int64(len(raw)) && bytes.IndexFunc(raw, func(r rune) bool { return r == '\uFFFD' }) < 0
}

// comesBack holds that a created row is pulled with the document that was sent.
func comesBack(t *testing.T, raw jsontext.Value, r syncer.Result, rows []map[string]jsontext.Value) {
	t.Helper()
	var m syncer.Mutation
	if r.Status != syncer.StatusApplied || json.Unmarshal(raw, &m) != nil || m.Op != syncer.OpCreate || m.Set["doc"] == nil || m.R[0] == 'x' {
		return
	}
	if owner, ok := m.Set["owner"]; ok && string(owner) != `"rep"` {
		return
	}
	for _, row := range rows {
		if string(row["id"]) == `"`+m.R+`"` {
			if !sameDocument(m.Set["doc"], row["doc"]) {
				t.Fatalf("sent %.300s, comes back as %.300s", m.Set["doc"], row["doc"])
			}
			return
		}
	}
	t.Fatalf("the row %s is not pulled", m.R)
}

// sameDocument compares word by word; numbers by what a double makes of a
// fraction and exactly otherwise.
func sameDocument(a, b jsontext.Value) bool {
	x, y := jsontext.NewDecoder(bytes.NewReader(a)), jsontext.NewDecoder(bytes.NewReader(b))
	var mine, theirs any
	if x.PeekKind() == '{' { // members may come in another order
		return json.Unmarshal(a, &mine) == nil && json.Unmarshal(b, &theirs) == nil && string(asText(mine)) == string(asText(theirs))
	}
	for {
		s, err := x.ReadToken()
		u, err2 := y.ReadToken()
		if err != nil || err2 != nil {
			return (err != nil) == (err2 != nil)
		}
		if s.Kind() != u.Kind() {
			return false
		}
		if s.Kind() != '0' {
			if s.String() != u.String() {
				return false
			}
			continue
		}
		p, ok := new(big.Float).SetPrec(4000).SetString(s.String())
		q, ok2 := new(big.Float).SetPrec(4000).SetString(u.String())
		f, _ := p.Float64()
		g, _ := q.Float64()
		if !ok || !ok2 || f != g || p.IsInt() && p.Cmp(q) != 0 {
			return false
		}
	}
}

func asText(v any) []byte {
	out, _ := json.Marshal(v, json.Deterministic(true))
	return out
}
