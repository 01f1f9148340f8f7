package expense

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"satchel/domain"
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

// ParseDay reads a day as invoices and people write it: 20260316, 2026-03-16, 2026/3/16,
// 2026年03月16日, each also with a time behind it; 16.3.2026 and 3/16/2026, but not
// 3/4/2026, which are two days.
func ParseDay(text string) (day string, ok bool) {
	text = strings.ReplaceAll(strings.TrimSpace(NormalText(text)), " ", "")
	if len(text) >= 8 && digits(text[:8]) {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:8]
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	if len(parts) < 3 {
		return "", false
	}
	if len(parts[0]) != 4 && !yearFirst(parts) {
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

// yearFirst puts a day that has its year behind into order, if its day and month are told
// apart by what they are.
func yearFirst(parts []string) bool {
	a, errA := strconv.Atoi(parts[0])
	b, errB := strconv.Atoi(parts[1])
	if errA != nil || errB != nil || len(parts[2]) < 4 || a <= 12 && b <= 12 && a != b {
		return false
	}
	day, month := parts[0], parts[1]
	if b > 12 {
		day, month = month, day
	}
	parts[0], parts[1], parts[2] = parts[2][:4], month, day
	return true
}

// CheckTyped judges what a person typed of an invoice, by InvoiceFieldNames; amounts are in
// yuan. What cannot be read is refused and not left out. Problem invoice.typed_invalid: field, text.
func CheckTyped(fields map[string]string) error {
	for _, name := range InvoiceFieldNames {
		text := strings.TrimSpace(NormalText(fields[name]))
		if text == "" {
			continue
		}
		ok := true
		switch name {
		case "issue_date":
			var day string
			day, ok = ParseDay(text)
			ok = ok && domain.IsPlausibleDay(day)
		case "code", "number":
			text = strings.ReplaceAll(text, " ", "")
			ok = digits(text) && len(text) <= 20
		case "amount_ex_fen", "tax_fen", "total_fen":
			var fen int64
			fen, ok = ParseFen(text)
			ok = ok && fen <= BudgetMost
		}
		if !ok {
			return domain.Problem{Code: "invoice.typed_invalid", Params: map[string]any{"field": name, "text": cut(text, 60)}}
		}
	}
	return nil
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
