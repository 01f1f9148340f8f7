package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
)

var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// strict makes of an object that SQLite rendered one that every reader of JSON
// takes. SQLite lets pass what others refuse, a name twice, a lone surrogate and
// bytes that are no UTF-8; one such row must stop neither the fold nor a phone.
// Of names that stand twice the last counts; what is no text becomes U+FFFD.
func strict(text string) (string, error) {
	if jsontext.Value(text).IsValid() {
		return text, nil
	}
	var fields map[string]jsontext.Value
	if err := json.Unmarshal([]byte(text), &fields, lenient); err != nil {
		return "", fmt.Errorf("read a row: %w", err)
	}
	for name, value := range fields {
		if value.IsValid() {
			continue
		}
		var v any
		if json.Unmarshal(value, &v, lenient) != nil { // a number beyond all bounds
			fields[name] = jsontext.Value("null")
			continue
		}
		clean, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
		if err != nil {
			return "", fmt.Errorf("render a row: %w", err)
		}
		fields[name] = clean
	}
	out, err := json.Marshal(fields, json.Deterministic(true))
	return string(out), err
}
