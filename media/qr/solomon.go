package qr

// power and logarithm in the field of 256 elements that QRs use.
var power, logarithm = field()

func field() (power [512]byte, logarithm [256]int) {
	v := 1
	for i := range 255 {
		power[i], power[i+255] = byte(v), byte(v)
		logarithm[v] = i
		if v <<= 1; v > 255 {
			v ^= 0x11D
		}
	}
	return power, logarithm
}

func multiply(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return power[logarithm[a]+logarithm[b]]
}

func inverse(a byte) byte { return power[255-logarithm[a]] }

// value is that of a polynomial, lowest power first.
func value(p []byte, x byte) (sum byte) {
	for i := len(p) - 1; i >= 0; i-- {
		sum = multiply(sum, x) ^ p[i]
	}
	return sum
}

// correct repairs a Reed-Solomon word that ends with so many check bytes, of which
// those at the places given are doubted, and tells how many others were wrong.
func correct(word []byte, check int, doubted []int) (wrong int, ok bool) {
	syndromes, whole := syndromesOf(word, check)
	if whole {
		return 0, true
	}
	n, given := len(word), len(doubted)
	locator := make([]byte, check+1) // Berlekamp and Massey's, from the doubted places on
	locator[0] = 1
	for _, place := range doubted {
		x := power[n-1-place]
		for i := check; i > 0; i-- {
			locator[i] ^= multiply(x, locator[i-1])
		}
	}
	before := append([]byte(nil), locator...)
	next := make([]byte, check+1)
	length := given
	for r := given; r < check; r++ {
		var off byte
		for i := 0; i <= length && i <= r; i++ {
			off ^= multiply(locator[i], syndromes[r-i])
		}
		copy(before[1:], before[:check])
		before[0] = 0
		if off == 0 {
			continue
		}
		for i := range next {
			next[i] = locator[i] ^ multiply(off, before[i])
		}
		if 2*length <= r+given {
			length = r + 1 + given - length
			by := inverse(off)
			for i := range before {
				before[i] = multiply(by, locator[i])
			}
		}
		locator, next = next, locator
	}
	if length > check || 2*(length-given)+given > check {
		return 0, false
	}
	evaluator := make([]byte, check)
	for i := range evaluator {
		for j := 0; j <= i; j++ {
			evaluator[i] ^= multiply(syndromes[i-j], locator[j])
		}
	}
	slope := make([]byte, check+1)
	for i := 1; i <= check; i += 2 {
		slope[i-1] = locator[i]
	}
	found := 0
	for place := range n {
		x := power[n-1-place]
		by := inverse(x)
		if value(locator, by) != 0 {
			continue
		}
		found++
		below := value(slope, by)
		if below == 0 {
			return 0, false
		}
		word[place] ^= multiply(x, multiply(value(evaluator, by), inverse(below)))
	}
	if _, whole = syndromesOf(word, check); found != length || !whole {
		return 0, false
	}
	return length - given, true
}

func syndromesOf(word []byte, check int) (out []byte, whole bool) {
	out, whole = make([]byte, check), true
	for i := range out {
		var sum byte
		for _, v := range word {
			sum = multiply(sum, power[i]) ^ v
		}
		out[i] = sum
		whole = whole && sum == 0
	}
	return out, whole
}
