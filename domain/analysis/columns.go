package analysis

import (
	"fmt"
	"maps"
	"slices"
	"sort"
)

// Columns are facts in memory, by the month in which they count: one packed column
// for each of their texts and numbers. They only grow.
type Columns struct {
	upto     int64
	dicts    [texts]dictionary
	segments []*segment // in the order in which their months came
	byMonth  map[string]*segment
}

// segment are the facts of a month, in order of seq.
type segment struct {
	month     string
	seq       []int64
	kind      []FactKind
	texts     [texts]codes
	numbers   [numbers]counts
	corrected bool // some correct another month
}

// NewColumns has no facts.
func NewColumns() *Columns {
	c := &Columns{byMonth: map[string]*segment{}}
	for i := range c.dicts {
		c.dicts[i] = newDictionary()
	}
	return c
}

// Upto is the seq of the last fact.
func (c *Columns) Upto() int64 { return c.upto }

// Add adds the next fact.
func (c *Columns) Add(f *Fact) error {
	kind := slices.Index(FactKinds[:], string(f.Kind))
	if f.Seq <= c.upto || kind < 0 || len(f.Texts[day]) != len("2006-01-02") {
		return fmt.Errorf("fact %d (%s on %s) does not follow %d", f.Seq, f.Kind, f.Texts[day], c.upto)
	}
	month := f.Texts[day][:len("2006-01")]
	s := c.byMonth[string(month)]
	if s == nil {
		s = &segment{month: string(month)}
		c.byMonth[s.month] = s
		c.segments = append(c.segments, s)
	}
	s.seq = append(s.seq, f.Seq)
	s.kind = append(s.kind, FactKind(kind))
	for i := range f.Texts {
		addCode(&s.texts[i], c.dicts[i].code(f.Texts[i]))
	}
	for i := range f.Numbers {
		addCount(&s.numbers[i], f.Numbers[i])
	}
	s.corrected = s.corrected || len(f.Texts[corrects]) > 0
	c.upto = f.Seq
	return nil
}

// View is what there was up to a seq. It stays so while facts are added.
type View struct {
	texts    [texts][]string // by code
	segments []part
}

// part is a segment's facts up to the view's seq.
type part struct {
	segment
	n int
}

// At is what there was up to a seq. Nobody adds facts while it is taken.
func (c *Columns) At(seq int64) View {
	v := View{segments: make([]part, 0, len(c.segments))}
	for i := range c.dicts {
		v.texts[i] = c.dicts[i].texts
	}
	for _, s := range c.segments {
		n := sort.Search(len(s.seq), func(i int) bool { return s.seq[i] > seq })
		if n > 0 {
			v.segments = append(v.segments, part{*s, n})
		}
	}
	return v
}

// Clone has the same facts; what is added to one of them the other does not get.
func (c *Columns) Clone() *Columns {
	out := &Columns{upto: c.upto, byMonth: map[string]*segment{}}
	for i, d := range c.dicts {
		out.dicts[i] = dictionary{maps.Clone(d.codes), slices.Clip(d.texts)}
	}
	for _, s := range c.segments {
		own := *s
		own.seq, own.kind = slices.Clip(s.seq), slices.Clip(s.kind)
		for i := range own.texts {
			own.texts[i] = own.texts[i].clip()
		}
		for i := range own.numbers {
			own.numbers[i] = own.numbers[i].clip()
		}
		out.segments = append(out.segments, &own)
		out.byMonth[own.month] = &own
	}
	return out
}
