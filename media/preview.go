package media

import (
	"errors"
	"image"
	"regexp"
	"strconv"

	"github.com/disintegration/imaging"
)

var previewSize = regexp.MustCompile(`^(\d{1,5})x(\d{1,5})([tbf]?)$`)

// Preview makes one JPEG of a picture, upright and without EXIF. size is in the
// words of PocketBase's file fields: WxH cut from the middle, WxHt from the top,
// WxHb from the bottom, WxHf whole within it; 0xH and Wx0 keep the proportions.
// No side is longer than PublicSide or the picture's. It fails with a *Refusal if
// the picture is at fault; see Develop.
func Preview(data []byte, limits Limits, size string) (out []byte, err error) {
	defer caught(&err)
	asked := previewSize.FindStringSubmatch(size)
	if asked == nil {
		return nil, errors.New("no size of a preview: " + size)
	}
	w, _ := strconv.Atoi(asked[1]) // digits, by the pattern
	h, _ := strconv.Atoi(asked[2])
	if w == 0 && h == 0 {
		return nil, errors.New("no size of a preview: " + size)
	}
	_, img, err := enlarge(data, limits)
	if err != nil {
		return nil, err
	}
	return encode(cropped(img, w, h, asked[3]), thumbQuality)
}

// cropped brings a picture to a size that it is not smaller than.
func cropped(img *image.NRGBA, w, h int, from string) *image.NRGBA {
	most := img.Rect.Size()
	switch {
	case w == 0:
		return imaging.Fit(img, most.X, min(h, most.Y), imaging.Linear)
	case h == 0:
		return imaging.Fit(img, min(w, most.X), most.Y, imaging.Linear)
	case from == "f":
		return imaging.Fit(img, w, h, imaging.Linear)
	}
	anchor := map[string]imaging.Anchor{"": imaging.Center, "t": imaging.Top, "b": imaging.Bottom}[from]
	return imaging.Fill(img, min(w, most.X), min(h, most.Y), anchor, imaging.Linear)
}
