package qr

import (
	"image"
)

// view is one way to look at a picture.
type view struct {
	side int // the longer one, in pixels
	kind kind
}

type kind int

const (
	plain kind = iota
	light      // on dark ground
	global
	softened
	sharpened
	flat
	foreign // to be looked at by the other reader
)

// shown is a picture of dark and light, or for the other reader one in grey.
type shown struct {
	dark *bits
	gray *image.Gray
}

// order is that in which views tell most for what they cost, as measured.
var order = []view{
	{1000, plain},
	{2000, plain},
	{640, plain},
	{1400, plain},
	{2000, foreign},
	{640, foreign},
	{640, light},
	{1000, softened},
	{1000, global},
	{3000, plain},
	{640, global},
	{2000, global},
	{1000, flat},
	{1000, sharpened},
	{2000, softened},
	{2000, sharpened},
}

// of makes a picture of dark and light. Nil: there is no contrast.
func (k kind) of(img *image.Gray) *bits {
	switch k {
	case light:
		if b := locally(img); b != nil {
			return b.inverted()
		}
		return nil
	case global:
		return globally(img)
	case softened:
		img = soft(img, 1)
	case sharpened:
		img = sharp(img, 2)
	case flat:
		img = flattened(img)
	case plain, foreign:
	}
	return locally(img)
}

// views yields the picture as dark and light until the work is used up. Pixels that
// are larger than twice tell no more.
func views(img *image.Gray, work *Budget) func(yield func(shown) bool) {
	return func(yield func(shown) bool) {
		long := max(img.Rect.Dx(), img.Rect.Dy())
		sized, seen := map[int]*image.Gray{}, map[view]bool{}
		show := func(img *image.Gray, k kind) bool {
			if !work.take(img.Rect.Dx() * img.Rect.Dy()) {
				return false
			}
			if k == foreign {
				return yield(shown{gray: img})
			}
			b := k.of(img)
			return b == nil || yield(shown{dark: b})
		}
		if long < order[0].side && !show(stretched(img), plain) {
			return
		}
		for _, v := range order {
			if v.kind == foreign { // as it is: it has filters of its own
				if v.side = min(v.side, long); !seen[v] && !show(resized(img, v.side), foreign) {
					return
				}
				seen[v] = true
				continue
			}
			if v.side = min(v.side, max(2*long, 5*block)); seen[v] {
				continue
			}
			seen[v] = true
			if sized[v.side] == nil {
				sized[v.side] = stretched(resized(img, v.side))
			}
			if !show(sized[v.side], v.kind) {
				return
			}
		}
		for _, box := range busy(img) {
			for _, side := range []int{500, 900} {
				piece := part(img, box)
				if !show(stretched(resized(piece, min(side, 3*max(box.Dx(), box.Dy())))), plain) {
					return
				}
			}
		}
	}
}
