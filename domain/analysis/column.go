package analysis

import (
	"math"
	"slices"
)

// column holds numbers in as few bytes as they take: narrow until one comes that
// does not fit. What was handed out before stays as it is.
type column[N, W ~uint16 | ~uint32 | ~int32 | ~int64] struct {
	narrow []N
	wide   []W
}

type (
	codes  = column[uint16, uint32] // of texts in their dictionary
	counts = column[int32, int64]
)

func addCode(c *codes, code uint32) {
	if c.wide == nil && code <= math.MaxUint16 {
		c.narrow = append(c.narrow, uint16(code))
		return
	}
	c.widen()
	c.wide = append(c.wide, code)
}

func addCount(c *counts, n int64) {
	if c.wide == nil && n >= math.MinInt32 && n <= math.MaxInt32 {
		c.narrow = append(c.narrow, int32(n))
		return
	}
	c.widen()
	c.wide = append(c.wide, n)
}

func (c *column[N, W]) widen() {
	if c.wide != nil {
		return
	}
	c.wide = make([]W, len(c.narrow), len(c.narrow)+1024)
	for i, n := range c.narrow {
		c.wide[i] = W(n)
	}
	c.narrow = nil
}

// clip is the column for who adds to it without the other's seeing it.
func (c column[N, W]) clip() column[N, W] {
	return column[N, W]{slices.Clip(c.narrow), slices.Clip(c.wide)}
}

// dictionary gives texts numbers, in the order in which they come; the empty text has 0.
type dictionary struct {
	codes map[string]uint32
	texts []string
}

func newDictionary() dictionary {
	return dictionary{codes: map[string]uint32{"": 0}, texts: []string{""}}
}

func (d *dictionary) code(text []byte) uint32 {
	if code, known := d.codes[string(text)]; known { // no copy is made of it
		return code
	}
	code := uint32(len(d.texts))
	d.texts = append(d.texts, string(text))
	d.codes[d.texts[code]] = code
	return code
}
