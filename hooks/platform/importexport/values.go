package importexport

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// headOf reads which field each cell of a line is: by its name in either
// language, or the field's own. A column that is not known is refused, since
// what it holds would be lost in silence.
func (l list) headOf(first line) ([]column, error) {
	var out []column
	seen := map[string]bool{}
	for _, cell := range first.cells {
		i := slices.IndexFunc(l.columns, func(c column) bool {
			return cell == c.zh || strings.EqualFold(cell, c.en) || cell == c.name()
		})
		if i < 0 {
			return nil, gate.Refuse("import.column", "column", quoted(cell))
		}
		c := l.columns[i]
		if seen[c.name()] {
			return nil, gate.Refuse("import.column_twice", "column", quoted(cell))
		}
		seen[c.name()] = true
		c.zh, c.en = cell, cell // a refusal speaks of columns as the file does
		out = append(out, c)
	}
	for _, c := range l.columns {
		if slices.Contains(l.key, c.field) && !c.may && !seen[c.field] {
			return nil, gate.Refuse("import.column_needed", "column", c.zh)
		}
	}
	return out, nil
}

// valuesOf reads a line's cells. Empty cells and cells that are not there leave
// a field as it is; of a list of numbers that is there, they are 0.
func (l list) valuesOf(app core.App, info *core.RequestInfo, head []column, row line) (map[string]any, error) {
	out := map[string]any{}
	for i, cell := range row.cells {
		if cell == "" {
			continue
		}
		v, err := head[i].value(app, info, cell)
		if err != nil {
			return nil, err
		}
		if head[i].part > 0 {
			v = l.put(out[head[i].field], head[i], v)
		}
		out[head[i].field] = v
	}
	for _, field := range l.key {
		switch c, _ := l.column(field); {
		case out[field] != nil:
		case c.may:
			out[field] = ""
		default:
			return nil, gate.Refuse("import.key_needed", "column", c.zh)
		}
	}
	return out, nil
}

// put writes one number into a list, and begins it if there is none yet.
func (l list) put(numbers any, c column, v any) any {
	all, begun := numbers.([]int64)
	if !begun {
		for _, other := range l.columns {
			if other.field == c.field {
				all = append(all, 0)
			}
		}
	}
	all[c.part-1], _ = v.(int64)
	return all
}

// name is what a column is called without a language: its field, and which part of it.
func (c column) name() string {
	if c.part > 0 {
		return c.field + "." + strconv.Itoa(c.part)
	}
	return c.field
}

func (c column) value(app core.App, info *core.RequestInfo, cell string) (any, error) {
	wrong := func() error { return gate.Refuse("import.value", "column", c.zh, "value", quoted(cell)) }
	switch c.kind {
	case plain:
	case choice:
		for label, value := range c.values {
			if cell == label || strings.EqualFold(cell, value) {
				return value, nil
			}
		}
		return nil, wrong()
	case yesNo:
		switch strings.ToLower(cell) {
		case "是", "在职", "yes", "true", "1":
			return true, nil
		case "否", "离职", "no", "false", "0":
			return false, nil
		}
		return nil, wrong()
	case whole:
		n, err := strconv.ParseInt(strings.ReplaceAll(cell, ",", ""), 10, 64)
		if err != nil || n < 0 || n > 1<<53 {
			return nil, wrong()
		}
		return n, nil
	case dayOf:
		for _, layout := range []string{time.DateOnly, "2006/1/2", "2006-1-2", "2006.1.2", "2006年1月2日", time.DateTime} {
			if day, err := time.Parse(layout, cell); err == nil {
				return day.Format(time.DateOnly), nil
			}
		}
		return nil, wrong()
	case reference:
		return c.find(app, info, cell)
	}
	return cell, nil
}

// find looks for what a reference names, among what who asks may know of: rows
// that he sees, and the names of people and departments. More than one of a name
// is refused.
func (c column) find(app core.App, info *core.RequestInfo, cell string) (string, error) {
	for _, field := range names[c.relation] {
		named, err := app.FindAllRecords(c.relation, dbx.HashExp{field: cell})
		if err != nil {
			return "", fmt.Errorf("look for %s: %w", c.relation, err)
		}
		var found []string
		for _, r := range named {
			known := openNames[c.relation] && (field == "id" || field == "name" || field == "kind" || field == "emp_no" && c.byNo)
			if !known {
				if known, err = app.CanAccessRecord(r, info, r.Collection().ViewRule); err != nil {
					return "", fmt.Errorf("ask a rule: %w", err)
				}
			}
			if known {
				found = append(found, r.Id)
			}
		}
		switch {
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			return "", gate.Refuse("import.ambiguous", "column", c.zh, "value", quoted(cell))
		}
	}
	return "", gate.Refuse("import.not_found", "column", c.zh, "value", quoted(cell))
}

// quoted is as much of a cell as a refusal repeats.
func quoted(cell string) string {
	const most = 60 // characters
	n := 0
	for i := range cell {
		if n++; n > most {
			return cell[:i] + "…"
		}
	}
	return cell
}

// label is how a value is written in an export, so that it can be read in again.
func (c column) label(value string) string {
	for _, label := range slices.Sorted(maps.Keys(c.values)) {
		if c.values[label] == value {
			return label
		}
	}
	return value
}

// badRow is a row that did not pass, and why.
type badRow struct {
	Row    int            `json:"row"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	Fields map[string]any `json:"fields,omitempty"`
	ZH     string         `json:"zh"`
	EN     string         `json:"en"`
}

// bad names the reason of a refusal; false for what is no refusal.
func (l list) bad(n int, err error) (badRow, bool) {
	p, fields, ok := gate.ProblemOf(err)
	if !ok {
		return badRow{}, false
	}
	b := badRow{Row: n, Code: p.Code, Params: p.Params, ZH: p.Text("zh"), EN: p.Text("en")}
	if p.Code == "validation" { // PocketBase's own: a code per field
		b.Fields = map[string]any{}
		var zh, en []string
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			b.Fields[field] = fields[field]
			c, known := l.column(field)
			if !known {
				c.zh, c.en = field, field
			}
			zh, en = append(zh, c.zh), append(en, c.en)
		}
		b.ZH += strings.Join(zh, "、")
		b.EN += " " + strings.Join(en, ", ")
	}
	return b, true
}

var notAllowed = domain.Problem{Code: "record.not_allowed"}
