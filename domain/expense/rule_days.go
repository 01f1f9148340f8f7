package expense

import (
	"slices"
	"time"
)

// stretch is what a line has of days, or nights, from the first to the one before the end.
type stretch struct {
	from, end string
	pieces    []piece
	fen       int // asked for
}

func stretchOf(l LineFacts, pieces []piece) stretch {
	return stretch{l.Day, pieces[len(pieces)-1].end, pieces, l.Fen}
}

func (s stretch) has(from, end string) bool { return s.from < end && from < s.end }

// rate is what may be asked for a day, in ten-thousandths of a fen.
func (s stretch) rate(day string) int {
	for _, p := range s.pieces {
		if p.from <= day && day < p.end {
			return p.rateFen * p.bp
		}
	}
	return 0
}

// left is what the rule leaves for a line of days or nights, and for how many of them
// nothing was asked yet: the line has the rates of its own days at most, and all lines that
// hang together by their days have the best rate of each day once.
func (j *judged) left() (fen, free int, c *Computed) {
	by := j.reckoning()
	c, pieces := by.line(j.line)
	own, others := stretchOf(j.line, pieces), []stretch{}
	for l := range j.earlier() {
		if _, pieces := by.line(*l); pieces != nil {
			others = append(others, stretchOf(*l, pieces))
		}
	}
	all := together(own, others)
	edges := []string{}
	for _, s := range all {
		for _, p := range s.pieces {
			edges = append(edges, p.from, p.end)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	sum, mine := 0, 0
	for i := range edges[1:] {
		from, end := edges[i], edges[i+1]
		rate, of := 0, 0
		for _, s := range all {
			if s.has(from, end) {
				rate, of = max(rate, s.rate(from)), of+1
			}
		}
		sum += nights(from, end) * rate
		mine += nights(from, end) * own.rate(from)
		if of == 1 && own.has(from, end) {
			free += nights(from, end)
		}
	}
	fen = sum / 10_000
	for _, s := range all[1:] {
		fen -= s.fen
	}
	return max(min(fen, mine/10_000), 0), free, c
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
