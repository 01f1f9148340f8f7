package expense

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// NormalText turns full-width letters, digits and signs into plain ones.
func NormalText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000' || r == '\u00A0':
			return ' '
		case r < ' ' || r == utf8.RuneError || r == '\u200B' || r == '\uFEFF':
			return -1
		}
		return r
	}, text)
}

// PlainName is a company's name without what print and typing differ in:
// widths, brackets, spaces, case.
func PlainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()[]{}【】「」〔〕", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, NormalText(name))
}

// ParseDay reads a day as invoices write it: 20260316, 2026-03-16, 2026/3/16,
// 2026年03月16日, each also with a time behind it.
func ParseDay(text string) (day string, ok bool) {
	text = strings.ReplaceAll(strings.TrimSpace(NormalText(text)), " ", "")
	if len(text) >= 8 && digits(text[:8]) {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:8]
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	if len(parts) < 3 || len(parts[0]) != 4 {
		return "", false
	}
	rest := parts[2]
	if len(rest) > 2 { // the time stands right behind the day
		rest = rest[:2]
	}
	at, err := time.Parse("2006-1-2", parts[0]+"-"+parts[1]+"-"+rest)
	if err != nil {
		return "", false
	}
	return at.Format(time.DateOnly), true
}

// taxNumber keeps letters and digits of a tax number; other lengths than 15, 17,
// 18 and 20 are none.
func taxNumber(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(text))
	switch len(text) {
	case 15, 17, 18, 20:
		return text
	}
	return ""
}

// cut shortens a text to at most n characters.
func cut(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
