package filters

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ganigeorgiev/fexpr"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"
)

// Shape is how much work a filter, a sort and an expand ask for, as far as their
// text tells. It is counted before any SQL, and never too low.
type Shape struct {
	// Backs are the ways from a row to all that refer to it (x_via_y), and to whole
	// other collections, each time one is named: each is looked through once more.
	Backs int
	// Joins are the tables that a filter and a sort read beside the list's own. A way
	// of single relations is joined once, however often it is named.
	Joins int
	// Terms are comparisons, functions, sorts, and steps of an expand.
	Terms int
	// Fields are the parts that the answer is to be cut down to.
	Fields int
}

// What a client may ask for: at once; of all requests of a batch together; of a
// subscription; and of all subscriptions of a connection together. A subscription
// is tried at every write, in the time of whoever writes, so it looks at one row
// and what that refers to.
var (
	most           = Shape{Backs: 2, Joins: 4, Terms: 30, Fields: 100}
	mostOfBatch    = Shape{Backs: 2, Joins: 4, Terms: 300, Fields: 1000}
	mostOfOne      = Shape{Joins: 4, Terms: 30, Fields: 100}
	mostSubscribed = Shape{Joins: 12, Terms: 60, Fields: 1000}
)

func (s Shape) within(most Shape) bool {
	return s.Backs <= most.Backs && s.Joins <= most.Joins && s.Terms <= most.Terms && s.Fields <= most.Fields
}

func (s Shape) plus(o Shape) Shape {
	return Shape{s.Backs + o.Backs, s.Joins + o.Joins, s.Terms + o.Terms, s.Fields + o.Fields}
}

// asks reports whether a query says more than which page.
func asks(query url.Values) bool {
	return slices.ContainsFunc([]string{"filter", "sort", "expand", "fields"}, query.Has)
}

// measure counts what a query asks of a collection, nil if none is known.
func measure(app core.App, base *core.Collection, query url.Values) Shape {
	m := &measuring{app: app, base: base, joined: map[string]bool{}}
	for _, text := range query["filter"] {
		m.filter(text)
	}
	for _, text := range query["sort"] {
		for _, by := range search.ParseSortFromString(text) {
			if by.Name != "" {
				m.Terms++
				m.name(by.Name)
			}
		}
	}
	for _, text := range query["expand"] {
		for path := range strings.SplitSeq(text, ",") {
			m.expand(path)
		}
	}
	for _, text := range query["fields"] {
		m.Fields += 1 + strings.Count(text, ",")
	}
	return m.Shape
}

type measuring struct {
	Shape
	app    core.App
	base   *core.Collection
	joined map[string]bool
}

// filter counts a filter. What cannot be read is refused by who builds the SQL.
func (m *measuring) filter(text string) {
	if len(text) > search.MaxFilterLength {
		m.Terms += len(text) // nothing is read of it
		return
	}
	if list, err := fexpr.Parse(text); err == nil {
		m.groups(list)
	}
}

func (m *measuring) groups(list []fexpr.ExprGroup) {
	for _, g := range list {
		switch item := g.Item.(type) {
		case fexpr.Expr:
			m.Terms++
			m.token(item.Left)
			m.token(item.Right)
		case fexpr.ExprGroup:
			m.groups([]fexpr.ExprGroup{item})
		case []fexpr.ExprGroup:
			m.groups(item)
		}
	}
}

func (m *measuring) token(t fexpr.Token) {
	switch t.Type {
	case fexpr.TokenIdentifier:
		m.name(t.Literal)
	case fexpr.TokenFunction:
		m.Terms++
		args, _ := t.Meta.([]fexpr.Token)
		for _, arg := range args {
			m.token(arg)
		}
	default: // a value
	}
}

var (
	back    = regexp.MustCompile(`^(\w+)_via_(\w+)$`)
	oldBack = regexp.MustCompile(`^(\w+)\((\w+)\)$`) // of an expand
)

// name counts the joins of a field's path.
func (m *measuring) name(text string) {
	coll, steps := m.base, strings.Split(text, ".")
	again := false // a subquery of its own reads the tables anew
	switch {
	case steps[0] == "@request":
		m.Joins += max(0, len(steps)-3)
		return
	case steps[0] == "@collection" && len(steps) > 2:
		other, _, _ := strings.Cut(steps[1], ":")
		coll, again, steps = m.find(other), true, steps[2:]
		m.Backs++
		m.Joins++
	}
	for i, step := range steps[:len(steps)-1] {
		field, next := m.step(coll, step)
		if field != nil && (field.Type() == core.FieldTypeJSON || field.Type() == core.FieldTypeGeoPoint) {
			return // the rest is a path inside it
		}
		multiple := isMultiple(field)
		if field != nil && !multiple && i == len(steps)-2 && steps[i+1] == core.FieldNameId {
			return // the column itself
		}
		if field == nil && back.MatchString(step) {
			m.Backs++
			again = true
		}
		if multiple {
			m.Joins++
			again = true
		}
		way := strings.Join(steps[:i+1], ".")
		if again || !m.joined[way] {
			m.Joins++
		}
		m.joined[way] = true
		coll = next
	}
	if strings.HasSuffix(text, ":each") {
		m.Joins++
	}
}

// expand counts the steps of one path. Each is a look for ids, of which a way back
// is one for every row.
func (m *measuring) expand(path string) {
	coll := m.base
	for step := range strings.SplitSeq(strings.Trim(strings.ReplaceAll(path, " ", ""), "."), ".") {
		if step == "" {
			continue
		}
		m.Terms++
		field, next := m.step(coll, step)
		if oldBack.MatchString(step) || field == nil && back.MatchString(step) {
			m.Backs++
		}
		coll = next
	}
}

// step finds a field by its name, and the collection to which a step of that name leads.
func (m *measuring) step(coll *core.Collection, name string) (core.Field, *core.Collection) {
	var field core.Field
	if coll != nil {
		field = coll.Fields.GetByName(name)
	}
	if r, ok := field.(*core.RelationField); ok {
		return field, m.find(r.CollectionId)
	}
	if parts := back.FindStringSubmatch(name); field == nil && parts != nil {
		return nil, m.find(parts[1])
	}
	return field, nil
}

func (m *measuring) find(name string) *core.Collection {
	coll, err := m.app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return nil
	}
	return coll
}

func isMultiple(field core.Field) bool {
	many, ok := field.(core.MultiValuer)
	return ok && many.IsMultiple()
}
