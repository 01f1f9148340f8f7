package media

import (
	"math/bits"
	"slices"
)

// How near two looks must be. Measured on drawn shelves (docs/evidence.md):
// brightness alone calls shelves of one layout alike long before it finds a
// photo that was cut at a corner; with the colours each can be generous.
const (
	NearLight   = 20 // of 64 bits, if both have colours
	NearColours = 32 // of 128 bits
	NearGray    = 10 // of 64 bits, if one of them has none
)

// ID is the id of a photo's row.
type ID [15]byte

// Found is a photo that looks like the one asked for.
type Found struct {
	ID       ID
	Distance int  // of brightness, 0 to 64
	Mirrored bool // with left and right swapped
}

// Index finds photos by their looks. It takes 40 bytes for each and reads them
// all: the fastest that is right for any distance. It is not safe for use by
// several goroutines at once.
type Index struct {
	light   []uint64
	colours [][2]uint64
	ids     []ID
}

// Len is how many photos are in it.
func (x *Index) Len() int { return len(x.ids) }

// Grow makes room for so many more.
func (x *Index) Grow(n int) {
	x.light, x.colours, x.ids = slices.Grow(x.light, n), slices.Grow(x.colours, n), slices.Grow(x.ids, n)
}

// Put adds a photo, or changes the look of one that is there.
func (x *Index) Put(id ID, l Look) {
	if i := slices.Index(x.ids, id); i >= 0 {
		x.light[i], x.colours[i] = l.Light, l.Colours
		return
	}
	x.Append(id, l)
}

// Append adds a photo that is not there.
func (x *Index) Append(id ID, l Look) {
	x.light, x.colours, x.ids = append(x.light, l.Light), append(x.colours, l.Colours), append(x.ids, id)
}

// Remove forgets a photo.
func (x *Index) Remove(id ID) {
	i, last := slices.Index(x.ids, id), len(x.ids)-1
	if i < 0 {
		return
	}
	x.light[i], x.colours[i], x.ids[i] = x.light[last], x.colours[last], x.ids[last]
	x.light, x.colours, x.ids = x.light[:last], x.colours[:last], x.ids[:last]
}

// Near returns the photos that look like l, the nearest first, at most so many.
func (x *Index) Near(l Look, most int) (out []Found) {
	m := l.Mirror()
	for i, light := range x.light {
		// Nearly all end here: one number is read of each.
		if bits.OnesCount64(light^l.Light) > NearLight && bits.OnesCount64(light^m.Light) > NearLight {
			continue
		}
		here := Look{light, x.colours[i]}
		if d, ok := near(l, here); ok {
			out = append(out, Found{ID: x.ids[i], Distance: d})
		} else if d, ok := near(m, here); ok {
			out = append(out, Found{ID: x.ids[i], Distance: d, Mirrored: true})
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return a.Distance - b.Distance })
	return out[:min(len(out), most)]
}

func near(a, b Look) (distance int, ok bool) {
	distance = a.Distance(b)
	switch {
	case distance > NearLight:
		return distance, false
	case a.Gray() || b.Gray():
		return distance, distance <= NearGray
	}
	return distance, a.ColourDistance(b) <= NearColours
}
