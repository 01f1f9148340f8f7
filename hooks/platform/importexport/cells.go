package importexport

import (
	"encoding/json/v2"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// cell is what a field holds, as a list writes it: a number, or a text.
func (c out) cell(r *core.Record) any {
	switch {
	case c.part > 0:
		if all := numbers(r, c.field); len(all) >= c.part {
			return float64(all[c.part-1])
		}
		return ""
	case c.num:
		return r.GetFloat(c.field)
	case c.kind == choice:
		return c.label(r.GetString(c.field))
	case c.kind == yesNo:
		return map[bool]string{true: "是", false: "否"}[r.GetBool(c.field)]
	}
	return r.GetString(c.field)
}

// says reports whether a field holds what a list writes as this text.
func says(r *core.Record, field, text string) bool { return sameText(r.GetString(field), text) }

// numbers are those of a list; none if the field holds something else.
func numbers(r *core.Record, field string) (all []int64) {
	if json.Unmarshal([]byte(r.GetString(field)), &all) != nil {
		return nil
	}
	return all
}

// fill writes the values of a line that say something else than the row.
func fill(r *core.Record, values map[string]any) {
	for field, v := range values {
		switch v := v.(type) {
		case string:
			if says(r, field, v) {
				continue
			}
		case []int64:
			if slices.Equal(numbers(r, field), v) {
				continue
			}
		}
		r.Set(field, v)
	}
}

// version is when a row was last changed, and so whether it was since.
func version(r *core.Record) string { return r.GetDateTime("updated").String() }

// titleOf is what a row is called, for people.
func titleOf(r *core.Record) string { return r.GetString("name") }
