package qr

import "slices"

const (
	leastMarks = 75 // hundredths of the modules that must be so, for a closer look
	maxFits    = 3  // widths that are tried

	// What looking closer costs for each module, as if so many pixels were looked at.
	latticeCost = 8
	bendCost    = 1000
)

// read are the texts of the QRs on a picture.
func (b *bits) read(most int, work *Budget) (found []reading) {
	var used []pattern
	for _, t := range triples(b.patterns()) {
		if slices.Contains(used, t.topLeft) || slices.Contains(used, t.topRight) || slices.Contains(used, t.bottomLeft) {
			continue
		}
		r, ok := b.readAt(t, work)
		if !ok {
			continue
		}
		used = append(used, t.topLeft, t.topRight, t.bottomLeft)
		if !slices.ContainsFunc(found, func(f reading) bool { return f.text == r.text }) {
			found = append(found, r)
		}
		if len(found) >= most {
			break
		}
	}
	return found
}

// readAt reads the QR of three patterns: as it lies, as the corners of the patterns
// tell, and as paper that is not even.
func (b *bits) readAt(t triple, work *Budget) (reading, bool) {
	for g := range b.grids(t) {
		l := b.direct(g)
		if l == nil {
			continue
		}
		if r, ok := l.read(); ok {
			return r, true
		}
		if r, ok := b.closer(g, nil, work); ok {
			return r, true
		}
	}
	for _, f := range b.fits(t, work) {
		if r, ok := b.closer(f.grid, f.pairs, work); ok {
			return r, true
		}
	}
	return reading{}, false
}

// closer reads modules that are blurred or not where they should be.
func (b *bits) closer(g grid, pairs []pair, work *Budget) (reading, bool) {
	if !work.take(latticeCost * g.modules * g.modules) {
		return reading{}, false
	}
	l := b.lattice(g, nil)
	if l == nil || l.marks() < leastMarks {
		return reading{}, false
	}
	if r, ok := l.blurred(); ok {
		return r, true
	}
	if !work.take(bendCost * g.modules * g.modules) {
		return reading{}, false
	}
	if l = b.lattice(g, b.follow(g, pairs)); l == nil {
		return reading{}, false
	}
	return l.blurred()
}

// blurred reads modules that have some of the light of those beside them.
func (l *lattice) blurred() (reading, bool) {
	for leak := range 3 {
		if r, ok := l.focused(leak).read(); ok {
			return r, true
		}
	}
	return reading{}, false
}
