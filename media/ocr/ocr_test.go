package ocr

import (
	"context"
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
