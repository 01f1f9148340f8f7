package qr

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// reading is what the modules of a QR say.
type reading struct {
	text string
	// doubt is how likely modules by chance would say anything, in powers of two: the
	// fewer of the check bytes were left over after repair, the nearer to zero.
	doubt float64
}

// masks flip modules for the sake of an even picture.
var masks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(_, y int) bool { return y%2 == 0 },
	func(x, _ int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (y/2+x/3)%2 == 0 },
	func(x, y int) bool { return x*y%6 == 0 },
	func(x, y int) bool { return x*y%6 < 3 },
	func(x, y int) bool { return (x+y+x*y%3)%2 == 0 },
}

// read tells what the modules say, also those of a mirrored QR.
func (l *lattice) read() (r reading, ok bool) {
	defer func() { // of the library, on modules that fool it
		if recover() != nil {
			r, ok = reading{}, false
		}
	}()
	if r, ok = l.upright(); ok && r.doubt <= doubtful {
		return r, true
	}
	mirror := &lattice{l.modules, make([]int, len(l.depth))}
	for y := range l.modules {
		for x := range l.modules {
			mirror.depth[y*l.modules+x] = l.depth[x*l.modules+y]
		}
	}
	r, ok = mirror.upright()
	return r, ok && r.doubt <= doubtful
}

func (l *lattice) upright() (reading, bool) {
	format := l.format()
	version, err := decoder.Version_GetVersionForNumber((l.modules - 17) / 4)
	if format == nil || err != nil {
		return reading{}, false
	}
	level := format.GetErrorCorrectionLevel()
	words, doubts := l.words(version, masks[format.GetDataMask()&7])
	blocks, err := decoder.DataBlock_GetDataBlocks(words, version, level)
	if err != nil {
		return reading{}, false
	}
	certainty, err := decoder.DataBlock_GetDataBlocks(doubts, version, level)
	if err != nil {
		return reading{}, false
	}
	var data []byte
	var r reading
	for i, b := range blocks {
		word, doubt, ok := repaired(b.GetCodewords(), certainty[i].GetCodewords(), len(b.GetCodewords())-b.GetNumDataCodewords())
		if !ok {
			return reading{}, false
		}
		data = append(data, word[:b.GetNumDataCodewords()]...)
		r.doubt += doubt
	}
	said, err := decoder.DecodedBitStreamParser_Decode(data, version, level, nil)
	if err != nil {
		return reading{}, false
	}
	r.text = said.GetText()
	return r, r.text != ""
}

// repaired corrects a block, first as it is, then with its least certain bytes
// given up.
func repaired(word, certain []byte, check int) (out []byte, doubt float64, ok bool) {
	order := make([]int, len(word))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(certain[i], certain[j]) })
	for quarter := range 4 {
		given := check * quarter / 4
		out = slices.Clone(word)
		wrong, ok := correct(out, check, order[:given])
		if !ok {
			continue
		}
		ways, _ := math.Lgamma(float64(len(word) - given + 1))
		some, _ := math.Lgamma(float64(wrong + 1))
		rest, _ := math.Lgamma(float64(len(word) - given - wrong + 1))
		return out, (ways-some-rest)/math.Ln2 + float64(8*wrong-8*(check-given)), true
	}
	return nil, 0, false
}
