package qr

import "image"

// resized makes the longer side so many pixels.
func resized(img *image.Gray, side int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	long := max(w, h)
	if side == long {
		return img
	}
	out := image.NewGray(image.Rect(0, 0, max(1, w*side/long), max(1, h*side/long)))
	if side*3 < long*2 {
		shrink(out, img)
	} else {
		stretch(out, img)
	}
	return out
}

// shrink averages over the pixels that become one.
func shrink(out, img *image.Gray) {
	w, h, dw, dh := img.Rect.Dx(), img.Rect.Dy(), out.Rect.Dx(), out.Rect.Dy()
	sums := make([]uint32, dw)
	for j := range dh {
		clear(sums)
		y0, y1 := j*h/dh, (j+1)*h/dh
		for y := y0; y < y1; y++ {
			row := img.Pix[y*img.Stride:][:w]
			x := 0
			for i := range sums {
				end, sum := (i+1)*w/dw, uint32(0)
				for _, v := range row[x:end] {
					sum += uint32(v)
				}
				sums[i] += sum
				x = end
			}
		}
		for i, sum := range sums {
			out.Pix[j*out.Stride+i] = uint8(sum / uint32((y1-y0)*((i+1)*w/dw-i*w/dw)))
		}
	}
}

// stretch interpolates between pixels.
func stretch(out, img *image.Gray) {
	w, h, dw, dh := img.Rect.Dx(), img.Rect.Dy(), out.Rect.Dx(), out.Rect.Dy()
	type tap struct{ at, next, part int }
	taps := func(from, to int) []tap {
		list := make([]tap, to)
		for i := range list {
			at := max(0, ((2*i+1)*from*128)/to-128) // in 256ths of a pixel
			list[i] = tap{at / 256, min(at/256+1, from-1), at % 256}
		}
		return list
	}
	across := taps(w, dw)
	for j, down := range taps(h, dh) {
		up, low := img.Pix[down.at*img.Stride:][:w], img.Pix[down.next*img.Stride:][:w]
		row := out.Pix[j*out.Stride:][:dw]
		for i, t := range across {
			a := int(up[t.at])*(256-t.part) + int(up[t.next])*t.part
			b := int(low[t.at])*(256-t.part) + int(low[t.next])*t.part
			row[i] = uint8((a*(256-down.part) + b*down.part) >> 16)
		}
	}
}

// part is a rectangle of the picture.
func part(img *image.Gray, box image.Rectangle) *image.Gray {
	sub, _ := img.SubImage(box).(*image.Gray)
	return &image.Gray{Pix: sub.Pix, Stride: sub.Stride, Rect: image.Rect(0, 0, box.Dx(), box.Dy())}
}
