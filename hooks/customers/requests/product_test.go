package requests_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// delivered notes what an account got on a day, in fen; what came back is below zero.
func (d desk) delivered(t *testing.T, account *core.Record, day string, fen int) {
	t.Helper()
	kind := "delivery"
	if fen < 0 {
		kind = "return"
	}
	_, err := d.DB().NewQuery(`INSERT INTO sales_facts SELECT COALESCE(MAX(seq), 0) + 1, {:day}, {:day}, '', {:kind}, 'ref' || COUNT(*), 'line', '', '', '', '', {:account},
		'', '', '', '', '', 0, {:fen}, 0, 0, 0, 0, 0 FROM sales_facts`).Bind(dbx.Params{"day": day, "kind": kind, "account": account.Id, "fen": fen}).Execute()
	if err != nil {
		t.Fatal(err)
	}
}

// policy: R5.4 product_requests
//
// TestARequestIsWeighedByTheDemandBehindIt: by what the accounts bought in a year
// that ask for the same product, and by how many do. Its author's own priority is a wish.
func TestARequestIsWeighedByTheDemandBehindIt(t *testing.T) {
	d := open(t)
	d.Setting("product_request.priority_fen", map[string]int{"high": 1000, "normal": 100})
	d.Setting("product_request.priority_accounts", map[string]int{"high": 4, "normal": 3})
	product, other := d.Make("", "products", map[string]any{"sku": "W-1", "name": "需求品"}), d.Make("", "products", map[string]any{"sku": "W-2", "name": "另一品"})
	account := func(name string) *core.Record {
		return d.Make("", "accounts", map[string]any{"name": name, "kind": "ka", "owner": d.As("rep.chen").Id})
	}
	small, large, moved := account("小客户"), account("大客户"), account("转走的客户")
	d.delivered(t, small, "2026-03-01", 120)
	d.delivered(t, small, "2026-03-02", -30)
	d.delivered(t, small, "2025-03-01", 5000) // more than a year ago
	d.delivered(t, large, "2025-03-20", 920)
	ask := func(of, product *core.Record, wish string) *core.Record {
		return d.must("rep.chen", "product_requests", map[string]any{"need": "小规格", "account": of.Id, "product": product.Id, "wish": wish})
	}
	want := func(what string, row *core.Record, priority string, rank, asking int) {
		t.Helper()
		if now := d.Fresh(row); now.GetString("priority") != priority || now.GetInt("rank") != rank || now.GetInt("asking") != asking {
			t.Errorf("%s: %s %d of %d accounts", what, now.GetString("priority"), now.GetInt("rank"), now.GetInt("asking"))
		}
	}
	first := ask(small, product, "high")
	want("90 fen of one", first, "low", 3, 1)
	if first.GetString("wish") != "high" {
		t.Errorf("its author wishes %q", first.GetString("wish"))
	}
	second := ask(large, product, "low")
	want("1010 fen of two", second, "high", 1, 2)
	want("the first with it", first, "high", 1, 2)
	want("another product", ask(large, other, ""), "normal", 2, 1)
	third := d.must("rep.chen", "product_requests", map[string]any{"need": "x", "priority": "high"})
	want("what an older phone wishes", third, "low", 3, 0)
	if third.GetString("wish") != "high" {
		t.Errorf("an older phone's wish is %q", third.GetString("wish"))
	}
	d.Must(d.Update("rep.chen", second, map[string]any{"product": other.Id}))
	want("for another product now", second, "normal", 2, 1)
	d.Job("productRequestsWeighed")
	want("the first alone again", first, "low", 3, 1)
	d.delivered(t, small, "2026-03-16", 10)
	d.Must(d.Act("product.guo", third, "decline", `{"reason":"x"}`))
	d.Job("productRequestsWeighed")
	want("100 fen", first, "normal", 2, 1)
	d.Expect("weighed by hand", d.Update("rep.chen", first, map[string]any{"rank": 1}), "field.locked rank")

	value := func(who string, row *core.Record) (int, bool) {
		rows, err := d.FindAllRecords("product_request_values", dbx.HashExp{"request": row.Id})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d values, %v", len(rows), err)
		}
		return rows[0].GetInt("revenue_fen"), d.Do(who, "GET", "/api/collections/product_request_values/records/"+rows[0].Id, "").Code == 200
	}
	for who, shown := range map[string]bool{"rep.chen": true, "manager.wu": true, "finance.zhao": true, "product.guo": false, "market.tang": false, "rep.he": false} {
		if fen, sees := value(who, first); fen != 100 || sees != shown {
			t.Errorf("%s sees %d: %v", who, fen, sees)
		}
	}
	gone := ask(moved, other, "")
	moved.Set("owner", d.As("rep.ma").Id)
	d.Must(d.SaveBy("director.lin", moved))
	if _, sees := value("rep.chen", gone); sees {
		t.Error("what an account buys is shown to who served it once")
	}
	if _, sees := value("rep.ma", gone); !sees {
		t.Error("who serves it does not see what it buys")
	}
}

// policy: R5.4 promised_on
//
// TestAPromiseHasADayThatIsKept: both sides are told once when it is over, and a
// promise is made anew.
func TestAPromiseHasADayThatIsKept(t *testing.T) {
	d := open(t)
	row := d.must("rep.chen", "product_requests", map[string]any{"need": "100毫升装"})
	d.play(t, row, []step{
		{"product.guo", "promise", `{"version":"2026Q2","promised_on":"2026-03-15"}`, "request.promise_past", "new"},
		{"product.guo", "promise", `{"version":"2026Q2","promised_on":"soon"}`, "request.promise_past", "new"},
		{"product.guo", "promise", `{"version":"2026Q2","promised_on":"2026-03-20"}`, "", "planned"},
	})
	late := func(day int) bool {
		d.Clock.Set(time.Date(2026, 3, day, 1, 35, 0, 0, time.UTC))
		d.Job("promisesOverdue")
		d.Job("promisesOverdue")
		return d.Fresh(row).GetBool("overdue")
	}
	if late(20) {
		t.Error("late on its day")
	}
	if !late(21) {
		t.Error("not late a day after")
	}
	for _, who := range []string{"rep.chen", "product.guo"} {
		if n := d.Told(who, "request.promise_overdue"); n != 1 {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Must(d.Act("product.guo", row, "promise", `{"version":"2026Q3","promised_on":"2026-06-30"}`))
	if now := d.Fresh(row); now.GetBool("overdue") || now.GetString("promised_on") != "2026-06-30" || now.GetString("version_promised") != "2026Q3" {
		t.Errorf("made anew: %v", now.PublicExport())
	}
}

// policy: R5.4 tell_customer
//
// TestTheCustomerIsTold by who asked, which is a communication with the account.
func TestTheCustomerIsTold(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	contact := d.Make("", "contacts", map[string]any{"account": account.Id, "name": "王采购"})
	stranger := d.Make("", "contacts", map[string]any{"account": d.AccountOf("rep.he").Id, "name": "李采购"})
	row := d.must("rep.chen", "product_requests", map[string]any{"need": "100毫升装", "account": account.Id})
	said := fmt.Sprintf(`{"contact":%q,"note":" 三季度上市 ","channel":"visit"}`, contact.Id)
	d.play(t, row, []step{
		{"rep.chen", "tell_customer", said, "request.state", "new"},
		{"product.guo", "promise", `{"version":"2026Q3"}`, "", "planned"},
		{"product.guo", "tell_customer", said, "request.not_party", "planned"},
		{"rep.chen", "tell_customer", `{"note":" "}`, "request.answer_required", "planned"},
		{"rep.chen", "tell_customer", fmt.Sprintf(`{"contact":%q,"note":"x"}`, stranger.Id), "account.contact_unknown contact", "planned"},
		{"rep.chen", "tell_customer", said, "", "planned"},
	})
	now := d.Fresh(row)
	told := d.Row("communications", now.GetString("told"))
	if now.GetString("told_note") != "三季度上市" || now.GetDateTime("told_at").IsZero() || told.GetString("account") != account.Id || told.GetString("contact") != contact.Id ||
		told.GetString("channel") != "visit" || told.GetString("direction") != "out" || told.GetString("summary") != "三季度上市" || told.GetString("by") != d.As("rep.chen").Id ||
		told.GetString("dept") != account.GetString("dept") || told.GetString("needs_reply_by") != "" {
		t.Errorf("%v\n%v", now.PublicExport(), told.PublicExport())
	}
	nobodys := d.must("rep.chen", "product_requests", map[string]any{"need": "x"})
	d.Must(d.Act("product.guo", nobodys, "decline", `{"reason":"x"}`))
	d.Expect("of no account", d.Act("rep.chen", nobodys, "tell_customer", `{"note":"x"}`), "request.no_account")
}
