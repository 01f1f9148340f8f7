package exifjpeg

import (
	"encoding/binary"
	"math"
)

// Tags in the ascending order in which a directory must hold them.
const (
	tagMake        = 0x010F
	tagModel       = 0x0110
	tagOrientation = 0x0112
	tagDateTime    = 0x0132
	tagExifIFD     = 0x8769
	tagGPSIFD      = 0x8825

	tagExifVersion         = 0x9000
	tagDateTimeOriginal    = 0x9003
	tagDateTimeDigitized   = 0x9004
	tagOffsetTime          = 0x9010
	tagOffsetTimeOriginal  = 0x9011
	tagOffsetTimeDigitized = 0x9012

	tagGPSVersion      = 0x0000
	tagGPSLatitudeRef  = 0x0001
	tagGPSLatitude     = 0x0002
	tagGPSLongitudeRef = 0x0003
	tagGPSLongitude    = 0x0004
)

const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeUndefined = 7
)

type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// directory is one TIFF image file directory; entries are added by rising tag.
type directory struct{ entries []entry }

func (d *directory) add(tag, kind uint16, count int, value []byte) {
	d.entries = append(d.entries, entry{tag, kind, uint32(count), value})
}

func (d *directory) text(tag uint16, s string) {
	if s == "" {
		return
	}
	value := append([]byte(s), 0)
	d.add(tag, typeASCII, len(value), value)
}

func (d *directory) bytes(tag uint16, value []byte) { d.add(tag, typeByte, len(value), value) }

func (d *directory) undefined(tag uint16, value []byte) {
	d.add(tag, typeUndefined, len(value), value)
}

func (d *directory) short(tag, v uint16) {
	d.add(tag, typeShort, 1, binary.BigEndian.AppendUint16(nil, v))
}

func (d *directory) long(tag uint16, v uint32) {
	d.add(tag, typeLong, 1, binary.BigEndian.AppendUint32(nil, v))
}

// degrees writes |v| as degrees, minutes and seconds; a second is cut into
// 10,000 parts, about 3 mm on the ground.
func (d *directory) degrees(tag uint16, v float64) {
	const parts = 10_000
	total := uint64(math.Round(math.Abs(v) * 3600 * parts)) // over 32 bits beyond 119 degrees
	var value []byte
	for _, n := range [][2]uint64{{total / (3600 * parts), 1}, {total / (60 * parts) % 60, 1}, {total % (60 * parts), parts}} {
		value = binary.BigEndian.AppendUint32(value, uint32(n[0]))
		value = binary.BigEndian.AppendUint32(value, uint32(n[1]))
	}
	d.add(tag, typeRational, 3, value)
}

// size counts the directory and the values that do not fit into an entry.
func (d *directory) size() int {
	n := 2 + 12*len(d.entries) + 4
	for _, e := range d.entries {
		if len(e.value) > 4 {
			n += even(len(e.value))
		}
	}
	return n
}

// appendTo writes the directory so that it starts at offset len(out).
func (d *directory) appendTo(out []byte) []byte {
	heap := len(out) + 2 + 12*len(d.entries) + 4
	var values []byte
	out = binary.BigEndian.AppendUint16(out, uint16(len(d.entries)))
	for _, e := range d.entries {
		out = binary.BigEndian.AppendUint16(out, e.tag)
		out = binary.BigEndian.AppendUint16(out, e.kind)
		out = binary.BigEndian.AppendUint32(out, e.count)
		if len(e.value) <= 4 {
			out = append(out, append(e.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		out = binary.BigEndian.AppendUint32(out, uint32(heap+len(values)))
		values = append(values, e.value...)
		values = append(values, make([]byte, even(len(e.value))-len(e.value))...)
	}
	out = append(out, 0, 0, 0, 0) // no further directory
	return append(out, values...)
}

// tiff lays out header, main, exif and, unless it is empty, gps.
func tiff(main, exif, gps directory) []byte {
	const header = 8
	main.long(tagExifIFD, 0)
	if len(gps.entries) > 0 {
		main.long(tagGPSIFD, 0)
	}
	at := header + main.size()
	for i := range main.entries {
		switch e := &main.entries[i]; e.tag {
		case tagExifIFD:
			binary.BigEndian.PutUint32(e.value, uint32(at))
		case tagGPSIFD:
			binary.BigEndian.PutUint32(e.value, uint32(at+exif.size()))
		}
	}
	out := []byte{'M', 'M', 0, 42, 0, 0, 0, header}
	out = main.appendTo(out)
	out = exif.appendTo(out)
	if len(gps.entries) > 0 {
		out = gps.appendTo(out)
	}
	return out
}

func even(n int) int { return n + n%2 }
