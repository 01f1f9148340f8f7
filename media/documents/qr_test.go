package documents

import (
	"strings"
	"testing"

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
