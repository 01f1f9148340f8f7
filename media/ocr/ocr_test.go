package ocr

import (
	"context"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"satchel/internal/effort"
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

// TestRealTesseract reads digits that are printed here.
func TestRealTesseract(t *testing.T) {
	effort.Tool(t, "tesseract", "tesseract-ocr tesseract-ocr-chi-sim")
	path := filepath.Join(t.TempDir(), "digits.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, digits(t, "No 26312000000000000017")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := Tesseract{}.Text(t.Context(), path)
	if err != nil {
		if strings.Contains(err.Error(), "chi_sim") {
			effort.Missing(t, "tesseract's data for Chinese", "tesseract-ocr-chi-sim")
		}
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "\n", ""); !strings.Contains(got, "26312000000000000017") {
		t.Errorf("read %q", text)
	}
}

// digits prints a text, black on white.
func digits(t *testing.T, text string) image.Image {
	t.Helper()
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 40, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 900, 120))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	pen := font.Drawer{Dst: img, Src: image.Black, Face: face, Dot: fixed.P(40, 75)}
	pen.DrawString(text)
	return img
}
