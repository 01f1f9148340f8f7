package media

import (
	"image"

	"github.com/disintegration/imaging"
)

// shrink brings a decoded picture of any kind to side pixels on its longer
// side, opaque, on white paper where it was clear. Whole blocks of pixels are
// averaged first and straight from the decoder's own format, so that the filter
// sees less than four pixels for each that it makes, however large the photo is.
func shrink(img image.Image, side int) (*image.NRGBA, error) {
	row, err := rowsOf(img)
	if err != nil {
		return nil, err
	}
	size := img.Bounds().Size()
	w, h := fit(size, side)
	blocks := average(row, size, max(1, max(size.X, size.Y)/side))
	if blocks.Rect.Size() == image.Pt(w, h) {
		return blocks, nil
	}
	return imaging.Resize(blocks, w, h, imaging.Linear), nil
}

// resize is shrink of what shrink made.
func resize(img *image.NRGBA, side int) *image.NRGBA {
	w, h := fit(img.Rect.Size(), side)
	return imaging.Resize(img, w, h, imaging.Linear)
}

// fit keeps the proportions and at least one pixel in either direction.
func fit(size image.Point, side int) (w, h int) {
	w, h = size.X, size.Y
	if longer := max(w, h); longer > side {
		w, h = max(1, w*side/longer), max(1, h*side/longer)
	}
	return w, h
}

// average makes one pixel of each n by n; those at the right and lower edge may
// be of less.
func average(row rower, size image.Point, n int) *image.NRGBA {
	w, h := (size.X+n-1)/n, (size.Y+n-1)/n
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	line := make([]uint8, 3*size.X)
	sums := make([]uint32, 3*w)
	for y := range h {
		clear(sums)
		top, bottom := y*n, min(y*n+n, size.Y)
		for sy := top; sy < bottom; sy++ {
			row(sy, line)
			i := 0
			for x := range w {
				s := sums[3*x : 3*x+3 : 3*x+3]
				for end := min(i+3*n, len(line)); i < end; i += 3 {
					p := line[i : i+3 : i+3]
					s[0] += uint32(p[0])
					s[1] += uint32(p[1])
					s[2] += uint32(p[2])
				}
			}
		}
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for x := range w {
			count := uint32(min(n, size.X-x*n) * (bottom - top))
			for c := range 3 {
				out[4*x+c] = uint8((sums[3*x+c] + count/2) / count)
			}
			out[4*x+3] = 255
		}
	}
	return dst
}

func sideways(orientation int) bool { return orientation >= 5 }

// upright undoes the camera's turn; imaging counts degrees anticlockwise.
func upright(img *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}
