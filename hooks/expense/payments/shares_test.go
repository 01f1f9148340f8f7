package payments_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// policy: R7.5 vouchers-by-shares
//
// TestAVoucherHasALineForEachShare, to the fen, with the account and the node that bear
// it; and the file is named by who took it.
func TestAVoucherHasALineForEachShare(t *testing.T) {
	d := open(t)
	category := d.Make(finance, "expense_categories", map[string]any{"code": "parking", "name_zh": "停车费", "active": true, "ledger_account": "660205", "input_tax": "none"})
	accounts, err := d.FindRecordsByFilter("accounts", "owner = {:o}", "id", 2, 0, map[string]any{"o": d.As(rep).Id})
	if err != nil || len(accounts) != 2 {
		t.Fatal(len(accounts), err)
	}
	claim := d.Make(rep, "expense_claims", map[string]any{"owner": d.As(rep).Id, "title": "三月", "period": "2026-03", "payee_kind": "employee"})
	line := d.Make(rep, "expense_lines", map[string]any{
		"claim": claim.Id, "category": category.Id, "day": "2026-03-02", "amount_fen": 100_01, "no_invoice_reason": "无票", "reason": "无票", "seq": 1, "account": accounts[0].Id,
	})
	for i, account := range []string{"", accounts[1].Id} {
		d.Make(rep, "expense_shares", map[string]any{"claim": claim.Id, "line": line.Id, "seq": i + 1, "account": account, "weight": 1})
	}
	d.Must(d.Act(rep, claim, "submit", ""))
	d.Must(d.Decide(manager, claim, "approve", ""))
	d.Must(d.Decide(finance, claim, "approve", ""))
	d.Must(d.says(d.sent([]*core.Record{claim}, nil), "1 100.01 成功"))
	answer := d.Do(finance, http.MethodGet, "/api/ka/vouchers?month="+d.Clock.Now().Format("2006-01")+"&system=yonyou", "")
	for _, want := range []string{
		"停车费,660205,50.01,0.00,KA业务部,陈立," + accounts[0].GetString("name") + ",部门", "停车费,660205,50.00,0.00,KA业务部,陈立," + accounts[1].GetString("name") + ",部门",
		"付款,1002,0.00,100.01,",
	} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("%q is not in\n%s", want, answer.Body)
		}
	}
	if strings.Contains(answer.Body.String(), "水印") || !strings.Contains(answer.Header().Get("Content-Disposition"), "yonyou") {
		t.Errorf("%s\n%s", answer.Header().Get("Content-Disposition"), answer.Body)
	}
	noted, err := d.FindFirstRecordByFilter("access_log", "what = 'export' && params ~ 'yonyou'")
	if err != nil || !strings.Contains(noted.GetString("params"), `"watermark":"`+d.As(finance).GetString("name")+" 2026-") {
		t.Errorf("%v %v", noted, err)
	}
}
