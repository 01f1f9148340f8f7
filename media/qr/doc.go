// Package qr finds and reads QRs on pictures of paper: photographed aslant, in bad
// light, out of focus, curled or folded.
//
// How squares are found and modules sampled (binarize, bits, geometry, ring, finder,
// triples, estimate, align, sample) is zxing-cpp's way, written anew in Go:
// copyright 2016 Nu-book Inc., 2016 ZXing authors, 2020 Axel Waggershauser, 2023
// gitlost, under the Apache License 2.0, which is beside this file. Grids fitted to
// corners, those that follow a bend, and doubt are this package's own. Versions,
// formats and alphabets are gozxing's.
package qr

import (
	"image"
	"slices"
)

// Budget is how many pixels may still be looked at.
type Budget struct{ left int64 }

// NewBudget is one of so many pixels.
func NewBudget(pixels int64) *Budget { return &Budget{pixels} }

// take reports whether n more pixels may be looked at.
func (b *Budget) take(n int) bool {
	b.left -= int64(n)
	return b.left >= 0
}

const (
	// maxQRs is how many papers lie on one picture at most.
	maxQRs = 12
	// minSide is the least number of pixels in which a QR can be.
	minSide = 21
	// certain and doubtful are of how many random modules one would be read, as powers
	// of two: what is less than doubtful is nothing. The same wrong modules are read
	// in view after view, so that agreeing views make up for some doubt only.
	certain  = -30
	doubtful = -18
)

// Options of reading.
type Options struct {
	// Expected reports whether a text is one of those that are looked for.
	Expected func(text string) bool
	// Other is another reader, which is asked when the likely views told nothing; nil
	// if there is none.
	Other func(*image.Gray) []string
}

// Read reads the QRs of a picture. It looks at one view after the other, the cheap
// and likely ones first, until one tells something or the work is used up. Nothing
// is told that modules by chance may say: what is doubtful must be expected, or be
// read in two views; what the other reader says likewise.
func Read(img *image.Gray, work *Budget, opt Options) []string {
	if min(img.Rect.Dx(), img.Rect.Dy()) < minSide {
		return nil
	}
	var once []string
	for v := range views(part(img, img.Rect), work) {
		var found []reading
		if v.dark != nil {
			found = v.dark.read(maxQRs, work)
		} else if opt.Other != nil && work.take(otherCost) {
			for _, text := range opt.Other(v.gray) {
				found = append(found, reading{text: text})
			}
		}
		var texts []string
		for _, r := range found {
			if r.doubt <= certain || opt.Expected(r.text) || slices.Contains(once, r.text) {
				texts = append(texts, r.text)
			} else {
				once = append(once, r.text)
			}
		}
		if len(texts) > 0 {
			return texts[:min(len(texts), maxQRs)]
		}
	}
	return nil
}

// otherCost is what the other reader costs, as if so many pixels were looked at.
const otherCost = 4_000_000
