package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"
)

// Policies: what happens to a field that two devices changed.
const (
	PolicyClient = "client" // the later arrival stands
	PolicyServer = "server" // what the server has stands
	PolicyOnce   = "once"   // the first value stands for ever
	PolicyMax    = "max"    // the greater number or text stands
	PolicyMin    = "min"    // the smaller one
	PolicyAsk    = "ask"    // the server's stands until somebody chooses
	PolicyAppend = "append" // texts are joined by a line feed, lists united
	PolicyState  = "state"  // only actions change it
)

// Policies of a whole row in a report, when one deleted what another edited.
const (
	PolicyDelete  = "delete"        // the delete stands
	PolicyRestore = "edit_restores" // the edit stands, and the row with it
)

// PolicyRetired marks what an older app had for a field that is gone.
const PolicyRetired = "retired"

var policies = []string{PolicyClient, PolicyServer, PolicyOnce, PolicyMax, PolicyMin, PolicyAsk, PolicyAppend, PolicyState}

// Resolutions of a conflict.
const (
	resolvedMine   = "mine"
	resolvedTheirs = "theirs"
	resolvedJoined = "joined"
)

// policyOf returns a field's policy; fields without one follow the server.
func (r *Rule) policyOf(field string) string {
	if p, ok := r.Policy[field]; ok {
		return p
	}
	return PolicyServer
}

// Replica is a row as folded, with the history of its fields.
type Replica struct {
	Ver    int64
	Body   map[string]jsontext.Value
	stamps map[string]stamp
}

// changedBy returns the last change of a field.
func (r *Replica) changedBy(field string) stamp {
	if s, ok := r.stamps[field]; ok {
		return s
	}
	return r.stamps["*"]
}

// Merged is an update after the merge.
type Merged struct {
	Set       map[string]jsontext.Value // what is left to write
	Conflicts []Conflict
	Beside    bool // somebody else changed the row since base
}

// merge decides, field by field, what of an update is written. A field conflicts
// if its last change is newer than base, came from another device and gave
// another value. No clock takes part.
func merge(rule *Rule, row *Replica, m *Mutation, device string) Merged {
	out := Merged{Set: map[string]jsontext.Value{}}
	for f := range row.Body {
		if last := row.changedBy(f); last.Ver > m.Base && last.By != device {
			out.Beside = true
		}
	}
	for _, f := range sortedKeys(m.Set) {
		mine, theirs := m.Set[f], row.Body[f]
		if same(mine, theirs) {
			continue
		}
		policy, last := rule.policyOf(f), row.changedBy(f)
		first := policy == PolicyOnce && !empty(theirs)
		if !first && (last.Ver <= m.Base || last.By == device) {
			out.Set[f] = mine
			continue
		}
		value, resolution := resolve(policy, mine, theirs)
		if resolution != resolvedTheirs {
			out.Set[f] = value
		}
		out.Conflicts = append(out.Conflicts, Conflict{
			Field: f, Policy: policy, Resolution: resolution, Ancestor: m.Was[f], Mine: mine, Theirs: theirs,
		})
	}
	return out
}

// resolve applies a policy to two values that differ.
func resolve(policy string, mine, theirs jsontext.Value) (jsontext.Value, string) {
	switch policy {
	case PolicyClient:
		return mine, resolvedMine
	case PolicyMax, PolicyMin:
		if less(theirs, mine) == (policy == PolicyMax) {
			return mine, resolvedMine
		}
	case PolicyAppend:
		return joined(mine, theirs)
	}
	return theirs, resolvedTheirs
}

func joined(mine, theirs jsontext.Value) (jsontext.Value, string) {
	var a, b []string
	if json.Unmarshal(theirs, &a) == nil && json.Unmarshal(mine, &b) == nil {
		for _, v := range b {
			a = appendNew(a, v)
		}
		return jsontext.Value(jsonText(a)), resolvedJoined
	}
	var s, t string
	if json.Unmarshal(theirs, &s) != nil || json.Unmarshal(mine, &t) != nil {
		return theirs, resolvedTheirs
	}
	return jsontext.Value(jsonText(s + "\n" + t)), resolvedJoined
}

// less compares numbers as numbers and all else as text.
func less(a, b jsontext.Value) bool {
	var x, y float64
	if json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil {
		return x < y
	}
	var s, t string
	if json.Unmarshal(a, &s) == nil && json.Unmarshal(b, &t) == nil {
		return s < t
	}
	return string(a) < string(b)
}

// same compares two JSON values whatever their spelling.
func same(a, b jsontext.Value) bool {
	x, y := canonical(a), canonical(b)
	return x == y
}

func canonical(v jsontext.Value) string {
	if len(v) == 0 {
		return "null"
	}
	c := v.Clone()
	if err := c.Canonicalize(); err != nil {
		return string(v)
	}
	return string(c)
}

func empty(v jsontext.Value) bool {
	return slices.Contains([]string{"", `""`, "null", "0", "[]", "false"}, string(v))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
