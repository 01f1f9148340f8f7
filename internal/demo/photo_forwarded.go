package demo

import (
	"bytes"
	"image"

	"github.com/disintegration/imaging"
)

// Forwarded does to a photo what a messenger does: a smaller, slightly cut copy
// without EXIF.
func Forwarded(jpeg []byte) ([]byte, error) {
	img, err := imaging.Decode(bytes.NewReader(jpeg), imaging.AutoOrientation(true))
	if err != nil {
		return nil, err
	}
	box := img.Bounds()
	cut := imaging.Crop(img, image.Rect(box.Dx()/50, box.Dy()/50, box.Dx()*49/50, box.Dy()*49/50))
	var out bytes.Buffer
	err = imaging.Encode(&out, imaging.Resize(cut, box.Dx()*3/5, 0, imaging.Linear), imaging.JPEG, imaging.JPEGQuality(80))
	return out.Bytes(), err
}
