package importexport

import "github.com/pocketbase/pocketbase/core"

// cell is what a field holds, as a list writes it: a number, or a text.
func (c out) cell(r *core.Record) any {
	switch {
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

// fill writes the values of a line that say something else than the row.
func fill(r *core.Record, values map[string]any) {
	for field, v := range values {
		if text, ok := v.(string); !ok || !says(r, field, text) {
			r.Set(field, v)
		}
	}
}

// version is when a row was last changed, and so whether it was since.
func version(r *core.Record) string { return r.GetDateTime("updated").String() }

// titleOf is what a row is called, for people.
func titleOf(r *core.Record) string { return r.GetString("name") }
