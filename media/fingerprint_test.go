package media_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"satchel/media"
)

func TestFingerprint(t *testing.T) {
	hash, size, err := media.Fingerprint(strings.NewReader("abc"))
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if hash != want || size != 3 || err != nil {
		t.Errorf("%s, %d, %v", hash, size, err)
	}
	broken := errors.New("disk")
	if _, _, err := media.Fingerprint(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
