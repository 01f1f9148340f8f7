package qr

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satchel/internal/effort"
)

const work = 60_000_000

// nothing expected: a text counts by what was read alone.
var unexpecting = Options{Expected: func(string) bool { return false }}

// unread are pictures that no reader is known to read; one that is must be right.
var unread = []string{"glare-450-1"}

// photo decodes a picture of testdata, and what its QR says: made photographs of a
// made invoice, one or two of each harm, cut out around the QR.
func photo(t *testing.T, name string) (*image.Gray, string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Gray), string(text) //nolint:forcetypeassert // they are all grey
}

func photos(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".jpg"))
	}
	return names
}

func TestEachHarmIsRead(t *testing.T) {
	for _, name := range photos(t) {
		img, text := photo(t, name)
		got := Read(img, NewBudget(work), unexpecting)
		if slices.Contains(unread, name) && len(got) == 0 {
			continue
		}
		if !slices.Equal(got, []string{text}) {
			t.Errorf("%s: read %q, want %q", name, got, text)
		}
	}
}

// TestAnyWayUp: turned by quarters, mirrored, and light on dark.
func TestAnyWayUp(t *testing.T) {
	img, text := photo(t, "moire-120-2")
	for i := range 12 {
		view := image.NewGray(img.Rect)
		n := img.Rect.Dx() - 1
		if img.Rect.Dy() <= n {
			view = image.NewGray(image.Rect(0, 0, n+1, n+1))
		}
		for y := range view.Rect.Dy() {
			for x := range view.Rect.Dx() {
				u, v := x, y
				for range i % 4 {
					u, v = n-v, u
				}
				if i/4 == 1 {
					u, v = v, u
				}
				c := img.GrayAt(u, v)
				if i/4 == 2 {
					c.Y = 255 - c.Y
				}
				view.SetGray(x, y, c)
			}
		}
		if got := Read(view, NewBudget(work), unexpecting); !slices.Equal(got, []string{text}) {
			t.Errorf("way %d: %q", i, got)
		}
	}
}

// TestNothingIsReadWhereNothingIs: noise, patterns without a code, and codes of
// which a third is gone.
func TestNothingIsReadWhereNothingIs(t *testing.T) {
	for name, img := range empties() {
		if got := Read(img, NewBudget(work), Options{Expected: func(string) bool { return true }}); len(got) > 0 {
			t.Errorf("%s: read %q", name, got)
		}
	}
	for _, name := range effort.Some(photos(t), 3, 4) {
		img, text := photo(t, name)
		w, h := img.Rect.Dx(), img.Rect.Dy()
		for y := h * 2 / 5; y < h*3/5; y++ { // noise over the middle
			for x := range w {
				img.Pix[y*img.Stride+x] = uint8((x*7919 + y*104729) % 251)
			}
		}
		if got := Read(img, NewBudget(work), unexpecting); len(got) > 0 && !slices.Equal(got, []string{text}) {
			t.Errorf("%s, spoiled: read %q", name, got)
		}
	}
}

func empties() map[string]*image.Gray {
	r := rand.New(rand.NewPCG(3, 7))
	draw := func(w, h int, at func(x, y int) uint8) *image.Gray {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for i := range img.Pix {
			img.Pix[i] = at(i%w, i/w)
		}
		return img
	}
	mark := func(m, x, y int) uint8 {
		x, y = x%(9*m)/m-3, y%(9*m)/m-3
		if ring := max(x, -x, y, -y); ring > 3 || ring == 2 {
			return 250
		}
		return 10
	}
	coarse := make([]uint8, 1<<16)
	for i := range coarse {
		coarse[i] = uint8(255 * r.IntN(2))
	}
	return map[string]*image.Gray{
		"black": draw(300, 300, func(int, int) uint8 { return 0 }), "white": draw(300, 300, func(int, int) uint8 { return 255 }),
		"small": draw(20, 20, mix(coarse)), "narrow": draw(3000, 25, mix(coarse)), "thin": draw(25, 3000, mix(coarse)),
		"one pixel": draw(1, 1, mix(coarse)), "none": draw(0, 0, mix(coarse)),
		"noise": draw(900, 700, func(int, int) uint8 { return uint8(r.IntN(256)) }), "squares": draw(900, 700, mix(coarse)),
		"marks": draw(900, 700, func(x, y int) uint8 { return mark(5, x, y) }),
		"marks in squares": draw(900, 700, func(x, y int) uint8 {
			if (x/45+y/45)%3 == 0 {
				return mark(5, x, y)
			}
			return mix(coarse)(x, y)
		}),
	}
}

func mix(coarse []uint8) func(x, y int) uint8 {
	return func(x, y int) uint8 { return coarse[(x/5*311+y/5)%len(coarse)] }
}

// TestWorkIsBounded: pictures made to be looked at for ever use up what they may,
// and little more.
func TestWorkIsBounded(t *testing.T) {
	effort.Late(t)
	for name, img := range empties() {
		for _, pixels := range []int64{0, 1_000_000, work} {
			b := NewBudget(pixels)
			Read(img, b, unexpecting)
			if b.left < -20_000_000 {
				t.Errorf("%s: %d pixels more than %d", name, -b.left, pixels)
			}
		}
	}
}
