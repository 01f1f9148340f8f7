package demo

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/field"
)

// field writes what surrounds the visits of the last month: plans, what
// customers said, days in the field and their reports.
func (b *builder) field() error {
	if b.opt.BenchVisits > 0 || len(b.recent) == 0 {
		return nil
	}
	parts := []func() error{b.competitors, b.survey, b.voices, b.days}
	if b.opt.Days >= 30 { // a company of a week has no months to plan
		parts = append(parts, b.plans)
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// whose are the columns of a row that its owner's line sees.
func (b *builder) whose(p person, made time.Time, more dbx.Params) dbx.Params {
	row := dbx.Params{"owner": p.id, "manager": p.managerID, "dept": p.deptID, "created": stamp(made), "updated": stamp(made)}
	for k, v := range more {
		row[k] = v
	}
	return row
}

// plans writes last month's and this month's plans, approved, and the drafts of
// the next: each rep's A and B accounts, with what was missed and why.
func (b *builder) plans() error {
	last := field.AddMonths(b.today.Format("2006-01"), -1)
	n := 0
	for _, rep := range b.reps {
		for ahead, state := range []string{field.PlanApproved, field.PlanApproved, field.PlanDraft} {
			month := field.AddMonths(last, ahead)
			made, err := time.ParseInLocation("2006-01-02", field.PlanDue(month, 24), shanghai)
			if err != nil {
				return err
			}
			n++
			plan := b.id("visit_plans", n)
			row := b.whose(rep, made, dbx.Params{"id": plan, "month": month, "state": state, "note": "按客户等级安排", "approval_round": 0})
			if state == field.PlanApproved {
				row["approval_round"], row["submitted_at"], row["decision_comment"] = 1, stamp(made), "同意"
			}
			if err := b.w.insert("visit_plans", row); err != nil {
				return err
			}
			if err := b.planItems(rep, plan, month, made, ahead == 0); err != nil {
				return err
			}
		}
	}
	return b.monthlyPlans(last)
}

func (b *builder) planItems(rep person, plan, month string, made time.Time, over bool) error {
	for i, a := range b.accounts {
		if a.owner.id != rep.id || a.tier == "C" || a.kind == "lost" {
			continue
		}
		qty, done := 1, 0
		if a.tier == "A" {
			qty = 2
		}
		for _, v := range b.recent {
			if v.account.id == a.id && v.day.Format("2006-01") == month {
				done++
			}
		}
		row := b.whose(rep, made, dbx.Params{
			"id": b.id("plan_items"+plan, i), "visit_plan": plan, "month": month, "kind": "visit", "account": a.id, "title": objectives[i%len(objectives)],
			"qty": qty, "dates": "[]", "done": 0, "state": field.ItemOpen,
		})
		// Visits of the history name no item; what was done is an entry of progress.
		if done > 0 {
			row["done"] = done
			err := b.w.insert("plan_progress", b.whose(rep, made, dbx.Params{
				"id": b.id("plan_progress"+plan, i), "item": row["id"], "qty": done, "note": "已拜访", "at": stamp(made.AddDate(0, 0, 20)),
			}))
			if err != nil {
				return err
			}
		}
		row["state"] = field.ItemState(field.ItemOpen, qty, done, over)
		if row["state"] == field.ItemMissed {
			action := b.id("improvement_actions"+plan, i)
			row["cause_code"], row["cause_note"] = field.CauseCodes[i%len(field.CauseCodes)], "客户时间冲突，已改约"
			row["explained_at"], row["action"] = stamp(made.AddDate(0, 1, 8)), action
			err := b.w.insert("improvement_actions", b.whose(rep, made.AddDate(0, 1, 8), dbx.Params{
				"id": action, "ref_collection": "plan_items", "ref_id": row["id"], "title": "提前两周预约客户", "author": rep.managerID,
				"due": made.AddDate(0, 1, 22).Format(dayFormat), "state": "open",
			}))
			if err != nil {
				return err
			}
		}
		if err := b.w.insert("plan_items", row); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) monthlyPlans(last string) error {
	n := 0
	for _, p := range People() {
		who := b.people[p.Name]
		if p.Role != "ka_manager" {
			continue
		}
		for ahead := range 2 {
			n++
			plan, month := b.id("monthly_plans", n), field.AddMonths(last, ahead)
			row := b.whose(who, b.today.AddDate(0, ahead-2, 0), dbx.Params{
				"id": plan, "month": month, "state": field.PlanApproved, "approval_round": 1, "decision_comment": "同意", "note": "重点客户全覆盖",
				"goals": toJSON(map[string]any{"sales_fen": 320_000_000, "new_ka": 1}), "activities": toJSON([]string{"新品路演", "新品品鉴会"}),
			})
			if err := b.w.insert("monthly_plans", row); err != nil {
				return err
			}
			err := b.w.insert("plan_items", b.whose(who, b.today.AddDate(0, ahead-2, 0), dbx.Params{
				"id": b.id("plan_items_m", n), "monthly_plan": plan, "month": month, "kind": "activity", "title": "门店路演两场", "qty": 2, "dates": "[]",
				"done": 2 - ahead, "state": field.ItemState(field.ItemOpen, 2, 2-ahead, false),
			}))
			if err != nil {
				return err
			}
			err = b.w.insert("plan_progress", b.whose(who, b.today.AddDate(0, ahead-2, 0), dbx.Params{
				"id": b.id("plan_progress_m", n), "item": b.id("plan_items_m", n), "qty": 2 - ahead, "note": "已办", "at": stamp(b.today.AddDate(0, 0, -1)),
			}))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// days writes sessions and reports of the working days of the last fortnight.
func (b *builder) days() error {
	for r, rep := range b.reps {
		agreed := b.today.AddDate(0, 0, -b.opt.Days-5)
		err := b.w.insert("consents", dbx.Params{
			"id": b.id("consents", r), "owner": rep.id, "kind": "location", "version": "2026-01", "given_at": stamp(agreed), "created": stamp(agreed), "updated": stamp(agreed),
		})
		if err != nil {
			return err
		}
		all := b.daysBack()
		for i, day := range all[max(0, len(all)-10):] {
			if err := b.day(rep, r, i, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) day(rep person, r, i int, day time.Time) error {
	start, end, date := day.Add(8*time.Hour+40*time.Minute), day.Add(18*time.Hour), day.Format(dayFormat)
	session := b.id(fmt.Sprint("work_sessions", r), i)
	err := b.w.insert("work_sessions", b.whose(rep, start, dbx.Params{
		"id": session, "date": date, "start_at": stamp(start), "end_at": stamp(end), "state": field.SessionClosed, "distance_m": 12_000 + 700*((r+i)%9), "received_at": stamp(start),
	}))
	if err != nil {
		return err
	}
	done := 0
	for n, v := range b.recent {
		if v.account.owner.id != rep.id || !v.day.Equal(day) {
			continue
		}
		done++
		if b.opt.Days < 30 { // phones keep points for a day: a small company's rows are on its phones
			continue
		}
		err := b.w.insert("track_points", dbx.Params{
			"id": b.id("track_points", n), "owner": rep.id, "session": session, "at": stamp(v.out), "lat": v.account.lat, "lng": v.account.lng, "acc_m": 15,
			"created": stamp(v.out), "updated": stamp(v.out),
		})
		if err != nil {
			return err
		}
	}
	return b.w.insert("work_reports", b.whose(rep, end, dbx.Params{
		"id": b.id(fmt.Sprint("work_reports", r), i), "kind": field.ReportDay, "period": date, "text": summaries[(r+i)%len(summaries)], "next": nextSteps[(r+i)%len(nextSteps)],
		"auto": toJSON(map[string]int{"done": done, "valid": done}), "comments": "[]", "state": field.WorkReportSubmitted,
		"due_at": stamp(day.Add(22 * time.Hour)), "submitted_at": stamp(end),
	}))
}
