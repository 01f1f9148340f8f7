package media

import (
	"bytes"

	"github.com/disintegration/imaging"
)

// TinySide is the longer side of the smallest copy in pixels.
const TinySide = 64

// Want says what is made of a photo.
type Want struct {
	Limits    Limits
	Watermark []string // lines of text on the public copy
}

// Developed is what a photo came to: its facts, and three JPEG copies.
type Developed struct {
	Facts               Facts
	Public, Thumb, Tiny []byte
}

// Develop inspects a photo and makes its copies.
func Develop(data []byte, want Want) (Developed, error) {
	facts, err := Inspect(data, want.Limits)
	if err != nil {
		return Developed{}, err
	}
	copies, err := Render(data, facts)
	if err != nil {
		return Developed{}, err
	}
	thumb, err := decoders[JPEG].pixels(bytes.NewReader(copies.Thumb))
	if err != nil {
		return Developed{}, damaged(err)
	}
	tiny, err := encode(shrink(thumb, TinySide, imaging.Linear), thumbQuality)
	return Developed{Facts: facts, Public: copies.Public, Thumb: copies.Thumb, Tiny: tiny}, err
}
