package accounts

import (
	"reflect"

	"github.com/pocketbase/pocketbase/core"
)

const (
	accounts = "accounts"
	contacts = "contacts"

	fieldOwner = "owner"
	fieldDept  = "dept"
)

var (
	// filledByServer follows from the owner.
	filledByServer = []string{"manager", fieldDept}
	// repFields are what a rep may change of an account.
	repFields = []string{"short_name", "address", "tags", "note", "lat", "lng", "industry"}
)

func ownerOf(r *core.Record) string   { return r.GetString(fieldOwner) }
func deptOf(r *core.Record) string    { return r.GetString(fieldDept) }
func accountOf(r *core.Record) string { return r.GetString("account") }

func setLine(r *core.Record, manager, dept string) {
	r.Set("manager", manager)
	r.Set(fieldDept, dept)
}

// changed lists the fields that differ from the stored record, autodates aside.
func changed(r *core.Record) []string {
	var out []string
	before := r.Original()
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		if f.Type() != core.FieldTypeAutodate && !reflect.DeepEqual(r.Get(name), before.Get(name)) {
			out = append(out, name)
		}
	}
	return out
}
