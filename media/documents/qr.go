package documents

import (
	"fmt"
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// budget is how many pixels may still be looked at.
type budget struct{ left int64 }

// take reports whether n more pixels may be looked at.
func (b *budget) take(n int) bool {
	b.left -= int64(n)
	return b.left >= 0
}

// maxQRs is how many papers lie on one picture at most.
const maxQRs = 12

type binariser func(gozxing.LuminanceSource) gozxing.Binarizer

// local thresholds stand up to shadows, one threshold for all to blur.
var local, global binariser = gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer

var hints = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

// readQR climbs a ladder of attempts, the cheap and likely ones first, until one
// of them reads something or the budget is used up. Where one QR is found, others
// are looked for at the same size.
func readQR(img *image.Gray, work *budget) []string {
	if img.Rect.Empty() {
		return nil
	}
	img = stretched(img)
	for view := range views(img) {
		for _, b := range []binariser{local, global} {
			if !work.take(view.Rect.Dx() * view.Rect.Dy()) {
				return nil
			}
			if text := decode(view, b); text != "" {
				return beside(text, view, b, work)
			}
		}
	}
	return nil
}

// views yields the picture in several sizes, softer and sharper, in parts, and turned.
func views(img *image.Gray) func(yield func(*image.Gray) bool) {
	return func(yield func(*image.Gray) bool) {
		long := max(img.Rect.Dx(), img.Rect.Dy())
		if long < minSide || img.Rect.Empty() || min(img.Rect.Dx(), img.Rect.Dy()) < minSide/2 {
			return
		}
		at := func(side int) *image.Gray { return scaled(img, max(1, img.Rect.Dx()*side/long)) }
		for _, side := range []int{1000, 640, 1500} {
			if side > 2*long { // larger pixels tell no more
				continue
			}
			if !yield(at(side)) {
				return
			}
		}
		for _, side := range []int{1000, 640} {
			side = min(side, 2*long)
			if !yield(sharpened(at(side))) || !yield(blurred(at(side))) {
				return
			}
		}
		for _, part := range parts(img.Rect) {
			piece, _ := img.SubImage(part).(*image.Gray)
			if piece == nil || piece.Rect.Empty() {
				continue
			}
			side := max(piece.Rect.Dx(), piece.Rect.Dy())
			view := scaled(piece, max(1, piece.Rect.Dx()*min(1200, 2*side)/side))
			if !yield(view) || !yield(sharpened(view)) {
				return
			}
		}
		small := at(min(800, long))
		for _, turn := range [][2]int{{707, 707}, {383, 924}, {259, 966}} { // 45, 22.5 and 15 degrees
			if !yield(turned(small, turn[0], turn[1])) {
				return
			}
		}
		if long > 1500 {
			yield(at(min(2600, long)))
		}
	}
}

// minSide is the least number of pixels in which a QR can be.
const minSide = 42

// parts are the quarters, that of the usual place first, and the middle.
func parts(box image.Rectangle) []image.Rectangle {
	w, h := box.Dx()*3/5, box.Dy()*3/5
	at := func(x, y int) image.Rectangle { return image.Rect(x, y, x+w, y+h).Add(box.Min).Intersect(box) }
	right, bottom := box.Dx()-w, box.Dy()-h
	return []image.Rectangle{at(0, 0), at(right, 0), at(0, bottom), at(right, bottom), at(right/2, bottom/2)}
}

func decode(img *image.Gray, b binariser) (text string) {
	defer func() { // of the library, on pictures that fool it
		if recover() != nil {
			text = ""
		}
	}()
	bitmap, err := bitmapOf(img, b)
	if err != nil {
		return ""
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return ""
	}
	return result.GetText()
}

// beside adds the other QRs of the view.
func beside(first string, img *image.Gray, b binariser, work *budget) (texts []string) {
	texts = []string{first}
	defer func() { _ = recover() }() // one is read
	if !work.take(img.Rect.Dx() * img.Rect.Dy()) {
		return texts
	}
	bitmap, err := bitmapOf(img, b)
	if err != nil {
		return texts
	}
	results, err := multi.NewQRCodeMultiReader().DecodeMultiple(bitmap, hints)
	if err != nil {
		return texts
	}
	for _, r := range results {
		if text := r.GetText(); text != "" && !slices.Contains(texts, text) && len(texts) < maxQRs {
			texts = append(texts, text)
		}
	}
	return texts
}

func bitmapOf(img *image.Gray, b binariser) (*gozxing.BinaryBitmap, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	pix := img.Pix
	if img.Stride != w {
		pix = make([]byte, 0, w*h)
		for y := range h {
			pix = append(pix, img.Pix[y*img.Stride:][:w]...)
		}
	}
	source, err := gozxing.NewPlanarYUVLuminanceSource(pix, w, h, 0, 0, w, h, false)
	if err != nil {
		return nil, fmt.Errorf("read pixels: %w", err)
	}
	return gozxing.NewBinaryBitmap(b(source))
}
