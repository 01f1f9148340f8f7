package media

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// The longer sides of the three copies in pixels, and their JPEG quality. A
// copy is never larger than its original.
const (
	PublicSide = 1600
	ThumbSide  = 320
	TinySide   = 64

	publicQuality = 82
	thumbQuality  = 75
)

// Want says what is made of a photo.
type Want struct {
	Limits    Limits
	Watermark []string // lines of text on the public copy; see TakenLine
}

// Developed is what a photo came to: its facts, and three JPEG files, upright
// and without EXIF: place, time and camera stay with the original.
type Developed struct {
	Facts               Facts
	Public, Thumb, Tiny []byte
}

// Develop inspects a photo and makes its copies; each is made of the next
// larger one. It fails with a *Refusal if the photo is at fault.
//
// A decoder's panic in this goroutine is a refusal too. One in a goroutine of
// a library's own, and a file that takes all memory, end the process: package
// imageworker gives it one to lose.
func Develop(data []byte, want Want) (out Developed, err error) {
	defer caught(&err)
	facts, public, err := enlarge(data, want.Limits)
	if err != nil {
		return Developed{}, err
	}
	thumb := resize(public, ThumbSide)
	tiny := resize(thumb, TinySide)
	facts.Look = LookOf(thumb)
	if err := watermark(public, want.Watermark, facts); err != nil {
		return Developed{}, err
	}
	out = Developed{Facts: facts}
	for _, c := range []struct {
		into    *[]byte
		img     *image.NRGBA
		quality int
	}{{&out.Public, public, publicQuality}, {&out.Thumb, thumb, thumbQuality}, {&out.Tiny, tiny, thumbQuality}} {
		if *c.into, err = encode(c.img, c.quality); err != nil {
			return Developed{}, err
		}
	}
	return out, nil
}

// enlarge gives the picture upright and opaque, of PublicSide at most.
func enlarge(data []byte, limits Limits) (Facts, *image.NRGBA, error) {
	facts, err := Inspect(data, limits)
	if err != nil {
		return Facts{}, nil, err
	}
	img, err := decoders[facts.Type].pixels(bytes.NewReader(data))
	if err != nil {
		return Facts{}, nil, Damaged(err)
	}
	small, err := shrink(img, PublicSide)
	if err != nil {
		return Facts{}, nil, Damaged(err)
	}
	// Turning the small picture costs a fraction of turning the large one.
	return facts, upright(small, facts.Orientation), nil
}

// caught makes a refusal of a decoder's panic.
func caught(err *error) {
	if fault := recover(); fault != nil {
		*err = Damaged(fmt.Errorf("decoder: %v", fault))
	}
}

// encode writes an opaque img. Without alpha NRGBA and RGBA are the same
// bytes, and only for RGBA the encoder has a fast path.
func encode(img *image.NRGBA, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, asRGBA(img), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	return out.Bytes(), nil
}

func asRGBA(opaque *image.NRGBA) *image.RGBA {
	return &image.RGBA{Pix: opaque.Pix, Stride: opaque.Stride, Rect: opaque.Rect}
}
