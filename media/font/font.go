// Package font carries the one font that texts in pictures and documents are
// set in: WenQuanYi Micro Hei, which has all of GB 2312 and every ideograph of
// Unicode's first block, Latin and digits. Its licence lies beside it.
package font

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

//go:embed wqy-microhei.ttf.gz
var packed []byte

// TTF returns the font file. Callers share the bytes and must not write to them.
var TTF = sync.OnceValue(func() []byte {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		var plain []byte
		if plain, err = io.ReadAll(unpacked); err == nil {
			return plain
		}
	}
	panic(fmt.Sprintf("the font in the binary: %v", err)) // it was built with another file
})
