package syncer

import (
	"errors"
	"testing"
)

func TestCursorComesBackAsItWas(t *testing.T) {
	key := []byte("key")
	want := Cursor{Seq: 88121, Schema: 3, Device: "abcdefghijklmno"}
	got, err := DecodeCursor(key, want.Encode(key), want.Device)
	if err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
}

// Every way to bend a cursor ends in the same refusal.
func TestCursorTamperedWithIsRefused(t *testing.T) {
	key := []byte("key")
	text := Cursor{Seq: 88121, Schema: 3, Device: "abcdefghijklmno"}.Encode(key)
	check := func(name, text, device string) {
		t.Helper()
		_, err := DecodeCursor(key, text, device)
		p, ok := errors.AsType[*Problem](err)
		if !ok || p.Code != "cursor_invalid" || p.Status != 400 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for i := range text {
		for _, c := range []byte("A_") {
			if text[i] != c {
				check("one byte changed", text[:i]+string(c)+text[i+1:], "abcdefghijklmno")
			}
		}
	}
	check("cut", text[:len(text)-3], "abcdefghijklmno")
	check("longer", text+"AAAA", "abcdefghijklmno")
	check("with a line break", text[:7]+"\n"+text[7:], "abcdefghijklmno")
	check("empty", "", "abcdefghijklmno")
	check("not base64", "§§§", "abcdefghijklmno")
	check("another device's", text, "abcdefghijklmnp")
	check("another server's", Cursor{Seq: 1, Device: "abcdefghijklmno"}.Encode([]byte("other")), "abcdefghijklmno")
}

func FuzzDecodeCursor(f *testing.F) {
	key := []byte("key")
	f.Add(Cursor{Seq: 1, Schema: 1, Device: "abcdefghijklmno"}.Encode(key))
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := DecodeCursor(key, text, "abcdefghijklmno")
		if err == nil && c.Encode(key) != text {
			t.Fatalf("%q was taken for %+v", text, c)
		}
	})
}
