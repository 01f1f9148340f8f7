package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
)

// expenses are what money is spent on, each below another or none.
var expenses = []struct{ code, zh, en, above string }{
	{"promotion", "市场推广费", "Promotion", ""},
	{"venue", "场地费", "Venue", "promotion"},
	{"material", "物料费", "Material", "promotion"},
	{"display", "陈列费", "Display", "promotion"},
	{"media", "媒体费", "Media", "promotion"},
	{"visit", "客户拜访费", "Visits", ""},
	{"travel", "差旅费", "Travel", "visit"},
	{"entertainment", "业务招待费", "Entertainment", "visit"},
	{"gift", "礼品费", "Gifts", ""},
	{"training", "培训费", "Training", ""},
	{"staff", "人员费", "Staff", ""},
	{"other", "其他", "Other", ""},
	{"lodging", "住宿费", "Lodging", "visit"},
	{"per_diem", "出差补助", "Per diem", "visit"},
	{"mileage", "里程补贴", "Mileage", "visit"},
	{"taxi", "市内交通", "Taxi", "visit"},
	{"meal", "餐费", "Meals", "visit"},
	{"entry", "进场费", "Entry fees", "promotion"},
	{"stack", "堆头费", "Stacks", "promotion"},
}

// planNode is a node of the department's budget; above is the place of the one that it
// is a part of, from 0.
type planNode struct {
	name, category string
	above          int
	fen            int
	manager        string
	activity       int // numbered from 1
	control        string
}

// planNodes come to what the annual plan says. The launch has its own node, which is
// used up to a warning.
var planNodes = []planNode{
	{name: "KA 业务部", above: -1, fen: 3_600_000_00},
	{name: "市场推广", category: "promotion", above: 0, fen: 1_600_000_00},
	{name: "陈列与堆头", category: "display", above: 1, fen: 887_400_00},
	{name: "春茶新品发布会", above: 1, fen: 12_600_00, activity: 1, control: expense.ControlWarn},
	{name: "其他市场活动", above: 1, fen: 700_000_00},
	{name: "吴经理组", category: "visit", above: 0, fen: 500_000_00, manager: "manager.wu"},
	{name: "差旅", category: "travel", above: 5, fen: 300_000_00},
	{name: "业务招待", category: "entertainment", above: 5, fen: 200_000_00},
	{name: "徐经理组", category: "visit", above: 0, fen: 500_000_00, manager: "manager.xu"},
	{name: "胡经理组", category: "visit", above: 0, fen: 500_000_00, manager: "manager.hu"},
	{name: "培训", category: "training", above: 0, fen: 500_000_00},
}

// Places of nodes in planNodes.
const (
	nodeDisplay       = 2
	nodeLaunch        = 3
	nodeTravel        = 6
	nodeEntertainment = 7
)

// moved is what manager.wu asked finance to move between his nodes.
const moved = 4_000_00

// booking is an entry of the demo's ledger.
type booking struct {
	node, fen             int
	kind, ref, refID, row string
	day                   string
	at                    time.Time
	by                    person
}

// budget writes the department's budget of the year, in force, with what activities
// reserved of it, a transfer that is done and one that waits, and a warning.
func (b *builder) budget() error {
	lin, wu, zhao, sun := b.people["director.lin"], b.people["manager.wu"], b.people["finance.zhao"], b.people["executive.sun"]
	for i, e := range expenses {
		above := ""
		for k, other := range expenses {
			if e.above == other.code {
				above = b.id("expense_categories", k)
			}
		}
		at, tax := stamp(b.at(b.opt.Days+40, 9)), expense.TaxDeducted
		if e.code == "gift" || e.code == "entertainment" {
			tax = expense.TaxCarriedOut
		}
		err := b.w.insert("expense_categories", dbx.Params{
			"id": b.id("expense_categories", i), "code": e.code, "name_zh": e.zh, "name_en": e.en, "parent": above, "active": true,
			"ledger_account": fmt.Sprintf("6601%02d", i+1), "input_tax": tax, "created": at, "updated": at,
		})
		if err != nil {
			return err
		}
	}
	begun := stamp(b.at(b.opt.Days+40, 9))
	err := b.w.insert("own_companies", dbx.Params{
		"id": b.id("own_companies", 0), "name": companyName, "tax_no": companyTax(), "aliases": `["禾漾快消品"]`, "active": true, "created": begun, "updated": begun,
	})
	if err != nil {
		return err
	}
	year, id, at := b.today.Format("2006"), b.id("budgets", 0), b.at(b.opt.Days+22, 9)
	reviewers := toJSON([]string{zhao.id, sun.id})
	err = b.w.insert("budgets", dbx.Params{
		"id": id, "owner": lin.id, "dept": lin.deptID, "year": year, "version": 1, "title": year + " 年度费用预算", "plan": b.id("annual_plans", 0),
		"control": expense.ControlForbid, "over_bp": 10_000, "window": expense.WindowYear, "alerts": "[8000,9500]", "gross": true,
		"freeze_until": expense.FreezeUntil(year, 31), "carry": "none", "small_transfer_fen": 5_000_00, "review_over_bp": 1_000, "total_fen": planNodes[0].fen,
		"state": expense.BudgetActive, "approved_at": stamp(at.Add(9 * time.Hour)), "active_at": stamp(at.Add(9 * time.Hour)),
		"reviewers": reviewers, "approval_round": 1, "submitted_at": stamp(at), "created": stamp(at.Add(-48 * time.Hour)), "updated": stamp(at.Add(9 * time.Hour)),
	})
	if err != nil {
		return err
	}
	for i, s := range []struct {
		key string
		by  person
	}{{"finance", zhao}, {"management", sun}} {
		content := map[string]any{"year": year, "title": year + " 年度费用预算", "plan": b.id("annual_plans", 0)}
		if err := b.approved("budgets", id, 10+i, i+1, s.key, lin, s.by, content, at.Add(time.Duration(i+1)*4*time.Hour)); err != nil {
			return err
		}
	}
	if err := b.transfers(id, wu, zhao); err != nil {
		return err
	}
	return b.book(id, year, at.Add(9*time.Hour), lin)
}

// approved is a decision that somebody signed.
func (b *builder) approved(table, id string, n, step int, key string, author, by person, content map[string]any, at time.Time) error {
	title, named := content["purpose"].(string)
	if !named {
		title = b.today.Format("2006") + " 年度费用预算"
	}
	return b.w.insert("approvals", dbx.Params{
		"id": b.id("approvals", n), "ref_collection": table, "ref_id": id, "title": title, "round": 1, "step": step, "key": key,
		"author": author.id, "dept": author.deptID, "oversight": "finance", "approver": by.id, "reviewers": toJSON([]string{by.id}), "state": "approved",
		"content": toJSON(content), "content_hash": people.ContentHash(content), "comment": "同意",
		"signature_hash": people.Signature{
			Subject: table + "/" + id, Round: 1, Content: content, Decision: people.ApprovalApprove, Comment: "同意", Approver: by.id, At: at,
		}.Hash(),
		"opened_at": stamp(at.Add(-3 * time.Hour)), "due_at": stamp(at.Add(45 * time.Hour)), "at": stamp(at), "created": stamp(at.Add(-3 * time.Hour)), "updated": stamp(at),
	})
}

// transfers are one between manager.wu's nodes, which finance approved, and a raise
// that he is still writing.
func (b *builder) transfers(budget string, wu, zhao person) error {
	at := b.at(12, 10)
	row := dbx.Params{
		"id": b.id("budget_adjustments", 0), "owner": wu.id, "manager": wu.managerID, "dept": wu.deptID, "budget": budget, "kind": expense.AdjustTransfer,
		"from_node": b.id("budget_nodes", nodeEntertainment), "to_node": b.id("budget_nodes", nodeTravel), "amount_fen": moved, "reason": "二季度外地客户增多",
		"state": expense.AdjustmentApproved, "small": true, "applied_at": stamp(at.Add(5 * time.Hour)), "reviewers": toJSON([]string{zhao.id}), "approval_round": 1,
		"submitted_at": stamp(at), "created": stamp(at.Add(-time.Hour)), "updated": stamp(at.Add(5 * time.Hour)),
	}
	if err := b.w.insert("budget_adjustments", row); err != nil {
		return err
	}
	content := map[string]any{"kind": row["kind"], "amount_fen": moved, "reason": row["reason"]}
	if err := b.approved("budget_adjustments", row["id"].(string), 12, 1, "finance", wu, zhao, content, at.Add(5*time.Hour)); err != nil {
		return err
	}
	at = b.at(1, 15)
	return b.w.insert("budget_adjustments", dbx.Params{
		"id": b.id("budget_adjustments", 1), "owner": wu.id, "manager": wu.managerID, "dept": wu.deptID, "budget": budget, "kind": expense.AdjustRaise,
		"to_node": b.id("budget_nodes", nodeTravel), "amount_fen": 20_000_00, "reason": "新增两家外地客户", "state": expense.AdjustmentDraft, "reviewers": "[]",
		"created": stamp(at), "updated": stamp(at),
	})
}

// bookings are what the ledger has of the budget, in their order.
func (b *builder) bookings(budget, year string, at time.Time, lin person) (out []booking) {
	first := year + "-01-01"
	for i, n := range planNodes {
		if b.leaf(i) {
			out = append(out, booking{node: i, fen: n.fen, kind: expense.EntryAllocate, ref: "budgets", refID: budget, day: first, at: at, by: lin})
		}
	}
	tang := b.people["market.tang"]
	for i, fen := range []int{8_000_00, 4_000_00} { // planned lines of the launch
		out = append(out, booking{nodeLaunch, fen, expense.EntryReserve, "activities", b.id("activities", 0), b.id("activity_costs", i), b.dayAt(-40), b.at(48, 10), tang})
	}
	out = append(out, booking{
		nodeDisplay, 6_000_00, expense.EntryReserve, "activities", b.id("activities", 1), b.id("activity_costs", 10), b.dayAt(10), b.at(7, 10), tang,
	})
	for _, m := range []struct {
		node, fen int
		line      string
	}{{nodeEntertainment, -moved, "from"}, {nodeTravel, moved, "to"}} {
		out = append(out, booking{m.node, m.fen, expense.EntryAdjust, "budget_adjustments", b.id("budget_adjustments", 0), m.line, first, b.at(12, 15), b.people["finance.zhao"]})
	}
	return out
}

// leaf reports whether nothing stands below a node.
func (b *builder) leaf(place int) bool {
	for _, n := range planNodes {
		if n.above == place {
			return false
		}
	}
	return true
}

// path are the places of a node and of those above it.
func path(place int) (out []int) {
	for ; place >= 0; place = planNodes[place].above {
		out = append(out, place)
	}
	return out
}

// book writes the entries, and what they come to on each node. What is of another year
// than the budget is none of it.
func (b *builder) book(budget, year string, at time.Time, lin person) error {
	months := make([]map[string]expense.BudgetSums, len(planNodes))
	for i := range months {
		months[i] = map[string]expense.BudgetSums{}
	}
	for i, e := range b.bookings(budget, year, at, lin) {
		if !strings.HasPrefix(e.day, year) {
			continue
		}
		err := b.w.insert("budget_entries", dbx.Params{
			"id": b.id("budget_entries", i), "budget": budget, "node": b.id("budget_nodes", e.node), "dept": lin.deptID, "kind": e.kind, "amount_fen": e.fen,
			"day": e.day, "month": e.day[:7], "ref_collection": e.ref, "ref_id": e.refID, "ref_line": e.row, "by": e.by.id, "at": stamp(e.at),
			"created": stamp(e.at), "updated": stamp(e.at),
		})
		if err != nil {
			return err
		}
		for _, node := range path(e.node) {
			months[node][e.day[:7]] = months[node][e.day[:7]].Add(expense.BudgetEntry{Kind: e.kind, Fen: e.fen}.Sums())
		}
	}
	for i, n := range planNodes {
		if err := b.node(budget, year, i, n, months[i], lin, at); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) node(budget, year string, place int, n planNode, months map[string]expense.BudgetSums, lin person, at time.Time) error {
	var all expense.BudgetSums
	for month, s := range months {
		all = all.Add(s)
		err := b.w.insert("budget_balances", dbx.Params{
			"node": b.id("budget_nodes", place), "month": month, "allocated_fen": s.Allocated, "reserved_fen": s.Reserved, "spent_fen": s.Spent,
		})
		if err != nil {
			return err
		}
	}
	ids, viewers, category, manager := []string{}, []string{}, "", ""
	for _, above := range path(place) {
		ids = append(ids, b.id("budget_nodes", above))
		if of := planNodes[above].manager; of != "" && manager == "" {
			manager = b.people[of].id
			viewers = append(viewers, manager)
		}
		for k, e := range expenses {
			if category == "" && planNodes[above].category == e.code {
				category = b.id("expense_categories", k)
			}
		}
	}
	row := dbx.Params{
		"id": ids[0], "budget": budget, "dept": lin.deptID, "name": n.name, "position": place, "category": category, "manager": manager,
		"period": "year", "from_date": year + "-01-01", "to_date": year + "-12-31", "amount_fen": n.fen, "months": "null",
		"control": expense.ControlForbid, "over_bp": 10_000, "window": expense.WindowYear, "alerts": "[8000,9500]",
		"allocated_fen": all.Allocated, "reserved_fen": all.Reserved, "spent_fen": all.Spent, "free_fen": all.Allocated - all.Used(), "as_of": stamp(b.at(7, 10)),
		"is_leaf": b.leaf(place), "depth": len(ids), "path": toJSON(ids), "viewers": toJSON(viewers), "created": stamp(at.Add(-48 * time.Hour)), "updated": stamp(b.at(7, 10)),
	}
	if len(ids) > 1 {
		row["parent"] = ids[1]
	}
	if n.control != "" {
		row["control"] = n.control
	}
	if n.activity > 0 {
		row["activity"] = b.id("activities", n.activity-1)
	}
	row["alerted_bp"], _ = expense.AlertDue([]int{8_000, 9_500}, all, 0)
	if err := b.w.insert("budget_nodes", row); err != nil || row["alerted_bp"] == 0 {
		return err
	}
	params := map[string]any{"name": n.name, "share": "95", "free": domain.Yuan(int64(all.Allocated - all.Used()))}
	return b.notice(300+place, lin, "budget.alert", params, "budget_nodes/"+ids[0], b.at(48, 11), true)
}
