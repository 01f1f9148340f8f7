package expense

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"satchel/domain"
)

// Forms of parameters.
const (
	FormWhole    = "whole"     // a whole number
	FormFen      = "fen"       // money
	FormDays     = "days"      // days
	FormBP       = "bp"        // ten-thousandths
	FormTexts    = "texts"     // words, or codes of categories
	FormTiers    = "tiers_fen" // money for cities of the first, second and third tier
	FormMonthDay = "month_day" // MM-DD
)

// RuleParam is a parameter of a kind.
type RuleParam struct {
	Name     string
	Form     string
	Min, Max int       // of a number
	Default  RuleValue // what a new rule gets that says nothing
	Setting  string    // key of the setting that it is copied from, if there is one
	// Categories says that its words are codes of categories.
	Categories bool
	domain.Texts
}

// RuleValue is the value of a parameter, by its form.
type RuleValue struct {
	Whole int
	Tiers []int
	Texts []string
	Text  string
}

// RuleParams are the values of a rule's parameters by name.
type RuleParams map[string]RuleValue

var monthDay = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

// Read reads the parameters of a kind: expense_rule.param_unknown, expense_rule.param_missing,
// expense_rule.param_invalid.
func (k RuleKind) Read(raw []byte) (RuleParams, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, k.refuse("expense_rule.param_invalid", "params")
	}
	out := RuleParams{}
	for _, p := range k.Params {
		member, ok := members[p.Name]
		if !ok {
			return nil, k.refuse("expense_rule.param_missing", p.Name)
		}
		value, ok := p.read(member)
		if !ok {
			return nil, k.refuse("expense_rule.param_invalid", p.Name)
		}
		out[p.Name] = value
		delete(members, p.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		return nil, k.refuse("expense_rule.param_unknown", name)
	}
	return out, nil
}

func (k RuleKind) refuse(code, param string) error {
	return domain.Problem{Code: code, Params: map[string]any{"kind": k.Kind, "param": param, "takes": k.takes(param)}}
}

// takes says what a parameter takes.
func (k RuleKind) takes(name string) string {
	for _, p := range k.Params {
		if p.Name == name {
			return p.Takes()
		}
	}
	return "-"
}

// Takes is a parameter's form with its bounds.
func (p RuleParam) Takes() string {
	switch p.Form {
	case FormTexts:
		return `["…"]`
	case FormTiers:
		return "[n, n, n]"
	case FormMonthDay:
		return "MM-DD"
	}
	return fmt.Sprintf("%d–%d", p.Min, p.Max)
}

func (p RuleParam) read(raw []byte) (v RuleValue, ok bool) {
	switch p.Form {
	case FormTexts:
		if json.Unmarshal(raw, &v.Texts) != nil || v.Texts == nil || len(v.Texts) > 500 || slices.ContainsFunc(v.Texts, func(text string) bool { return PlainName(text) == "" }) {
			return v, false
		}
	case FormTiers:
		if json.Unmarshal(raw, &v.Tiers) != nil || len(v.Tiers) != 3 || slices.Min(v.Tiers) < 0 || slices.Max(v.Tiers) > p.Max {
			return v, false
		}
	case FormMonthDay:
		if json.Unmarshal(raw, &v.Text) != nil || !monthDay.MatchString(v.Text) || !domain.IsDay("2024-"+v.Text) {
			return v, false
		}
	default:
		if json.Unmarshal(raw, &v.Whole) != nil || v.Whole < p.Min || v.Whole > p.Max {
			return v, false
		}
	}
	return v, true
}

// MarshalJSON writes a value as a clerk reads it.
func (v RuleValue) MarshalJSON() ([]byte, error) {
	switch {
	case v.Texts != nil:
		return json.Marshal(v.Texts)
	case v.Tiers != nil:
		return json.Marshal(v.Tiers)
	case v.Text != "":
		return json.Marshal(v.Text)
	}
	return json.Marshal(v.Whole)
}

// Fill gives parameters that are not there the defaults of the kind; setting is what a
// company's setting says of a key. What is no object stays as it is.
func (k RuleKind) Fill(raw []byte, setting func(key string) (int, error)) ([]byte, error) {
	members := map[string]jsontext.Value{}
	if text := string(raw); text != "" && text != "null" && text != `""` {
		if object := json.Unmarshal(raw, &members) == nil; !object {
			return raw, nil
		}
	}
	for _, p := range k.Params {
		if _, ok := members[p.Name]; ok {
			continue
		}
		value := p.Default
		if p.Setting != "" {
			n, err := setting(p.Setting)
			if err != nil {
				return nil, err
			}
			value = RuleValue{Whole: n}
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("write a parameter: %w", err)
		}
		members[p.Name] = text
	}
	return json.Marshal(members, json.Deterministic(true))
}

// RuleDraft is what somebody writes down as a rule.
type RuleDraft struct {
	Code, Kind, Severity, From, To string
	Categories                     []string
	Params                         []byte
}

var ruleCode = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,59}$`)

// CheckRule judges a rule as a whole; known are the categories that there are. Problems
// expense_rule.code_invalid, kind_unknown, severity_invalid, days_invalid,
// categories_required, category_unknown and those of RuleKind.Read.
func CheckRule(d RuleDraft, known func(category string) bool) (RuleParams, error) {
	kind, found := RuleKindOf(d.Kind)
	switch {
	case !ruleCode.MatchString(d.Code):
		return nil, domain.Problem{Code: "expense_rule.code_invalid"}
	case !found:
		return nil, domain.Problem{Code: "expense_rule.kind_unknown", Params: map[string]any{"kind": d.Kind}}
	case !slices.Contains(Severities, d.Severity):
		return nil, domain.Problem{Code: "expense_rule.severity_invalid"}
	case !domain.IsDay(d.From) || d.To != "" && (!domain.IsDay(d.To) || d.To < d.From):
		return nil, domain.Problem{Code: "expense_rule.days_invalid"}
	case kind.Named && len(d.Categories) == 0:
		return nil, domain.Problem{Code: "expense_rule.categories_required", Params: map[string]any{"kind": d.Kind}}
	}
	params, err := kind.Read(d.Params)
	if err != nil {
		return nil, err
	}
	named := slices.Clone(d.Categories)
	for _, p := range kind.Params {
		if p.Categories {
			named = append(named, params[p.Name].Texts...)
		}
	}
	for _, code := range named {
		if !known(code) {
			return nil, domain.Problem{Code: "expense_rule.category_unknown", Params: map[string]any{"category": code}}
		}
	}
	return params, nil
}
