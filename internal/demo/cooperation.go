package demo

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/domain/customers"
	"satchel/domain/people"
)

// cooperation writes what is looked at from above: last month's coverage, reviews
// of the half-year, what market does, and an account that changed hands.
func (b *builder) cooperation(served []account) error {
	for _, part := range []func([]account) error{b.coverage, b.accountReviews, b.campaigns, b.services, b.handover, b.market} {
		if err := part(served); err != nil {
			return err
		}
	}
	return nil
}

// coverage counts last month's visits. The manager excepted the first account that
// had too few.
func (b *builder) coverage(served []account) error {
	frequency := standard[map[string]catalog.VisitFrequency]("visit.frequency")
	last := b.today.AddDate(0, 0, -b.today.Day()).Format(dayFormat)
	today, excepted := b.today.Format(dayFormat), false
	for i, a := range served {
		wanted := frequency[a.tier]
		if wanted.Months != 1 {
			continue
		}
		key, period := customers.MonthsPeriod(last, 1)
		from, to := period.Bounds()
		var done int
		err := b.w.tx.NewQuery("SELECT COUNT(*) FROM visits WHERE account = {:a} AND counts = TRUE AND in_at >= {:from} AND in_at < {:to}").
			Bind(dbx.Params{"a": a.id, "from": stamp(from), "to": stamp(to)}).Row(&done)
		if err != nil {
			return fmt.Errorf("count visits: %w", err)
		}
		row := dbx.Params{
			"owner": a.owner.id, "manager": a.owner.managerID, "tier": a.tier, "period": key, "from_date": period.From, "to_date": period.To,
			"required": wanted.Visits, "done": done, "closed_at": stamp(to), "state": customers.CoverageOn(period, wanted.Visits, done, false, today, 20),
		}
		if row["state"] == customers.CoverageBreach && !excepted {
			excepted = true
			row["state"], row["exception"], row["exception_reason"] = customers.CoverageExcepted, "granted", "门店停业装修两周"
			row["exception_by"], row["decided_by"] = a.owner.id, a.owner.managerID
			row["decided_at"], row["decision_note"] = stamp(to.Add(-50*time.Hour)), "情况属实"
		}
		if err := b.w.insert("account_coverage", b.hung("account_coverage", i, a, from, row)); err != nil {
			return err
		}
	}
	return nil
}

// accountReviews are of the half-year before: the first three of tier A, the last
// of them still being written.
func (b *builder) accountReviews(served []account) error {
	_, half := customers.MonthsPeriod(b.today.Format(dayFormat), 6)
	key, _ := customers.MonthsPeriod(domain.AddDays(half.From, -1), 6)
	weights := standard[customers.ReviewWeights]("review.account_weights")
	n := 0
	for _, a := range served {
		if a.tier != "A" || n == 3 {
			continue
		}
		scores := customers.ReviewScores{Sales: 88 - 6*n, CSAT: 90 - 3*n, CSATKnown: true, Potential: 80 + 4*n, Service: 76 + n}
		total, err := scores.Total(weights)
		if err != nil {
			return err
		}
		state := []string{"approved", "approved", "draft"}[n]
		at := b.at(18-2*n, 10)
		err = b.w.insert("account_reviews", b.hung("account_reviews", n, a, at, dbx.Params{
			"owner": a.owner.managerID, "period": key, "sales_score": scores.Sales, "csat_score": scores.CSAT, "csat_known": true, "potential_score": scores.Potential,
			"service_score": scores.Service, "total": total, "findings": "陈列与到货稳定，旺季缺货仍需改进。", "result": []string{"strengthen", "keep", "keep"}[n],
			"tier_from": a.tier, "actions": toJSON([]string{b.id("improvement_actions", n)}), "state": state,
			"reviewers": toJSON([]string{b.people["director.lin"].id}), "approval_round": 1 - n/2,
		}))
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

func (b *builder) campaigns(served []account) error {
	tang := b.people["market.tang"]
	for i, c := range []struct{ title, text, state string }{
		{"季度新品手册", "本季新品、陈列建议与常见问题，供各门店参考。", "sent"},
		{"行业简报", "即饮茶与低糖饮料的走势。", "draft"},
	} {
		at := b.at(12-4*i, 9)
		row := dbx.Params{
			"id": b.id("outreach_campaigns", i), "title": c.title, "text": c.text, "channel": "email", "tiers": toJSON([]string{"A", "B"}), "by": tang.id,
			"state": c.state, "created": stamp(at), "updated": stamp(at),
		}
		if c.state == "sent" {
			row["sent_at"], row["accounts"], row["contacts"], row["opted_out"] = stamp(at), len(served)/2, len(served), 2
		}
		if err := b.w.insert("outreach_campaigns", row); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) services(served []account) error {
	for i, s := range []struct{ kind, dept, content, result string }{
		{"training", "product", "冷柜保养与陈列培训", "12 名店员参加"},
		{"research", "market", "社区顾客购买习惯调研", "报告已交采购"},
		{"consulting", "service", "退换货流程优化", "退货周期缩短两天"},
	} {
		at := b.at(20-5*i, 14)
		err := b.w.insert("value_services", b.hung("value_services", i, served[i*3%len(served)], at, dbx.Params{
			"kind": s.kind, "date": at.Format(dayFormat), "provider": b.depts[s.dept], "content": s.content, "result": s.result,
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// handover: rep.zhou has an account from rep.zheng since ten days; both signed.
func (b *builder) handover(served []account) error {
	from, to := b.people["rep.zheng"], b.people["rep.zhou"]
	for _, a := range served {
		if a.owner.id != to.id {
			continue
		}
		day, moved := b.today.AddDate(0, 0, -10), b.at(10, 0)
		var list []people.ChecklistItem
		for i, item := range standard[[]string]("handover.checklist") {
			list = append(list, people.ChecklistItem{Item: item, By: []string{from.id, to.id}[i%2], At: moved.Add(time.Duration(9+i) * time.Hour).UTC()})
		}
		id := b.id("account_handovers", 0)
		err := b.w.insert("account_handovers", dbx.Params{
			"id": id, "from_rep": from.id, "to_rep": to.id, "accounts": toJSON([]string{a.id}), "planned_date": day.Format(dayFormat), "reason": "线路调整",
			"state": people.HandoverDone, "requested_by": to.managerID, "from_manager": from.managerID, "to_manager": to.managerID, "from_dept": from.deptID,
			"to_dept": to.deptID, "moved_at": stamp(moved), "drain_until": day.AddDate(0, 0, 7).Format(dayFormat), "total": 1, "moved": 1,
			"checklist": toJSON(list), "open_items": toJSON(map[string]int{"orders": 1, "visits": 1, "issues": 0, "opportunities": 0, "contracts": 0}),
			"signed_from_at": stamp(moved.Add(34 * time.Hour)), "signed_to_at": stamp(moved.Add(35 * time.Hour)),
			"created": stamp(moved.AddDate(0, 0, -5)), "updated": stamp(moved.Add(35 * time.Hour)),
		})
		if err != nil {
			return err
		}
		for i, whose := range []dbx.Params{
			{"user": from.id, "from_date": b.today.AddDate(-1, 0, 0).Format(dayFormat), "to_date": day.AddDate(0, 0, -1).Format(dayFormat), "state": "ended", "ended_at": stamp(moved)},
			{"user": to.id, "from_date": day.Format(dayFormat), "to_date": "", "state": "active", "handover": id, "began_at": stamp(moved)},
		} {
			if err := b.w.insert("account_assignments", b.hung("account_assignments", i, a, moved, whose)); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}
