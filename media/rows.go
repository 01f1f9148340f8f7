package media

import (
	"errors"
	"image"
	"image/color"
)

// rower writes row y of a picture as red, green, blue for each pixel.
type rower func(y int, line []uint8)

// rowsOf reads what the three decoders return; others have the slow way.
// A picture with a colour beyond its palette is refused: imaging would look it
// up in goroutines of its own, where that ends the process.
func rowsOf(img image.Image) (rower, error) {
	b := img.Bounds()
	switch src := img.(type) {
	case *image.YCbCr:
		return lumaRows(src), nil
	case *image.NYCbCrA:
		colours := lumaRows(&src.YCbCr)
		return func(y int, line []uint8) {
			colours(y, line)
			alpha := src.A[src.AOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				onPaper(line[3*x:3*x+3], alpha[x])
			}
		}, nil
	case *image.RGBA: // premultiplied; PNG's is opaque
		if !src.Opaque() {
			break
		}
		return fourRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 1), nil
	case *image.NRGBA:
		return fourRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 1), nil
	case *image.RGBA64: // of each the upper byte
		if !src.Opaque() {
			break
		}
		return fourRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 2), nil
	case *image.NRGBA64:
		return fourRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 2), nil
	case *image.Gray:
		return grayRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 1), nil
	case *image.Gray16:
		return grayRows(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, b.Dx(), 2), nil
	case *image.CMYK:
		return func(y int, line []uint8) {
			row := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				p := row[4*x : 4*x+4 : 4*x+4]
				line[3*x], line[3*x+1], line[3*x+2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
			}
		}, nil
	case *image.Paletted:
		return paletteRows(src)
	}
	return func(y int, line []uint8) {
		for x := range b.Dx() {
			c, _ := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			line[3*x], line[3*x+1], line[3*x+2] = c.R, c.G, c.B
			onPaper(line[3*x:3*x+3], c.A)
		}
	}, nil
}

func lumaRows(src *image.YCbCr) rower {
	b := src.Rect
	return func(y int, line []uint8) {
		luma := src.Y[src.YOffset(b.Min.X, b.Min.Y+y):]
		for x := range b.Dx() {
			c := src.COffset(b.Min.X+x, b.Min.Y+y)
			line[3*x], line[3*x+1], line[3*x+2] = color.YCbCrToRGB(luma[x], src.Cb[c], src.Cr[c])
		}
	}
}

// fourRows reads red, green, blue, alpha of so many bytes each, the upper first.
func fourRows(pix []uint8, stride, w, bytes int) rower {
	return func(y int, line []uint8) {
		row := pix[y*stride:]
		for x := range w {
			p := row[4*bytes*x : 4*bytes*x+4*bytes : 4*bytes*x+4*bytes]
			line[3*x], line[3*x+1], line[3*x+2] = p[0], p[bytes], p[2*bytes]
			if a := p[3*bytes]; a < 255 {
				onPaper(line[3*x:3*x+3], a)
			}
		}
	}
}

func grayRows(pix []uint8, stride, w, bytes int) rower {
	return func(y int, line []uint8) {
		row := pix[y*stride:]
		for x := range w {
			v := row[bytes*x]
			line[3*x], line[3*x+1], line[3*x+2] = v, v, v
		}
	}
}

func paletteRows(src *image.Paletted) (rower, error) {
	b := src.Rect
	for y := range b.Dy() {
		row := src.Pix[y*src.Stride : y*src.Stride+b.Dx()]
		for _, i := range row {
			if int(i) >= len(src.Palette) {
				return nil, errors.New("colour beyond the palette")
			}
		}
	}
	var colours [256][3]uint8
	for i, c := range src.Palette {
		n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
		colours[i] = [3]uint8{n.R, n.G, n.B}
		onPaper(colours[i][:], n.A)
	}
	return func(y int, line []uint8) {
		row := src.Pix[y*src.Stride:]
		for x := range b.Dx() {
			copy(line[3*x:3*x+3], colours[row[x]][:])
		}
	}, nil
}

// onPaper lays a colour that is not premultiplied over white.
func onPaper(rgb []uint8, alpha uint8) {
	if alpha == 255 {
		return
	}
	a := uint32(alpha)
	for c := range 3 {
		rgb[c] = uint8((uint32(rgb[c])*a + 255*(255-a) + 127) / 255)
	}
}
