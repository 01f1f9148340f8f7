package papertest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// QR draws a text as a QR of square modules with the quiet zone that it needs.
func QR(text string, module int) *image.Gray {
	matrix, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 1, 1, map[gozxing.EncodeHintType]any{
		gozxing.EncodeHintType_ERROR_CORRECTION: "M", gozxing.EncodeHintType_MARGIN: 4,
	})
	if err != nil {
		panic(fmt.Sprintf("papertest: %v", err)) // only a text that is too long
	}
	w, h := matrix.GetWidth(), matrix.GetHeight()
	out := image.NewGray(image.Rect(0, 0, w*module, h*module))
	for y := range h * module {
		for x := range w * module {
			if !matrix.Get(x/module, y/module) {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out
}

// Page draws a sheet with lines of print and QRs of a size in pixels, the first
// where invoices have it, the others below.
func Page(w, h, size int, seed uint64, texts ...string) *image.Gray {
	r := rand.New(rand.NewPCG(seed, 0x9a9e))
	out := image.NewGray(image.Rect(0, 0, w, h))
	for i := range out.Pix {
		out.Pix[i] = 246
	}
	fill := func(x0, y0, x1, y1 int, v uint8) {
		for y := max(0, y0); y < min(h, y1); y++ {
			for x := max(0, x0); x < min(w, x1); x++ {
				out.Pix[y*out.Stride+x] = v
			}
		}
	}
	for y := h / 20; y < h*19/20; y += h / 40 { // words of strokes
		for x := w / 20; x < w*18/20; x += w/60 + r.IntN(w/40) {
			for range 3 {
				x0, y0 := x+r.IntN(w/90), y+r.IntN(h/90)
				fill(x0, y0, x0+w/120, y0+2, 70)
				fill(x0, y0, x0+2, y0+h/120, 70)
			}
		}
	}
	for i, text := range texts {
		code := QR(text, 4)
		x0, y0 := w/24, h/30+i*size*5/4
		fill(x0-size/12, y0-size/12, x0+size+size/12, y0+size+size/12, 246)
		for y := range size {
			for x := range size {
				out.SetGray(x0+x, y0+y, code.GrayAt(x*code.Rect.Dx()/size, y*code.Rect.Dy()/size))
			}
		}
	}
	return out
}

// warp draws img on a canvas: from tells which point of img lies at a point of it.
func warp(img *image.Gray, w, h int, from func(x, y float64) (u, v float64)) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	at := func(x, y int) float64 {
		if !(image.Point{X: x, Y: y}).In(img.Rect) {
			return 215 // the table on which the paper lies
		}
		return float64(img.GrayAt(x, y).Y)
	}
	for y := range h {
		for x := range w {
			u, v := from(float64(x), float64(y))
			x0, y0 := math.Floor(u), math.Floor(v)
			fx, fy := u-x0, v-y0
			i, j := int(x0), int(y0)
			top := at(i, j)*(1-fx) + at(i+1, j)*fx
			low := at(i, j+1)*(1-fx) + at(i+1, j+1)*fx
			out.SetGray(x, y, color.Gray{Y: uint8(top*(1-fy) + low*fy + 0.5)})
		}
	}
	return out
}

// soft blurs by a Gaussian of sigma pixels.
func soft(img *image.Gray, sigma float64) *image.Gray {
	reach := int(3*sigma) + 1
	weights := make([]float64, 2*reach+1)
	sum := 0.0
	for i := range weights {
		d := float64(i - reach)
		weights[i] = math.Exp(-d * d / (2 * sigma * sigma))
		sum += weights[i]
	}
	pass := func(in *image.Gray, dx, dy int) *image.Gray {
		out := image.NewGray(in.Rect)
		for y := range in.Rect.Dy() {
			for x := range in.Rect.Dx() {
				total := 0.0
				for i, weight := range weights {
					u := min(max(x+dx*(i-reach), 0), in.Rect.Dx()-1)
					v := min(max(y+dy*(i-reach), 0), in.Rect.Dy()-1)
					total += weight * float64(in.Pix[v*in.Stride+u])
				}
				out.Pix[y*out.Stride+x] = uint8(total/sum + 0.5)
			}
		}
		return out
	}
	return pass(pass(img, 1, 0), 0, 1)
}

// tone scales the light, from left to right as well, and adds a sensor's noise.
func tone(img *image.Gray, light, slope, noise float64, r *rand.Rand) {
	w := img.Rect.Dx()
	for i := range img.Pix {
		factor := light * (1 + slope*(float64(i%img.Stride)/float64(w)-0.5))
		img.Pix[i] = uint8(min(255, max(0, float64(img.Pix[i])*factor+r.NormFloat64()*noise)))
	}
}

// JPEG encodes at a quality.
func JPEG(img image.Image, quality int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(fmt.Sprintf("papertest: %v", err)) // only a picture that is too large
	}
	return out.Bytes()
}
