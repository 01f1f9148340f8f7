package qr

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/internal/effort"
)

// random are modules by chance in a QR of which all else is as it must be.
func random(r *rand.Rand, modules int, format []int) *lattice {
	l := &lattice{modules, make([]int, modules*modules)}
	for y := range modules {
		for x := range modules {
			v := 30 * must(modules, x, y)
			if v == 0 {
				v = 1 + r.IntN(60)
				if r.IntN(2) == 0 {
					v = -v
				}
			}
			l.depth[y*modules+x] = v
		}
	}
	for i, v := range format { // beside the upper left pattern
		x, y := i, 8
		if i > 7 {
			x, y = 8, 14-i
			if i == 8 {
				y = 7
			}
		} else if i == 6 {
			x = 7
		} else if i == 7 {
			x = 8
		}
		l.depth[y*modules+x] = v
	}
	return l
}

// lowest is the format of the level with fewest check bytes, mask 0.
var lowest = []int{1, 1, 1, -1, 1, 1, 1, 1, 1, -1, -1, -1, 1, -1, -1}

// TestModulesByChanceSayNothing, although without the bar of doubt some would.
func TestModulesByChanceSayNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	would, told := 0, 0
	for range effort.Times(8000, 60_000) {
		l := random(r, 21+4*max(0, r.IntN(10)-7), lowest)
		if _, ok := l.upright(); ok {
			would++
		}
		if said, ok := l.read(); ok {
			told++
			t.Logf("%q, doubt %.0f", said.text, said.doubt)
		}
	}
	if would == 0 {
		t.Error("the bar of doubt is not needed")
	}
	if told > 0 {
		t.Errorf("%d of modules by chance say something", told)
	}
}

// TestDoubtfulTextsNeedAnother: one that is doubtful counts if it is expected, or
// told twice; the other reader's always is.
func TestDoubtfulTextsNeedAnother(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 800, 600))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7 % 256)
	}
	calls := 0
	other := func(says ...string) func(*image.Gray) []string {
		calls = 0
		return func(*image.Gray) []string {
			calls++
			return says[min(calls-1, len(says)-1) : min(calls-1, len(says)-1)+1]
		}
	}
	isA := func(text string) bool { return text == "a" }
	for _, c := range []struct {
		other func(*image.Gray) []string
		want  []string
	}{
		{other("a"), []string{"a"}},
		{other("b", "b"), []string{"b"}},
		{other("b", "c"), nil},
	} {
		calls = 0
		if got := Read(img, NewBudget(work), Options{Expected: isA, Other: c.other}); !slices.Equal(got, c.want) {
			t.Errorf("read %q, want %q", got, c.want)
		}
	}
	if Read(img, NewBudget(0), Options{Expected: isA, Other: func(*image.Gray) []string { t.Error("asked without work"); return nil }}) != nil {
		t.Error("read without work")
	}
}
