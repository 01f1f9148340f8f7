package expense

import (
	"slices"
	"time"

	"satchel/domain"
)

// stretch is what a line has of days, or nights, from the first to the one before the end.
type stretch struct {
	from, end string
	rateFen   int // of each
	fen       int // asked for
}

func (j *judged) stretch(l LineFacts, c *Computed) stretch {
	const most = 3660 // nothing that lasts longer
	return stretch{l.Day, domain.AddDays(l.Day, min(c.Days+c.Nights, most)), c.RateFen, l.Fen}
}

func (s stretch) has(from, end string) bool { return s.from < end && from < s.end }

// left is what the rule leaves for a line of days or nights, and for how many of them
// nothing was asked yet: the line has its own rate at most, and all lines that hang
// together by their days have the best rate of each day once. most is what may be asked
// for an amount that was reckoned.
func (j *judged) left(c *Computed, most func(fen int) int) (fen, free int) {
	own := j.stretch(j.line, c)
	others := []stretch{}
	for _, l := range j.earlier() {
		if j.applies(l) {
			others = append(others, j.stretch(l, reckon(j.rules, j.rule, l)))
		}
	}
	all := together(own, others)
	edges := []string{}
	for _, s := range all {
		edges = append(edges, s.from, s.end)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	sum := 0
	for i := range edges[1:] {
		from, end := edges[i], edges[i+1]
		rate, of := 0, 0
		for _, s := range all {
			if s.has(from, end) {
				rate, of = max(rate, s.rateFen), of+1
			}
		}
		sum += nights(from, end) * rate
		if of == 1 && own.has(from, end) {
			free += nights(from, end)
		}
	}
	fen = most(sum)
	for _, s := range all[1:] {
		fen -= s.fen
	}
	return max(min(fen, most(c.Fen)), 0), free
}

// together is a stretch and the others that hang together with it by days in common.
func together(own stretch, others []stretch) []stretch {
	all, from, end := []stretch{own}, own.from, own.end
	for n := 0; n < len(all); {
		n = len(all)
		others = slices.DeleteFunc(others, func(s stretch) bool {
			if !s.has(from, end) {
				return false
			}
			all, from, end = append(all, s), min(from, s.from), max(end, s.end)
			return true
		})
	}
	return all
}

// shared reports whether two lines have a day in common.
func shared(a, b LineFacts) bool { return a.Day <= b.last() && b.Day <= a.last() }

// days is how many days a line has, with the first and the last.
func (l LineFacts) days() int { return nights(l.Day, l.last()) + 1 }

// nights is how many there are from one day to another; none between what is no day.
func nights(from, to string) int {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}
