package budgets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

// handed hands what is one's over to another.
func (d *desk) handed(by, from, to string) string {
	return d.Act(by, d.budget, "hand_over", fmt.Sprintf(`{"from":%q,"to":%q}`, d.As(from).Id, d.As(to).Id))
}

// policy: R7.2 budget_nodes
//
// TestALeaversLeafGoesToAnother: with all that it has, holds and spent; who takes it over
// has it on his phone, and who left does not any more. Without that he does not leave.
func TestALeaversLeafGoesToAnother(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("", claim("1"), d.cost("1", "陈", 500)))
	chen, he := d.Phone(d.Token("rep.chen"), "chen"), d.Phone(d.Token("rep.he"), "he")
	chen.Pull()
	he.Pull()
	leaf := d.nodes["陈"]
	if chen.Rows["budget_nodes"][leaf.Id] == "" || he.Rows["budget_nodes"][leaf.Id] != "" {
		t.Fatal("the leaf is on the wrong phone")
	}
	answer := d.Do("admin.fang", "PATCH", "/api/collections/users/records/"+d.As("rep.chen").Id, `{"active":false}`).Body.String()
	if !strings.Contains(answer, `"org.open_work"`) || !strings.Contains(answer, `"budget_nodes":1`) {
		t.Errorf("he leaves with a leaf: %s", answer)
	}
	d.Expect("by finance", d.handed(finance, "rep.chen", "rep.he"), "budget.not_head")
	d.Expect("to himself", d.handed(director, "rep.chen", "rep.chen"), "budget.heir_invalid to")
	d.Expect("to another department", d.handed(director, "rep.chen", "market.tang"), "budget.heir_invalid to")
	d.Expect("of nobody's", d.handed(director, "market.tang", "rep.he"), "budget.heir_nothing from")
	d.Expect("to another team", d.handed(director, "rep.chen", d.repOf("manager.xu")), "budget.heir_team to")
	d.Expect("a manager's to a rep", d.handed(director, "manager.wu", "rep.he"), "budget.heir_invalid to")
	d.Must(d.handed(director, "rep.chen", "rep.he"))
	d.has("handed over", map[string]string{"陈": "40000 500 0 39500", "吴": "60000 500 0 59500"})
	if row := d.Fresh(leaf); row.GetString("rep") != d.As("rep.he").Id {
		t.Errorf("%v", row.PublicExport())
	}
	chen.Pull()
	he.Pull()
	if chen.Rows["budget_nodes"][leaf.Id] != "" || he.Rows["budget_nodes"][leaf.Id] == "" {
		t.Error("phones do not follow")
	}
	if n := d.Told("rep.he", "budget.handed_over"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.Must(d.handed(director, "manager.wu", "manager.xu"))
	if row := d.Fresh(leaf); row.GetString("manager") != d.As("manager.xu").Id || slices.Contains(row.GetStringSlice("viewers"), d.As("manager.wu").Id) {
		t.Errorf("%v", row.PublicExport())
	}
	if d.audited(leaf.Id, "rep", "manager") != 2 {
		t.Error("the log does not tell of it")
	}
}

// repOf is a rep of a manager's.
func (d *desk) repOf(manager string) string {
	d.t.Helper()
	row, err := d.FindFirstRecordByFilter("users", "manager = {:m} && role = 'rep' && active = true", dbx.Params{"m": d.As(manager).Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimSuffix(row.Email(), "@"+strings.SplitN(row.Email(), "@", 2)[1])
}

// audited counts the entries of the log that tell of one of these fields.
func (d *desk) audited(record string, fields ...string) (n int) {
	d.t.Helper()
	rows, err := d.FindAllRecords("audit_log", dbx.HashExp{"record": record})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		for _, field := range fields {
			if row.GetString("action") != "create" && strings.Contains(row.GetString("after"), `"`+field+`"`) {
				n++
				break
			}
		}
	}
	return n
}

// TestWhoLeftHasNoNewNode: a tree that names him is not handed in.
func TestWhoLeftHasNoNewNode(t *testing.T) {
	d := open(t).written()
	if _, err := d.DB().NewQuery("UPDATE users SET active = FALSE WHERE id = {:u}").Bind(dbx.Params{"u": d.As("rep.chen").Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("of who left", d.Act(director, d.budget, "submit", ""), "budget.person_left")
	d.Must(d.handed(director, "rep.chen", "rep.he"))
	d.Must(d.Act(director, d.budget, "submit", ""))
}

// policy: R7.2 budget-recount
//
// TestFinanceRecounts: sums that drifted are written anew from the entries, the log keeps
// what they were, and finance and administrators are told.
func TestFinanceRecounts(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("", claim("1"), d.cost("1", "陈", 500)))
	for _, sql := range []string{
		"UPDATE budget_nodes SET reserved_fen = 7, free_fen = 1 WHERE name = '陈'", "UPDATE budget_balances SET spent_fen = 9 WHERE month = '2026-03'",
		"INSERT INTO budget_balances SELECT id, '2026-11', 1, 2, 3 FROM budget_nodes WHERE name = '徐'",
	} {
		if _, err := d.DB().NewQuery(sql).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 4 {
		t.Errorf("%d nodes drift", n)
	}
	d.Expect("by who heads the department", d.Act(director, d.budget, "recount", ""), "budget.not_finance")
	d.Must(d.Act(finance, d.budget, "recount", ""))
	d.has("recounted", map[string]string{"陈": "40000 500 0 39500", "吴": "60000 500 0 59500", "徐": "40000 0 0 40000", "部门": "100000 500 0 99500"})
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 0 {
		t.Errorf("%d nodes still drift", n)
	}
	if d.audited(d.nodes["陈"].Id, "reserved_fen") != 1 || d.Told("admin.fang", "budget.recounted") != 1 || d.Told(finance, "budget.recounted") != 1 {
		t.Error("nobody is told")
	}
	d.Must(d.Act(finance, d.budget, "recount", "")) // of nothing that differs nobody is told
	if n := d.Told(finance, "budget.recounted"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// TestALeafFollowsItsAccount: when that is handed over, at once or on its day, to one of the
// same team; between teams it waits for who heads the department.
func TestALeafFollowsItsAccount(t *testing.T) {
	d := open(t)
	var ids []string
	if err := d.DB().NewQuery("SELECT id FROM accounts WHERE owner = {:u} ORDER BY id LIMIT 2").Bind(dbx.Params{"u": d.As("rep.chen").Id}).Column(&ids); err != nil || len(ids) < 2 {
		t.Fatal(ids, err)
	}
	ids = append(ids, d.AccountOf("rep.he").Id)
	d.draft("2026")
	d.node("部门", "", 30)
	d.node("吴", "部门", 30, map[string]any{"manager": d.As("manager.wu").Id})
	for i, name := range []string{"一", "二", "三"} {
		d.node(name, "吴", 10, map[string]any{"rep": d.Row("accounts", ids[i]).GetString("owner"), "account": ids[i]})
	}
	d.agree()
	rep := func(name, want string) {
		t.Helper()
		if row := d.Fresh(d.nodes[name]); row.GetString("rep") != d.As(want).Id || !slices.Contains(row.GetStringSlice("viewers"), d.As(want).Id) {
			t.Errorf("%s is %v", name, row.PublicExport())
		}
	}
	d.Must(d.Update("manager.wu", d.Row("accounts", ids[0]), map[string]any{"owner": d.As("rep.he").Id}))
	rep("一", "rep.he")
	rep("二", "rep.chen")
	_, refused := d.Create("manager.wu", "account_handovers", map[string]any{
		"from_rep": d.As("rep.chen").Id, "to_rep": d.As("rep.he").Id, "accounts": []string{ids[1]}, "planned_date": "2026-03-16", "reason": "换区",
	})
	d.Must(refused)
	if err := d.Bound.Handovers.Run(d); err != nil {
		t.Fatal(err)
	}
	rep("二", "rep.he")
	d.Must(d.Update(director, d.Row("accounts", ids[2]), map[string]any{"owner": d.As(d.repOf("manager.xu")).Id}))
	rep("三", "rep.he")
	if d.audited(d.nodes["二"].Id, "rep") != 1 {
		t.Error("the log does not tell of it")
	}
}
