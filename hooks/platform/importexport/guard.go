package importexport

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// formulas are what a spreadsheet takes a text for a formula by, also in full
// width and behind spaces; breaks are what it loses in front of one.
const (
	formulas = "=+-@＝＋－＠"
	breaks   = "\t\r\n"
)

var isSpace = unicode.IsSpace

// guard keeps a text from being taken for a formula where a file does not say
// that it is a text; unguard undoes it. What looks guarded already is guarded
// once more.
func guard(text string) string {
	if dangerous(text) {
		return "'" + text
	}
	return twice(text)
}

// twice guards what looks guarded already, so that unguard gives it back.
func twice(text string) string {
	if guarded(text) {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	if guarded(text) {
		return text[1:]
	}
	return text
}

func guarded(text string) bool {
	inner := strings.TrimLeft(text, "'")
	return len(inner) < len(text) && dangerous(inner)
}

func dangerous(text string) bool {
	if text == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, isSpace))
	return strings.ContainsRune(breaks, rune(text[0])) || first != utf8.RuneError && strings.ContainsRune(formulas, first)
}

// sameText reports whether a cell is what a stored text becomes in a list: without
// the spaces around it, its lines parted as files part them.
func sameText(stored, cell string) bool {
	cell = oneBreak(cell)
	return cell == oneBreak(clean(guard(stored))) || cell == oneBreak(clean(twice(stored)))
}

var anyBreak = regexp.MustCompile(`\r*\n|\r`)

// oneBreak parts lines by line feeds.
func oneBreak(text string) string { return anyBreak.ReplaceAllString(text, "\n") }
