package ledger_test

import (
	"bytes"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/xuri/excelize/v2"

	"satchel/internal/testapp"
)

// stated is the statement of an account's month.
func (d *desk) stated(account *core.Record, month string) *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByFilter("statements", "account = {:a} && month = {:m}", dbx.Params{"a": account.Id, "m": month})
	if err != nil {
		d.t.Fatalf("no statement of %s: %v", month, err)
	}
	return row
}

// paperOf announces a photograph of a paper.
func (d *desk) paperOf(account *core.Record) *core.Record {
	d.t.Helper()
	d.n++
	paper := d.Blank("blobs", whose(account), map[string]any{
		"sha256": fmt.Sprintf("%064d", d.n), "size": 1, "mime": "image/jpeg", "purpose": "receipt", "state": "pending",
	})
	d.server(paper)
	return paper
}

// february is an account with a month of each kind of entry, and its statement.
func february(d *desk) (account, statement *core.Record) {
	account = d.account("rep.chen")
	order := d.order(account, 100_000, "processing")
	d.delivered(order, 40_000, "2026-01-20")
	d.delivered(order, 60_000, "2026-02-05")
	d.came(order, 5_000, "2026-02-10")
	cheque := d.paid(account, 30_000, map[string]any{"received_on": "2026-02-11", "reference": "CHQ-7", "method": "cheque"})
	d.paid(account, 1_000, map[string]any{"received_on": "2026-02-12"})
	d.Must(d.Act(finance, cheque, "reverse", `{"reason":"退票"}`)) // of March
	d.Must(d.Act(finance, account, "issue_statement", `{"month":"2026-02"}`))
	return account, d.stated(account, "2026-02")
}

func figures(s *core.Record) string {
	return fmt.Sprint(s.GetInt("opening_fen"), s.GetInt("delivered_fen"), s.GetInt("returned_fen"), s.GetInt("received_fen"), s.GetInt("deducted_fen"), s.GetInt("closing_fen"), s.GetInt("entries"))
}

// policy: R4.12 statement
//
// TestAMonthIsStatedAndStays: what comes late is of the month that is open.
func TestAMonthIsStatedAndStays(t *testing.T) {
	d := open(t)
	account, s := february(d)
	if got := figures(s); got != "40000 60000 5000 31000 0 64000 4" {
		t.Errorf("February: %s", got)
	}
	if n := d.Told("rep.chen", "statement.issued"); n != 1 {
		t.Errorf("told %d times", n)
	}
	late := d.delivered(d.order(account, 700, "processing"), 700, "2026-02-27")
	if e := d.entry(late); e.GetString("on") != "2026-03-01" || e.GetString("due_on") != "2026-02-27" {
		t.Errorf("a late one: %v", e.PublicExport())
	}
	d.Expect("of an open month", d.Act(finance, account, "issue_statement", `{"month":"2026-03"}`), "statement.month_invalid")
	d.Expect("once more", d.Act(finance, account, "issue_statement", `{"month":"2026-02"}`), "statement.month_invalid")
	d.Expect("an earlier one", d.Act(finance, account, "issue_statement", `{"month":"2026-01"}`), "statement.month_invalid")
	d.Expect("of no month", d.Act(finance, account, "issue_statement", `{"month":"2026-3"}`), "statement.month_invalid")
	d.Expect("by its owner", d.Act("rep.chen", account, "issue_statement", `{"month":"2026-03"}`), "statement.not_finance")
	d.Expect("its figures", d.SaveBy("rep.chen", change(d.Fresh(s), "closing_fen", 1)), "statement.locked")
	d.Clock.Advance(17 * 24 * time.Hour) // 2 April
	d.Job("statementsIssued")
	if n, _ := d.CountRecords("statements", dbx.HashExp{"account": account.Id}); n != 1 {
		t.Error("issued before its day")
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("statementsIssued")
	d.Job("statementsIssued")
	if got := figures(d.stated(account, "2026-03")); got != "64000 700 0 -30000 0 94700 2" {
		t.Errorf("March: %s", got)
	}
}

// TestTheCustomersAnswer is taken down by who holds the account: who answered, and
// the paper.
func TestTheCustomersAnswer(t *testing.T) {
	d := open(t)
	account, s := february(d)
	paper := d.paperOf(account)
	say := func(by, reason, paper string) string {
		return fmt.Sprintf(`{"answered_by":%q,"reason":%q,"paper":%q}`, by, reason, paper)
	}
	d.Expect("by his manager", d.Act("manager.wu", s, "confirm", say("李会计", "", paper.Id)), "statement.not_owner")
	d.Expect("by nobody", d.Act("rep.chen", s, "confirm", say(" ", "", paper.Id)), "statement.answered_by_required")
	d.Expect("without paper", d.Act("rep.chen", s, "confirm", say("李会计", "", "")), "statement.paper_required")
	d.Expect("with another's paper", d.Act("rep.chen", s, "confirm", say("李会计", "", d.paperOf(d.account("rep.he")).Id)), "statement.paper_invalid paper")
	d.Expect("disputed without a reason", d.Act("rep.chen", s, "dispute", say("李会计", "", "")), "statement.reason_required")
	d.Must(d.Act("rep.chen", s, "dispute", say("李会计", "少收 10 箱", "")))
	for who, want := range map[string]int{finance: 1, "manager.wu": 1, "rep.chen": 0} {
		if n := d.Told(who, "statement.disputed"); n != want {
			t.Errorf("%s was told %d times", who, n)
		}
	}
	d.Expect("disputed twice", d.Act("rep.chen", s, "dispute", say("李会计", "x", "")), "statement.state")
	d.Must(d.Update("manager.wu", account, map[string]any{"owner": d.As("rep.he").Id}))
	d.Expect("by who held it", d.Run("rep.chen", s, "confirm", say("李会计", "", paper.Id)), "statement.not_owner")
	d.Must(d.Act("rep.he", s, "confirm", say("李会计", "", paper.Id)))
	row := d.Fresh(s)
	if row.GetString("state") != "confirmed" || row.GetString("answered_by") != "李会计" || row.GetString("paper") != paper.Id || row.GetDateTime("answered_at").IsZero() || figures(row) != figures(s) {
		t.Errorf("%v", row.PublicExport())
	}
}

// TestAStatementIsAPaper: in Chinese, with its entries and balances, for whoever
// sees it.
func TestAStatementIsAPaper(t *testing.T) {
	d := open(t)
	account, s := february(d)
	get := func(who, format string) (int, []byte) {
		answer := d.Do(who, http.MethodGet, "/api/ka/statements/"+s.Id+"/"+format, "")
		return answer.Code, answer.Body.Bytes()
	}
	for who, want := range map[string]int{"rep.chen": 200, "manager.wu": 200, "director.lin": 200, finance: 200, "auditor.jin": 200, "rep.he": 404, "manager.xu": 404, "": 401} {
		if got, _ := get(who, "pdf"); got != want {
			t.Errorf("%q gets %d", who, got)
		}
		if got, _ := get(who, "xlsx"); got != want {
			t.Errorf("%q gets %d of Excel", who, got)
		}
	}
	_, sheet := get("rep.chen", "xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(sheet))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("对账单", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, row := range rows {
		all += strings.Join(row, " ") + "\n"
	}
	for _, want := range []string{"客户 " + account.GetString("name"), "期初余额 400\n", "本月退货 -50\n", "期末余额 640\n", "2026-02-05 发货 D-", " 600 1000\n", "2026-02-11 回款 CHQ-7 -300 650\n", s.GetString("sha256")} {
		if !strings.Contains(all, want) {
			t.Errorf("Excel has no %q:\n%s", want, all)
		}
	}
	_, printed := get("rep.chen", "pdf")
	read, err := pdf.NewReader(bytes.NewReader(printed), int64(len(printed)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := read.Page(1).GetPlainText(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"客户对账单", account.GetString("name"), "期末余额", "640.00", "1,000.00", "CHQ-7", "2026-02-11"} {
		if !strings.Contains(text, want) {
			t.Errorf("the PDF has no %q:\n%s", want, text)
		}
	}
	if _, err := d.DB().NewQuery("UPDATE account_entries SET amount_fen = amount_fen + 1 WHERE account = {:a} AND kind = 'return'").Bind(dbx.Params{"a": account.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if got, _ := get("rep.chen", "pdf"); got != http.StatusInternalServerError {
		t.Errorf("a statement of other entries is answered %d", got)
	}
}

// TestALedgerIsReadByPages, each with the balances, as one reading of all.
func TestALedgerIsReadByPages(t *testing.T) {
	d := open(t)
	account, _ := february(d)
	type page struct {
		Opening int `json:"opening_fen"`
		Entries []struct {
			ID      string `json:"id"`
			Amount  int    `json:"amount_fen"`
			Balance int    `json:"balance_fen"`
		} `json:"entries"`
		Next string `json:"next"`
	}
	read := func(who, query string) (out page, refused string) {
		answer := d.Do(who, http.MethodGet, "/api/ka/accounts/"+account.Id+"/statement?"+query, "")
		if refused = testapp.Answered(answer); refused == "" {
			if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
		}
		return out, refused
	}
	whole, refused := read("rep.chen", "month=2026-02")
	d.Must(refused)
	if whole.Opening != 40_000 || len(whole.Entries) != 4 || whole.Next != "" || whole.Entries[3].Balance != 64_000 {
		t.Fatalf("%+v", whole)
	}
	after, n := "", 0
	for {
		some, refused := read(finance, "month=2026-02&limit=3&after="+after)
		d.Must(refused)
		for _, e := range some.Entries {
			if e != whole.Entries[n] {
				t.Errorf("entry %d by pages: %+v, not %+v", n, e, whole.Entries[n])
			}
			n++
		}
		if after = some.Next; after == "" {
			break
		}
	}
	if n != 4 {
		t.Errorf("%d entries by pages", n)
	}
	for query, want := range map[string]string{"month=2026-2": "ledger.page", "limit=0": "ledger.page", "limit=1001": "ledger.page", "limit=x": "ledger.page", "after=nobodyhasthisid": "ledger.page", "": ""} {
		_, refused := read("rep.chen", query)
		d.Expect(query, refused, want)
	}
	_, refused = read("rep.he", "month=2026-02")
	d.Expect("by a colleague", refused, "record.not_found")
}
