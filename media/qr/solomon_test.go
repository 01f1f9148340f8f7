package qr

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
)

// TestCorrect spoils words in as many places as their check bytes repair, and in more.
func TestCorrect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	encoder := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	for range 3000 {
		check, size := 7+r.IntN(24), 10+r.IntN(80)
		plain := make([]int, size+check)
		for i := range size {
			plain[i] = r.IntN(256)
		}
		if err := encoder.Encode(plain, check); err != nil {
			t.Fatal(err)
		}
		want := make([]byte, len(plain))
		for i, v := range plain {
			want[i] = byte(v)
		}
		places := r.Perm(len(want))
		doubted := r.IntN(check + 1)
		wrong := r.IntN((check-doubted)/2 + 1)
		got := bytes.Clone(want)
		for _, p := range places[:doubted+wrong] {
			got[p] ^= byte(1 + r.IntN(255))
		}
		n, ok := correct(got, check, places[:doubted])
		if !ok || n > wrong || !bytes.Equal(got, want) {
			t.Fatalf("check %d, %d doubted, %d wrong: %v, %d", check, doubted, wrong, ok, n)
		}
		// Of what is beyond repair, hardly anything is taken for a word.
		for _, p := range places[:min(len(want), check+check/2)] {
			got[p] ^= byte(1 + r.IntN(255))
		}
		if _, ok := correct(got, check, nil); ok && check > 15 {
			t.Errorf("check %d: noise was taken for a word", check)
		}
	}
}
