package demo

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"time"

	"satchel/media/exifjpeg"
)

// PhotoLong is the long side in pixels of the photos that Photo takes: 4.3
// megapixels, 1 to 3 MB.
const PhotoLong = 2400

// Photo returns a JPEG of a shelf with goods, as a rep's phone takes it: with
// EXIF time and WGS-84 place. For odd seeds the phone was held upright, so the
// pixels lie on their side and EXIF orientation 6 says so. The same arguments
// give the same bytes.
func Photo(seed uint64, taken time.Time, lat, lng float64) []byte {
	return PhotoOf(PhotoLong, PhotoLong*3/4, seed, taken, lat, lng)
}

// PhotoOf is Photo in another size; long and short are the sides in pixels.
func PhotoOf(long, short int, seed uint64, taken time.Time, lat, lng float64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x5e1f))
	meta := exifjpeg.Meta{
		Taken: taken.In(shanghai), Lat: lat, Lng: lng, HasGPS: true, Orientation: 1,
		Make: "Satchel", Model: "Sample Camera",
	}
	var img *image.RGBA
	if seed%2 == 1 {
		meta.Orientation = 6
		img = onItsSide(shelf(r, short, long))
	} else {
		img = shelf(r, long, short)
	}
	grain(r, img)
	out, err := exifjpeg.Encode(img, meta)
	if err != nil {
		panic(fmt.Sprintf("demo photo: %v", err)) // only a place that is not on earth
	}
	return out
}

var goodsColours = []color.RGBA{
	{200, 45, 48, 255},
	{232, 120, 36, 255},
	{240, 196, 60, 255},
	{70, 150, 74, 255},
	{38, 120, 160, 255},
	{46, 70, 140, 255},
	{120, 70, 140, 255},
	{206, 100, 130, 255},
	{236, 232, 222, 255},
	{96, 72, 52, 255},
}

// shelf draws boards with rows of goods, price tags and a few gaps.
func shelf(r *rand.Rand, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h { // the wall behind, darker towards the floor
		v := uint8(150 - 70*y/h)
		fill(img, image.Rect(0, y, w, y+1), color.RGBA{v, v - 6, v - 14, 255})
	}
	boards := 4 + r.IntN(2)
	height := h / boards
	for b := range boards {
		floor := (b+1)*height - height/9
		for x := w / 60; x < w-w/30; {
			colour, wide := one(r, goodsColours), w/28+r.IntN(w/30)
			tall := height*55/100 + r.IntN(height/5)
			for range 1 + r.IntN(5) { // facings of one good
				if x+wide > w-w/60 {
					break
				}
				if r.IntN(14) > 0 {
					article(r, img, image.Rect(x, floor-tall, x+wide, floor), colour)
				}
				x += wide + w/300
			}
			x += w / 200
		}
		fill(img, image.Rect(0, floor, w, floor+height/14), color.RGBA{205, 205, 200, 255})
		for x := w / 40; x < w; x += w/14 + r.IntN(w/40) {
			fill(img, image.Rect(x, floor+height/100, x+w/26, floor+height/16), color.RGBA{250, 246, 210, 255})
		}
	}
	return img
}

// article draws one pack: shaded like a cylinder, with a label and lines of print.
func article(r *rand.Rand, img *image.RGBA, box image.Rectangle, colour color.RGBA) {
	wide := box.Dx()
	for x := box.Min.X; x < box.Max.X; x++ {
		edge := 2*(x-box.Min.X) - wide
		light := 115 - 60*edge*edge/(wide*wide)
		fill(img, image.Rect(x, box.Min.Y, x+1, box.Max.Y), lit(colour, light))
	}
	neck := box.Dy() / 8
	fill(img, image.Rect(box.Min.X, box.Min.Y, box.Min.X+wide/4, box.Min.Y+neck), color.RGBA{90, 86, 80, 255})
	fill(img, image.Rect(box.Max.X-wide/4, box.Min.Y, box.Max.X, box.Min.Y+neck), color.RGBA{90, 86, 80, 255})
	label := image.Rect(box.Min.X+wide/10, box.Min.Y+box.Dy()*4/10, box.Max.X-wide/10, box.Min.Y+box.Dy()*8/10)
	fill(img, label, color.RGBA{238, 236, 228, 255})
	for y := label.Min.Y + 6; y < label.Max.Y-8; y += 8 + label.Dy()/12 {
		fill(img, image.Rect(label.Min.X+4, y, label.Min.X+4+label.Dx()*(40+r.IntN(50))/100, y+3+label.Dy()/40), lit(colour, 70))
	}
}

func lit(c color.RGBA, percent int) color.RGBA {
	scale := func(v uint8) uint8 { return uint8(min(255, int(v)*percent/100)) }
	return color.RGBA{scale(c.R), scale(c.G), scale(c.B), 255}
}

func fill(img *image.RGBA, box image.Rectangle, c color.RGBA) {
	box = box.Intersect(img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := img.Pix[img.PixOffset(box.Min.X, y):]
		for i := 0; i < box.Dx()*4; i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = c.R, c.G, c.B, 255
		}
	}
}

// grain adds the noise of a small sensor; without it the file would be tiny.
func grain(r *rand.Rand, img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		bits := r.Uint64()
		noise := int(bits&15) + int(bits>>4&15) + int(bits>>8&15) - 22
		for k := range 3 {
			img.Pix[i+k] = uint8(min(255, max(0, int(img.Pix[i+k])+noise)))
		}
	}
}

// onItsSide turns an upright picture so that EXIF orientation 6 shows it upright again.
func onItsSide(img *image.RGBA) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			copy(out.Pix[out.PixOffset(y, w-1-x):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}
