package syncer

import (
	"encoding/json/v2"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Kind is how a field's value looks on the wire.
type Kind int

// Kinds of field values.
const (
	KindText   Kind = iota // JSON string
	KindNumber             // JSON number
	KindBool               // true or false
	KindJSON               // any JSON, stored as text
	KindList               // array of strings
	KindFile               // file name, written by the server only
	KindFiles              // array of file names, written by the server only
)

// Field is one column that phones see.
type Field struct {
	Name string
	Kind Kind
}

// Collection is a synced table: its stable id, its present name and its visible fields.
type Collection struct {
	ID, Name string
	Fields   []Field
	Columns  []string // every column of the table, for templates
}

// Field finds a field by name.
func (c *Collection) Field(name string) (Field, bool) {
	for _, f := range c.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Directions of a rule.
const (
	DirectionDown = "down" // phones read
	DirectionBoth = "both" // phones read and write
	DirectionNone = "none" // not synced
)

// KeyTemplate maps a row to scope keys. A placeholder {field} takes the row's
// value; an empty value yields no key, a list one key for each entry.
// When holds fields and the values that each must have one of.
type KeyTemplate struct {
	Key  string              `json:"key"`
	When map[string][]string `json:"when,omitempty"`
}

// GrantTemplate maps a row to a user and a key that he holds because of it.
type GrantTemplate struct {
	To   string              `json:"to"`
	Key  string              `json:"key"`
	When map[string][]string `json:"when,omitempty"`
}

// Rule says who sees the rows of one collection and how edits of it merge.
type Rule struct {
	Collection     Collection
	Keys           []KeyTemplate
	Grants         []GrantTemplate
	Direction      string
	Policy         map[string]string // field → policy; others are PolicyServer
	RetentionDays  int               // 0 keeps rows as long as they are visible
	RetentionField string            // its date decides
	Priority       int
	// Late is an API rule under which a user may still add to what he saw when
	// he captured it; empty if he may not.
	Late string
	// Propose turns his edit of a row that is no longer his into a proposal.
	Propose bool
	// EditRestores lets an edit bring back a row whose delete its author had not
	// seen, and stand against such a delete; otherwise the delete wins.
	EditRestores bool

	// Steps are the changes of the fields that apps of older schemas do not know.
	Steps []Step

	columns []string // fields that templates and retention read
	prefix  []byte   // of a put line
}

// Catalog is the set of rules in force. It is immutable.
type Catalog struct {
	byID   map[string]*Rule
	byName map[string]*Rule
	RuleID string // collection id of the rules themselves; a change of it reloads the catalog
}

// NewCatalog checks the rules against their collections.
// The error is a *Problem with code rule.invalid that names the rule and the fault.
func NewCatalog(ruleID string, rules []Rule) (*Catalog, error) {
	c := &Catalog{byID: map[string]*Rule{}, byName: map[string]*Rule{}, RuleID: ruleID}
	for i := range rules {
		r := &rules[i]
		if err := r.prepare(); err != nil {
			return nil, err
		}
		if r.Direction == DirectionNone {
			continue
		}
		c.byID[r.Collection.ID] = r
		c.byName[r.Collection.Name] = r
	}
	return c, nil
}

// Rule finds a rule by collection name.
func (c *Catalog) Rule(name string) (*Rule, bool) {
	r, ok := c.byName[name]
	return r, ok
}

// Rules lists all rules in force, ordered by collection name.
func (c *Catalog) Rules() []*Rule {
	out := make([]*Rule, 0, len(c.byID))
	for _, r := range c.byID {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Rule) int { return strings.Compare(a.Collection.Name, b.Collection.Name) })
	return out
}

var (
	placeholder = regexp.MustCompile(`\{([A-Za-z0-9_]*)\}`)
	keyShape    = regexp.MustCompile(`^[a-z]+(:([A-Za-z0-9_]|\{[A-Za-z0-9_]+\})+)?$`)
	userShape   = regexp.MustCompile(`^\{[A-Za-z0-9_]+\}$`)
)

func (r *Rule) prepare() error {
	bad := func(format string, args ...any) error {
		return &Problem{Code: "rule.invalid", Params: map[string]any{
			"rule": r.Collection.Name, "fault": fmt.Sprintf(format, args...),
		}}
	}
	need := func(template string) error {
		for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
			if !slices.Contains(r.Collection.Columns, m[1]) {
				return bad("%q names the unknown field %q", template, m[1])
			}
			r.columns = appendNew(r.columns, m[1])
		}
		return nil
	}
	when := func(cond map[string][]string) error {
		for f := range cond {
			if err := need("{" + f + "}"); err != nil {
				return err
			}
		}
		return nil
	}
	for _, k := range r.Keys {
		if !keyShape.MatchString(k.Key) {
			return bad("key %q is not of the form name or name:value", k.Key)
		}
		if err := firstError(need(k.Key), when(k.When)); err != nil {
			return err
		}
	}
	for _, g := range r.Grants {
		if !keyShape.MatchString(g.Key) || !userShape.MatchString(g.To) {
			return bad("grant of %q to %q: the key must be name or name:value, the user a {field}", g.Key, g.To)
		}
		if err := firstError(need(g.To), need(g.Key), when(g.When)); err != nil {
			return err
		}
	}
	for f, p := range r.Policy {
		if _, ok := r.Collection.Field(f); !ok {
			return bad("policy for the unknown field %q", f)
		}
		if !slices.Contains(policies, p) {
			return bad("unknown policy %q for field %q", p, f)
		}
	}
	if !slices.Contains([]string{DirectionDown, DirectionBoth, DirectionNone}, r.Direction) {
		return bad("unknown direction %q", r.Direction)
	}
	if r.RetentionDays < 0 || (r.RetentionDays > 0 && !slices.Contains(r.Collection.Columns, r.RetentionField)) {
		return bad("retention needs a number of days and a date field")
	}
	if r.RetentionDays > 0 {
		r.columns = appendNew(r.columns, r.RetentionField)
	}
	if r.EditRestores && r.Direction != DirectionBoth {
		return bad("edit_restores needs a collection that phones write to")
	}
	r.prepareSteps()
	r.prefix = fmt.Appendf(nil, `{"c":%q,"v":`, r.Collection.Name)
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// expand fills a template from the row's column texts.
func expand(template string, row map[string]string) []string {
	out := []string{""}
	last := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		values := listOf(row[template[m[2]:m[3]]])
		var next []string
		for _, head := range out {
			for _, v := range values {
				next = append(next, head+template[last:m[0]]+v)
			}
		}
		out, last = next, m[1]
	}
	for i := range out {
		out[i] += template[last:]
	}
	return out
}

// listOf reads a column's text: nothing, one value, or a JSON list of values.
func listOf(text string) []string {
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, "["):
		var list []string
		if json.Unmarshal([]byte(text), &list) == nil {
			return list
		}
	}
	return []string{text}
}

func holds(when map[string][]string, row map[string]string) bool {
	for f, values := range when {
		if !slices.Contains(values, row[f]) {
			return false
		}
	}
	return true
}

// KeysOf returns the scope keys of a row, given by the texts of its columns, each once.
func (r *Rule) KeysOf(row map[string]string) []string {
	var out []string
	for _, k := range r.Keys {
		if !holds(k.When, row) {
			continue
		}
		for _, key := range expand(k.Key, row) {
			out = appendNew(out, key)
		}
	}
	return out
}

type grant struct{ user, key string }

// grants returns who holds which key because of a row, each once.
func (r *Rule) grants(row map[string]string) []grant {
	var out []grant
	for _, g := range r.Grants {
		if !holds(g.When, row) {
			continue
		}
		for _, user := range expand(g.To, row) {
			for _, key := range expand(g.Key, row) {
				if v := (grant{user, key}); !slices.Contains(out, v) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}
