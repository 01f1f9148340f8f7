package analysis

import "satchel/domain"

const (
	// maxCells bounds what is counted for one answer, before its limit.
	maxCells = 200_000
	// denseMost is up to how many combinations of keys have a place each from the
	// beginning; of more, those that come are looked up.
	denseMost = 1 << 21
)

// groups are the combinations of the keys of a query's dimensions, and the place
// that each has in what is added up.
type groups struct {
	dims   []grouped
	places map[int]int // by combination; nil: the combination is its place
	codes  []int       // combinations by place, of those in places
	seen   []bool      // of places that are their combination
	at     [block]int
}

// grouped is one dimension of them.
type grouped struct {
	text            // whose codes they are
	months []uint32 // by the code of a day, of a dimension of the calendar; nil for others
	keys   []string // by code
	stride int
}

func newGroups(v View, by []Dimension) *groups {
	g, size := &groups{}, 1
	for _, d := range by {
		t, own := textOf[d]
		part := grouped{text: t, stride: size}
		if own {
			part.keys = v.texts[t]
		} else {
			part.text = day
			part.months, part.keys = calendar(d, v.texts[day])
		}
		size *= len(part.keys)
		g.dims = append(g.dims, part)
	}
	if size <= denseMost {
		g.seen = make([]bool, size)
	} else {
		g.places = map[int]int{}
	}
	return g
}

// calendar gives days their code by a dimension of the calendar.
func calendar(d Dimension, days []string) (codes []uint32, keys []string) {
	dict := newDictionary()
	codes = make([]uint32, len(days))
	for i, day := range days {
		if day != "" {
			codes[i] = dict.code([]byte(Calendric(d, day)))
		}
	}
	return codes, dict.texts
}

// place finds the places of rows. Problem analysis.too_many_rows.
func (g *groups) place(seg *part, rows []int32) ([]int, error) {
	at := g.at[:len(rows)]
	clear(at)
	for _, d := range g.dims {
		switch c := &seg.texts[d.text]; {
		case d.months != nil && c.wide == nil:
			spread(at, rows, c.narrow, d.months, d.stride)
		case d.months != nil:
			spread(at, rows, c.wide, d.months, d.stride)
		case c.wide == nil:
			combine(at, rows, c.narrow, d.stride)
		default:
			combine(at, rows, c.wide, d.stride)
		}
	}
	if g.places == nil {
		for _, place := range at {
			g.seen[place] = true
		}
		return at, nil
	}
	for k, code := range at {
		place, known := g.places[code]
		if !known {
			if place = len(g.codes); place == maxCells {
				return nil, domain.Problem{Code: "analysis.too_many_rows", Params: map[string]any{"most": MaxRows}}
			}
			g.places[code] = place
			g.codes = append(g.codes, code)
		}
		at[k] = place
	}
	return at, nil
}

func combine[C uint16 | uint32](at []int, rows []int32, column []C, stride int) {
	for k, i := range rows {
		at[k] += int(column[i]) * stride
	}
}

func spread[C uint16 | uint32](at []int, rows []int32, column []C, codes []uint32, stride int) {
	for k, i := range rows {
		at[k] += int(codes[column[i]]) * stride
	}
}

// size is how many places there are by now.
func (g *groups) size() int {
	if g.places == nil {
		return len(g.seen)
	}
	return len(g.codes)
}

// filled is how many places something was put into.
func (g *groups) filled() (n int) {
	if g.places != nil {
		return len(g.codes)
	}
	for _, seen := range g.seen {
		if seen {
			n++
		}
	}
	return n
}

// each gives the places that something was put into, with their keys.
func (g *groups) each(give func(place int, keys Keys)) {
	for place := range g.size() {
		code := place
		if g.places != nil {
			code = g.codes[place]
		} else if !g.seen[place] {
			continue
		}
		var keys Keys
		for i, d := range g.dims {
			keys[i] = d.keys[code/d.stride%len(d.keys)]
		}
		give(place, keys)
	}
}
