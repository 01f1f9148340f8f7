package imageworker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/media"
)

const corpus = "../testdata/corpus"

// verdicts is what becomes of every file of the corpus: a refusal's code, or
// what its facts say and the colours of its public copy's corners, clockwise
// from the upper left.
var verdicts = map[string]string{
	"orientation-1.jpg": "image/jpeg 96x64 turned 1 by HUAWEI P60, rgyb",
	"orientation-2.jpg": "image/jpeg 96x64 turned 2 by HUAWEI P60, grby",
	"orientation-3.jpg": "image/jpeg 96x64 turned 3 by HUAWEI P60, ybrg",
	"orientation-4.jpg": "image/jpeg 96x64 turned 4 by HUAWEI P60, bygr",
	"orientation-5.jpg": "image/jpeg 64x96 turned 5 by HUAWEI P60, rbyg",
	"orientation-6.jpg": "image/jpeg 64x96 turned 6 by HUAWEI P60, brgy",
	"orientation-7.jpg": "image/jpeg 64x96 turned 7 by HUAWEI P60, ygrb",
	"orientation-8.jpg": "image/jpeg 64x96 turned 8 by HUAWEI P60, gybr",

	"progressive.jpg": "image/jpeg 96x64 turned 1, rgyb",
	"yuv444.jpg":      "image/jpeg 96x64 turned 1, rgyb",
	"gray.jpg":        "image/jpeg 96x64 turned 1, ????",
	"cmyk.jpg":        "image/jpeg 96x64 turned 1, rgyb",
	"货架照片 永辉超市.jpg":   "image/jpeg 96x64 turned 1 by Xiaomi, rgyb",

	"palette.png":        "image/png 96x64 turned 1, rgyb",
	"alpha.png":          "image/png 96x64 turned 1, rgyb",
	"gray.png":           "image/png 96x64 turned 1, ????",
	"16bit.png":          "image/png 32x16 turned 1, ????",
	"16bit-gray.png":     "image/png 32x16 turned 1, ????",
	"palette-beyond.png": "image/png 8x8 turned 1, ????", // the decoder fills the palette up

	"lossy.webp":    "image/webp 96x64 turned 1, rgyb",
	"lossless.webp": "image/webp 96x64 turned 1, rgyb",
	"alpha.webp":    "image/webp 96x64 turned 1, ??yb",
	"animated.webp": "blob.animated",
	"animated.png":  "blob.animated",
	"animated.gif":  "blob.type_refused",

	"time-plus8.jpg":       "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06+08:00 by HUAWEI, rgyb",
	"time-local.jpg":       "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06 by HUAWEI, rgyb",
	"gps.jpg":              "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06+08:00 in 31.24022,121.49997 by Apple iPhone 15, rgyb",
	"gps-without-fix.jpg":  "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06+08:00 by OPPO, rgyb",
	"gps-undefined.jpg":    "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06+08:00 by vivo, rgyb",
	"gps-beyond.jpg":       "image/jpeg 96x64 turned 1 at 2026-03-09T14:05:06+08:00 by vivo, rgyb",
	"exif-absurd.jpg":      "image/jpeg 96x64 turned 1, rgyb",
	"exif-zero-time.jpg":   "image/jpeg 96x64 turned 1 by HONOR, rgyb",
	"screenshot-said.jpg":  "image/jpeg 96x64 turned 1 of a screen, rgyb",
	"screenshot.png":       "image/png 1080x2340 turned 1 of a screen, ????",
	"png-named.jpg":        "image/png 96x64 turned 1, rgyb",
	"jpeg-named.png":       "image/jpeg 96x64 turned 1 by HUAWEI P60, rgyb",
	"polyglot-zip.jpg":     "image/jpeg 96x64 turned 1 by HUAWEI P60, rgyb",
	"polyglot-comment.jpg": "image/jpeg 96x64 turned 1 by HUAWEI P60, rgyb",

	"text.jpg":        "blob.type_refused",
	"html-before.jpg": "blob.type_refused",
	"pdf-named.jpg":   "blob.type_refused",
	"phone.heic":      "blob.convert",
	"zero.jpg":        "blob.damaged",
	"truncated.jpg":   "blob.damaged",
	"truncated.png":   "blob.damaged",
	"header-only.jpg": "blob.damaged",
	"bomb-40000.jpg":  "blob.too_many_pixels",
	"bomb-16384.png":  "blob.too_many_pixels",
}

// heavy are made here, since they would bloat the repository: the dearest that is
// still taken, and what is just beyond.
var heavy = map[string]struct {
	verdict string
	make    func(t *testing.T) []byte
}{
	"12 megapixels":          {"image/jpeg 4032x3024 turned 1", func(*testing.T) []byte { return demo.PhotoOf(4032, 3024, 2, demoDay, 31.2, 121.4) }},
	"a PNG of 39 megapixels": {"image/png 6250x6250 turned 1", func(t *testing.T) []byte { return pngOf(t, image.NewRGBA(image.Rect(0, 0, 6250, 6250))) }},
	"a PNG of 49 megapixels": {"blob.too_complex", func(t *testing.T) []byte { return pngOf(t, image.NewRGBA(image.Rect(0, 0, 7000, 7000))) }},
	"a palette of 49 megapixels": {"image/png 7000x7000 turned 1", func(t *testing.T) []byte {
		return pngOf(t, image.NewPaletted(image.Rect(0, 0, 7000, 7000), color.Palette{color.Black}))
	}},
	"16 bits deep, 36 megapixels":  {"blob.too_complex", func(t *testing.T) []byte { return pngOf(t, image.NewNRGBA64(image.Rect(0, 0, 6000, 6000))) }},
	"a gray JPEG of 49 megapixels": {"image/jpeg 7000x7000 turned 1", func(t *testing.T) []byte { return jpegOf(t, image.NewGray(image.Rect(0, 0, 7000, 7000))) }},
	"progressive, 36 megapixels": {"blob.progressive", func(*testing.T) []byte {
		return []byte("\xFF\xD8\xFF\xC2\x00\x11\x08\x17\x70\x17\x70\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xFF\xDA\x00\x0C\x03\x01\x00\x02\x11\x03\x11\x00\x3F\x00\xFF\xD9")
	}},
	"16384 by 16384, one bit a time": {"blob.too_many_pixels", func(t *testing.T) []byte {
		return pngOf(t, image.NewPaletted(image.Rect(0, 0, 16384, 16384), color.Palette{color.Black, color.White}))
	}},
}

var demoDay = time.Date(2026, 3, 9, 6, 5, 6, 0, time.UTC)

// TestCorpus develops every file in one child, whose peak memory and CPU time
// per file are bounded.
func TestCorpus(t *testing.T) {
	effort.Late(t)
	var files []string
	entries, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if verdicts[e.Name()] == "" {
			t.Errorf("%s has no verdict", e.Name())
		}
		files = append(files, e.Name())
	}
	if len(files) != len(verdicts) {
		t.Errorf("%d files, %d verdicts", len(files), len(verdicts))
	}
	p := New(Options{Workers: 1, Timeout: 5 * time.Minute, Command: func() *exec.Cmd { return exec.Command(os.Args[0], Argument) }})
	t.Cleanup(p.Close)
	check := func(name, path, verdict string, corners bool) {
		before := spent(t, p)
		out, err := p.Develop(context.Background(), path, media.Want{Limits: media.PhotoLimits, Watermark: []string{"2026-03-16 09:12"}})
		if got := described(t, out, err, corners); got != verdict {
			t.Errorf("%s: %s, want %s", name, got, verdict)
		}
		if took := spent(t, p) - before; limited && took > 2*time.Second {
			t.Errorf("%s took %v of CPU", name, took)
		} else if took > 300*time.Millisecond {
			t.Logf("%s: %v of CPU", name, took)
		}
	}
	for _, name := range files {
		check(name, filepath.Join(corpus, name), verdicts[name], true)
	}
	for name, h := range heavy {
		path := filepath.Join(t.TempDir(), "photo")
		if err := os.WriteFile(path, h.make(t), 0o600); err != nil {
			t.Fatal(err)
		}
		check(name, path, h.verdict, false)
	}
	c := <-p.slots
	if runtime.GOOS == "linux" {
		peak := peakOf(t, c.cmd.Process.Pid)
		t.Logf("peak memory of the child: %d MB", peak)
		if limited && peak > 240 {
			t.Errorf("the child took %d MB", peak)
		}
	}
	c.kill()
	p.slots <- nil
}

// peakOf reads the most memory that a process held, in MB. What the kernel says
// of it at its end counts its parent's too, from before it was another program.
func peakOf(t *testing.T, pid int) (mb int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscanf(rest, "%d kB", &mb); !found || err != nil {
		t.Fatalf("no VmHWM in %s", status)
	}
	return mb >> 10
}

// described is a verdict in words.
func described(t *testing.T, d media.Developed, err error, corners bool) string {
	t.Helper()
	if err != nil {
		if refusal, ok := errors.AsType[*media.Refusal](err); ok {
			return refusal.Code
		}
		return err.Error()
	}
	f := d.Facts
	out := fmt.Sprintf("%s %dx%d turned %d", f.Type, f.Width, f.Height, f.Orientation)
	if !corners {
		return out
	}
	if f.TakenAt != "" {
		out += " at " + f.TakenAt
	}
	if f.HasGPS {
		out += fmt.Sprintf(" in %.5f,%.5f", f.Lat, f.Lng)
	}
	if f.Make+f.Model != "" {
		out += " by " + strings.TrimSpace(f.Make+" "+f.Model)
	}
	if f.Screenshot {
		out += " of a screen"
	}
	for side, copy := range map[int][]byte{media.PublicSide: d.Public, media.ThumbSide: d.Thumb, media.TinySide: d.Tiny} {
		config, err := jpeg.DecodeConfig(bytes.NewReader(copy))
		if err != nil || max(config.Width, config.Height) != min(side, max(f.Width, f.Height)) || bytes.Contains(copy, []byte("Exif")) {
			t.Errorf("copy of %d: %v %+v", side, err, config)
		}
		if bytes.Contains(copy, []byte("script")) || bytes.Contains(copy, []byte("PK\x03\x04")) {
			t.Errorf("copy of %d carries what was hidden in the file", side)
		}
	}
	img, err := jpeg.Decode(bytes.NewReader(d.Thumb))
	if err != nil {
		return err.Error()
	}
	out += ", "
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for _, at := range []image.Point{{2, 2}, {w - 3, 2}, {w - 3, h - 3}, {2, h - 3}} {
		out += named(img.At(at.X, at.Y))
	}
	return out
}

func named(c color.Color) string {
	r, g, b, _ := c.RGBA()
	for name, want := range map[string][3]uint32{"r": {200, 0, 0}, "g": {0, 160, 0}, "b": {0, 0, 200}, "y": {220, 220, 0}} {
		far := uint32(0)
		for i, v := range []uint32{r >> 8, g >> 8, b >> 8} {
			far = max(far, max(v, want[i])-min(v, want[i]))
		}
		if far < 48 {
			return name
		}
	}
	return "?"
}

// spent is the CPU time of the only child; none if it does not run.
func spent(t *testing.T, p *Pool) time.Duration {
	t.Helper()
	c := <-p.slots
	defer func() { p.slots <- c }()
	if c == nil || runtime.GOOS != "linux" {
		return 0
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
