package deliveries_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// push sends one action from a phone and returns the codes of what was refused.
func push(t *testing.T, answer func() string, want string) {
	t.Helper()
	got := answer()
	if want == "" && strings.Count(got, `"applied"`) == 0 || want != "" && !strings.Contains(got, `"`+want+`"`) {
		t.Errorf("%s, want %q", got, want)
	}
}

// TestSignedOffline: a driver and a rep sign on phones without a network, while the
// office closes the order. Nothing is lost: what was handed over counts on the day
// on which it was, and what is too much is told.
func TestSignedOffline(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-16", good{qty: 4000, line: 4000})
	first, parts := d.planned(order, lines, 1000)
	second, _ := d.planned(order, lines, 2000)
	d.Must(d.Act("ops.bai", first, "dispatch", ""))
	d.Must(d.Act("ops.bai", second, "dispatch", ""))
	driver, rep := d.Phone(d.Token("ops.luo"), "driver"), d.Phone(d.Token("rep.chen"), "rep")
	driver.Pull()
	rep.Pull()
	for name, phone := range map[string]map[string]map[string]string{"driver": driver.Rows, "rep": rep.Rows} {
		if phone["deliveries"][first.Id] == "" || phone["orders"][order.Id] == "" || phone["delivery_lines"][parts[0].Id] == "" {
			t.Errorf("the %s's phone does not have what it is to hand over", name)
		}
	}
	if len(driver.Rows["product_costs"]) != 0 || len(driver.Rows["accounts"]) != 0 {
		t.Error("the driver's phone has what is not his")
	}
	at := d.Clock.Now().Add(2 * time.Hour)
	d.Clock.Advance(30 * time.Hour)
	d.Force(order, "delivered") // the office closes it short, while both are away
	sign := func(phone string) []map[string]any {
		id := "signature00000" + phone
		return []map[string]any{
			{"op": "create", "c": "blobs", "r": id, "set": map[string]any{"purpose": "goods", "sha256": strings.Repeat(phone, 64), "size": 9, "mime": "image/jpeg"}},
			{"op": "action", "c": "deliveries", "r": first.Id, "action": "deliver", "args": map[string]any{
				"signed_by": "王店长", "signed_blob": id, "delivered_at": at.Format(time.RFC3339),
			}},
		}
	}
	push(t, func() string { return rep.Push(sign("1")...).Body.String() }, "")
	row := d.Fresh(first)
	if row.GetString("state") != "delivered" || row.GetBool("late") || !row.GetDateTime("delivered_at").Time().Equal(at) {
		t.Errorf("%v", row.PublicExport())
	}
	push(t, func() string { return driver.Push(sign("2")...).Body.String() }, "delivery.state") // signed twice: the second is told
	if o := d.Fresh(order); o.GetInt("delivered_fen") != 1000 || o.GetString("on_time") != "yes" || o.GetString("in_full") != "no" {
		t.Errorf("%v", o.PublicExport())
	}
	d.Force(order, "cancelled")
	push(t, func() string {
		return driver.Push(map[string]any{"op": "action", "c": "deliveries", "r": second.Id, "action": "deliver", "args": map[string]any{"signed_by": "王店长", "signed_blob": "signature000002"}}).Body.String()
	}, "delivery.order_state")
	if d.state(second) != "dispatched" {
		t.Errorf("what was refused is %s", d.state(second))
	}
}

// TestReturnedOffline: a phone asks for more than came, and for what would add.
func TestReturnedOffline(t *testing.T) {
	d := open(t)
	order, lines := d.got(good{qty: 3000, line: 900})
	phone := d.Phone(d.Token("rep.chen"), "rep")
	draft := func(id string) map[string]any {
		return map[string]any{"op": "create", "c": "returns", "r": id, "set": map[string]any{"account": order.GetString("account"), "order": order.Id, "kind": "return", "cause": "unsold"}}
	}
	line := func(of, id string, qty any) map[string]any {
		return map[string]any{"op": "create", "c": "return_lines", "r": id, "set": map[string]any{"return_doc": of, "line": lines[0].Id, "qty_milli": qty}}
	}
	asked := func(id string) map[string]any {
		return map[string]any{"op": "action", "c": "returns", "r": id, "action": "request"}
	}
	push(t, func() string {
		return phone.Push(draft("phonereturn0001"), line("phonereturn0001", "phoneline000001", -2000), asked("phonereturn0001")).Body.String()
	}, "")
	push(t, func() string {
		return phone.Push(draft("phonereturn0002"), line("phonereturn0002", "phoneline000002", -2000), asked("phonereturn0002")).Body.String()
	}, "return.too_much")
	push(t, func() string {
		return phone.Push(draft("phonereturn0003"), line("phonereturn0003", "phoneline000003", 1000)).Body.String()
	}, "return.quantity_invalid")
	push(t, func() string { return phone.Push(line("phonereturn0003", "phoneline000004", -0.5)).Body.String() }, "return.quantity_invalid")
	for id, want := range map[string]string{"phonereturn0001": "requested", "phonereturn0002": "draft", "phonereturn0003": "draft"} {
		if got := d.Row("returns", id).GetString("state"); got != want {
			t.Errorf("%s is %s", id, got)
		}
	}
}

// TestOTIF: by month, by account and one by one, of what the reader sees; what is
// open counts as failed once its day is over.
func TestOTIF(t *testing.T) {
	d := open(t)
	done := func(promised string) *core.Record {
		order, lines := d.order(promised, good{qty: 1000, line: 10})
		delivery, _ := d.planned(order, lines, 1000)
		d.delivered(delivery, "")
		return order
	}
	done("2026-08-16")
	done("2025-11-27") // late
	d.order("2025-12-15", good{qty: 1000, line: 10})
	d.order("2026-08-17", good{qty: 1000, line: 10}) // not yet due
	short, lines := d.order("2026-08-31", good{qty: 2000, line: 10})
	part, _ := d.planned(short, lines, 1000)
	d.delivered(part, "")
	d.Force(short, "delivered")
	account := d.AccountOf("rep.chen").Id
	for _, c := range []struct{ who, query, want string }{
		{"rep.chen", "?from=2025-11&to=2025-12", `{"from":"2025-11","to":"2025-12","total":{"orders":2,"on_time":0,"in_full":1,"otif":0},"items":[{"key":"2025-11","orders":1,"on_time":0,"in_full":1,"otif":0},{"key":"2025-12","orders":1,"on_time":0,"in_full":0,"otif":0}]}`},
		{"ops.bai", "?by=account&from=2026-08&to=2026-08", `"total":{"orders":2,"on_time":2,"in_full":1,"otif":1},"items":[{"key":"` + account + `","orders":2,"on_time":2,"in_full":1,"otif":1}]}`},
		{"rep.ma", "?from=2026-08&to=2026-08", `{"from":"2026-08","to":"2026-08","total":{"orders":0,"on_time":0,"in_full":0,"otif":0}}`},
		{"manager.wu", "?by=order&from=2026-08&to=2026-08", fmt.Sprintf(`"order":"%s"`, short.Id)},
	} {
		answer := d.Do(c.who, http.MethodGet, "/api/ka/otif"+c.query, "")
		if got := strings.TrimSpace(answer.Body.String()); answer.Code != 200 || !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %d %s\nwant %s", c.who, c.query, answer.Code, got, c.want)
		}
	}
	for _, query := range []string{"?from=2026-03&to=2026-02", "?from=2020-01&to=2026-03", "?from=x", "?by=dept", "?to=2026-13"} {
		if answer := d.Do("rep.chen", http.MethodGet, "/api/ka/otif"+query, ""); !strings.Contains(answer.Body.String(), "delivery.period_invalid") {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
}
