package appraisal

import (
	"slices"

	"satchel/domain"
	"satchel/domain/formula"
)

// Days are the days of a span, both ends counted.
func (s Span) Days() int { return formula.Days(s.From, s.To) }

// cut is the part of a span within another.
func (s Span) cut(within Span) Span {
	return Span{From: max(s.From, within.From), To: min(s.To, within.To)}
}

// Presence cuts spans to a cycle, joins those that overlap or touch, and puts them in order.
func Presence(spans []Span, cycle Span) (out []Span) {
	var cut []Span
	for _, s := range spans {
		if s = s.cut(cycle); s.Days() > 0 {
			cut = append(cut, s)
		}
	}
	slices.SortFunc(cut, func(a, b Span) int { return compareSpans(a, b) })
	for _, s := range cut {
		if n := len(out); n > 0 && s.From <= domain.AddDays(out[n-1].To, 1) {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

func compareSpans(a, b Span) int {
	switch {
	case a.From != b.From && a.From < b.From, a.From == b.From && a.To < b.To:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// DaysOf are the days of spans that do not overlap.
func DaysOf(spans []Span) (days int) {
	for _, s := range spans {
		days += s.Days()
	}
	return days
}

// Held is who somebody was for some days: his role, or any other word.
type Held struct {
	Span
	What string
}

// MostDays is what somebody was for most days of a cycle; of equally many, what he was last.
// It is empty if he was nothing in it.
func MostDays(held []Held, cycle Span) (what string, days int) {
	spans, last := map[string][]Span{}, map[string]string{}
	for _, h := range held {
		spans[h.What] = append(spans[h.What], h.Span)
		if s := h.cut(cycle); s.Days() > 0 {
			last[h.What] = max(last[h.What], s.To)
		}
	}
	for w := range last { // the order does not matter: of two words one is better
		n := DaysOf(Presence(spans[w], cycle))
		if n > days || n == days && (last[w] > last[what] || last[w] == last[what] && w < what) {
			what, days = w, n
		}
	}
	return what, days
}
