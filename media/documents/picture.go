package documents

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"satchel/media"
)

// deepPixels bounds pictures whose decoder holds four bytes or more a pixel.
const deepPixels = 25_000_000

var decoders = map[media.Type]func(io.Reader) (image.Image, error){media.JPEG: jpeg.Decode, media.PNG: png.Decode, media.WebP: webp.Decode}

func readPicture(paper *Paper, data []byte, opts Options, work *budget) error {
	gray, err := decodeGray(data, opts)
	if err != nil {
		return err
	}
	paper.QR = readQR(gray, work)
	return nil
}

// decodeGray decodes a picture of an accepted type, after the guard.
func decodeGray(data []byte, opts Options) (*image.Gray, error) {
	facts, err := media.Inspect(data, media.Limits{Pixels: opts.Pixels, Side: media.PhotoLimits.Side, Memory: media.PhotoLimits.Memory})
	if err != nil {
		if refusal, ok := errors.AsType[*media.Refusal](err); ok {
			switch refusal.Code {
			case media.CodeTooManyPixels, media.CodeTooComplex, media.CodeProgressive:
				return nil, &Refusal{Code: CodeTooMuch}
			}
		}
		return nil, damaged(err)
	}
	if facts.Type != media.JPEG && int64(facts.Width)*int64(facts.Height) > deepPixels {
		return nil, &Refusal{Code: CodeTooMuch}
	}
	img, err := decoders[facts.Type](bytes.NewReader(data))
	if err != nil {
		return nil, damaged(err)
	}
	return toGray(img), nil
}

// toGray takes the luminance. That of a JPEG is there already.
func toGray(img image.Image) *image.Gray {
	switch img := img.(type) {
	case *image.Gray:
		return img
	case *image.YCbCr:
		return &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
	case *image.NYCbCrA:
		return &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
	}
	box := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	for y := range box.Dy() {
		for x := range box.Dx() {
			// What is transparent lies on white paper.
			r, g, b, a := img.At(box.Min.X+x, box.Min.Y+y).RGBA()
			white := 0xFFFF - a
			out.Pix[y*out.Stride+x] = uint8((299*(r+white) + 587*(g+white) + 114*(b+white)) / 1000 >> 8)
		}
	}
	return out
}

// scaled resizes to the width.
func scaled(img *image.Gray, width int) *image.Gray {
	box := img.Bounds()
	if width == box.Dx() {
		return img
	}
	height := max(1, box.Dy()*width/box.Dx())
	out := image.NewGray(image.Rect(0, 0, width, height))
	if width < box.Dx()/2 { // four taps would skip pixels
		shrink(out, img)
		return out
	}
	draw.ApproxBiLinear.Scale(out, out.Rect, img, box, draw.Src, nil)
	return out
}

// shrink averages over the box of each pixel.
func shrink(out, img *image.Gray) {
	box := img.Bounds()
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		y0, y1 := y*box.Dy()/h, max(y*box.Dy()/h+1, (y+1)*box.Dy()/h)
		for x := range w {
			x0, x1 := x*box.Dx()/w, max(x*box.Dx()/w+1, (x+1)*box.Dx()/w)
			sum := 0
			for v := y0; v < y1; v++ {
				row := img.Pix[img.PixOffset(box.Min.X, box.Min.Y+v):]
				for u := x0; u < x1; u++ {
					sum += int(row[u])
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / ((y1 - y0) * (x1 - x0)))
		}
	}
}

// stretched spreads the light of a dark or pale picture over the whole range,
// a hundredth at each end left out: the binariser with local thresholds takes
// what differs by little for plain paper.
func stretched(img *image.Gray) *image.Gray {
	var count [256]int
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for _, v := range img.Pix[y*img.Stride:][:w] {
			count[v]++
		}
	}
	end := func(from, step int) int {
		seen, v := 0, from
		for ; v > 0 && v < 255 || v == from; v += step {
			if seen += count[v]; seen > w*h/100 {
				break
			}
		}
		return v
	}
	low, high := end(0, 1), end(255, -1)
	if high-low > 150 || high <= low {
		return img
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x, v := range img.Pix[y*img.Stride:][:w] {
			out.Pix[y*w+x] = uint8(min(255, max(0, (int(v)-low)*255/(high-low))))
		}
	}
	return out
}

// blurred averages over 3 by 3 pixels.
func blurred(img *image.Gray) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	at := func(x, y int) int {
		return int(img.Pix[img.PixOffset(img.Rect.Min.X+min(max(x, 0), w-1), img.Rect.Min.Y+min(max(y, 0), h-1))])
	}
	for y := range h {
		for x := range w {
			sum := 0
			for d := -1; d <= 1; d++ {
				sum += at(x-1, y+d) + at(x, y+d) + at(x+1, y+d)
			}
			out.Pix[y*out.Stride+x] = uint8(sum / 9)
		}
	}
	return out
}

// sharpened takes an unsharp mask: what differs from the neighbourhood, more so.
func sharpened(img *image.Gray) *image.Gray {
	soft := blurred(blurred(img))
	out := image.NewGray(soft.Rect)
	w := soft.Rect.Dx()
	for y := range soft.Rect.Dy() {
		row := img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y+y):]
		for x := range w {
			i := y*soft.Stride + x
			out.Pix[i] = uint8(min(255, max(0, int(row[x])+2*(int(row[x])-int(soft.Pix[i])))))
		}
	}
	return out
}

// turned rotates by the angle whose sine and cosine are given, in thousandths,
// on white.
func turned(img *image.Gray, sin, cos int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	nw, nh := (w*abs(cos)+h*abs(sin))/1000, (w*abs(sin)+h*abs(cos))/1000
	out := image.NewGray(image.Rect(0, 0, max(1, nw), max(1, nh)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			dx, dy := 2*x-nw, 2*y-nh
			sx, sy := (dx*cos+dy*sin)/1000+w, (dy*cos-dx*sin)/1000+h
			c := color.Gray{255}
			if sx >= 0 && sy >= 0 && sx/2 < w && sy/2 < h {
				c = img.GrayAt(img.Rect.Min.X+sx/2, img.Rect.Min.Y+sy/2)
			}
			out.Pix[y*out.Stride+x] = c.Y
		}
	}
	return out
}

func abs(n int) int { return max(n, -n) }
