package main

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"satchel/media/documents"
	"satchel/media/documents/papertest"
)

// setsVariable names the folder that holds the pictures by which QR readers are
// compared. They are others', so the repository has none of them:
//
//	zxing/      a checkout of zxing/zxing
//	zxing-cpp/  a checkout of zxing-cpp/zxing-cpp
//	photos/     what bench/photographs.py makes
const setsVariable = "QR_SETS"

// qrSet are pictures with what their QRs say; nothing is said on one without.
type qrSet struct {
	name  string
	globs []string // in the folder of the sets
	turns int      // each is read so many ways up
	none  bool     // they have no QR
	of    int      // pictures that there are, ways up counted
	goal  int      // read at least
}

var qrSets = []qrSet{
	{"zxing's", []string{"zxing/core/src/test/resources/blackbox/qrcode-[1-6]/*"}, 4, false, 716, 684},
	{"zxing-cpp's", []string{"zxing-cpp/test/samples/qrcode-[1-6]/*"}, 4, false, 548, 516},
	{"photographs", []string{"photos/*"}, 1, false, 60, 44},
	{"spoiled", nil, 1, false, 40, 36},
	{"without a QR", []string{"zxing/core/src/test/resources/blackbox/falsepositives*/*", "zxing-cpp/test/samples/falsepositives-1/*"}, 1, true, 68, 0},
}

// qrFigures are what became of one set with one reader.
type qrFigures struct {
	qrSet
	reader      string
	read, wrong int
	cpu         []time.Duration
	missing     bool
}

// qrs reads every set, by the server's own reader and with the program beside it.
func (r *report) qrs() error {
	alone, both := documents.DefaultOptions, documents.DefaultOptions.Installed()
	for _, set := range qrSets {
		pictures, err := set.pictures()
		if err != nil {
			return err
		}
		if len(pictures)*set.turns < set.of {
			fmt.Fprintf(os.Stderr, "\n*** NOT MEASURED: the pictures %q: %d of %d are below $%s=%q ***\n\n", set.name, len(pictures)*set.turns, set.of, setsVariable, os.Getenv(setsVariable))
		}
		for _, reader := range []struct {
			name string
			opts documents.Options
			none bool
		}{{"Go alone", alone, false}, {"with ZXingReader", both, both.QRProgram == ""}} {
			f := qrFigures{qrSet: set, reader: reader.name, missing: reader.none || len(pictures)*set.turns < set.of}
			if !f.missing {
				if err := f.measure(pictures, reader.opts); err != nil {
					return err
				}
			}
			r.qrRun = append(r.qrRun, f)
		}
	}
	return nil
}

type qrPicture struct {
	text string
	gray *image.Gray
}

func (s qrSet) pictures() (out []qrPicture, err error) {
	if s.globs == nil {
		for _, p := range papertest.SpoiledSamples() {
			gray, err := documents.Gray(p.JPEG, documents.DefaultOptions)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name, err)
			}
			out = append(out, qrPicture{p.Text, gray})
		}
		return out, nil
	}
	for _, glob := range s.globs {
		files, err := filepath.Glob(filepath.Join(os.Getenv(setsVariable), glob))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			ext := filepath.Ext(file)
			if !slices.Contains([]string{".png", ".jpg", ".webp"}, ext) {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			gray, err := documents.Gray(data, documents.DefaultOptions)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			text, err := os.ReadFile(strings.TrimSuffix(file, ext) + ".txt")
			if err != nil && !s.none {
				return nil, err
			}
			out = append(out, qrPicture{string(text), gray})
		}
	}
	return out, nil
}

func (f *qrFigures) measure(pictures []qrPicture, opts documents.Options) error {
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	for _, p := range pictures {
		gray := p.gray
		for range f.turns {
			before, err := cpuOfAll()
			if err != nil {
				return err
			}
			texts := documents.ReadQR(gray, opts)
			after, err := cpuOfAll()
			if err != nil {
				return err
			}
			f.cpu = append(f.cpu, after-before)
			switch {
			case !f.none && slices.ContainsFunc(texts, func(t string) bool { return words(t) == words(p.text) }):
				f.read++
			case len(texts) > 0:
				f.wrong++
			}
			gray = turned(gray)
		}
	}
	slices.Sort(f.cpu)
	return nil
}

// turned is a picture a quarter further.
func turned(img *image.Gray) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.Pix[x*out.Stride+h-1-y] = img.Pix[y*img.Stride+x]
		}
	}
	return out
}

// cpuOfAll is that of this process and of the programs that it waited for.
func cpuOfAll() (time.Duration, error) {
	var own, children syscall.Rusage
	mine, err := cpuOf(&own)
	if err != nil {
		return 0, err
	}
	err = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
	return mine + time.Duration(children.Utime.Nano()+children.Stime.Nano()), err
}
