package qr

import "image"

// soft averages over a square that reaches so many pixels.
func soft(img *image.Gray, reach int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	columns := make([]int, w) // sums of the lines within reach
	add := func(y, sign int) {
		for x, v := range img.Pix[min(max(y, 0), h-1)*img.Stride:][:w] {
			columns[x] += sign * int(v)
		}
	}
	for y := -reach; y < reach; y++ {
		add(y, 1)
	}
	size := (2*reach + 1) * (2*reach + 1)
	for y := range h {
		add(y+reach, 1)
		sum := 0
		for x := -reach; x < reach; x++ {
			sum += columns[min(max(x, 0), w-1)]
		}
		row := out.Pix[y*out.Stride:][:w]
		for x := range row {
			sum += columns[min(x+reach, w-1)]
			row[x] = uint8(sum / size)
			sum -= columns[max(x-reach, 0)]
		}
		add(y-reach, -1)
	}
	return out
}

// sharp makes what differs from its surroundings do so more.
func sharp(img *image.Gray, reach int) *image.Gray {
	around := soft(soft(img, reach), reach)
	for y := range img.Rect.Dy() {
		row := around.Pix[y*around.Stride:][:img.Rect.Dx()]
		for x, v := range img.Pix[y*img.Stride:][:len(row)] {
			row[x] = uint8(min(255, max(0, 3*int(v)-2*int(row[x]))))
		}
	}
	return around
}

// flattened takes the light of the surroundings away: what is lighter than a large
// square around is paper.
func flattened(img *image.Gray) *image.Gray {
	around := soft(img, max(8, max(img.Rect.Dx(), img.Rect.Dy())/24))
	for y := range img.Rect.Dy() {
		row := around.Pix[y*around.Stride:][:img.Rect.Dx()]
		for x, v := range img.Pix[y*img.Stride:][:len(row)] {
			row[x] = uint8(min(255, int(v)*160/max(1, int(row[x]))))
		}
	}
	return around
}

// stretched spreads the light of a dark or pale picture over the whole range,
// a hundredth at each end left out: thresholds need a contrast.
func stretched(img *image.Gray) *image.Gray {
	var count [256]int
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for _, v := range img.Pix[y*img.Stride:][:w] {
			count[v]++
		}
	}
	low, high := 0, 255
	for seen := count[0]; seen <= w*h/100 && low < 255; seen += count[low] {
		low++
	}
	for seen := count[255]; seen <= w*h/100 && high > 0; seen += count[high] {
		high--
	}
	if high-low > 150 || high <= low {
		return img
	}
	var to [256]uint8
	for v := range to {
		to[v] = uint8(min(255, max(0, (v-low)*255/(high-low))))
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		row := out.Pix[y*w:][:w]
		for x, v := range img.Pix[y*img.Stride:][:w] {
			row[x] = to[v]
		}
	}
	return out
}

// busy are the parts of a picture that have most edges, each a quarter wide.
func busy(img *image.Gray) (boxes []image.Rectangle) {
	const cells = 16 // along a side
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if min(w, h) < 400 {
		return nil
	}
	var edges [cells][cells]int
	gap := max(1, max(w, h)/800)
	for y := gap; y < h-gap; y += gap {
		for x := gap; x < w-gap; x += gap {
			i := y*img.Stride + x
			a, b := int(img.Pix[i])-int(img.Pix[i-gap]), int(img.Pix[i])-int(img.Pix[i-gap*img.Stride])
			if max(a, -a) > 24 && max(b, -b) > 12 || max(a, -a) > 12 && max(b, -b) > 24 {
				edges[y*cells/h][x*cells/w]++
			}
		}
	}
	const wide = 5
	for range 4 {
		best, at := 0, image.Point{}
		for j := range cells - wide + 1 {
			for i := range cells - wide + 1 {
				sum := 0
				for y := j; y < j+wide; y++ {
					for x := i; x < i+wide; x++ {
						sum += edges[y][x]
					}
				}
				if sum > best {
					best, at = sum, image.Point{X: i, Y: j}
				}
			}
		}
		if best == 0 {
			break
		}
		boxes = append(boxes, image.Rect(at.X*w/cells, at.Y*h/cells, (at.X+wide)*w/cells, (at.Y+wide)*h/cells))
		for y := at.Y + 1; y < at.Y+wide-1; y++ {
			for x := at.X + 1; x < at.X+wide-1; x++ {
				edges[y][x] = 0
			}
		}
	}
	return boxes
}
