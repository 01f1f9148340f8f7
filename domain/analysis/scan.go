package analysis

import (
	"slices"

	"satchel/domain"
)

// Seen is whose rows somebody sees who does not see all: his, those that he led, of
// a department, and of accounts.
type Seen struct {
	Person, Dept string
	Accounts     map[string]bool
}

// block is how many facts are looked at at once: what is kept of them stays in the
// processor's caches.
const block = 4096

// scan picks the facts that a query counts.
type scan struct {
	view   View
	kinds  [factKinds]bool
	days   []bool // by code
	within domain.Period
	only   []only
	seen   *[4][]bool // of owner, manager, dept, account; nil: all
	rows   [block]int32
}

// only keeps facts by a text of theirs.
type only struct {
	text
	ok []bool // by code
}

func newScan(v View, q Query, seen *Seen) *scan {
	s := &scan{view: v, within: q.Period}
	for _, kind := range formulas[q.Figure.Key].kinds {
		s.kinds[kind] = true
	}
	s.days = each(v.texts[day], func(day string) bool {
		if day == "" || day < q.Period.From || day > q.Period.To {
			return false
		}
		for _, d := range Calendar {
			if keys, filtered := q.Filters[d]; filtered && !slices.Contains(keys, Calendric(d, day)) {
				return false
			}
		}
		return true
	})
	for _, d := range Dimensions {
		keys, filtered := q.Filters[d]
		t, counted := textOf[d]
		if filtered && counted && d != Day {
			s.only = append(s.only, only{t, each(v.texts[t], func(text string) bool { return slices.Contains(keys, text) })})
		}
	}
	if seen != nil {
		is := func(who string) func(string) bool { return func(text string) bool { return who != "" && text == who } }
		s.seen = &[4][]bool{
			each(v.texts[owner], is(seen.Person)), each(v.texts[manager], is(seen.Person)), each(v.texts[dept], is(seen.Dept)),
			each(v.texts[account], func(text string) bool { return seen.Accounts[text] }),
		}
	}
	return s
}

func each(texts []string, holds func(string) bool) []bool {
	out := make([]bool, len(texts))
	for i, text := range texts {
		out[i] = holds(text)
	}
	return out
}

// run gives out the facts that count, block by block: rows of a segment.
func (s *scan) run(give func(seg *part, rows []int32) error) error {
	for i := range s.view.segments {
		seg := &s.view.segments[i]
		if seg.month < s.within.From[:7] || seg.month > s.within.To[:7] {
			continue
		}
		for from := 0; from < seg.n; from += block {
			rows := s.pick(seg, from, min(from+block, seg.n))
			if len(rows) == 0 {
				continue
			}
			if err := give(seg, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// pick picks the facts that count of a block.
func (s *scan) pick(seg *part, from, to int) []int32 {
	var rows []int32
	if days := &seg.texts[day]; days.wide == nil {
		rows = first(s, seg.kind, days.narrow, from, to)
	} else {
		rows = first(s, seg.kind, days.wide, from, to)
	}
	for _, o := range s.only {
		if c := &seg.texts[o.text]; c.wide == nil {
			rows = keep(rows, c.narrow, o.ok)
		} else {
			rows = keep(rows, c.wide, o.ok)
		}
	}
	if s.seen != nil {
		rows = s.keepSeen(seg, rows)
	}
	return rows
}

// first picks by kind and day.
func first[C uint16 | uint32](s *scan, kinds []FactKind, days []C, from, to int) []int32 {
	n := 0
	for i := from; i < to; i++ {
		s.rows[n] = int32(i)
		if s.kinds[kinds[i]] && s.days[days[i]] {
			n++
		}
	}
	return s.rows[:n]
}

func keep[C uint16 | uint32](rows []int32, column []C, ok []bool) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if ok[column[i]] {
			n++
		}
	}
	return rows[:n]
}

// keepSeen keeps the facts that the viewer sees by one of what they say whose they are.
func (s *scan) keepSeen(seg *part, rows []int32) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if s.seen[0][seg.texts[owner].at(i)] || s.seen[1][seg.texts[manager].at(i)] || s.seen[2][seg.texts[dept].at(i)] || s.seen[3][seg.texts[account].at(i)] {
			n++
		}
	}
	return rows[:n]
}

// at is one code of a column.
func (c *column[N, W]) at(i int32) W {
	if c.wide == nil {
		return W(c.narrow[i])
	}
	return c.wide[i]
}
