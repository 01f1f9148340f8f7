package demo

import (
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/field"
)

// visit is what a visit's steps and order need of it.
type visit struct {
	id      string
	account account
	day     time.Time
	out     time.Time
}

// history writes the visits and orders of all reps, and the plans of today and
// the next working day.
func (b *builder) history() error {
	if b.opt.BenchVisits > 0 {
		return b.bareVisits()
	}
	r := b.rand("history")
	days := b.daysBack()
	for rep, who := range b.reps {
		round := b.roundOf(rep)
		for i, day := range days {
			last := i == len(days)-1
			if err := b.repDay(r, who, day, round.take(b.opt.PerDay), last); err != nil {
				return err
			}
		}
		for _, day := range []time.Time{b.today, nextWorkingDay(b.today)} {
			for _, a := range round.take(max(2, b.opt.PerDay)) {
				if err := b.planned(r, a, day); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// circuit is a rep's accounts in the order in which he calls on them, those of
// higher tiers more often.
type circuit struct {
	stops []account
	next  int
}

func (b *builder) roundOf(rep int) *circuit {
	var own []account
	for _, a := range b.accounts {
		if a.owner.id == b.reps[rep].id && a.kind != "lost" {
			own = append(own, a)
		}
	}
	c := &circuit{}
	for _, tiers := range []string{"ABC", "A", "AB"} {
		for _, a := range own {
			for _, t := range tiers {
				if string(t) == a.tier {
					c.stops = append(c.stops, a)
				}
			}
		}
	}
	return c
}

// take returns the next n stops, none of them twice.
func (c *circuit) take(n int) []account {
	var out []account
	seen := map[string]bool{}
	for range c.stops {
		if len(out) == n {
			break
		}
		a := c.stops[c.next%len(c.stops)]
		c.next++
		if !seen[a.id] {
			seen[a.id] = true
			out = append(out, a)
		}
	}
	return out
}

// repDay writes a rep's visits of one past day, one after the other.
func (b *builder) repDay(r *rand.Rand, who person, day time.Time, stops []account, last bool) error {
	at := day.Add(9*time.Hour + time.Duration(r.IntN(25*60))*time.Second)
	for i, a := range stops {
		v := visit{id: b.id("visits", b.company.Visits), account: a, day: day}
		b.company.Visits++
		row := b.visitRow(r, v, b.former)
		var err error
		switch luck := r.IntN(100); {
		case luck < 5:
			row["state"], row["cancel_reason"] = field.VisitCancelled, one(r, visitCancelReasons)
			err = b.w.insert("visits", row)
		case luck < 8:
			row["state"] = field.VisitMissed
			err = b.w.insert("visits", row)
		default:
			v.out = at.Add(time.Duration(20*60+r.IntN(40*60)) * time.Second)
			b.checkIn(r, row, v, at)
			b.checkOut(r, row, v, at)
			if !last || i < len(stops)-1 { // last working day's last report is still to be written
				b.report(r, row, v, day)
				b.verdict(row, v)
			}
			b.recent = append(b.recent, v)
			if err = b.w.insert("visits", row); err == nil {
				err = b.visitSteps(r, v, at)
			}
			if err == nil && a.kind == "ka" && r.IntN(100) < 38 {
				err = b.order(r, v, who)
			}
			at = v.out.Add(time.Duration(15*60+r.IntN(30*60)) * time.Second)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// planned writes a visit that is still to come.
func (b *builder) planned(r *rand.Rand, a account, day time.Time) error {
	v := visit{id: b.id("visits", b.company.Visits), account: a, day: day}
	b.company.Visits++
	return b.w.insert("visits", b.visitRow(r, v, b.steps[a.tier]))
}

// visitRow is a planned visit with every column that a later state fills.
func (b *builder) visitRow(r *rand.Rand, v visit, t template) dbx.Params {
	made := stamp(v.day.AddDate(0, 0, -3).Add(17 * time.Hour))
	return dbx.Params{
		"id": v.id, "account": v.account.id, "owner": v.account.owner.id, "manager": v.account.owner.managerID,
		"dept": v.account.owner.deptID, "template": t.id, "type": "planned", "planned_date": v.day.Format(dayFormat),
		"state": field.VisitPlanned, "objective": one(r, objectives), "prep_note": one(r, prepNotes),
		"in_at": "", "in_lat": 0, "in_lng": 0, "in_acc_m": 0, "in_fixes": "null", "in_distance_m": 0, "in_result": "",
		"out_at": "", "out_lat": 0, "out_lng": 0, "out_acc_m": 0, "dwell_s": 0, "received_at": "",
		"summary": "", "needs": "", "result_code": "", "next_step": "", "next_date": "", "report_at": "", "late_record": false,
		"cancel_reason": "", "photos_missing": 0, "created": made, "updated": made,
	}
}

func nextWorkingDay(day time.Time) time.Time {
	for {
		day = day.AddDate(0, 0, 1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			return day
		}
	}
}
