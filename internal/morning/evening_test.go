package morning_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// small is a company that can play the evening too.
func small() demo.Options {
	opt := demo.Small(now())
	opt.Cashiers, opt.Customers = true, true
	return opt
}

// theEvening is what the play says of it, in its order.
var theEvening = []string{
	"无信号，陈立拍发票", "关联拜访", "手机自查：请列明双方参加人员", "手机自查：发票", "手机自查：通过", "已提交：单号 EC-",
	"何雨桐报同一张发票：", "吴敏退回：请写明招待事由", "再次提交", "吴敏审核签字", "赵雅琴核减为 ¥160.00", "邱晓岚生成付款批次", "银行已付，凭证 P",
	"此前 / before", "提交后 / handed in", "退回后 / returned", "核定后 / approved", "付款后 / paid", "paid, ¥186.00 → ¥160.00",
}

// TestTheEvening: a receipt is photographed offline, checked on the phone, claimed against
// a visit, returned once, signed, cut and paid, each by another; a colleague is refused
// the same one; the budget follows.
func TestTheEvening(t *testing.T) {
	dir := t.TempDir()
	if err := testapp.Migrated(dir); err != nil {
		t.Fatal(err)
	}
	app := open(t, dir)
	before := entertained(t, app, "reserved_fen", "spent_fen")
	out, err := run(t, app, small(), 1)
	if err != nil {
		t.Fatalf("the demo ended with %v:\n%s", err, out)
	}
	rest := out
	for _, text := range theEvening {
		at := strings.Index(rest, text)
		if at < 0 {
			t.Fatalf("the evening does not say %q, or not then:\n%s", text, out)
		}
		rest = rest[at:]
	}
	claims := rows(t, app, "expense_claims", "state = 'paid'")
	if len(claims) != 1 || claims[0].GetInt("total_fen") != 186_00 || claims[0].GetInt("approved_fen") != 160_00 || claims[0].GetInt("paid_fen") != 160_00 || len(claims[0].GetStringSlice("visits")) != 1 {
		t.Fatalf("claims that were paid: %v", claims)
	}
	claim := claims[0].Id
	for name, who := range map[string]string{"manager.wu": "manager", "finance.zhao": "finance"} {
		if n := len(rows(t, app, "approvals", "ref_id = {:c} && key = {:k} && state = 'approved' && approver = {:a}", dbx.Params{"c": claim, "k": who, "a": person(t, app, name)})); n != 1 {
			t.Errorf("%s approved %d times", name, n)
		}
	}
	if n := len(rows(t, app, "approvals", "ref_id = {:c} && state = 'returned'", dbx.Params{"c": claim})); n != 1 {
		t.Errorf("it was returned %d times", n)
	}
	if n := len(rows(t, app, "payments", "claim = {:c} && state = 'paid' && amount_fen = 16000 && paid_by = {:a}", dbx.Params{"c": claim, "a": person(t, app, "finance.qiu")})); n != 1 {
		t.Errorf("it was paid %d times", n)
	}
	if n := len(rows(t, app, "sync_issues", "code = 'invoice.duplicate' && user = {:a}", dbx.Params{"a": person(t, app, "rep.he")})); n != 1 {
		t.Errorf("the colleague was refused %d times", n)
	}
	after := entertained(t, app, "reserved_fen", "spent_fen")
	if after[0] != 0 || after[1] != 160_00 || before != [2]int{} {
		t.Errorf("the budget has %v, before %v", after, before)
	}
}

func person(t *testing.T, app core.App, name string) string {
	t.Helper()
	row, err := app.FindAuthRecordByEmail("users", demo.Email(name))
	if err != nil {
		t.Fatal(err)
	}
	return row.Id
}

func rows(t *testing.T, app core.App, collection, filter string, params ...dbx.Params) []*core.Record {
	t.Helper()
	out, err := app.FindRecordsByFilter(collection, filter, "id", 0, 0, params...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// entertained is what the leaf of entertainment has; nothing before the company is there.
func entertained(t *testing.T, app core.App, fields ...string) (out [2]int) {
	t.Helper()
	for _, row := range rows(t, app, "budget_nodes", "name = '业务招待'") {
		for i, f := range fields {
			out[i] = row.GetInt(f)
		}
	}
	return out
}
