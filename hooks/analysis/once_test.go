package analysis_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// values are what a figure comes to, by the keys of its rows, and in all.
func values(t *testing.T, app *testapp.App, who, key string, asked url.Values) (rows map[string]int64, total string) {
	t.Helper()
	a, refused := readSales(testapp.Desk{App: app}, t, who, key, asked)
	if refused != "" {
		t.Fatalf("%s of %s: %s", key, who, refused)
	}
	rows = map[string]int64{}
	for _, row := range a.Rows {
		if row.Value != nil {
			keys := make([]string, len(a.By))
			for i, d := range a.By {
				keys[i] = row.By[d]
			}
			rows[strings.Join(keys, " ")] = *row.Value
		}
	}
	return rows, text(a.Total.Value)
}

// policy: R4.14 analysis
//
// TestAnAssignmentMovesCountsFromItsDay: an account that is given to a colleague counts
// for him from that day on. No month before says anything else than it did, frozen or not.
func TestAnAssignmentMovesCountsFromItsDay(t *testing.T) {
	app := company(t)
	chen, he := app.As("rep.chen").Id, app.As("rep.he").Id
	asked := url.Values{"from": {"2026-01"}, "to": {"2026-03"}, "by": {"person,month"}}
	was, all := values(t, app, "finance.zhao", "account_count", asked)
	sold, _ := values(t, app, "finance.zhao", "amount", asked)
	var account string
	err := app.DB().NewQuery(`SELECT id FROM accounts WHERE owner = '` + chen + `' AND stage = 'contracted' AND EXISTS
		(SELECT 1 FROM sales_facts f WHERE f.account = accounts.id AND f.owner = '` + chen + `') ORDER BY id LIMIT 1`).Row(&account)
	if err != nil {
		t.Fatal(err)
	}
	given, err := app.FindRecordById("accounts", account)
	if err != nil {
		t.Fatal(err)
	}
	given.Set("owner", he)
	if err := app.Save(given); err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{}
	for key, n := range was {
		want[key] = n
	}
	want[chen+" 2026-03"]--
	want[he+" 2026-03"]++
	is, now := values(t, app, "finance.zhao", "account_count", asked)
	if fmt.Sprint(is) != fmt.Sprint(want) || now != all || want[he+" 2026-02"] == 0 {
		t.Errorf("counts: %v %s, want %v %s", is, now, want, all)
	}
	if is, _ := values(t, app, "finance.zhao", "amount", asked); fmt.Sprint(is) != fmt.Sprint(sold) || sold[chen+" 2026-03"] == 0 {
		t.Errorf("what was sold went with the account: %v, was %v", is, sold)
	}
}

// policy: R4.13 otif
//
// TestOrdersOnTimeAreCountedOnce: the order book's list of what was promised, and the
// figure, say the same to everybody who reads both.
func TestOrdersOnTimeAreCountedOnce(t *testing.T) {
	app := company(t)
	for _, who := range []string{"rep.chen", "rep.peng", "manager.wu", "director.lin", "finance.zhao", "auditor.jin", "admin.fang"} {
		var book struct {
			Items []struct {
				Key    string `json:"key"`
				Orders int64  `json:"orders"`
				Met    int64  `json:"otif"`
			} `json:"items"`
		}
		answer := app.Do(who, http.MethodGet, "/api/ka/otif?from=2026-01&to=2026-03&by=month", "")
		if err := json.Unmarshal(answer.Body.Bytes(), &book); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%s: %d %s %v", who, answer.Code, answer.Body, err)
		}
		got, refused := ask(t, app, who, "otif", url.Values{"from": {"2026-01"}, "to": {"2026-03"}, "by": {"month"}})
		if refused != "" {
			t.Fatal(refused)
		}
		listed, counted := map[string]string{}, map[string]string{}
		for _, m := range book.Items {
			listed[m.Key] = fmt.Sprint(m.Met, "/", m.Orders)
		}
		for _, row := range got.Rows {
			counted[row.By["month"]] = part(row.Num, row.Den)
		}
		if fmt.Sprint(listed) != fmt.Sprint(counted) || len(listed) == 0 {
			t.Errorf("%s: the list says %v, the figure %v", who, listed, counted)
		}
	}
}

// policy: R4.14 attain_profit
//
// TestARepSeesHisOwnProfitTarget and what of it is reached of the whole of its year, in
// whole percent: no month, nobody else's, and no profit.
func TestARepSeesHisOwnProfitTarget(t *testing.T) {
	d := openTrade(t, 0)
	chen := d.As("rep.chen")
	account, product := d.AccountOf("rep.chen"), d.goods[0]
	d.costs(product, "2026-01-01", 200)
	d.delivered(account, product, "2026-03-02", 10_000, 10_000, 0) // earns 80 yuan
	d.exec("DELETE FROM targets WHERE owner = '"+chen.Id+"'", nil)
	d.force("targets", map[string]any{
		"level": "rep", "owner": chen.Id, "manager": chen.GetString("manager"), "dept": chen.GetString("department"), "metric": "profit", "year": "2026",
		"value": 12 * 1_300, "months": "[1300,1300,1300,1300,1300,1300,1300,1300,1300,1300,1300,1300]", "state": "issued", "basis_company": "x", "basis_market": "x", "basis_capability": "x",
	})
	year := url.Values{"from": {"2026-01"}, "to": {"2026-12"}}
	a, refused := readSales(d.Desk, t, "rep.chen", "attain_profit", year)
	d.Must(refused)
	if a.Total.Value == nil || *a.Total.Value != 5100 || a.Total.Num != nil || a.Total.Den != nil { // 8,000 of 15,600: 51.28 %
		t.Errorf("%+v", a.Total)
	}
	for name, change := range map[string][2]string{
		"a month": {"to", "2026-03"}, "by month": {"by", "month"}, "another's": {"person", d.As("rep.peng").Id}, "compared": {"compare", "year"},
	} {
		asked := url.Values{"from": {"2026-01"}, "to": {"2026-12"}}
		asked.Set(change[0], change[1])
		if _, refused := readSales(d.Desk, t, "rep.chen", "attain_profit", asked); refused != "analysis.not_allowed" {
			t.Errorf("%s: %q", name, refused)
		}
	}
	for _, key := range []string{"profit", "margin"} {
		if _, refused := readSales(d.Desk, t, "rep.chen", key, year); refused != "analysis.not_allowed" {
			t.Errorf("%s: %q", key, refused)
		}
	}
	if a, _ := readSales(d.Desk, t, "rep.peng", "attain_profit", year); a.Total.Value != nil {
		t.Errorf("a colleague is told %d", *a.Total.Value)
	}
}
