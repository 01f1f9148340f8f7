package catalog

import (
	"regexp"
	"slices"
	"testing"

	"satchel/domain"
	"satchel/domain/expense"
)

// TestProblemsSpeakBothLanguages: no empty text, the same parameters in both,
// Chinese that is Chinese, and no code in a form of its own.
func TestProblemsSpeakBothLanguages(t *testing.T) {
	param, chinese, form := regexp.MustCompile(`\{[a-z]+\}`), regexp.MustCompile(`\p{Han}`), regexp.MustCompile(`^[a-z]+([._][a-z]+)*$`)
	for code, text := range domain.Problems {
		zh, en := param.FindAllString(text.ZH, -1), param.FindAllString(text.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if text.EN == "" || !chinese.MatchString(text.ZH) || !slices.Equal(zh, en) || !form.MatchString(code) {
			t.Errorf("%s: %+v", code, text)
		}
	}
	p := domain.Problem{Code: "visit.state", Params: map[string]any{"from": "planned", "action": "report"}}
	if p.Text("zh") != "当前状态(planned)不能执行 report。" || p.Error() != "A visit in state planned cannot report." {
		t.Error(p.Text("zh"), p)
	}
}

// TestInvoiceDoubtsHaveTexts: what speaks against an invoice is said in words.
func TestInvoiceDoubtsHaveTexts(t *testing.T) {
	for code := range expense.InvoicePoints {
		if _, known := domain.Problems[code]; !known {
			t.Errorf("%s has no text", code)
		}
	}
}
