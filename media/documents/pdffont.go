package documents

import (
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxCodes is how many characters a font's map may have.
const maxCodes = 70_000

// decoder turns a font's codes into text.
type decoder func(raw string) string

// fontDecoder reads how a font's codes are to be understood: its own map to
// Unicode, else the encodings that Chinese generators name, else Latin.
func fontDecoder(font pdf.Value) decoder {
	if toUnicode := font.Key("ToUnicode"); toUnicode.Kind() == pdf.Stream && contentOf(toUnicode) == nil {
		if m := readMap(toUnicode, font); len(m.codes) > 0 {
			return m.decode
		}
	}
	switch name := font.Key("Encoding").Name(); {
	case strings.HasPrefix(name, "UniGB-"):
		return utf16BE
	case strings.HasPrefix(name, "GBK"), strings.HasPrefix(name, "GB-"):
		return func(raw string) string {
			text, err := simplifiedchinese.GB18030.NewDecoder().String(raw)
			if err != nil {
				return ""
			}
			return text
		}
	case strings.HasPrefix(name, "Identity"):
		return func(string) string { return "" } // glyphs without a name: nothing to read
	}
	return func(raw string) string {
		text, err := charmap.Windows1252.NewDecoder().String(raw)
		if err != nil {
			return ""
		}
		return text
	}
}

func utf16BE(raw string) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}

// codeMap is a ToUnicode map. The library's own trusts the counts that the map
// claims, so it is read here.
type codeMap struct {
	wide  bool // codes of two bytes
	codes map[string]string
}

// readMap interprets a map. A dict is lent to it where it asks for a resource,
// since one is to be opened next.
func readMap(stream, lent pdf.Value) codeMap {
	m := codeMap{codes: map[string]string{}}
	pdf.Interpret(stream, func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, min(stack.Len(), 3*maxCodes))
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		for stack.Len() > 0 {
			stack.Pop()
		}
		args = operands(args)
		switch op {
		case "findresource":
			stack.Push(lent)
		case "endcodespacerange":
			for _, a := range args {
				m.wide = m.wide || len(a.RawString()) == 2
			}
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				m.put(args[i].RawString(), utf16BE(args[i+1].RawString()))
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				m.putRange(args[i].RawString(), args[i+1].RawString(), args[i+2])
			}
		}
	})
	return m
}

// operands leaves the strings and arrays, without the counts before them.
func operands(args []pdf.Value) (out []pdf.Value) {
	for _, a := range args {
		if a.Kind() == pdf.String || a.Kind() == pdf.Array {
			out = append(out, a)
		}
	}
	return out
}

func (m *codeMap) put(code, text string) {
	if len(m.codes) < maxCodes && len(code) > 0 && len(code) <= 2 {
		m.codes[code] = text
	}
}

// putRange maps low to high, which differ in the last byte at most in most files.
func (m *codeMap) putRange(low, high string, to pdf.Value) {
	if len(low) != len(high) || len(low) == 0 || len(low) > 2 {
		return
	}
	value := func(s string) (n int) {
		for _, b := range []byte(s) {
			n = n<<8 | int(b)
		}
		return n
	}
	first := []rune(utf16BE(to.RawString()))
	for n := value(low); n <= value(high) && len(m.codes) < maxCodes; n++ {
		code := string([]byte{byte(n)})
		if len(low) == 2 {
			code = string([]byte{byte(n >> 8), byte(n)})
		}
		switch {
		case to.Kind() == pdf.Array:
			m.put(code, utf16BE(to.Index(n-value(low)).RawString()))
		case len(first) > 0:
			m.put(code, string(first[:len(first)-1])+string(first[len(first)-1]+rune(n-value(low))))
		}
	}
}

func (m codeMap) decode(raw string) string {
	var b strings.Builder
	for len(raw) > 0 {
		n := 1
		if m.wide && len(raw) > 1 {
			n = 2
		}
		b.WriteString(m.codes[raw[:n]])
		raw = raw[n:]
	}
	return b.String()
}
