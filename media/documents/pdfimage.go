package documents

import (
	"bytes"
	"compress/zlib"
	"image"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// stream is one of a PDF's, as it lies in the file.
type stream struct {
	dict, body []byte
}

const (
	maxDict    = 4 << 10 // bytes before a stream in which its dictionary is looked for
	maxStreams = 5_000
)

// carve finds the streams of pictures and attached files without a look at the
// cross-reference: such streams always lie in the file as they are, and the
// library does not hand out those that it cannot decode.
func carve(data []byte) (out []stream) {
	for at := 0; len(out) < maxStreams; {
		i := bytes.Index(data[at:], []byte("stream"))
		if i < 0 {
			break
		}
		start := at + i + len("stream")
		if at = start; i >= 3 && bytes.HasSuffix(data[:start-len("stream")], []byte("end")) {
			continue
		}
		switch {
		case bytes.HasPrefix(data[start:], []byte("\r\n")):
			start += 2
		case bytes.HasPrefix(data[start:], []byte("\n")), bytes.HasPrefix(data[start:], []byte("\r")):
			start++
		default:
			continue
		}
		before := data[max(0, start-maxDict):start]
		if from := bytes.LastIndex(before, []byte(" obj")); from >= 0 {
			before = before[from:]
		}
		end := bytes.Index(data[start:], []byte("endstream"))
		if end < 0 {
			break
		}
		at = start + end
		if s := (stream{dict: before, body: data[start:at]}); s.isImage() || s.isFile() {
			out = append(out, s)
		}
	}
	return out
}

var (
	imageKey    = regexp.MustCompile(`/Subtype\s*/Image\b`)
	fileKey     = regexp.MustCompile(`/Type\s*/EmbeddedFile\b`)
	widthKey    = regexp.MustCompile(`/Width\s+(\d+)`)
	heightKey   = regexp.MustCompile(`/Height\s+(\d+)`)
	bitsKey     = regexp.MustCompile(`/BitsPerComponent\s+(\d+)`)
	predictKey  = regexp.MustCompile(`/Predictor\s+(\d+)`)
	filterKey   = regexp.MustCompile(`/Filter\s*(?:\[([^\]]*)\]|(/\w+))`)
	filterNames = regexp.MustCompile(`/(\w+)`)
)

func (s stream) isImage() bool { return imageKey.Match(s.dict) }
func (s stream) isFile() bool  { return fileKey.Match(s.dict) }

func (s stream) number(key *regexp.Regexp, otherwise int) int {
	if m := key.FindSubmatch(s.dict); m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			return n
		}
	}
	return otherwise
}

func (s stream) filters() (names []string) {
	if m := filterKey.FindSubmatch(s.dict); m != nil {
		for _, name := range filterNames.FindAllSubmatch(slices.Concat(m[1], m[2]), -1) {
			names = append(names, string(name[1]))
		}
	}
	return names
}

// unpack undoes FlateDecode, up to a limit; nothing else.
func (s stream) unpack(limit int64) ([]byte, bool) {
	switch f := s.filters(); {
	case len(f) == 0:
		return s.body, int64(len(s.body)) <= limit
	case f[0] != "FlateDecode":
		return nil, false
	}
	in, err := zlib.NewReader(bytes.NewReader(s.body))
	if err != nil {
		return nil, false
	}
	data, _ := io.ReadAll(io.LimitReader(in, limit+1)) // what came before the fault is tried
	return data, int64(len(data)) <= limit && len(data) > 0
}

// picture decodes a JPEG or plain pixels; nil for everything else.
func (s stream) picture(opts Options) *image.Gray {
	if !s.isImage() {
		return nil
	}
	filters := s.filters()
	if n := len(filters); n > 0 && filters[n-1] == "DCTDecode" && n <= 2 {
		data := s.body
		if n == 2 {
			var ok bool
			if data, ok = s.unpack(opts.Bytes); !ok {
				return nil
			}
		}
		if gray, err := decodeGray(data, opts); err == nil {
			return gray
		}
		return nil
	}
	if len(filters) > 1 {
		return nil
	}
	w, h, bits := s.number(widthKey, 0), s.number(heightKey, 0), s.number(bitsKey, 1)
	if w < minSide || h < minSide || w > 20_000 || h > 20_000 || int64(w)*int64(h) > min(opts.Pixels, deepPixels) || bits != 1 && bits != 8 {
		return nil
	}
	limit := int64(h) * (int64(w)*4*int64(bits)/8 + 8)
	data, ok := s.unpack(limit)
	if !ok {
		return nil
	}
	return pixels(data, w, h, bits, s.number(predictKey, 1) >= 10)
}

// pixels makes a picture of rows of samples. How many there are to a pixel shows
// in the length. A palette is not looked at: dark and light are what counts, and
// where they are exchanged the QR is not found.
func pixels(data []byte, w, h, bits int, predicted bool) *image.Gray {
	extra := 0
	if predicted {
		extra = 1
	}
	for _, n := range []int{4, 3, 1} {
		row := (w*n*bits + 7) / 8
		if len(data) < h*(row+extra) {
			continue
		}
		if predicted {
			data = unpredict(data, row, h, max(1, n*bits/8))
		}
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			line := data[y*row:][:row]
			for x := range w {
				switch {
				case bits == 1:
					out.Pix[y*w+x] = 255 * (line[x/8] >> (7 - x%8) & 1)
				case n == 4: // ink: cyan, magenta, yellow, black
					out.Pix[y*w+x] = uint8(max(0, 255-int(line[4*x+3])-(int(line[4*x])+int(line[4*x+1])+int(line[4*x+2]))/3))
				case n == 3:
					out.Pix[y*w+x] = uint8((299*int(line[3*x]) + 587*int(line[3*x+1]) + 114*int(line[3*x+2])) / 1000)
				default:
					out.Pix[y*w+x] = line[x]
				}
			}
		}
		return out
	}
	return nil
}

// unpredict undoes the filters of PNG, one a row.
func unpredict(data []byte, row, h, pixel int) []byte {
	out := make([]byte, h*row)
	zero := make([]byte, row)
	for y := range h {
		filter, in := data[y*(row+1)], data[y*(row+1)+1:][:row]
		line, above := out[y*row:][:row], zero
		if y > 0 {
			above = out[(y-1)*row:][:row]
		}
		for x := range row {
			var left, up, corner int
			up = int(above[x])
			if x >= pixel {
				left, corner = int(line[x-pixel]), int(above[x-pixel])
			}
			guess := 0
			switch filter {
			case 1:
				guess = left
			case 2:
				guess = up
			case 3:
				guess = (left + up) / 2
			case 4:
				guess = paeth(left, up, corner)
			}
			line[x] = in[x] + byte(guess)
		}
	}
	return out
}

func paeth(left, up, corner int) int {
	p := left + up - corner
	a, b, c := abs(p-left), abs(p-up), abs(p-corner)
	if a <= b && a <= c {
		return left
	}
	if b <= c {
		return up
	}
	return corner
}

func abs(n int) int { return max(n, -n) }
