package filters

import (
	"strconv"
	"strings"

	"github.com/ganigeorgiev/fexpr"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// reading turns the parts of a rule or a filter into conditions. lost is set by what it
// does not understand; its SQL is then of no use.
type reading struct {
	app    core.App
	who    *core.Record
	params dbx.Params
	lost   bool
}

func (r *reading) give() condition {
	r.lost = true
	return fixed(false)
}

// any reads a list of parts: "and" binds closer than "or".
func (r *reading) any(coll *core.Collection, list []fexpr.ExprGroup, rule bool) condition {
	var some []condition
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Join == fexpr.JoinAnd {
			n++
		}
		some = append(some, r.run(coll, list[:n], rule))
		list = list[n:]
	}
	return or(some)
}

// run reads parts that are joined by "and". Beside one that never holds it does not matter
// what the others are.
func (r *reading) run(coll *core.Collection, list []fexpr.ExprGroup, rule bool) condition {
	before := r.lost
	var all []condition
	lost, never := false, false
	for _, g := range list {
		r.lost = false
		c := r.part(coll, g.Item, rule)
		never = never || !r.lost && c == condition(fixed(false))
		lost = lost || r.lost
		all = append(all, c)
	}
	if r.lost = before; never {
		return fixed(false)
	}
	r.lost = r.lost || lost
	return r.and(all)
}

// and is all of some conditions. Two of one multiple relation are met by one of its rows
// in PocketBase, which is not read here.
func (r *reading) and(list []condition) condition {
	seen := map[string]bool{}
	for _, c := range list {
		own := map[string]bool{}
		multiple(c, own)
		for field := range own {
			r.lost = r.lost || seen[field]
			seen[field] = true
		}
	}
	return and(list)
}

func (r *reading) part(coll *core.Collection, item any, rule bool) condition {
	switch item := item.(type) {
	case fexpr.Expr:
		return r.comparison(coll, item, rule)
	case fexpr.ExprGroup:
		return r.part(coll, item.Item, rule)
	case []fexpr.ExprGroup:
		return r.any(coll, item, rule)
	}
	return r.give()
}

// comparison reads what compares a field with a value, or two values.
func (r *reading) comparison(coll *core.Collection, e fexpr.Expr, rule bool) condition {
	left, isLeft := r.value(coll, e.Left, rule)
	right, isRight := r.value(coll, e.Right, rule)
	switch {
	case r.lost:
		return fixed(false)
	case isLeft && isRight:
		return r.constant(left, e.Op, right)
	case isRight && e.Left.Type == fexpr.TokenIdentifier:
		return r.field(coll, e.Left.Literal, e.Op, right, rule)
	}
	return r.give()
}

func (r *reading) constant(left any, op fexpr.SignOp, right any) condition {
	_, text := left.(string)
	_, other := right.(string)
	_, yes := left.(bool)
	_, no := right.(bool)
	if (text && other || yes && no) && (op == fexpr.SignEq || op == fexpr.SignNeq) {
		return fixed((left == right) == (op == fexpr.SignEq))
	}
	return r.give()
}

// value is what does not depend on the row: a literal, or what is known of who asks.
func (r *reading) value(coll *core.Collection, t fexpr.Token, rule bool) (value any, ok bool) {
	switch t.Type { //nolint:exhaustive // nothing else is a value
	case fexpr.TokenText:
		return t.Literal, true
	case fexpr.TokenNumber:
		n, err := strconv.ParseFloat(t.Literal, 64)
		if err != nil {
			r.lost = true
		}
		return n, true
	case fexpr.TokenIdentifier:
		if coll.Fields.GetByName(t.Literal) != nil {
			return nil, false
		}
		if name, is := strings.CutPrefix(t.Literal, "@request.auth."); is && rule {
			return r.ofWho(name)
		}
		switch t.Literal {
		case "true":
			return true, true
		case "false":
			return false, true
		}
		if strings.HasPrefix(t.Literal, "@") {
			r.lost = true
		}
		return nil, false
	}
	r.lost = true
	return nil, false
}

// field compares one of the row's own fields, or one behind its relations. Rules may
// name what a client may not, and go further than a filter is followed.
func (r *reading) field(coll *core.Collection, name string, op fexpr.SignOp, value any, rule bool) condition {
	first, rest, way := strings.Cut(name, ".")
	f := coll.Fields.GetByName(first)
	if f == nil || !rule && (f.GetHidden() || way || coll.IsAuth()) {
		return r.give()
	}
	if way {
		return r.behind(coll, f, rest, op, value)
	}
	switch f := f.(type) {
	case *core.TextField, *core.BoolField, *core.NumberField, *core.DateField, *core.AutodateField:
	case *core.SelectField:
		r.lost = r.lost || f.IsMultiple()
	case *core.RelationField:
		r.lost = r.lost || f.IsMultiple()
	default:
		return r.give()
	}
	return r.compare(column(coll, first), op, value)
}

func (r *reading) behind(coll *core.Collection, f core.Field, rest string, op fexpr.SignOp, value any) condition {
	rel, ok := f.(*core.RelationField)
	if !ok {
		return r.give()
	}
	text, _ := value.(string)
	next, err := r.app.FindCachedCollectionByNameOrId(rel.CollectionId)
	switch {
	case err != nil:
		return r.give()
	case rel.IsMultiple():
		if op != fexpr.SignAnyEq || text == "" {
			return r.give()
		}
		return many{rel.Name, next, r.field(next, rest, fexpr.SignEq, text, true)}
	case op != fexpr.SignEq && op != fexpr.SignNeq || text == "" && (value != any(true) || op == fexpr.SignNeq):
		return r.give() // a relation that names nothing would count as empty
	case op == fexpr.SignNeq: // and is something else than what is named
		return not{by{rel.Name, next, r.field(next, rest, fexpr.SignEq, value, true)}}
	}
	return by{rel.Name, next, r.field(next, rest, op, value, true)}
}

// compare writes what PocketBase writes of a column and a value.
func (r *reading) compare(column string, op fexpr.SignOp, value any) condition {
	switch op { //nolint:exhaustive // PocketBase counts those
	case fexpr.SignEq:
		if value == any("") {
			return plain("(" + column + " = '' OR " + column + " IS NULL)")
		}
		return plain(column + " = " + r.bind(value))
	case fexpr.SignNeq:
		if value == any("") {
			return plain("(" + column + " IS NOT '' AND " + column + " IS NOT NULL)")
		}
		return plain(column + " IS NOT " + r.bind(value))
	case fexpr.SignLt, fexpr.SignLte, fexpr.SignGt, fexpr.SignGte:
		return plain(column + " " + string(op) + " " + r.bind(value))
	}
	return r.give()
}

func (r *reading) bind(value any) string {
	switch value {
	case true:
		return "1"
	case false:
		return "0"
	}
	name := "total" + strconv.Itoa(len(r.params))
	r.params[name] = value
	return "{:" + name + "}"
}
