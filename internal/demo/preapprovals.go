package demo

import (
	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/expense"
)

// appliedFor is what rep.chen applied for beforehand: a trip that he is still writing,
// and a dinner that did not take place; and what he saved.
func (b *builder) appliedFor() error {
	chen := b.people["rep.chen"]
	at := b.at(20, 10)
	row := func(n int, more dbx.Params) error {
		out := dbx.Params{
			"id": b.id("preapprovals", n), "owner": chen.id, "manager": chen.managerID, "dept": chen.deptID, "attendees": "[]", "draws": "{}", "budget_levels": "[]",
			"reviewers": "[]", "created": stamp(at), "updated": stamp(at),
		}
		for key, value := range more {
			out[key] = value
		}
		return b.w.insert("preapprovals", out)
	}
	err := row(0, dbx.Params{
		"kind": expense.PreapprovalTrip, "reason": "下月走访苏州门店", "day": b.dayAt(14), "to_day": b.dayAt(16), "planned_fen": 1_800_00, "state": expense.PreapprovalDraft,
	})
	if err != nil {
		return err
	}
	wu := b.people["manager.wu"]
	err = row(1, dbx.Params{
		"kind": expense.PreapprovalEntertainment, "reason": "年度合同签约", "day": b.dayAt(-18), "to_day": b.dayAt(-18), "planned_fen": 800_00,
		"attendees": `[{"name":"王经理","company":"客户","side":"theirs"},{"name":"陈立","side":"ours"}]`, "state": expense.PreapprovalClosed,
		"expires_on": domain.AddDays(b.dayAt(-18), 30), "closed_at": stamp(b.at(17, 9)), "approval_round": 1, "submitted_at": stamp(at), "reviewers": toJSON([]string{wu.id}),
	})
	if err != nil {
		return err
	}
	return b.w.insert("cost_savings", dbx.Params{
		"id": b.id("cost_savings", 0), "owner": chen.id, "manager": chen.managerID, "dept": chen.deptID, "month": b.dayAt(-20)[:7], "title": "陈列架周转使用",
		"how": "撤下的陈列架翻新后给下一家门店", "before_fen": 1_200_00, "after_fen": 300_00, "saved_fen": 900_00, "state": expense.SavingReported,
		"created": stamp(at), "updated": stamp(at),
	})
}
