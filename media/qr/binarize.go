package qr

import (
	"bytes"
	"image"
	"slices"
)

const (
	block    = 8  // pixels that share a threshold
	contrast = 24 // by which dark and light differ within a block at least
)

// locally tells dark from light by a threshold for each block, halfway between the
// darkest and the lightest of those around it that have both. It stands up to
// shadows. Nil: there is no contrast anywhere.
func locally(img *image.Gray) *bits {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w < 5*block || h < 5*block {
		return globally(img)
	}
	cols, rows := (w+block-1)/block, (h+block-1)/block
	limits := make([]uint8, cols*rows)
	for j := range rows {
		y0 := min(j*block, h-block)
		for i := range cols {
			x0 := min(i*block, w-block)
			low, high := uint8(255), uint8(0)
			for y := y0; y < y0+block; y++ {
				for _, v := range img.Pix[y*img.Stride+x0:][:block] {
					low, high = min(low, v), max(high, v)
				}
			}
			if high-low > contrast {
				limits[j*cols+i] = uint8((int(low) + int(high)) / 2)
			}
		}
	}
	limits = smoothed(limits, cols, rows)
	if limits == nil {
		return globally(img)
	}
	out := newBits(img, limits, cols)
	for y := range h {
		row, dark := img.Pix[y*img.Stride:][:w], out.dark[y*w:][:w]
		of := limits[y/block*cols:]
		for x, v := range row {
			if v <= of[x/block] {
				dark[x] = 1
			}
		}
	}
	return out
}

// smoothed averages the thresholds that there are over five by five blocks, and
// fills gaps with the one before. Nil: there is none.
func smoothed(in []uint8, cols, rows int) []uint8 {
	out := make([]uint8, len(in))
	const reach = 2
	for j := range rows {
		top := min(max(j, reach), rows-reach-1)
		for i := range cols {
			left := min(max(i, reach), cols-reach-1)
			sum, n := 2*int(in[j*cols+i]), 0
			if sum > 0 {
				n = 2
			}
			for y := top - reach; y <= top+reach; y++ {
				for _, t := range in[y*cols+left-reach:][:2*reach+1] {
					if t > 0 {
						sum += int(t)
						n++
					}
				}
			}
			if n > 0 {
				out[j*cols+i] = uint8(sum / n)
			}
		}
	}
	first := slices.IndexFunc(out, func(t uint8) bool { return t > 0 })
	if first < 0 {
		return nil
	}
	last := out[first]
	for i, t := range out {
		if t == 0 {
			out[i] = last
		} else {
			last = t
		}
	}
	return out
}

// globally tells dark from light by one threshold, that which splits the light
// into the two parts that differ most (Otsu). It stands up to blur.
func globally(img *image.Gray) *bits {
	var count [256]int
	w, h := img.Rect.Dx(), img.Rect.Dy()
	all := 0
	for y := range h {
		for _, v := range img.Pix[y*img.Stride:][:w] {
			count[v]++
			all += int(v)
		}
	}
	limit, best, below, sum := 0, 0.0, 0, 0
	for v, n := range count {
		below, sum = below+n, sum+v*n
		if below == 0 || below == w*h {
			continue
		}
		d := float64(sum)/float64(below) - float64(all-sum)/float64(w*h-below)
		if apart := d * d * float64(below) * float64(w*h-below); apart > best {
			best, limit = apart, v
		}
	}
	if best == 0 {
		return nil
	}
	cols, rows := (w+block-1)/block, (h+block-1)/block
	out := newBits(img, bytes.Repeat([]byte{uint8(limit)}, cols*rows), cols)
	for y := range h {
		dark := out.dark[y*w:][:w]
		for x, v := range img.Pix[y*img.Stride:][:w] {
			if int(v) <= limit {
				dark[x] = 1
			}
		}
	}
	return out
}
