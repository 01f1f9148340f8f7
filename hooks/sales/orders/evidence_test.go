package orders_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// TestTheSignatureIsOfTheOrdersAccount: nobody accepts with what others took for others.
func TestTheSignatureIsOfTheOrdersAccount(t *testing.T) {
	d := open(t)
	others := d.AccountOf("rep.he")
	blob := func(who, account string) string {
		d.n++
		row := d.Blank("blobs", map[string]any{
			"owner": d.As(who).Id, "account": account, "sha256": fmt.Sprintf("%064x", d.n), "size": 1, "mime": "image/jpeg", "purpose": "goods", "state": "pending",
		})
		d.Must(d.SaveBy("", row))
		return row.Id
	}
	for _, c := range []struct{ who, account, want string }{
		{"rep.he", others.Id, "order.signature_required blob"},
		{"rep.he", "", "order.signature_required blob"},
		{"rep.chen", others.Id, "order.signature_required blob"},
		{"rep.chen", "", ""},
		{"rep.chen", d.account.Id, ""},
		{"rep.he", d.account.Id, ""}, // who served it before
	} {
		order := d.order(1000)
		d.Force(order, sales.OrderDelivered)
		args := fmt.Sprintf(`{"name":"王店长","blob":%q}`, blob(c.who, c.account))
		d.Expect("of "+c.who+" at "+c.account, d.Run("rep.chen", order, "accept", args), c.want)
	}
}

func (d *desk) quoted(who, order string) (int, string) {
	answer := d.Do(who, http.MethodPost, "/api/ka/orders/"+order+"/quote", "")
	return answer.Code, answer.Body.String()
}

// TestAQuoteIsWhatTheSubmitTakes: of a draft, all of it, also of one that was cut
// before it came back.
func TestAQuoteIsWhatTheSubmitTakes(t *testing.T) {
	d := open(t)
	d.limit(100)
	order := d.order(2000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	cut := fmt.Sprintf(`{"data":{"lines":[{"line":%q,"qty_milli":1000}]}}`, d.lines(order)[0].Id)
	d.Must(d.Decide("manager.wu", order, "approve", cut))
	d.Must(d.Decide("finance.zhao", order, "return", `{"comment":"先回款"}`))
	if code, body := d.quoted("rep.chen", order.Id); code != http.StatusOK || !strings.Contains(body, `"total_fen":2260`) {
		t.Errorf("%d %s", code, body)
	}
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if got := d.Fresh(order).GetInt("total_fen"); got != 2260 || d.lines(order)[0].GetInt("cut_milli") != 0 {
		t.Errorf("submitted for %d", got)
	}
	if code, body := d.quoted("rep.chen", order.Id); code != http.StatusBadRequest || !strings.Contains(body, "order.state") {
		t.Errorf("what was submitted is quoted: %d %s", code, body)
	}
}

// TestAQuoteShowsNoCreditToLogistics, who delivers and sees no account's money.
func TestAQuoteShowsNoCreditToLogistics(t *testing.T) {
	d := open(t)
	d.limit(1_000_000)
	order := d.order(2000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if code, body := d.quoted("ops.bai", order.Id); code == http.StatusOK || strings.Contains(body, "1000000") {
		t.Errorf("%d %s", code, body)
	}
}

// TestLogisticsSeesNoCredit: neither on the orders that it delivers, by REST or on a
// phone, nor when a release is refused; who is asked about it does, and signs it.
func TestLogisticsSeesNoCredit(t *testing.T) {
	d := open(t)
	const limit = 1234
	d.limit(limit)
	order := d.order(2000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	asked := d.Asked("manager.wu", order)
	if content := asked.GetString("content"); !strings.Contains(content, `"limit_fen":1234`) {
		t.Errorf("the manager decides on %s", content)
	}
	d.Must(d.Decide("manager.wu", order, "approve", `{}`))
	d.Must(d.Decide("finance.zhao", order, "approve", `{}`))
	d.Must(d.Act("ops.luo", order, "confirm", `{"promised_on":"2026-03-20"}`))
	d.limit(limit - 1)
	answer := d.Do("ops.luo", http.MethodPost, "/api/ka/orders/"+order.Id+"/release", `{}`)
	if answer.Code == http.StatusOK || !strings.Contains(answer.Body.String(), "order.credit_release") {
		t.Errorf("released: %d %s", answer.Code, answer.Body)
	}
	phone := d.Phone(d.Token("ops.luo"), "logistics")
	phone.Pull()
	list := d.Do("ops.luo", http.MethodGet, "/api/collections/orders/records/"+order.Id, "")
	for where, text := range map[string]string{"the refusal": answer.Body.String(), "a phone": phone.Last, "REST": list.Body.String()} {
		if strings.Contains(text, "1234") || strings.Contains(text, "1233") || strings.Contains(text, "limit_fen") {
			t.Errorf("%s shows the credit: %s", where, text)
		}
	}
	if !strings.Contains(phone.Last, order.Id) || list.Code != http.StatusOK {
		t.Errorf("logistics does not see the order: %d", list.Code)
	}
	d.Must(d.Act("finance.zhao", order, "release", `{"reason":"预付款在途"}`))
}

// TestAContractsPriceIsOfTheDayOfCapture: one that is over since, but bound on that
// day, has its price; one that ended on it or before has none.
func TestAContractsPriceIsOfTheDayOfCapture(t *testing.T) {
	d := open(t)
	contract := d.Blank("contracts", map[string]any{
		"no": "K-1", "title": "C", "type": "standard", "account": d.account.Id, "owner": d.As("rep.chen").Id, "dept": d.account.GetString("dept"),
		"state": "effective", "start_date": "2026-01-01", "end_date": "2026-03-16",
	})
	set := func(values map[string]any) {
		contract.Load(values)
		d.Must(testapp.Code(d.SaveWithContext(gate.AsServer(t.Context()), contract)))
	}
	set(nil)
	own := d.Make("", "price_lists", map[string]any{"name": "K", "scope": "contract", "contract": contract.Id, "active": true})
	d.Make("", "price_items", map[string]any{"list": own.Id, "product": d.products[0].Id, "price_fen": 800})
	d.list.Set("valid_to", "")
	d.Must(d.SaveBy("", d.list))
	phone := d.phone("rep.chen", "one")
	phone.Pull()
	captured := d.Clock.Now().Format(time.RFC3339)
	d.Clock.Advance(24 * time.Hour)
	for _, c := range []struct {
		state, ended string
		want         int
	}{
		{"expired", "2026-03-16 16:00:00.000Z", 904},
		{"renewed", "", 904},
		{"terminated", "2026-03-16 16:00:00.000Z", 904}, // on the 17th in Shanghai
		{"terminated", "2026-03-16 15:59:00.000Z", 1130},
		{"approved", "", 1130},
	} {
		set(map[string]any{"state": c.state, "ended_at": c.ended})
		id, all := d.captured(phone, map[string]any{"at": captured}, nil)
		codes := d.handIn(phone, all)
		if row := d.Row("orders", id); row.GetInt("total_fen") != c.want || row.GetString("priced_on") != "2026-03-16" {
			t.Errorf("%s %s: %d of %s by %s, %q", c.state, c.ended, row.GetInt("total_fen"), row.GetString("priced_on"), row.GetString("day_basis"), codes)
		}
	}
}

// TestABodyIsAnObject: what else is JSON is refused, and is no fault of the server's.
func TestABodyIsAnObject(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	for _, body := range []string{`[]`, `"x"`, `1`} {
		d.Expect("a step with "+body, d.Act("rep.chen", order, "submit", body), "args.invalid")
		d.Expect("a quote with "+body, testapp.Answered(d.Do("rep.chen", http.MethodPost, "/api/ka/orders/"+order.Id+"/quote", body)), "args.invalid")
	}
}
