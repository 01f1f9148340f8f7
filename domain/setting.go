package domain

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
)

// SettingType is the form of a setting's value.
type SettingType int

// Forms of values.
const (
	SettingWhole SettingType = iota // a whole number from Min to Max
	SettingText                     // a text, one of OneOf if there is any
	SettingFlag                     // true or false
	SettingList                     // a list of texts, each one of OneOf if there is any
	SettingData                     // JSON of a form of its own, judged by Check
)

// Setting is a parameter of the policy, or of the system, that an
// administrator may change. Numbers that the policy does not give are settings.
type Setting struct {
	Key      string
	Type     SettingType
	Min, Max int // of a whole number, or of a list's length; both 0 for no bound
	OneOf    []string
	Default  any                // as its reader reads it
	Clause   string             // R-number of the policy, empty if it has none
	Phones   bool               // phones get it, as those that phoneSettings lists
	Check    func(v any) string // of a decoded value: what is wrong with it, empty if nothing
	Texts
}

// CustomSettings is the prefix of keys that a company makes for itself: nothing
// of ours reads them, and any value will do.
const CustomSettings = "x."

// CheckSetting judges a value, as JSON, that somebody wants to give to a key:
// problems setting.unknown and setting.invalid.
func CheckSetting(key string, raw []byte) error {
	if strings.HasPrefix(key, CustomSettings) {
		return nil
	}
	s, ok := Settings[key]
	if !ok {
		return Problem{Code: "setting.unknown", Params: map[string]any{"key": key}}
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return s.invalid("it is no JSON")
	}
	if fault := s.fault(v); fault != "" {
		return s.invalid(fault)
	}
	return nil
}

// SettingValue is a value, as JSON, in the form of its key's type: a text of digits alone,
// such as an account of the ledger, arrives as a number where it was typed without quotes.
func SettingValue(key string, raw []byte) []byte {
	if s, ok := Settings[key]; ok && s.Type == SettingText && digitsAlone(raw) {
		return []byte(`"` + string(raw) + `"`)
	}
	return raw
}

func digitsAlone(raw []byte) bool {
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(raw) > 0
}

func (s Setting) invalid(fault string) error {
	return Problem{Code: "setting.invalid", Params: map[string]any{"key": s.Key, "fault": fault}}
}

func (s Setting) fault(v any) string {
	switch s.Type {
	case SettingWhole:
		n, ok := v.(float64)
		if !ok || n != float64(int64(n)) {
			return "a whole number is needed"
		}
		if (s.Min != 0 || s.Max != 0) && (n < float64(s.Min) || n > float64(s.Max)) {
			return fmt.Sprintf("it must be from %d to %d", s.Min, s.Max)
		}
	case SettingText:
		text, ok := v.(string)
		if !ok {
			return "a text is needed"
		}
		if len(s.OneOf) > 0 && !slices.Contains(s.OneOf, text) {
			return "it must be one of " + strings.Join(s.OneOf, ", ")
		}
	case SettingFlag:
		if _, ok := v.(bool); !ok {
			return "true or false is needed"
		}
	case SettingList:
		if fault := s.listFault(v); fault != "" {
			return fault
		}
	case SettingData:
	}
	if s.Check != nil {
		return s.Check(v)
	}
	return ""
}

func (s Setting) listFault(v any) string {
	list, ok := v.([]any)
	if !ok {
		return "a list is needed"
	}
	if (s.Min != 0 || s.Max != 0) && (len(list) < s.Min || len(list) > s.Max) {
		return fmt.Sprintf("the list must have %d to %d entries", s.Min, s.Max)
	}
	for _, entry := range list {
		text, ok := entry.(string)
		if !ok || (len(s.OneOf) > 0 && !slices.Contains(s.OneOf, text)) {
			return "each entry must be one of " + strings.Join(s.OneOf, ", ")
		}
	}
	return ""
}
