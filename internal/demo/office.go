package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
	"satchel/domain/people"
)

// office writes what the management lives through: the year's plan with its
// signatures, last month's review, what came of it, and a policy that most have read.
func (b *builder) office() error {
	for _, part := range []func() error{b.yearPlan, b.monthReview, b.improvements, b.policy, b.monthlyReport} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) at(daysBack, hour int) time.Time {
	return b.today.AddDate(0, 0, -daysBack).Add(time.Duration(hour) * time.Hour)
}

// yearPlan was checked by finance and approved by the management.
func (b *builder) yearPlan() error {
	lin, zhao, sun := b.people["director.lin"], b.people["finance.zhao"], b.people["executive.sun"]
	id, year, submitted := b.id("annual_plans", 0), b.today.Format("2006"), b.at(b.opt.Days+20, 9)
	reviewers := toJSON([]string{zhao.id, sun.id})
	plan := dbx.Params{
		"id": id, "owner": lin.id, "dept": lin.deptID, "year": year, "goals": "KA 渠道销售额同比增长 15%，A、B 级客户拜访覆盖率不低于 95%。",
		"strategy": "深耕现有 A 级客户，开发区域连锁。", "measures": toJSON([]string{"月度联合生意计划", "重点单品堆头"}), "budget_fen": 3_600_000_00,
		"state": "approved", "reviewers": reviewers, "approval_round": 1, "submitted_at": stamp(submitted),
		"created": stamp(submitted.Add(-time.Hour)), "updated": stamp(submitted.AddDate(0, 0, 1)),
	}
	content := map[string]any{"year": year, "goals": plan["goals"], "strategy": plan["strategy"], "measures": []string{"月度联合生意计划", "重点单品堆头"}, "budget_fen": 3_600_000_00}
	if b.opt.Customers { // there is a budget then
		plan["budget"], plan["target"] = b.id("budgets", 0), b.id("targets director.lin", 0)
		plan["planned_ratio_bp"] = expense.Ratio(3_600_000_00, 32_400_000_00)
		content["budget"], content["target"] = plan["budget"], plan["target"]
	}
	if err := b.w.insert("annual_plans", plan); err != nil {
		return err
	}
	for i, s := range []struct {
		key, comment string
		by           person
	}{{"finance", "预算与销售目标匹配", zhao}, {"management", "同意，按季复盘", sun}} {
		opened := submitted.Add(time.Duration(i*5) * time.Hour)
		at := opened.Add(4 * time.Hour)
		err := b.w.insert("approvals", dbx.Params{
			"id": b.id("approvals", i), "ref_collection": "annual_plans", "ref_id": id, "title": year + " 年度工作计划", "round": 1, "step": i + 1, "key": s.key,
			"author": lin.id, "dept": lin.deptID, "oversight": "finance", "approver": s.by.id, "reviewers": reviewers, "state": "approved",
			"content": toJSON(content), "content_hash": people.ContentHash(content), "comment": s.comment,
			"signature_hash": people.Signature{
				Subject: "annual_plans/" + id, Round: 1, Content: content, Decision: people.ApprovalApprove, Comment: s.comment, Approver: s.by.id, At: at,
			}.Hash(),
			"opened_at": stamp(opened), "due_at": stamp(opened.Add(48 * time.Hour)), "at": stamp(at), "created": stamp(submitted), "updated": stamp(at),
		})
		if err != nil {
			return err
		}
	}
	return b.notice(0, lin, "approval.approved", map[string]any{"title": year + " 年度工作计划", "comment": "同意，按季复盘"}, "annual_plans/"+id, submitted.Add(9*time.Hour), true)
}

func (b *builder) monthReview() error {
	lin := b.people["director.lin"]
	period := b.today.AddDate(0, 0, -b.today.Day()).Format("2006-01")
	at := b.at(b.today.Day()-3, 16)
	return b.w.insert("business_reviews", dbx.Params{
		"id": b.id("business_reviews", 0), "owner": lin.id, "dept": lin.deptID, "period": period, "state": "done", "done_at": stamp(at), "late": false,
		"findings": "B 级客户拜访覆盖率 88%，两家门店连续缺货。", "decisions": "徐海波组本月补访；与客户核对安全库存。",
		"created": stamp(at.Add(-26 * time.Hour)), "updated": stamp(at),
	})
}

func (b *builder) improvements() error {
	for i, a := range []struct {
		title, cause, owner, author, state, result string
	}{
		{"补访本月未覆盖的 B 级门店", "计划排期过密", "rep.zheng", "manager.wu", "open", ""},
		{"与客户核对安全库存", "缺货未及时补单", "rep.cao", "manager.xu", "done", "三家门店已设最低库存"},
		{"堆头照片按模板拍摄", "照片角度不一", "rep.peng", "manager.hu", "verified", "本周 12 张全部合格"},
	} {
		owner, author := b.people[a.owner], b.people[a.author]
		made := b.at(6, 10+i)
		row := dbx.Params{
			"id": b.id("improvement_actions", i), "ref_collection": "business_reviews", "ref_id": b.id("business_reviews", 0), "title": a.title, "cause": a.cause,
			"measure": "每周一回报进度", "author": author.id, "owner": owner.id, "manager": owner.managerID, "dept": owner.deptID,
			"due": b.today.AddDate(0, 0, 10).Format(dayFormat), "state": a.state, "result": a.result, "created": stamp(made), "updated": stamp(made),
		}
		if a.state != "open" {
			row["done_at"] = stamp(b.at(2, 15))
		}
		if a.state == "verified" {
			row["verified_by"], row["verified_at"], row["comment"] = author.id, stamp(b.at(1, 11)), "抽查合格"
		}
		if err := b.w.insert("improvement_actions", row); err != nil {
			return err
		}
	}
	return nil
}

// policy is in force; two reps have not read it yet.
func (b *builder) policy() error {
	doc, published := b.id("policy_docs", 0), b.at(20, 9)
	from := b.today.AddDate(0, 0, -19)
	err := b.w.insert("policy_docs", dbx.Params{
		"id": doc, "code": "KA-01", "name": "KA业务管理制度", "version": "1.0", "effective_from": from.Format(dayFormat), "state": "published",
		"summary":      "规范KA业务的组织、客户开发与维护、销售管理、考核与费用。",
		"published_at": stamp(published), "ack_due": b.today.AddDate(0, 0, 7).Format(dayFormat), "created": stamp(published), "updated": stamp(published),
	})
	if err != nil {
		return err
	}
	for i, p := range b.roster() {
		reader := b.people[p.Name]
		if !reader.active {
			continue
		}
		read := p.Name != "rep.xiao" && p.Name != "rep.tian"
		params := map[string]any{"name": "KA业务管理制度", "version": "1.0"}
		if err := b.notice(10+i, reader, "policy.published", params, "policy_docs/"+doc, published, read); err != nil {
			return err
		}
		if !read {
			continue
		}
		at := stamp(published.Add(time.Duration(i+1) * time.Hour))
		err := b.w.insert("policy_acks", dbx.Params{
			"id": b.id("policy_acks", i), "doc": doc, "user": reader.id, "manager": reader.managerID, "dept": reader.deptID, "version": "1.0",
			"ack_at": at, "created": at, "updated": at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// monthlyReport is made for a manager and his reps each month, under the rights of each.
func (b *builder) monthlyReport() error {
	wu := b.people["manager.wu"]
	receivers := []string{wu.id}
	for _, rep := range b.reps {
		if rep.managerID == wu.id {
			receivers = append(receivers, rep.id)
		}
	}
	made := b.at(12, 9)
	return b.w.insert("report_definitions", dbx.Params{
		"id": b.id("report_definitions", 0), "owner": wu.id, "name": "吴敏组月报", "figures": toJSON([]string{"amount", "otif", "late_records"}),
		"by": toJSON([]string{"person"}), "filters": "{}", "period": "month", "format": "xlsx", "delivery": "file", "receivers": toJSON(receivers),
		"day": 5, "active": true, "last_month": b.today.Format("2006-01"), "created": stamp(made), "updated": stamp(made),
	})
}

func (b *builder) notice(n int, to person, kind string, params map[string]any, link string, at time.Time, read bool) error {
	row := dbx.Params{
		"id": b.id("notifications", n), "user": to.id, "kind": kind, "params": toJSON(params), "link": link, "at": stamp(at), "created": stamp(at), "updated": stamp(at),
	}
	if read {
		row["read_at"] = stamp(at.Add(20 * time.Minute))
	}
	return b.w.insert("notifications", row)
}
