package syncer

import (
	"encoding/json/v2"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

// projected is a row as phones see it, with the texts that the rule's templates need.
type projected struct {
	body    string
	columns map[string]string
}

// projection builds the SELECT that turns rows of the collection into JSON.
func (r *Rule) projection() string {
	var b strings.Builder
	b.WriteString("SELECT id AS rec, json_object('id', id")
	for _, f := range r.Collection.Fields {
		if f.Name == "id" {
			continue
		}
		fmt.Fprintf(&b, ", '%s', ", f.Name)
		column := "`" + f.Name + "`"
		switch f.Kind {
		case KindBool:
			fmt.Fprintf(&b, "json(IIF(%s, 'true', 'false'))", column)
		case KindJSON:
			fmt.Fprintf(&b, "json(IIF(json_valid(%[1]s), %[1]s, 'null'))", column)
		case KindList, KindFiles:
			fmt.Fprintf(&b, "json(IIF(json_valid(%[1]s), %[1]s, '[]'))", column)
		case KindNumber:
			fmt.Fprintf(&b, "COALESCE(%s, 0)", column)
		case KindText, KindFile:
			fmt.Fprintf(&b, "COALESCE(%s, '')", column)
		}
	}
	b.WriteString(") AS body, json_object('id', id")
	for _, c := range r.columns {
		if c != "id" {
			fmt.Fprintf(&b, ", '%[1]s', CAST(COALESCE(%[2]s, '') AS TEXT)", c, r.columnText(c))
		}
	}
	b.WriteString(") AS cols FROM `" + r.Collection.Name + "` WHERE id IN (SELECT value FROM json_each({:recs}))")
	return b.String()
}

// columnText renders a boolean as true or false, so that conditions read well.
func (r *Rule) columnText(name string) string {
	column := "`" + name + "`"
	if f, ok := r.Collection.Field(name); ok && f.Kind == KindBool {
		return "IIF(" + column + ", 'true', 'false')"
	}
	return column
}

// project reads the present rows among recs.
func (s *Session) project(rule *Rule, recs []string) (map[string]projected, error) {
	var rows []struct {
		Rec  string `db:"rec"`
		Body string `db:"body"`
		Cols string `db:"cols"`
	}
	if err := s.tx.NewQuery(rule.projection()).Bind(dbx.Params{"recs": jsonText(recs)}).All(&rows); err != nil {
		return nil, fmt.Errorf("project %s: %w", rule.Collection.Name, err)
	}
	out := make(map[string]projected, len(rows))
	for _, row := range rows {
		var p projected
		body, err := strict(row.Body)
		if err != nil {
			return nil, err
		}
		cols, err := strict(row.Cols)
		if err != nil {
			return nil, err
		}
		p.body = body
		if err := json.Unmarshal([]byte(cols), &p.columns); err != nil {
			return nil, fmt.Errorf("read columns of %s: %w", rule.Collection.Name, err)
		}
		out[row.Rec] = p
	}
	return out, nil
}

// expiry returns the first day on which the row is off the phones, 0 for never.
func (r *Rule) expiry(columns map[string]string) int64 {
	if r.RetentionDays == 0 {
		return 0
	}
	text := columns[r.RetentionField]
	if len(text) < len(time.DateOnly) {
		return 0
	}
	day, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)])
	if err != nil {
		return 0
	}
	return dayOf(day) + int64(r.RetentionDays) + 1
}

// dayOf counts days since 1970 in UTC.
func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// jsonText renders a value that cannot fail to be rendered.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and slices of them only
	}
	return string(b)
}

func jsonKeys(set map[string]struct{}) string {
	list := make([]string, 0, len(set))
	for k := range set {
		list = append(list, k)
	}
	return jsonText(list)
}
