package ocr

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program puts a tesseract that is a shell script onto the PATH.
func program(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tesseract"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
}

func TestTesseractIsCalled(t *testing.T) {
	program(t, `echo "$@ threads=$OMP_THREAD_LIMIT"`)
	if !(Tesseract{}).Available() {
		t.Fatal("not found on the PATH")
	}
	text, err := Tesseract{}.Text(t.Context(), "/tmp/a.jpg")
	if want := "/tmp/a.jpg stdout -l chi_sim+eng --psm 6 threads=1\n"; err != nil || text != want {
		t.Errorf("%q %v", text, err)
	}
}

func TestTesseractThatFails(t *testing.T) {
	program(t, `echo "no data for chi_sim" >&2; exit 1`)
	if _, err := (Tesseract{}).Text(t.Context(), "/tmp/a.jpg"); err == nil || !strings.Contains(err.Error(), "no data for chi_sim") {
		t.Errorf("%v", err)
	}
}

func TestTesseractThatNeverEnds(t *testing.T) {
	program(t, `exec sleep 600`)
	if _, err := (Tesseract{Limit: 50 * time.Millisecond}).Text(t.Context(), "/tmp/a.jpg"); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Tesseract{}).Text(ctx, "/tmp/a.jpg"); err == nil {
		t.Error("read although the server ends")
	}
}

func TestTesseractThatFloods(t *testing.T) {
	program(t, `yes 发票 | head -c 2000000`)
	text, err := Tesseract{}.Text(t.Context(), "/tmp/a.jpg")
	if err != nil || len(text) > maxOutput || len(text) < maxOutput/2 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestNoTesseract(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if (Tesseract{}).Available() {
		t.Error("found where nothing is")
	}
}

// TestRealTesseract reads digits that are drawn here.
func TestRealTesseract(t *testing.T) {
	if !(Tesseract{}).Available() {
		t.Skip("tesseract is not installed (Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim)")
	}
	path := filepath.Join(t.TempDir(), "digits.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, digits("20263141")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := Tesseract{}.Text(t.Context(), path)
	if err != nil {
		if strings.Contains(err.Error(), "chi_sim") {
			t.Skip("tesseract has no data for Chinese (Debian: tesseract-ocr-chi-sim)")
		}
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "\n", ""); !strings.Contains(got, "20263141") {
		t.Errorf("read %q", text)
	}
}

// digits draws digits of 5 by 7 squares, the strokes of which join.
func digits(text string) image.Image {
	shapes := map[rune][]string{
		'0': {"01110", "11011", "11011", "11011", "11011", "11011", "01110"},
		'1': {"00110", "01110", "00110", "00110", "00110", "00110", "01111"},
		'2': {"01110", "11011", "00011", "00110", "01100", "11000", "11111"},
		'3': {"01110", "11011", "00011", "00110", "00011", "11011", "01110"},
		'4': {"00011", "00111", "01111", "11011", "11111", "00011", "00011"},
		'6': {"01110", "11000", "11000", "11110", "11011", "11011", "01110"},
	}
	const side = 5
	img := image.NewGray(image.Rect(0, 0, side*(7*len(text)+8), side*20))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for n, r := range text {
		for y, row := range shapes[r] {
			for x, c := range row {
				if c != '1' {
					continue
				}
				for v := range side {
					for u := range side {
						img.SetGray(side*(4+7*n+x)+u, side*(6+y)+v, color.Gray{})
					}
				}
			}
		}
	}
	return img
}
