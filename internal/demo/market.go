package demo

import (
	"maps"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/evidence"
	"satchel/domain/field"
	"satchel/domain/market"
)

// market writes the season's promotion plan and its activities: one that was told of,
// one that is to come, one that is still thought about; and what was sent down to the field.
func (b *builder) market(served []account) error {
	for _, part := range []func([]account) error{b.promoPlan, b.toldActivity, b.comingActivity, b.sentDown} {
		if err := part(served[:min(2, len(served))]); err != nil {
			return err
		}
	}
	return nil
}

// ofMarket is a row of market.tang's for accounts.
func (b *builder) ofMarket(table string, n int, of []account, at time.Time, more dbx.Params) dbx.Params {
	tang := b.people["market.tang"]
	row := dbx.Params{
		"id": b.id(table, n), "owner": tang.id, "manager": tang.managerID, "dept": tang.deptID, "reviewers": "[]", "products": "[]",
		"created": stamp(at), "updated": stamp(at),
	}
	maps.Copy(row, named(of))
	maps.Copy(row, more)
	return row
}

// named are the accounts of a row, and their departments.
func named(of []account) dbx.Params {
	accounts, depts, seen := []string{}, []string{}, map[string]bool{}
	for _, a := range of {
		accounts = append(accounts, a.id)
		if !seen[a.owner.deptID] {
			seen[a.owner.deptID] = true
			depts = append(depts, a.owner.deptID)
		}
	}
	return dbx.Params{"accounts": toJSON(accounts), "depts": toJSON(depts)}
}

func (b *builder) promoPlan(of []account) error {
	at := b.at(60, 10)
	return b.w.insert("promo_plans", b.ofMarket("promo_plans", 0, of, at, dbx.Params{
		"name": "春季即饮茶推广方案", "year": b.today.Format("2006"), "from_date": b.dayAt(-50), "to_date": b.dayAt(60), "goal": "A、B 级客户新品铺货率 80%",
		"tiers": toJSON([]string{"A", "B"}), "planned_fen": 48_000_00, "state": market.PlanApproved, "approval_round": 1, "submitted_at": stamp(at.Add(time.Hour)),
	}))
}

// dayAt is a day so many after today.
func (b *builder) dayAt(n int) string { return b.today.AddDate(0, 0, n).Format(dayFormat) }

// toldActivity took place, came dearer than planned, and has its result with a photo.
func (b *builder) toldActivity(of []account) error {
	at := b.at(50, 11)
	row := b.ofMarket("activities", 0, of, at, dbx.Params{
		"promo_plan": b.id("promo_plans", 0), "name": "春茶新品发布会", "kind": "launch", "from_date": b.dayAt(-40), "to_date": b.dayAt(-40), "place": "会展中心三号厅",
		"helpers": toJSON([]string{b.people["product.guo"].id}), "planned_fen": 12_000_00, "actual_fen": 12_860_00, "result_due": b.dayAt(-33),
		"state": market.ActivityReported, "approval_round": 1, "submitted_at": stamp(at.Add(time.Hour)),
	})
	if err := b.w.insert("activities", row); err != nil {
		return err
	}
	part := func(table string, n int, at time.Time, more dbx.Params) error {
		out := dbx.Params{"id": b.id(table, n), "activity": row["id"], "created": stamp(at), "updated": stamp(at)}
		maps.Copy(out, named(of))
		maps.Copy(out, more)
		return b.w.insert(table, out)
	}
	for i, c := range []struct {
		kind, note      string
		planned, actual int
	}{{"venue", "场地与音响", 8_000_00, 8_000_00}, {"material", "样品与资料", 4_000_00, 4_210_00}, {"travel", "外地客户接待", 0, 650_00}} {
		node := ""
		if c.planned > 0 {
			node = b.id("budget_nodes", nodeLaunch)
		}
		if err := part("activity_costs", i, at, dbx.Params{"kind": c.kind, "planned_fen": c.planned, "actual_fen": c.actual, "note": c.note, "node": node}); err != nil {
			return err
		}
	}
	done := b.at(41, 17)
	err := part("activity_tasks", 0, done, dbx.Params{
		"title": "新品讲解", "owner": b.people["product.guo"].id, "due": b.dayAt(-41), "state": market.TaskDone, "note": "讲解两场", "done_at": stamp(done),
	})
	if err != nil {
		return err
	}
	rep, told := of[0].owner, b.at(38, 15)
	photo := b.id("activity photo", 0)
	if err := b.storedPhoto(photo, 1000, told, dbx.Params{
		"owner": rep.id, "manager": rep.managerID, "dept": rep.deptID, "account": "", "purpose": evidence.BlobActivity,
	}); err != nil {
		return err
	}
	return part("activity_results", 0, told, dbx.Params{
		"owner": rep.id, "text": "到场 62 人，三家客户当场确认进场，两家要求试销。", "attendance": 62, "leads": 5, "photos": toJSON([]string{photo}), "at": stamp(told), "late": false,
	})
}

// comingActivity is agreed, with a task that somebody of the service has; another is a draft.
func (b *builder) comingActivity(of []account) error {
	for i, a := range []struct{ name, kind, state string }{
		{"门店堆头陈列月", "display", market.ActivityApproved},
		{"区域渠道研讨会", "seminar", market.ActivityDraft},
	} {
		at := b.at(8-i, 10)
		row := b.ofMarket("activities", 1+i, of, at, dbx.Params{
			"promo_plan": b.id("promo_plans", 0), "name": a.name, "kind": a.kind, "from_date": b.dayAt(10 + 20*i), "to_date": b.dayAt(30 + 20*i), "helpers": "[]",
			"planned_fen": 6_000_00, "state": a.state,
		})
		if a.state == market.ActivityApproved {
			row["approval_round"], row["submitted_at"], row["result_due"] = 1, stamp(at.Add(time.Hour)), b.dayAt(37)
			row["helpers"] = toJSON([]string{b.people["service.qian"].id})
		}
		if err := b.w.insert("activities", row); err != nil {
			return err
		}
		cost := dbx.Params{"id": b.id("activity_costs", 10+i), "activity": row["id"], "kind": "display", "planned_fen": 6_000_00, "note": "堆头物料", "created": stamp(at), "updated": stamp(at)}
		maps.Copy(cost, named(of))
		if a.state == market.ActivityApproved {
			cost["node"] = b.id("budget_nodes", nodeDisplay)
		}
		if err := b.w.insert("activity_costs", cost); err != nil {
			return err
		}
	}
	at := b.at(6, 14)
	task := dbx.Params{
		"id": b.id("activity_tasks", 1), "activity": b.id("activities", 1), "title": "备好售后物料", "owner": b.people["service.qian"].id, "due": b.dayAt(9),
		"state": market.TaskOpen, "created": stamp(at), "updated": stamp(at),
	}
	maps.Copy(task, named(of))
	return b.w.insert("activity_tasks", task)
}

// sentDown is intelligence of market's for the field, which the first rep has read.
func (b *builder) sentDown(of []account) error {
	tang, at := b.people["market.tang"], b.at(2, 9)
	reader := of[0].owner
	return b.w.insert("intel_reports", dbx.Params{
		"id": b.id("intel down", 0), "owner": tang.id, "manager": tang.managerID, "dept": tang.deptID, "kind": "price", "direction": field.IntelDown,
		"text": "竞品五月起上调即饮茶出厂价 3%，可提前与客户锁定二季度订单。", "routed": toJSON([]string{b.depts["ka"]}), "ack_count": 1,
		"acks":    toJSON([]map[string]string{{"user": reader.id, "at": at.Add(3 * time.Hour).UTC().Format(time.RFC3339), "note": "已告知客户"}}),
		"created": stamp(at), "updated": stamp(at),
	})
}
