package analysis

import (
	"cmp"
	"slices"
)

// rank puts rows in order of their value, and says which is the how-manyth. What is
// not known comes last and has none.
func rank(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		switch {
		case a.Value == nil || b.Value == nil:
			if c := cmp.Compare(known(b), known(a)); c != 0 {
				return c
			}
		case *a.Value != *b.Value:
			return cmp.Compare(*b.Value, *a.Value)
		}
		return slices.Compare(a.keys[:], b.keys[:])
	})
	for i := range rows {
		rows[i].place = i
		if rows[i].Value == nil {
			continue
		}
		n := i + 1
		if i > 0 && *rows[i-1].Value == *rows[i].Value {
			n = *rows[i-1].Rank
		}
		rows[i].Rank = &n
	}
}

func known(r Row) int {
	if r.Value == nil {
		return 0
	}
	return 1
}

// share says what each row has of the total, which is above zero and has parts: what
// stands at the end of a month is no part of what stands at the last.
func (q Query) share(rows []Row, total *int64) {
	if q.Figure.Kind != Sum && q.Figure.Kind != Distinct || total == nil || *total <= 0 || q.Figure.State() && slices.ContainsFunc(q.By, Dimension.calendric) {
		return
	}
	for i := range rows {
		if v := rows[i].Value; v != nil {
			bp := divide(*v, *total, 10_000)
			rows[i].ShareBP = &bp
		}
	}
}

// run puts the rows in order and adds them up one after the other. Different things
// do not add up, nor what stands at one end and at the next.
func (q Query) run(rows []Row) {
	var times, others []int // dimensions of the calendar, and the rest
	for i, d := range q.By {
		if d.calendric() {
			times = append(times, i)
		} else {
			others = append(others, i)
		}
	}
	inTime := func(a, b *Row) int { // of the same time by rank
		for _, i := range times {
			if a.keys[i] != b.keys[i] {
				return cmp.Compare(a.keys[i], b.keys[i])
			}
		}
		return cmp.Compare(a.place, b.place)
	}
	if len(times) > 0 && times[0] == 0 {
		slices.SortFunc(rows, func(a, b Row) int { return inTime(&a, &b) })
	}
	if q.Figure.Kind == Distinct || q.Figure.State() && len(times) > 0 {
		return
	}
	order := make([]*Row, len(rows))
	for i := range rows {
		order[i] = &rows[i]
	}
	if len(times) > 0 {
		slices.SortFunc(order, inTime)
	}
	sums := map[Keys]Part{}
	for _, r := range order {
		var of Keys // that stay the same as time runs
		for _, i := range others {
			if len(times) > 0 {
				of[i] = r.keys[i]
			}
		}
		sum := sums[of]
		sum.Num += r.part.Num
		sum.Den += r.part.Den
		sums[of] = sum
		r.Running = q.Figure.Kind.Value(&sum)
	}
}

func (d Dimension) calendric() bool { return slices.Contains(Calendar, d) }

// compare sets rows and total against those of the period before.
func (q Query) compare(rows []Row, total *Row, then Cells) {
	by, prior := q.shift(), map[Keys]*int64{}
	for _, cell := range then.Cells {
		keys, whole := cell.Keys, true
		for i, d := range q.By {
			moved, ok := by.forth(d, keys[i])
			keys[i], whole = moved, whole && ok
		}
		if whole {
			prior[keys] = q.Figure.Kind.Value(&cell.Part)
		}
	}
	for i := range rows {
		rows[i].against(prior[rows[i].keys], q.Figure.Kind)
	}
	total.against(q.Figure.Kind.Value(then.Total), q.Figure.Kind)
}

// against says how a row changed. Basis points change by so many, not by a part.
func (r *Row) against(prior *int64, kind Kind) {
	r.Prior = prior
	if prior == nil || r.Value == nil {
		return
	}
	change := *r.Value - *prior
	r.Change = &change
	if before := max(*prior, -*prior); before > 0 && kind != Ratio {
		bp := divide(change, before, 10_000)
		r.ChangeBP = &bp
	}
}
