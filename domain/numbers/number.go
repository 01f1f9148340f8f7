package numbers

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
)

// Kinds of documents that bear numbers.
const (
	Order = "order"
	Claim = "claim"
)

// prefixes begin the numbers of a kind.
var prefixes = map[string]string{Order: "SO", Claim: "EC"}

// Known reports whether there are numbers of a kind.
func Known(kind string) bool { return prefixes[kind] != "" }

// Number is the N-th of its kind and series. A series is of one stretch of the
// server's history: what a lost stretch has given is not given again.
type Number struct {
	Kind, Series string
	N            int64
}

// letters are those of a series: none is taken for another on paper.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const seriesLength = 4

// Series is the name in numbers of a stretch of the server's history.
func Series(life string) string {
	sum := sha256.Sum256([]byte("series of numbers\n" + life))
	out := make([]byte, seriesLength)
	for i := range out {
		out[i] = letters[sum[i]%byte(len(letters))]
	}
	return string(out)
}

// IsSeries reports whether a text may name a series.
func IsSeries(text string) bool {
	return len(text) == seriesLength && strings.Trim(text, letters) == ""
}

// String writes a number as it is printed, such as SO-7K3Q-00042-F.
func (n Number) String() string {
	body := fmt.Sprintf("%s-%s-%05d", prefixes[n.Kind], n.Series, n.N)
	return body + "-" + string(check(body))
}

// Parse reads a number as it is printed; ok is false for what is none.
func Parse(text string) (n Number, ok bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 4 || !IsSeries(parts[1]) {
		return Number{}, false
	}
	for kind, prefix := range prefixes {
		if prefix == parts[0] {
			n.Kind = kind
		}
	}
	var err error
	n.Series = parts[1]
	n.N, err = strconv.ParseInt(parts[2], 10, 64)
	ok = err == nil && n.Kind != "" && n.N > 0 && n.String() == text
	if !ok {
		return Number{}, false
	}
	return n, true
}

// symbols are those of the check character.
const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// check is the check character of ISO 7064, MOD 37,36: one wrong character, and
// two that changed places, are noticed.
func check(body string) byte {
	const m = len(symbols)
	p := m
	for i := range len(body) {
		if body[i] == '-' {
			continue
		}
		p = (p + strings.IndexByte(symbols, body[i])) % m
		if p == 0 {
			p = m
		}
		p = p * 2 % (m + 1)
	}
	return symbols[(m+1-p)%m]
}
