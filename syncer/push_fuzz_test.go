package syncer_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// toyApplier writes mutations into the table as they come. Rows whose id begins
// with x are not to be seen, ids with r in second place are refused before
// anything is written, those with d after.
type toyApplier struct {
	tx   dbx.Builder
	kept []syncer.Issue
}

func refusedID(id string) *syncer.Problem {
	if id[1] == 'r' {
		return &syncer.Problem{Code: "toy.refused"}
	}
	return nil
}

func (a *toyApplier) run(sql string, bind dbx.Params) (bool, error) {
	res, err := a.tx.NewQuery(sql).Bind(bind).Execute()
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func (a *toyApplier) set(id string, set map[string]jsontext.Value) error {
	for _, f := range kinds {
		value, ok := set[f.Name]
		if !ok {
			continue
		}
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			return &syncer.Problem{Code: "toy.value"}
		}
		if f.Kind == syncer.KindJSON || f.Kind == syncer.KindList {
			v = string(value)
		}
		if _, err := a.run("UPDATE kit SET `"+f.Name+"` = {:v} WHERE id = {:id}", dbx.Params{"v": v, "id": id}); err != nil {
			return err
		}
	}
	if id[1] == 'd' {
		return &syncer.Problem{Code: "toy.dirty"}
	}
	return nil
}

func (a *toyApplier) Create(_ *syncer.Rule, m *syncer.Mutation) (bool, error) {
	if p := refusedID(m.R); p != nil {
		return false, p
	}
	done, err := a.run("INSERT OR IGNORE INTO kit (id, owner) VALUES ({:id}, 'rep')", dbx.Params{"id": m.R})
	if err != nil || !done {
		return false, err
	}
	return true, a.set(m.R, m.Set)
}

func (a *toyApplier) Update(_ *syncer.Rule, m *syncer.Mutation, set map[string]jsontext.Value) error {
	if p := refusedID(m.R); p != nil {
		return p
	}
	for f, by := range m.Inc {
		if _, err := a.run("UPDATE kit SET `"+f+"` = `"+f+"` + {:by} WHERE id = {:id}", dbx.Params{"by": by, "id": m.R}); err != nil {
			return err
		}
	}
	return a.set(m.R, set)
}

func (a *toyApplier) Delete(_ *syncer.Rule, m *syncer.Mutation) (bool, error) {
	if p := refusedID(m.R); p != nil {
		return false, p
	}
	return a.run("DELETE FROM kit WHERE id = {:id}", dbx.Params{"id": m.R})
}

func (a *toyApplier) Act(_ *syncer.Rule, m *syncer.Mutation) error {
	_, err := a.run("UPDATE kit SET note = {:n} WHERE id = {:id}", dbx.Params{"n": m.Action, "id": m.R})
	return errors.Join(err)
}

func (a *toyApplier) Restore(*syncer.Rule, string, map[string]jsontext.Value) error {
	return errors.New("no rule of the toy restores")
}

func (a *toyApplier) Again(string, []syncer.Note) error { return nil }

func (a *toyApplier) Outcome() syncer.Outcome { return syncer.Outcome{} }

func (a *toyApplier) Visible(_ *syncer.Rule, record string) (bool, error) {
	return record[0] != 'x', nil
}

func (a *toyApplier) Keep(issue syncer.Issue) (string, error) {
	a.kept = append(a.kept, issue)
	return "", nil
}

// pushCodes are all that a push as a whole may be refused with.
var pushCodes = []string{"mutation_malformed", "sync_gap", "device_forked"}

var statuses = []string{syncer.StatusApplied, syncer.StatusMerged, syncer.StatusDuplicate, syncer.StatusRejected, syncer.StatusHeld}

// FuzzPush pushes arbitrary bodies onto a row that another device has edited
// meanwhile. Each mutation gets exactly one verdict, or the request fails whole
// with a stable code; a second delivery gets the same verdicts and does nothing.
func FuzzPush(f *testing.F) {
	b := newBench(f)
	one := func(op, r, more string) string {
		return `{"n":1,"id":"mmmmmmmmmmmmmmm","op":"` + op + `","c":"kit","r":"` + r + `"` + more + `}`
	}
	for _, m := range []string{
		one("create", "aaaaaaaaaaaaaaa", `,"set":{"note":"n","amount":1.5,"flag":true,"tags":["a"],"doc":{"a":[1]}},"captured":"2026-03-01T09:00:00Z"`),
		one("update", "ooooooooooooooo", `,"base":1,"set":{"note":"mine","amount":7,"flag":true,"tags":["b"],"doc":null},"was":{"note":"old"}`),
		one("update", "ooooooooooooooo", `,"base":1,"inc":{"amount":3},"add":{"tags":["c"]},"remove":{"tags":["a"]}`),
		one("delete", "ooooooooooooooo", `,"base":1`),
		one("action", "ooooooooooooooo", `,"action":"check_in","args":{"a":1}`),
		one("create", "arrrrrrrrrrrrrr", ""), one("create", "add000000000000", `,"set":{"note":"n"}`),
		one("update", "xaaaaaaaaaaaaaa", `,"base":1`), one("create", "id", `,"set":{"photo":"p"}`),
		one("create", "aaaaaaaaaaaaaaa", "") + "," + `{"n":2,"op":"create","c":"nowhere","r":"q"}` + `,{"n":3}`,
		`{"n":1,"id":"a","group":"g","op":"create","c":"kit","r":"araaaaaaaaaaaaa"},{"n":2,"id":"b","group":"g","op":"create","c":"kit","r":"aaaaaaaaaaaaaaa"}`,
		`{"n":1,"id":"a","op":"create","c":"kit","r":"arrrrrrrrrrrrrr"},{"n":2,"id":"b","after":["a"],"op":"create","c":"kit","r":"aaaaaaaaaaaaaaa"}`,
		`{"n":5}`, `{"n":0}`, `null`, `{"n":1},{"n":1}`, `{"n":1,"n":2}`, `{"n":9223372036854775807}`, `{"n":1,"id":"\ud800"}`,
		"{\"n\":1,\"id\":\"\xcd\xf5\\\"},{\"n\":2,\"id\":\"a\"}", `{"n":1,"set":{"a":1e400}},null,{"n":3}`, `{"n":1,"after":["b"],"id":"b"}`, `{"n":1,"x":` + strings.Repeat("[", 12000) + strings.Repeat("]", 12000) + `}`,
	} {
		f.Add([]byte(`{"device":"d","schema":1,"mutations":[` + m + `]}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := syncer.ReadPush(body)
		if err != nil {
			return // the route's body_malformed
		}
		if len(req.Mutations) > syncer.MaxPushMutations {
			return // the route's too_many_mutations
		}
		b.try(t, b.rule(), func(e *syncer.Engine, tx dbx.Builder) {
			exec(t, tx, `INSERT INTO kit (id, owner, note) VALUES ('ooooooooooooooo', 'rep', 'old'), ('xaaaaaaaaaaaaaa', 'rep', 'hidden')`, nil)
			fold(t, e, tx, fuzzNow)
			exec(t, tx, `UPDATE kit SET note = 'theirs', tags = '["a"]', doc = '{}', amount = 5`, nil)
			push(t, e, tx, req.Mutations)
			pulled(t, e, tx, "rep")
		})
	})
}

func push(t *testing.T, e *syncer.Engine, tx dbx.Builder, mutations []jsontext.Value) {
	t.Helper()
	s, err := e.Begin(tx, fuzzNow)
	if err != nil {
		t.Fatal(err)
	}
	dev := syncer.Device{ID: "dev", User: "rep"}
	ap := &toyApplier{tx: tx}
	results, st, err := s.Push(dev, mutations, ap, nil)
	if err != nil {
		p, request := errors.AsType[*syncer.Problem](err)
		if dirty, ok := errors.AsType[*syncer.DirtyError](err); ok && len(dirty.Refused) > 0 {
			return
		}
		if !request || p.Status < 400 || p.Status > 499 || !slices.Contains(pushCodes, p.Code) {
			t.Fatalf("the push failed with %v", err)
		}
		return
	}
	if len(results) != len(mutations) || st.HighWater != int64(len(mutations)) {
		t.Fatalf("%d mutations got %d verdicts and the mark %d", len(mutations), len(results), st.HighWater)
	}
	aside := 0 // rejected or held
	for i, r := range results {
		if r.N != int64(i+1) || !slices.Contains(statuses, r.Status) || r.Status == syncer.StatusRejected && r.Code == "" {
			t.Fatalf("mutation %d got %+v", i+1, r)
		}
		if r.Status == syncer.StatusRejected || r.Status == syncer.StatusHeld {
			aside++
		}
	}
	kept := slices.DeleteFunc(slices.Clone(ap.kept), func(i syncer.Issue) bool { return i.Kind == syncer.IssueConflict })
	if len(kept) != aside {
		t.Fatalf("%d mutations were rejected or held, %d kept", aside, len(kept))
	}
	before := dump(t, tx)
	again, st, err := s.Push(dev, mutations, ap, nil)
	if err != nil || st.HighWater != int64(len(mutations)) {
		t.Fatalf("the second delivery: mark %d, %v", st.HighWater, err)
	}
	if a, b := asJSON(t, results), asJSON(t, again); !bytes.Equal(a, b) {
		t.Fatalf("the second delivery got\n%s, the first\n%s", b, a)
	}
	if after := dump(t, tx); after != before {
		t.Fatalf("the second delivery changed\n%s into\n%s", before, after)
	}
}

// dump is the whole table as text.
func dump(t *testing.T, tx dbx.Builder) string {
	t.Helper()
	var rows []string
	err := tx.NewQuery("SELECT json_array(id, owner, note, day, amount, flag, tags, doc, photo) FROM kit ORDER BY id").Column(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
