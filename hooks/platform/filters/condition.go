package filters

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// condition is a part of a rule, read for one person.
type condition interface {
	sql(of *core.Collection) string
}

type (
	// fixed is what holds for every row, or for none.
	fixed bool
	// plain is SQL over the row's own columns.
	plain string
	// allOf and oneOf are several conditions.
	allOf []condition
	oneOf []condition
	// by is a condition over the row that a relation names.
	by struct {
		field string
		coll  *core.Collection
		inner condition
	}
	// not is what does not hold.
	not struct{ of by }
	// many is a condition over any row that a multiple relation names.
	many by
)

func (f fixed) sql(*core.Collection) string {
	if f {
		return "1=1"
	}
	return "1=0"
}

func (p plain) sql(*core.Collection) string { return string(p) }

func (a allOf) sql(of *core.Collection) string { return joined(a, of, " AND ", "1=1") }

func (o oneOf) sql(of *core.Collection) string { return joined(o, of, " OR ", "1=0") }

func (b by) sql(of *core.Collection) string {
	return column(of, b.field) + " IN (SELECT [[" + b.coll.Name + ".id]] FROM {{" + b.coll.Name + "}} WHERE " + b.inner.sql(b.coll) + ")"
}

func (n not) sql(of *core.Collection) string { return "NOT " + n.of.sql(of) }

func (m many) sql(of *core.Collection) string {
	ids := column(of, m.field)
	return "EXISTS (SELECT 1 FROM json_each(IIF(json_valid(" + ids + "), " + ids + ", '[]')) [[each]] JOIN {{" + m.coll.Name + "}} ON [[" + m.coll.Name + ".id]] = [[each.value]] WHERE " + m.inner.sql(m.coll) + ")"
}

// multiple collects the multiple relations that a condition asks.
func multiple(c condition, into map[string]bool) {
	switch c := c.(type) {
	case many:
		into[c.field] = true
		multiple(c.inner, into)
	case by:
		multiple(c.inner, into)
	case not:
		multiple(c.of.inner, into)
	case allOf:
		for _, part := range c {
			multiple(part, into)
		}
	case oneOf:
		for _, part := range c {
			multiple(part, into)
		}
	}
}

func column(of *core.Collection, field string) string { return "[[" + of.Name + "." + field + "]]" }

func joined(list []condition, of *core.Collection, with, none string) string {
	if len(list) == 0 {
		return none
	}
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = c.sql(of)
	}
	return "(" + strings.Join(texts, with) + ")"
}

// and is all of some conditions, without those that always hold.
func and(list []condition) condition {
	var out allOf
	for _, c := range list {
		if f, ok := c.(fixed); ok {
			if !f {
				return f
			}
			continue
		}
		out = append(out, c)
	}
	switch len(out) {
	case 0:
		return fixed(true)
	case 1:
		return out[0]
	}
	return out
}

// or is one of some conditions, without those that never hold. Ways over one relation
// are asked as one: the rows that it may name are then found once.
func or(list []condition) condition {
	var out oneOf
	ways := map[string]int{}
	for _, c := range list {
		switch c := c.(type) {
		case fixed:
			if c {
				return c
			}
			continue
		case oneOf:
			out = append(out, c...)
			continue
		case by:
			if at, ok := ways[c.field]; ok {
				before := out[at].(by) //nolint:forcetypeassert // ways are of by alone
				before.inner = or([]condition{before.inner, c.inner})
				out[at] = before
				continue
			}
			ways[c.field] = len(out)
		}
		out = append(out, c)
	}
	switch len(out) {
	case 0:
		return fixed(false)
	case 1:
		return out[0]
	}
	return out
}
