package demo

import (
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/customers"
)

// customers writes what is done with key accounts, if the options ask for it.
func (b *builder) customers() error {
	if !b.opt.Customers {
		return nil
	}
	var served []account
	for _, a := range b.accounts {
		if a.kind == "ka" {
			served = append(served, a)
		}
	}
	if err := b.deals(served); err != nil {
		return err
	}
	if err := b.development(); err != nil {
		return err
	}
	for _, part := range []func([]account) error{b.kept, b.service} {
		if err := part(served); err != nil {
			return err
		}
	}
	if err := b.budget(); err != nil {
		return err
	}
	if err := b.payments(); err != nil {
		return err
	}
	if err := b.expenseRules(); err != nil {
		return err
	}
	if err := b.appraisalSchemes(); err != nil {
		return err
	}
	return b.cooperation(served)
}

// standard is what a setting is unless somebody changes it.
func standard[T any](key string) T { return domain.Settings[key].Default.(T) }

// kept writes what is done to keep customers in the last month: messages, care,
// issues and the year's plans.
func (b *builder) kept(served []account) error {
	for i, a := range served {
		for _, part := range []func(int, account) error{b.messages, b.care, b.accountPlan} {
			if err := part(i, a); err != nil {
				return err
			}
		}
	}
	return b.customerIssues(served)
}

// hung is a row that hangs on an account.
func (b *builder) hung(table string, n int, a account, at time.Time, more dbx.Params) dbx.Params {
	row := dbx.Params{"id": b.id(table, n), "account": a.id, "dept": a.owner.deptID, "created": stamp(at), "updated": stamp(at)}
	maps.Copy(row, more)
	return row
}

var messageTexts = []string{"询问节庆礼盒的到货时间", "要求更换三箱破损的酱油", "请确认下月堆头的档期", "对账单有一笔差异请核对"}

// messages: each customer wrote once in the last weeks; most got an answer in
// time, every ninth late, and every seventh waits for one.
func (b *builder) messages(i int, a account) error {
	at := b.at(2+i%20, 10)
	due := domain.Calendar{}.AddWorkingTime(at, time.Duration(standard[int]("communication.reply_hours"))*time.Hour)
	row := dbx.Params{
		"by": a.owner.id, "channel": []string{"im", "phone", "email"}[i%3], "direction": "in", "at": stamp(at),
		"summary": messageTexts[i%len(messageTexts)], "needs_reply_by": stamp(due), "replied_at": "", "replied_late": false,
	}
	switch {
	case i%7 == 6:
	case i%9 == 8:
		row["replied_at"], row["replied_late"] = stamp(due.Add(3*time.Hour)), true
	default:
		row["replied_at"] = stamp(due.Add(-2 * time.Hour))
	}
	if err := b.w.insert("communications", b.hung("communications", 2*i, a, at, row)); err != nil {
		return err
	}
	out := b.at(1+i%12, 15)
	return b.w.insert("communications", b.hung("communications", 2*i+1, a, out, dbx.Params{
		"by": a.owner.id, "channel": "phone", "direction": "out", "at": stamp(out), "summary": "电话确认本周拜访时间与补货量",
		"needs_reply_by": "", "replied_at": "", "replied_late": false,
	}))
}

// care: the founding day of tier A customers, and the Mid-Autumn Festival of all.
func (b *builder) care(i int, a account) error {
	made := b.at(b.opt.Days, 9)
	festival := b.hung("care_dates", 2*i, a, made, dbx.Params{
		"contact": "", "title": "中秋节问候", "kind": "holiday", "calendar": "lunar", "month": 8, "day": 15, "lead_days": 10, "active": true,
	})
	if err := b.w.insert("care_dates", festival); err != nil || a.tier != "A" {
		return err
	}
	due := b.at(i%15+1, 0)
	founded := b.hung("care_dates", 2*i+1, a, made, dbx.Params{
		"contact": "", "title": "开业纪念日", "kind": "anniversary", "calendar": "solar", "month": int(due.Month()), "day": due.Day(), "lead_days": 7, "active": true,
	})
	if err := b.w.insert("care_dates", founded); err != nil {
		return err
	}
	done := due.Add(14 * time.Hour)
	return b.w.insert("care_tasks", b.hung("care_tasks", i, a, due.AddDate(0, 0, -7), dbx.Params{
		"care_date": founded["id"], "contact": "", "title": "开业纪念日", "due": due.Format(dayFormat), "assignee": a.owner.id, "state": "done",
		"action": "送花篮并致贺", "gift_value_fen": 12_800, "note": "店长合影留念", "done_at": stamp(done), "done_by": a.owner.id, "updated": stamp(done),
	}))
}

// accountPlan: tier A and B customers have a plan for the year.
func (b *builder) accountPlan(i int, a account) error {
	if a.tier == "C" {
		return nil
	}
	return b.w.insert("account_plans", b.hung("account_plans", i, a, b.at(b.opt.Days, 10), dbx.Params{
		"year": b.today.Format("2006"), "needs": "提升坪效，减少缺货", "goals": toJSON([]string{"销售额同比增长 12%", "缺货率低于 3%"}),
		"actions": toJSON([]string{"每月联合生意计划会", "旺季前两周锁定堆头"}), "solutions": toJSON([]string{"小箱装补货", "端架陈列包"}), "state": "active",
	}))
}

// customerIssues are in every state that people speak of; their clocks are those
// of the levels.
func (b *builder) customerIssues(served []account) error {
	clocks, always := standard[map[string]customers.CaseClock]("issue.levels"), standard[[]string]("issue.round_the_clock")
	for i, s := range []struct{ kind, level, state, title, cause, solution string }{
		{"quality", "major", customers.CaseClosed, "一批酱油瓶口渗漏", "封盖压力偏低", "整批换货，产线已调整"},
		{"delivery", "normal", customers.CaseConfirmed, "送货晚到四小时", "司机改线未通知", "固定早班车次"},
		{"billing", "normal", customers.CaseResolved, "三月对账单差 1,280 元", "促销折让漏记", "已开红字发票"},
		{"service", "normal", customers.CaseInProgress, "端架物料缺少安装件", "", ""},
		{"technical", "major", customers.CaseWaiting, "扫码条码无法识别", "", ""},
		{"quality", "urgent", customers.CaseNew, "顾客投诉饮料有异物", "", ""},
	} {
		a := served[(i*7)%len(served)]
		at := b.at(12-2*i, 10)
		first, solve := clocks[s.level].Promise(domain.Calendar{}, slices.Contains(always, s.level)).Due(at)
		row := dbx.Params{
			"contact": "", "by": a.owner.id, "kind": s.kind, "level": s.level, "channel": "phone", "title": s.title, "text": s.title + "，客户要求尽快处理。",
			"owner_dept": b.depts[customers.CaseDepartment(s.kind)], "state": s.state, "raised_at": stamp(at), "first_response_due": stamp(first),
			"resolve_due": stamp(solve), "first_late": false, "resolve_late": false, "escalation": 0, "cause": s.cause, "solution": s.solution, "repeats": 0,
		}
		answered, solved := at.Add(90*time.Minute), at.Add(20*time.Hour)
		if s.state == customers.CaseWaiting {
			row["paused_at"] = stamp(at.Add(4 * time.Hour))
		}
		if s.state != customers.CaseNew {
			row["responded_at"] = stamp(answered)
		}
		if s.solution != "" {
			row["resolved_at"] = stamp(solved)
		}
		if s.state == customers.CaseConfirmed || s.state == customers.CaseClosed {
			row["confirmed_at"], row["confirmed_by"] = stamp(solved.Add(3*time.Hour)), "店长电话确认"
		}
		if s.state == customers.CaseClosed {
			row["closed_at"] = stamp(solved.Add(5 * time.Hour))
			row["fault"], row["responsible"], row["responsible_by"] = customers.CaseOwnFault, b.people["product.guo"].id, b.people["service.qian"].id
			row["responsible_at"], row["responsible_note"], row["told"] = stamp(solved.Add(6*time.Hour)), "封盖压力未按规程点检", toJSON([]string{b.people["product.guo"].id})
		}
		if err := b.w.insert("cases", b.hung("cases", i, a, at, row)); err != nil {
			return err
		}
		err := b.w.insert("case_events", dbx.Params{
			"id": b.id("case_events", i), "issue": b.id("cases", i), "account": a.id, "dept": a.owner.deptID, "owner_dept": row["owner_dept"], "at": stamp(at),
			"by": a.owner.id, "kind": "raise", "text": s.title, "created": stamp(at), "updated": stamp(at),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
