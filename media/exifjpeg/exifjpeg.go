// Package exifjpeg writes JPEG files with the EXIF block of a phone camera:
// time with offset, place, orientation, make and model.
//
// The demo company and the tests use it, so that their photos take the same
// path through the server as real ones.
package exifjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"time"
)

// Meta is what the camera noted. A zero value leaves its tag out.
type Meta struct {
	// Taken is written as local time with its UTC offset.
	Taken time.Time

	// Lat and Lng are WGS-84 degrees, written only when HasGPS.
	Lat, Lng float64
	HasGPS   bool

	// Orientation is the EXIF value 1 to 8, or 0 for none.
	// The pixels are stored as given and are not turned.
	Orientation int

	Make, Model string
}

const quality = 85

// Encode returns img as a JPEG of quality 85 with an EXIF block made of meta.
//
// It fails when the place or the orientation is out of range, when the block
// exceeds the 64 KB of a JPEG segment, or when img has a side of 0 or more
// than 65535 pixels.
func Encode(img image.Image, meta Meta) ([]byte, error) {
	exif, err := block(meta)
	if err != nil {
		return nil, err
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}

	// The block follows the 2-byte start marker as segment APP1.
	const soi = 2
	size := len(exif) + 2
	if size > math.MaxUint16 {
		return nil, errors.New("exif block is larger than a jpeg segment")
	}
	out := make([]byte, 0, plain.Len()+len(exif)+4)
	out = append(out, plain.Bytes()[:soi]...)
	out = append(out, 0xFF, 0xE1, byte(size>>8), byte(size))
	out = append(out, exif...)
	return append(out, plain.Bytes()[soi:]...), nil
}

// block builds "Exif\0\0" and a big-endian TIFF with the directories
// IFD0, Exif and GPS.
func block(meta Meta) ([]byte, error) {
	if meta.Orientation < 0 || meta.Orientation > 8 {
		return nil, fmt.Errorf("orientation %d is not in 0..8", meta.Orientation)
	}
	if meta.HasGPS && !(math.Abs(meta.Lat) <= 90 && math.Abs(meta.Lng) <= 180) {
		return nil, fmt.Errorf("position %v,%v is not on earth", meta.Lat, meta.Lng)
	}

	var main, exif, gps directory
	main.text(tagMake, meta.Make)
	main.text(tagModel, meta.Model)
	if meta.Orientation > 0 {
		main.short(tagOrientation, uint16(meta.Orientation))
	}
	exif.undefined(tagExifVersion, []byte("0232"))
	if !meta.Taken.IsZero() {
		at, offset := meta.Taken.Format("2006:01:02 15:04:05"), meta.Taken.Format("-07:00")
		main.text(tagDateTime, at)
		exif.text(tagDateTimeOriginal, at)
		exif.text(tagDateTimeDigitized, at)
		exif.text(tagOffsetTime, offset)
		exif.text(tagOffsetTimeOriginal, offset)
		exif.text(tagOffsetTimeDigitized, offset)
	}
	if meta.HasGPS {
		gps.bytes(tagGPSVersion, []byte{2, 3, 0, 0})
		gps.text(tagGPSLatitudeRef, pick(meta.Lat < 0, "S", "N"))
		gps.degrees(tagGPSLatitude, meta.Lat)
		gps.text(tagGPSLongitudeRef, pick(meta.Lng < 0, "W", "E"))
		gps.degrees(tagGPSLongitude, meta.Lng)
	}
	return append([]byte("Exif\x00\x00"), tiff(main, exif, gps)...), nil
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
