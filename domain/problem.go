package domain

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is a reason why a write or a request is refused. Code is stable and
// never re-used; Params fill the code's text.
type Problem struct {
	Code   string
	Params map[string]any
}

// Error implements error, in English.
func (p Problem) Error() string { return p.Text("en") }

// Text renders the problem for a person, in "zh" or "en". A code without a text
// is shown as it is.
func (p Problem) Text(locale string) string { return render(Problems, p.Code, p.Params, locale) }

// CodeOf is the code of a refusal; empty for every other error, and for none.
func CodeOf(err error) string {
	p, _ := errors.AsType[Problem](err)
	return p.Code
}

func render(catalog map[string]Texts, code string, params map[string]any, locale string) string {
	texts, ok := catalog[code]
	if !ok {
		return code
	}
	return texts.fill(params, locale)
}

// Texts of one code, with {name} for parameters.
type Texts struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// With fills in parameters. One that is Texts itself is said in the same language.
func (t Texts) With(params map[string]any) Texts {
	return Texts{ZH: t.fill(params, "zh"), EN: t.fill(params, "en")}
}

// In is the text in a language, as it stands.
func (t Texts) In(locale string) string { return t.fill(nil, locale) }

func (t Texts) fill(params map[string]any, locale string) string {
	text := t.EN
	if locale == "zh" {
		text = t.ZH
	}
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		if both, is := value.(Texts); is {
			value = both.EN
			if locale == "zh" {
				value = both.ZH
			}
		}
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(text) // once: a value is not searched again
}
