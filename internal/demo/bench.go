package demo

import "time"

// bareVisits writes reported visits of rep.chen's accounts, without steps and
// orders, spread over the working days of the history.
func (b *builder) bareVisits() error {
	r := b.rand("bench")
	round, days := b.roundOf(0), b.daysBack()
	for i := range b.opt.BenchVisits {
		a, day := round.stops[i%len(round.stops)], days[i%len(days)]
		v := visit{id: b.id("visits", i), account: a, day: day}
		b.company.Visits++
		row := b.visitRow(r, v, b.former)
		at := day.Add(9*time.Hour + time.Duration(r.IntN(9*3600))*time.Second)
		v.out = at.Add(40 * time.Minute)
		b.checkIn(r, row, v, at)
		b.checkOut(r, row, v, at)
		b.report(r, row, v, day)
		for _, empty := range []string{"prep_note", "needs", "next_step", "next_date"} {
			row[empty] = ""
		}
		row["in_fixes"] = "null"
		if err := b.w.insert("visits", row); err != nil {
			return err
		}
	}
	return nil
}
