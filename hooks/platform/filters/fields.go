package filters

import (
	"github.com/pocketbase/pocketbase/core"
)

// ofWho is what a rule knows of who asks.
func (r *reading) ofWho(name string) (value any, ok bool) {
	if name == core.FieldNameCollectionName {
		return r.who.Collection().Name, true
	}
	switch f := r.who.Collection().Fields.GetByName(name).(type) {
	case *core.TextField, *core.EmailField:
		return r.who.GetString(name), true
	case *core.SelectField:
		if !f.IsMultiple() {
			return r.who.GetString(name), true
		}
	case *core.RelationField:
		if !f.IsMultiple() {
			return r.who.GetString(name), true
		}
	case *core.BoolField:
		return r.who.GetBool(name), true
	}
	r.lost = true
	return nil, false
}
