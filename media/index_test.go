package media_test

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/disintegration/imaging"

	"satchel/media"
	"satchel/media/exifjpeg"
	"satchel/media/shelves"
)

func idOf(n int) (id media.ID) {
	copy(id[:], fmt.Sprintf("%015d", n))
	return id
}

func shelfLook(layout, goods uint64) media.Look {
	return media.LookOf(shelves.Draw(320, 240, layout, goods))
}

// TestSameLayoutOtherGoods: 300 pairs of shelves that differ in what stands on
// them are never the same bytes, and hardly ever look alike. The log has the rate.
func TestSameLayoutOtherGoods(t *testing.T) {
	alike, byLight := 0, 0
	for layout := range uint64(300) {
		a, b := shelves.Draw(320, 240, layout, 1000+layout), shelves.Draw(320, 240, layout, 9000+layout)
		if string(a.Pix) == string(b.Pix) {
			t.Fatalf("pair %d is one picture", layout)
		}
		var x media.Index
		x.Append(idOf(1), media.LookOf(a))
		if len(x.Near(media.LookOf(b), 1)) > 0 {
			alike++
		}
		if media.LookOf(a).Distance(media.LookOf(b)) <= 12 {
			byLight++
		}
	}
	t.Logf("of 300 pairs of one layout %d look alike; by brightness within 12 bits alone %d would", alike, byLight)
	if alike > 3 {
		t.Errorf("%d of 300 pairs look alike", alike)
	}
}

// TestOtherShelves: of 600 different shelves none looks like another.
func TestOtherShelves(t *testing.T) {
	var x media.Index
	alike := 0
	for n := range 600 {
		look := shelfLook(uint64(n), uint64(5000+n))
		alike += len(x.Near(look, 600))
		x.Append(idOf(n), look)
	}
	t.Logf("of %d pairs %d look alike", 600*599/2, alike)
	if alike > 2 {
		t.Errorf("%d pairs look alike", alike)
	}
}

// TestAlteredPhotosAreFound: what people do to a photo that they use again.
func TestAlteredPhotosAreFound(t *testing.T) {
	cut := func(img *image.NRGBA, left, top, right, bottom float64) *image.NRGBA {
		w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
		return imaging.Crop(img, image.Rect(int(left*w), int(top*h), int((1-right)*w), int((1-bottom)*h)))
	}
	const n = 12
	for name, c := range map[string]struct {
		alter func(*image.NRGBA) *image.NRGBA
		least int // found of n
	}{
		"unchanged":            {func(i *image.NRGBA) *image.NRGBA { return i }, n},
		"half the size":        {func(i *image.NRGBA) *image.NRGBA { return imaging.Resize(i, i.Rect.Dx()/2, 0, imaging.Linear) }, n},
		"5 % off all sides":    {func(i *image.NRGBA) *image.NRGBA { return cut(i, .025, .025, .025, .025) }, n},
		"5 % off a corner":     {func(i *image.NRGBA) *image.NRGBA { return cut(i, 0, 0, .05, .05) }, n - 2},
		"10 % off all sides":   {func(i *image.NRGBA) *image.NRGBA { return cut(i, .05, .05, .05, .05) }, n / 2},
		"brighter":             {func(i *image.NRGBA) *image.NRGBA { return imaging.AdjustBrightness(i, 20) }, n},
		"darker":               {func(i *image.NRGBA) *image.NRGBA { return imaging.AdjustBrightness(i, -20) }, n},
		"more contrast":        {func(i *image.NRGBA) *image.NRGBA { return imaging.AdjustContrast(i, 25) }, n},
		"turned by a degree":   {func(i *image.NRGBA) *image.NRGBA { return cut(imaging.Rotate(i, 1, color.White), .03, .03, .03, .03) }, n},
		"mirrored":             {func(i *image.NRGBA) *image.NRGBA { return imaging.FlipH(i) }, n},
		"mirrored and smaller": {func(i *image.NRGBA) *image.NRGBA { return imaging.Resize(imaging.FlipH(i), 300, 0, imaging.Linear) }, n},
		"without its colours":  {func(i *image.NRGBA) *image.NRGBA { return imaging.Grayscale(i) }, n},
	} {
		found := 0
		for shelf := range uint64(n) {
			original := shelves.Draw(400, 300, shelf, 1000+shelf)
			// Through the whole pipeline, as a file of low quality.
			data := must(exifjpeg.Encode(c.alter(original), exifjpeg.Meta{}))(t)
			again := must(media.Develop(data, media.Want{Limits: media.PhotoLimits}))(t).Facts.Look
			var x media.Index
			x.Append(idOf(1), media.LookOf(imaging.Resize(original, media.ThumbSide, 0, imaging.Linear)))
			found += len(x.Near(again, 1))
		}
		t.Logf("%s: %d of %d", name, found, n)
		if found < c.least {
			t.Errorf("%s: only %d of %d are found", name, found, n)
		}
	}
}

// TestIndex: it finds what is nearest first, and keeps up with rows that come,
// change and go.
func TestIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	look := func() media.Look { return media.Look{Light: r.Uint64(), Colours: [2]uint64{r.Uint64(), r.Uint64()}} }
	flip := func(l media.Look, n int) media.Look {
		for i := range n {
			l.Light ^= 1 << (3 * i)
		}
		return l
	}
	var x media.Index
	for n := range 2000 {
		x.Append(idOf(n), look())
	}
	base := look()
	x.Put(idOf(7), flip(base, 9))
	x.Put(idOf(3000), flip(base, 2))
	x.Put(idOf(3001), flip(base, 20).Mirror())
	x.Put(idOf(3002), flip(base, 21))
	far := base
	far.Colours[0] ^= 1<<33 - 1
	x.Put(idOf(3003), far)
	got := x.Near(base, 10)
	want := []media.Found{{idOf(3000), 2, false}, {idOf(7), 9, false}, {idOf(3001), 20, true}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := x.Near(base, 1); len(got) != 1 || got[0].ID != idOf(3000) {
		t.Errorf("the nearest: %v", got)
	}
	x.Remove(idOf(3000))
	x.Remove(idOf(3000))
	x.Put(idOf(7), look())
	if got := x.Near(base, 10); len(got) != 1 || got[0].ID != idOf(3001) || x.Len() != 2003 {
		t.Errorf("%v of %d", got, x.Len())
	}
	gray := media.Look{Light: base.Light}
	x.Put(idOf(4000), media.Look{Light: flip(base, 10).Light})
	x.Put(idOf(4001), media.Look{Light: flip(base, 11).Light})
	if got := x.Near(gray, 10); len(got) != 2 || got[0].ID != idOf(3003) || got[1].ID != idOf(4000) {
		t.Errorf("gray: %v", got)
	}
}
