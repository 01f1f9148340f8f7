package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"github.com/disintegration/imaging"
)

// The longer sides of the two copies in pixels, and their JPEG quality.
// A copy is never larger than its original.
const (
	PublicSide = 2048
	ThumbSide  = 320

	publicQuality = 82
	thumbQuality  = 75
)

// Copies are two JPEG files, upright and without EXIF: place, time and camera
// stay with the original.
type Copies struct {
	Public, Thumb []byte
}

// Render decodes data, which Inspect has accepted, and makes the copies.
// Pixels that cannot be decoded are refused with CodeDamaged.
//
// Peak memory is about eight bytes per pixel of the original, so a caller
// bounds how many run at once.
func Render(data []byte, facts Facts) (copies Copies, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			copies, err = Copies{}, Damaged(fmt.Errorf("decoder: %v", caught))
		}
	}()
	decoder, known := decoders[facts.Type]
	if !known {
		return Copies{}, &Refusal{Code: CodeType, Params: map[string]any{"found": string(facts.Type)}}
	}
	img, err := decoder.pixels(bytes.NewReader(data))
	if err != nil {
		return Copies{}, Damaged(err)
	}
	if img, err = direct(img); err != nil {
		return Copies{}, Damaged(err)
	}

	// Turning the small picture costs a fraction of turning the large one.
	public := opaque(upright(shrink(img, PublicSide, imaging.Linear), facts.Orientation))
	thumb := shrink(public, ThumbSide, imaging.Linear)
	if copies.Public, err = encode(public, publicQuality); err != nil {
		return Copies{}, err
	}
	copies.Thumb, err = encode(thumb, thumbQuality)
	return copies, err
}

// direct replaces a palette by colours. imaging looks a palette up in
// goroutines of its own, where an index beyond it would end the process.
func direct(img image.Image) (image.Image, error) {
	src, paletted := img.(*image.Paletted)
	if !paletted {
		return img, nil
	}
	palette := make([]color.NRGBA, len(src.Palette))
	for i, c := range src.Palette {
		palette[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := int(src.Pix[y*src.Stride+x])
			if i >= len(palette) {
				return nil, errors.New("colour beyond the palette")
			}
			c := palette[i]
			copy(dst.Pix[y*dst.Stride+4*x:], []byte{c.R, c.G, c.B, c.A})
		}
	}
	return dst, nil
}

// shrink keeps the proportions and at least one pixel in either direction.
func shrink(img image.Image, side int, filter imaging.ResampleFilter) *image.NRGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if longer := max(w, h); longer > side {
		w, h = max(1, w*side/longer), max(1, h*side/longer)
	}
	return imaging.Resize(img, w, h, filter)
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

// opaque lays img, in place, over white paper.
func opaque(img *image.NRGBA) *image.NRGBA {
	for i := 0; i+3 < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		if a := uint32(p[3]); a < 255 {
			for c := range 3 {
				p[c] = uint8((uint32(p[c])*a + 255*(255-a) + 127) / 255)
			}
			p[3] = 255
		}
	}
	return img
}

// encode writes an opaque img. Without alpha NRGBA and RGBA are the same
// bytes, and only for RGBA the encoder has a fast path.
func encode(img *image.NRGBA, quality int) ([]byte, error) {
	var out bytes.Buffer
	rgba := &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	if err := jpeg.Encode(&out, rgba, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	return out.Bytes(), nil
}
