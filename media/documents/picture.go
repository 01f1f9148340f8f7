package documents

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"satchel/media"
	"satchel/media/qr"
)

// deepPixels bounds pictures whose decoder holds four bytes or more a pixel.
const deepPixels = 25_000_000

var decoders = map[media.Type]func(io.Reader) (image.Image, error){media.JPEG: jpeg.Decode, media.PNG: png.Decode, media.WebP: webp.Decode}

func readPicture(paper *Paper, data []byte, opts Options, work *qr.Budget) error {
	gray, err := decodeGray(data, opts)
	if err != nil {
		return err
	}
	paper.readQR(gray, opts, work)
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
