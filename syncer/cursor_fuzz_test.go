package syncer

import (
	"encoding/base64"
	"testing"
)

// FuzzForgedCursor bends a cursor in any way: only the very text that the
// server made is taken, and only for its device and by its maker.
func FuzzForgedCursor(f *testing.F) {
	f.Add(int64(1), uint32(1), "abcdefghijklmno", uint16(3), byte(1), "")
	f.Add(int64(88121), uint32(3), "", uint16(0), byte(0x80), "A")
	f.Add(int64(-1), uint32(0), "abc", uint16(40), byte(0xff), "=")
	f.Fuzz(func(t *testing.T, seq int64, schema uint32, device string, at uint16, mask byte, tail string) {
		key := []byte("key")
		made := Cursor{Seq: seq, Schema: schema, Device: device}
		text := made.Encode(key)
		if got, err := DecodeCursor(key, text, device); (err == nil) != (seq >= 0) || (err == nil && got != made) {
			t.Fatalf("%+v came back as %+v, %v", made, got, err)
		}
		refused := func(how, text, device string, key []byte) {
			t.Helper()
			if got, err := DecodeCursor(key, text, device); err == nil {
				t.Fatalf("%s: taken for %+v", how, got)
			}
		}
		refused("another device", text, device+"x", key)
		refused("another server", text, device, []byte("other"))
		if tail != "" {
			refused("longer", text+tail, device, key)
		}
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		refused("shorter", base64.RawURLEncoding.EncodeToString(raw[:int(at)%len(raw)]), device, key)
		if mask != 0 {
			raw[int(at)%len(raw)] ^= mask
			bent := base64.RawURLEncoding.EncodeToString(raw)
			refused("bent", bent, device, key)
			refused("bent, as another device's", bent, device+"x", key)
		}
	})
}
