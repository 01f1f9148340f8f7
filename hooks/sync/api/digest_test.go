package api_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"satchel/syncer"
)

// comparer compares what it chooses to hold.
type comparer struct {
	*desk
	key  syncer.DigestKey
	held map[string]map[string]int64 // collection → id → version
}

func compares(d *desk) *comparer {
	d.t.Helper()
	hello := d.call("POST", "/api/sync/hello", `{"install":"`+d.install+`","platform":"x","app":"1","schema":1}`)
	key, err := hex.DecodeString(hello.body["digest_key"].(string))
	if err != nil || len(key) != 16 {
		d.t.Fatal(key, err)
	}
	c := &comparer{d, key, map[string]map[string]int64{}}
	d.pull()
	for key := range d.rows {
		coll, _, _ := strings.Cut(key, " ")
		c.held[coll] = map[string]int64{}
	}
	_, lines := d.get("POST", "/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, d.device)), http.Header{})
	for line := range bytes.Lines(lines) {
		var l syncer.Line
		var row struct{ ID string }
		if json.Unmarshal(line, &l) != nil || l.R == nil || json.Unmarshal(l.R, &row) != nil {
			continue
		}
		c.held[l.C][row.ID] = l.V
	}
	return c
}

func (c *comparer) sums() map[string]string {
	out := map[string]string{}
	for coll, rows := range c.held {
		var sum uint64
		for id, v := range rows {
			sum += c.key.Leaf(coll, id, v)
		}
		out[coll] = syncer.Hex16(sum)
	}
	return out
}

func (c *comparer) digest(more map[string]any) answered {
	req := map[string]any{"device": c.device, "schema": 1, "cursor": c.cursor, "sums": c.sums()}
	maps.Copy(req, more)
	return c.call("POST", "/api/sync/digest", req)
}

// repair asks for one bucket and returns the put and leave lines.
func (c *comparer) repair(coll, prefix string, held map[string]int64) (status int, lines []syncer.Line) {
	body, err := json.Marshal(map[string]any{
		"device": c.device, "schema": 1, "cursor": c.cursor, "buckets": map[string]any{coll: map[string]any{prefix: held}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	resp, out := c.get("POST", "/api/sync/repair", bytes.NewReader(body), http.Header{})
	for line := range bytes.Lines(out) {
		var l syncer.Line
		if err := json.Unmarshal(line, &l); err != nil {
			c.t.Fatal(err)
		}
		if l.Begin == nil && l.End == nil {
			lines = append(lines, l)
		}
	}
	return resp.StatusCode, lines
}

func (c *comparer) any(coll string) string {
	for id := range c.held[coll] {
		return id
	}
	c.t.Fatal("no row of", coll)
	return ""
}

func TestDigestIsEqualForWhoeverHoldsWhatHeShould(t *testing.T) {
	app, server := serve(t)
	for _, name := range []string{"rep.chen", "manager.wu", "finance.zhao"} {
		c := compares(sit(t, app, server, name))
		if got := c.digest(nil); got.status != 200 || got.body["equal"] != true {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestDigestNamesTheCollectionsThatDiffer(t *testing.T) {
	app, server := serve(t)
	c := compares(sit(t, app, server, "rep.chen"))
	delete(c.held["accounts"], c.any("accounts"))
	got := c.digest(nil)
	buckets, _ := got.body["buckets"].(map[string]any)
	if got.body["equal"] != false || len(buckets) != 1 || buckets["accounts"] == nil {
		t.Errorf("%+v", got)
	}
}

// TestDigestTellsNothingOfForeignRows: an id of a colleague's is answered as one
// that never was, and the sums are over what this user sees alone.
func TestDigestTellsNothingOfForeignRows(t *testing.T) {
	app, server := serve(t)
	he := compares(sit(t, app, server, "rep.he"))
	chen := compares(sit(t, app, server, "rep.chen"))
	foreign := ""
	for id := range he.held["accounts"] {
		if _, ok := chen.held["accounts"][id]; !ok {
			foreign = id
		}
	}
	mine := maps.Clone(chen.held["accounts"])
	mine[foreign], mine[id("never")] = 1, 1
	status, lines := chen.repair("accounts", "", mine)
	if status != 200 || len(lines) != 2 {
		t.Fatalf("%d %+v", status, lines)
	}
	for _, l := range lines {
		if l.X != syncer.LeaveLeft || (l.I != foreign && l.I != id("never")) {
			t.Errorf("%+v", l)
		}
	}
	if _, lines := chen.repair("accounts", "", nil); len(lines) != len(chen.held["accounts"]) {
		t.Errorf("an empty phone is sent %d accounts, it sees %d", len(lines), len(chen.held["accounts"]))
	}
}

func TestRepairSendsOnlyTheRowsThatDiffer(t *testing.T) {
	app, server := serve(t)
	c := compares(sit(t, app, server, "rep.chen"))
	lost := c.any("accounts")
	prefix := syncer.Hex16(c.key.Place("accounts", lost))[:1]
	held := map[string]int64{}
	for id, v := range c.held["accounts"] {
		if strings.HasPrefix(syncer.Hex16(c.key.Place("accounts", id)), prefix) && id != lost {
			held[id] = v
		}
	}
	status, lines := c.repair("accounts", prefix, held)
	if status != 200 || len(lines) != 1 || !strings.Contains(string(lines[0].R), lost) {
		t.Errorf("%d %+v", status, lines)
	}
	var logged struct {
		Kind   string `db:"kind"`
		Rows   int    `db:"rows"`
		Leaves string `db:"leaves"`
	}
	if err := app.DB().NewQuery("SELECT kind, rows, leaves FROM _sync_heal").One(&logged); err != nil {
		t.Fatal(err)
	}
	if logged.Kind != "repair" || logged.Rows != 1 || strings.Count(logged.Leaves, lost) != 1 || !strings.Contains(logged.Leaves, `"phone"`) {
		t.Errorf("logged %+v", logged)
	}
}

func TestDigestWantsThePhoneUpToDate(t *testing.T) {
	app, server := serve(t)
	c := compares(sit(t, app, server, "rep.chen"))
	account := app.AccountOf("rep.chen")
	account.Set("note", "changed since")
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	if got := c.digest(nil); got.status != 409 || got.code() != "sync_moved" {
		t.Errorf("digest: %+v", got)
	}
	if status, _ := c.repair("accounts", "", nil); status != 409 {
		t.Errorf("repair: %d", status)
	}
	c.cursor = ""
	if got := c.digest(nil); got.code() != "sync_moved" {
		t.Errorf("without a cursor: %+v", got)
	}
}

func TestDigestRefusesWhatItCannotRead(t *testing.T) {
	app, server := serve(t)
	c := compares(sit(t, app, server, "rep.chen"))
	many := make([]string, 257)
	for what, more := range map[string]map[string]any{
		"prefix":   {"within": map[string]any{"accounts": []string{"xyz"}}},
		"deep":     {"within": map[string]any{"accounts": []string{"000000000"}}},
		"too many": {"within": map[string]any{"accounts": many}},
		"unknown":  {"wihtin": 1},
	} {
		if got := c.digest(more); got.status != http.StatusBadRequest || got.code() != "body_malformed" {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if got := c.digest(map[string]any{"schema": 0}); got.code() != "schema_invalid" {
		t.Errorf("schema: %+v", got)
	}
	if got := c.digest(map[string]any{"cursor": "AAAA"}); got.code() != "cursor_invalid" {
		t.Errorf("cursor: %+v", got)
	}
	// A row listed in a bucket that it is not of would be called gone.
	own := c.any("accounts")
	other := map[bool]string{true: "0", false: "1"}[syncer.Hex16(c.key.Place("accounts", own))[:1] != "0"]
	if status, _ := c.repair("accounts", other, map[string]int64{own: 1}); status != http.StatusBadRequest {
		t.Errorf("a row in another's bucket: %d", status)
	}
}
