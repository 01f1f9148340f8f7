package histories

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// shape lists the fields of the toy collections. The column secret is in every
// table of a shape with hidden set and on no phone.
type shape struct {
	name   string
	text   []string
	number []string
	list   []string
	hidden bool
	policy map[string]string
}

var shapes = []shape{
	{name: "usr", text: []string{"active", "chief"}},
	{
		name: "acc", text: []string{"owner", "boss", "name"}, number: []string{"tier"}, hidden: true,
		policy: map[string]string{"name": syncer.PolicyAsk, "tier": syncer.PolicyMax},
	},
	{
		name: "vis", text: []string{"account", "dept", "day", "title", "note", "first", "memo", "mood", "state"},
		number: []string{"best", "least", "count"}, list: []string{"tags"}, hidden: true,
		policy: map[string]string{
			"title": syncer.PolicyClient, "first": syncer.PolicyOnce, "memo": syncer.PolicyAppend, "tags": syncer.PolicyAppend,
			"mood": syncer.PolicyAsk, "state": syncer.PolicyState, "best": syncer.PolicyMax, "least": syncer.PolicyMin,
		},
	},
	{name: "ord", text: []string{"account", "note"}, number: []string{"total"}},
	{name: "itm", text: []string{"account", "ord"}, number: []string{"qty"}},
	{name: "prod", text: []string{"name"}},
}

// retentionDays is how long a visit stays on phones after its day.
const retentionDays = 30

func shapeOf(name string) shape {
	return shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == name })]
}

// fields lists all fields but id, hidden ones apart.
func (s shape) fields() []string { return slices.Concat(s.text, s.number, s.list) }

// zero is what a field holds that nobody has set.
func (s shape) zero(field string) any {
	switch {
	case slices.Contains(s.number, field):
		return 0.0
	case slices.Contains(s.list, field):
		return []string{}
	}
	return ""
}

func (s shape) create() string {
	columns := []string{"id TEXT PRIMARY KEY"}
	for _, f := range s.text {
		columns = append(columns, f+" TEXT NOT NULL DEFAULT ''")
	}
	for _, f := range s.number {
		columns = append(columns, f+" NUMERIC NOT NULL DEFAULT 0")
	}
	for _, f := range s.list {
		columns = append(columns, f+" TEXT NOT NULL DEFAULT '[]'")
	}
	if s.hidden {
		columns = append(columns, "secret TEXT NOT NULL DEFAULT 'secret-'")
	}
	return "CREATE TABLE " + s.name + " (" + strings.Join(columns, ", ") + ")"
}

// catalog reads which collections and fields there are now; who sees what is fixed.
func catalog(tx dbx.Builder) (*syncer.Catalog, error) {
	var rules []syncer.Rule
	for _, s := range shapes {
		var columns []string
		if err := tx.NewQuery("SELECT name FROM pragma_table_info('" + s.name + "')").Column(&columns); err != nil {
			return nil, fmt.Errorf("failed to read columns: %w", err)
		}
		if len(columns) == 0 {
			continue // dropped
		}
		coll := syncer.Collection{ID: "id" + s.name, Name: s.name, Columns: columns}
		for _, c := range columns {
			kind := syncer.KindText
			switch {
			case c == "secret":
				continue
			case slices.Contains(s.number, c):
				kind = syncer.KindNumber
			case slices.Contains(s.list, c):
				kind = syncer.KindList
			}
			coll.Fields = append(coll.Fields, syncer.Field{Name: c, Kind: kind})
		}
		rule := syncer.Rule{Collection: coll, Direction: syncer.DirectionBoth, Policy: s.policy}
		switch s.name {
		case "usr":
			rule.Direction = syncer.DirectionDown
			rule.Keys = []syncer.KeyTemplate{{Key: "user:{id}"}}
			active := map[string][]string{"active": {"yes"}}
			rule.Grants = []syncer.GrantTemplate{{To: "{id}", Key: "user:{id}"}, {To: "{id}", Key: "all", When: active}, {To: "{id}", Key: "dept:{chief}"}}
		case "acc":
			rule.Keys = []syncer.KeyTemplate{{Key: "account:{id}"}}
			rule.Grants = []syncer.GrantTemplate{{To: "{owner}", Key: "account:{id}"}, {To: "{boss}", Key: "account:{id}"}}
		case "vis":
			rule.Keys = []syncer.KeyTemplate{{Key: "account:{account}"}, {Key: "dept:{dept}", When: map[string][]string{"state": {"open"}}}}
			rule.RetentionDays, rule.RetentionField = retentionDays, "day"
		case "prod":
			rule.Direction = syncer.DirectionDown
			rule.Keys = []syncer.KeyTemplate{{Key: "all"}}
		default:
			rule.Keys = []syncer.KeyTemplate{{Key: "account:{account}"}}
		}
		rules = append(rules, rule)
	}
	return syncer.NewCatalog("rules", rules)
}
