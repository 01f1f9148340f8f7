package documents

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/media/documents/papertest"
)

// qrFloor is how many of the 40 spoiled samples, eight of each harm, are read at least;
// one less than measured where light is fractions.
var qrFloor = map[string]int{"turn": 8, "blur": 8, "slant": 8, "dark": 6, "page": 8}

// TestSpoiledQR reads the samples by which reading is measured. Nothing is ever read wrong.
func TestSpoiledQR(t *testing.T) {
	effort.Late(t)
	read := map[string]int{}
	for _, s := range papertest.SpoiledSamples() {
		paper, err := Read(s.JPEG, DefaultOptions)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		how, _, _ := strings.Cut(s.Name, "-")
		switch {
		case len(paper.QR) == 1 && paper.QR[0] == s.Text:
			read[how]++
		case len(paper.QR) > 0:
			t.Errorf("%s was read as %q", s.Name, paper.QR)
		default:
			t.Logf("%s was not read", s.Name)
		}
	}
	t.Logf("read: %v", read)
	for how, floor := range qrFloor {
		if read[how] < floor {
			t.Errorf("%s: %d read, want %d", how, read[how], floor)
		}
	}
}

// TestAnotherReaderIsAsked about what tells nothing at first, and believed if it is an
// invoice. One that hangs or floods costs a second, once a paper.
func TestAnotherReaderIsAsked(t *testing.T) {
	noise := image.NewGray(image.Rect(0, 0, 900, 700))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(i * i % 251)
	}
	invoice := papertest.Sample.QRText()
	for script, want := range map[string]struct {
		texts []string
		calls int
		fault bool
	}{
		"echo '/dev/stdin QRCode \"" + invoice + "\"'": {texts: []string{invoice}, calls: 1},
		"echo '/dev/stdin QRCode \"read twice\"'":      {texts: []string{"read twice"}, calls: 2},
		"echo '/dev/stdin QRCode \"'$RANDOM$$'\"'":     {calls: 2}, // never the same
		"yes '/dev/stdin QRCode' | head -c 2000000":    {calls: 2},
		"sleep 600":     {calls: 1, fault: true},
		"kill -SEGV $$": {calls: 1, fault: true},
	} {
		path := filepath.Join(t.TempDir(), "ZXingReader")
		if err := os.WriteFile(path, []byte("#!/bin/sh\ncat > /dev/null; ln -s x $0.$$\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
		opts := DefaultOptions
		opts.QRProgram = path
		start := time.Now()
		paper, err := Read(papertest.JPEG(noise, 90), opts)
		if err != nil || !slices.Equal(paper.QR, want.texts) || (paper.Fault != "") != want.fault {
			t.Errorf("%s: %q, fault %q, %v", script, paper.QR, paper.Fault, err)
		}
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("%s took %v", script, took)
		}
		calls, err := filepath.Glob(path + ".*")
		if err != nil || len(calls) != want.calls {
			t.Errorf("%s: asked %d times, want %d", script, len(calls), want.calls)
		}
		// What is read at first needs no other reader.
		paper, err = Read(papertest.JPEG(papertest.Page(900, 1200, 260, 1, invoice), 80), opts)
		if again, _ := filepath.Glob(path + ".*"); err != nil || !slices.Equal(paper.QR, []string{invoice}) || len(again) != len(calls) {
			t.Errorf("%s: asked about a plain picture, %q, %v", script, paper.QR, err)
		}
	}
}

func TestShapeOfAnInvoice(t *testing.T) {
	for text, want := range map[string]bool{
		papertest.Sample.QRText(): true,
		"01,10,044834680339,57576382,1644.50,20250603,76844692570047565141,DFFC,": true,
		"01,32,,2543200000003141114,655.00,20250311,,19E3":                        false, // 19 digits
		"01,32,,25432000000031411143,655.00,2025031,,19E3":                        false,
		"02,32,,25432000000031411143,655.00,20250311,,19E3":                       false,
		"01,32,,2543200000003141114x,655.00,20250311,,19E3":                       false,
		"": false, "123456": false, ",,,,,,": false, "https://example.com/,,,,": false,
	} {
		if got := ofInvoice(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
