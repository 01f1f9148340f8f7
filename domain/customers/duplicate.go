package customers

import (
	"slices"
	"strings"
	"unicode"

	"satchel/domain"
)

// Reasons why two accounts may be one company (H-DUP).
const (
	SameUSCC  = "uscc"
	SameName  = "name"
	SamePhone = "phone"
	Near      = "near"
)

// NearM is how close two accounts lie, in metres, to be suspected of being one.
const NearM = 50

// Company is what duplicates are told by. Phones and USCC as typed.
type Company struct {
	ID, Name, USCC string
	Phones         []string
	Place          domain.Position
}

// legalForms and the like say nothing of which company it is, longest first.
var legalForms = []string{
	"股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "分公司", "总公司", "集团", "公司",
}

// NameKey reduces a company's name to what tells it from others: half-width
// lower case, without spaces, punctuation and legal form.
func NameKey(name string) string {
	var key strings.Builder
	for _, r := range name {
		if r >= 0xFF01 && r <= 0xFF5E { // full-width forms
			r -= 0xFEE0
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			key.WriteRune(unicode.ToLower(r))
		}
	}
	whole := key.String()
	short := whole
	for _, form := range legalForms {
		short = strings.ReplaceAll(short, form, "")
	}
	if short == "" {
		return whole
	}
	return short
}

// USCCKey is a unified social credit code in its one form, upper case.
func USCCKey(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, code))
}

// PhoneKey is the digits of a Chinese phone number, without country code and
// the zero of a trunk call. Fewer than seven digits are no number.
func PhoneKey(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= 0xFEE0
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if strings.HasPrefix(digits, "0086") {
		digits = digits[4:]
	} else if strings.HasPrefix(digits, "86") && len(digits) >= 12 {
		digits = digits[2:]
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) < 7 {
		return ""
	}
	return digits
}

// Likeness lists why b may be the company a, in the order of weight.
func Likeness(a, b Company) (why []string) {
	if key := USCCKey(a.USCC); key != "" && key == USCCKey(b.USCC) {
		why = append(why, SameUSCC)
	}
	if key := NameKey(a.Name); key != "" && key == NameKey(b.Name) {
		why = append(why, SameName)
	}
	if slices.ContainsFunc(a.Phones, func(p string) bool {
		key := PhoneKey(p)
		return key != "" && slices.ContainsFunc(b.Phones, func(q string) bool { return PhoneKey(q) == key })
	}) {
		why = append(why, SamePhone)
	}
	if a.Place.Known() && b.Place.Known() && domain.DistanceM(a.Place, b.Place) <= NearM {
		why = append(why, Near)
	}
	return why
}
