package media

import (
	"bytes"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/bep/imagemeta"
)

// Exif is what the camera noted in the file. It is evidence, not truth.
type Exif struct {
	// TakenAt is the camera's local time as YYYY-MM-DDThh:mm:ss, followed by
	// its UTC offset (+08:00 or Z) when the camera noted one. Empty if unknown.
	TakenAt string

	// Lat and Lng are WGS-84 degrees and mean nothing unless HasGPS.
	Lat, Lng float64
	HasGPS   bool

	// Orientation is 1 to 8 as EXIF numbers them; 1 is upright and also
	// stands for none or a senseless one.
	Orientation int

	// Make, Model and Software are the camera's, or the phone's, own words.
	Make, Model, Software string

	// Camera reports whether anything is there that only a camera writes: a
	// moment, a place, a maker or an exposure.
	Camera bool

	// comment is what a phone writes about a picture that it took of its screen.
	comment string
}

// The tags that are read need less than these; the limits keep a crafted file
// from sending the reader over the same directory again and again.
const (
	maxTags    = 1000
	maxTagSize = 256
	maxWords   = 64 // letters of a maker's, a model's or a program's name
)

// ReadExif collects what can be read. A damaged or missing EXIF block is no
// reason to refuse a photo, so there is no error.
func ReadExif(data []byte, typ Type) Exif {
	format, known := map[Type]imagemeta.ImageFormat{
		JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP,
	}[typ]
	if !known {
		return Exif{Orientation: 1}
	}
	tags := exifTags{}
	_, _ = imagemeta.Decode(imagemeta.Options{ // what was read before an error counts
		R: bytes.NewReader(data), ImageFormat: format, Sources: imagemeta.EXIF,
		LimitNumTags: maxTags, LimitTagSize: maxTagSize,
		HandleTag: func(tag imagemeta.TagInfo) error {
			key := tag.Namespace + "/" + tag.Tag
			if _, again := tags[key]; !again {
				tags[key] = tag.Value
			}
			return nil
		},
	})
	exif := Exif{
		TakenAt: tags.takenAt(), Orientation: tags.orientation(),
		Make: tags.words("IFD0/Make"), Model: tags.words("IFD0/Model"), Software: tags.words("IFD0/Software"),
		comment: strings.TrimSpace(tags.words("IFD0/ExifIFDP/UserComment") + " " + tags.words("IFD0/ImageDescription")),
	}
	exif.Lat, exif.Lng, exif.HasGPS = tags.position()
	exif.Camera = exif.TakenAt != "" || exif.HasGPS || exif.Make != "" || exif.Model != "" || tags["IFD0/ExifIFDP/ExposureTime"] != nil
	return exif
}

// exifTags maps "directory/tag" to the value, as imagemeta converts it.
type exifTags map[string]any

func (t exifTags) text(key string) string {
	s, _ := t[key].(string)
	return strings.TrimSpace(s)
}

// words is a text without what no person reads, cut where a camera's name ends.
func (t exifTags) words(key string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, strings.ToValidUTF8(t.text(key), ""))
	if runes := []rune(clean); len(runes) > maxWords {
		clean = string(runes[:maxWords])
	}
	return strings.TrimSpace(clean)
}

// takenAt prefers the moment of exposure to that of digitising. imagemeta's
// own GetDateTime ignores the offset tags and would call local time UTC.
func (t exifTags) takenAt() string {
	const dir = "IFD0/ExifIFDP/"
	for _, tag := range [][2]string{{"DateTimeOriginal", "OffsetTimeOriginal"}, {"CreateDate", "OffsetTimeDigitized"}} {
		at, err := time.Parse("2006:01:02 15:04:05", t.text(dir+tag[0]))
		if err != nil || at.Year() < 1900 {
			continue
		}
		local, offset := at.Format("2006-01-02T15:04:05"), t.text(dir+tag[1])
		if _, err := time.Parse("Z07:00", offset); err != nil {
			return local
		}
		return local + offset
	}
	return ""
}

func (t exifTags) orientation() int {
	if v, ok := t["IFD0/Orientation"].(uint16); ok && 1 <= v && v <= 8 {
		return int(v)
	}
	return 1
}

// position takes 0,0 for no position: imagemeta turns undefined numbers into
// zeros without an error, and so do phones that had no fix.
func (t exifTags) position() (lat, lng float64, found bool) {
	const dir = "IFD0/GPSInfoIFD/"
	lat, okLat := t.degrees(dir+"GPSLatitude", "N", "S", 90)
	lng, okLng := t.degrees(dir+"GPSLongitude", "E", "W", 180)
	if !okLat || !okLng || lat == 0 && lng == 0 {
		return 0, 0, false
	}
	return lat, lng, true
}

func (t exifTags) degrees(key, plus, minus string, limit float64) (float64, bool) {
	v, ok := t[key].(float64)
	if !ok || math.IsNaN(v) || v < 0 || v > limit {
		return 0, false
	}
	switch t.text(key + "Ref") {
	case plus:
		return v, true
	case minus:
		return -v, true
	}
	return 0, false
}
