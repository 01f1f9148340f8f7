package orders_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/internal/testapp"
)

// phone is one of a person's.
func (d *desk) phone(who, install string) *testapp.Phone {
	return d.Phone(d.Token(who), install)
}

// captured is an order with lines and its submit, as a phone has it in its outbox.
func (d *desk) captured(p *testapp.Phone, submit map[string]any, lines ...map[string]any) (id string, all []map[string]any) {
	id = core.GenerateDefaultRandomId()
	d.n++
	all = append(all, map[string]any{"op": "create", "c": "orders", "r": id, "set": map[string]any{"no": fmt.Sprintf("P%s%d", p.Device[:6], d.n), "account": d.account.Id}})
	for _, line := range lines {
		set := map[string]any{"order": id, "product": d.products[0].Id, "qty_milli": 1000}
		for name, value := range line {
			set[name] = value
		}
		all = append(all, map[string]any{"op": "create", "c": "order_lines", "r": core.GenerateDefaultRandomId(), "set": set})
	}
	return id, append(all, map[string]any{"op": "action", "c": "orders", "r": id, "action": "submit", "args": submit})
}

// handIn pushes with the cursor that the phone holds, and lists the codes of the verdicts.
func (d *desk) handIn(p *testapp.Phone, all []map[string]any) (codes []string) {
	first := p.Take(len(all))
	var after []string
	for i, m := range all {
		m["n"], m["id"] = first+int64(i), fmt.Sprintf("%s%05d", p.Device[:10], first+int64(i))
		if m["op"] == "action" {
			m["after"] = after
		}
		after = append(after, m["id"].(string))
	}
	answer := p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "cursor": p.Cursor, "mutations": all})
	var out struct {
		Results []struct {
			Status string
			Code   string
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil || answer.Code != http.StatusOK {
		panic(fmt.Sprint(answer.Code, answer.Body))
	}
	for _, r := range out.Results {
		if r.Code == "" {
			r.Code = r.Status
		}
		codes = append(codes, r.Code)
	}
	return codes
}

// TestBadInput: a quantity that overflows, is negative or a fraction of a pack, a
// product withdrawn, a list that ended and an account that moved, by a phone that
// was offline and at a desk; what was typed stays.
func TestBadInput(t *testing.T) {
	d := open(t)
	d.Make("", "product_units", map[string]any{"product": d.products[0].Id, "unit": "箱", "factor_milli": 12_000})
	d.Make("", "price_items", map[string]any{"list": d.list.Id, "product": d.products[2].Id, "price_fen": 900_000_000_000_000})
	phone := d.phone("rep.chen", "one")
	phone.Pull()
	for _, c := range []struct {
		name        string
		line        map[string]any
		want, field string
	}{
		{"an overflow", map[string]any{"qty_milli": 9_000_000_000_000_000}, "order.quantity_invalid", "qty_milli"},
		{"a negative", map[string]any{"qty_milli": -1000}, "order.quantity_invalid", "qty_milli"},
		{"a part of a pack", map[string]any{"qty_milli": 500, "unit": "箱"}, "order.quantity_fraction", "qty_milli"},
		{"an amount that overflows", map[string]any{"product": d.products[2].Id, "qty_milli": 2000}, "order.amount_too_large", "qty_milli"},
		{"no discount at all", map[string]any{"disc_bp": 10_000}, "order.discount_too_high", "disc_bp"},
	} {
		id, all := d.captured(phone, nil, c.line)
		codes := d.handIn(phone, all)
		if codes[0] != "applied" || codes[1] != c.want || codes[2] == "applied" {
			t.Errorf("%s pushed: %q", c.name, codes)
		}
		if got := d.Row("orders", id).GetString("state"); got != sales.OrderDraft {
			t.Errorf("%s: the order is %s", c.name, got)
		}
		body := map[string]any{"order": id, "product": d.products[0].Id, "qty_milli": 1000}
		for name, value := range c.line {
			body[name] = value
		}
		_, refused := d.Create("rep.chen", "order_lines", body)
		d.Expect(c.name+" at a desk", refused, c.want+" "+c.field)
	}
	if n, err := d.CountRecords("sync_issues"); err != nil || n < 5 {
		t.Errorf("%d refusals are kept, %v", n, err)
	}

	id, all := d.captured(phone, nil, nil)
	stopped := d.Fresh(d.products[0])
	stopped.Set("status", "stopped")
	d.Must(d.SaveBy("", stopped))
	if codes := d.handIn(phone, all); codes[1] != "order.product_stopped" || d.Row("orders", id).GetString("state") != sales.OrderDraft {
		t.Errorf("withdrawn meanwhile: %q", codes)
	}
	_, refused := d.Create("rep.chen", "order_lines", map[string]any{"order": id, "product": d.products[0].Id, "qty_milli": 1000})
	d.Expect("withdrawn, at a desk", refused, "order.product_stopped product")
	stopped.Set("status", "active")
	d.Must(d.SaveBy("", stopped))

	// The list ends with the day: what was captured in it, as far as the phone can
	// show that it knew it, keeps its price; a desk orders of the day.
	captured := d.Clock.Now().Format(time.RFC3339)
	id, all = d.captured(phone, map[string]any{"at": captured}, nil)
	desk := d.order(1000)
	d.Clock.Advance(24 * time.Hour)
	if codes := d.handIn(phone, all); codes[2] != "applied" || d.Row("orders", id).GetString("day_basis") != "cursor" || d.Row("orders", id).GetInt("total_fen") != 1130 {
		t.Errorf("a list that ended: %q %v", codes, d.Row("orders", id).PublicExport())
	}
	d.Expect("a list that ended, at a desk", d.Act("rep.chen", desk, "submit", `{}`), "order.price_missing")
	unseen := d.phone("rep.chen", "other") // never pulled
	id, all = d.captured(unseen, map[string]any{"at": captured}, nil)
	if codes := d.handIn(unseen, all); codes[2] != "order.price_missing" || d.Row("orders", id).GetString("state") != sales.OrderDraft {
		t.Errorf("of a phone that cannot have known it: %q", codes)
	}

	d.list.Set("valid_to", "")
	d.Must(d.SaveBy("", d.list))
	id, all = d.captured(phone, nil, nil)
	phone.Pull()
	account := d.Fresh(d.account)
	account.Set("owner", d.As("rep.ma").Id)
	d.Must(d.SaveBy("", account))
	if err := d.Bound.Sync.Fold(d.App); err != nil {
		t.Fatal(err)
	}
	if codes := d.handIn(phone, all); codes[0] != "applied" || codes[1] != "applied" || codes[2] != "applied" || d.Row("orders", id).GetString("state") != sales.OrderApproved {
		t.Errorf("an account that moved: %q", codes)
	}
	_, refused = d.Create("rep.chen", "orders", map[string]any{"no": "R1", "account": d.account.Id})
	if refused == "" {
		t.Error("an account that moved, at a desk: taken")
	}
}

// TestBadInputAtADesk: a clock set back a month gets no price of then, and an order
// that two windows of one rep submit is submitted once.
func TestBadInputAtADesk(t *testing.T) {
	d := open(t)
	past := d.Make("", "price_lists", map[string]any{"name": "上月", "scope": "account", "account": d.account.Id, "active": true, "valid_from": "2026-02-01", "valid_to": "2026-02-28"})
	d.Make("", "price_items", map[string]any{"list": past.Id, "product": d.products[0].Id, "price_fen": 1})
	for name, args := range map[string]string{
		"a clock set back":                    `{"at":"2026-02-16T01:00:00Z"}`,
		"with an anchor that nobody signed":   `{"at":"2026-02-16T01:00:00Z","clock":{"boot_id":"b","elapsed_ms":1,"server_anchor":{"at":"2026-02-16T01:00:00Z","device":"d","sig":"x","boot_id":"b","elapsed_ms":1}}}`,
		"a clock that is a year before a day": `{"at":"2025-02-16T01:00:00Z"}`,
	} {
		order := d.order(1000)
		d.Must(d.Act("rep.chen", order, "submit", args))
		if now := d.Fresh(order); now.GetInt("total_fen") != 1130 || now.GetString("priced_on") != "2026-03-16" || now.GetString("day_basis") != "arrived" {
			t.Errorf("%s: %v", name, now.PublicExport())
		}
	}
	order := d.order(1000)
	answers := make([]string, 2)
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() { answers[i] = d.Act("rep.chen", order, "submit", `{}`) })
	}
	both.Wait()
	if slices.Sort(answers); answers[0] != "" || answers[1] != "approval.state" || d.Fresh(order).GetInt("approval_round") != 1 {
		t.Errorf("two windows: %q, %v", answers, d.Fresh(order).PublicExport())
	}
}

// policy: R4.11 H-ORD-3
//
// TestHOrd3: H-ORD-3 an order that is sent again, under its numbers or others, is there once.
func TestHOrd3(t *testing.T) {
	d := open(t)
	phone := d.phone("rep.chen", "one")
	id, all := d.captured(phone, nil, nil, nil)
	d.handIn(phone, all)
	answer := phone.Post("/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": all})
	if answer.Code != http.StatusOK || strings.Count(answer.Body.String(), `"applied"`) != len(all) {
		t.Errorf("sent again: %d %s", answer.Code, answer.Body)
	}
	again := []map[string]any{{"op": "create", "c": "orders", "r": id, "set": all[0]["set"]}}
	if codes := d.handIn(phone, again); codes[0] != "duplicate" {
		t.Errorf("made again: %q", codes)
	}
	order := d.Row("orders", id)
	if n, err := d.CountRecords("orders"); err != nil || order.GetString("no") == "" || len(d.lines(order)) != 2 || order.GetInt("approval_round") != 1 {
		t.Errorf("%d orders, %v: %v", n, err, order.PublicExport())
	}
}

// policy: R4.11 H-ORD-2
//
// TestLastYuanOfCredit: of 64 phones that order at once exactly as many orders
// pass as fit, and all others wait for the manager.
func TestLastYuanOfCredit(t *testing.T) {
	d := open(t)
	d.setting("device.live_most", "100")
	d.limit(10*1130 + 1129)
	phones, baskets, ids := make([]*testapp.Phone, 64), make([][]map[string]any, 64), make([]string, 64)
	for i := range phones {
		phones[i] = d.phone("rep.chen", fmt.Sprint("p", i))
		ids[i], baskets[i] = d.captured(phones[i], nil, nil)
	}
	var all sync.WaitGroup
	for i := range phones {
		all.Go(func() { d.handIn(phones[i], baskets[i]) })
	}
	all.Wait()
	states := map[string]int{}
	for _, id := range ids {
		states[d.Row("orders", id).GetString("state")]++
	}
	if states[sales.OrderApproved] != 10 || states[sales.OrderSubmitted] != 54 {
		t.Errorf("%v", states)
	}
}
