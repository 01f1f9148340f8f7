package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"regexp"
	"slices"
)

var recordID = regexp.MustCompile(`^[a-z0-9]{15}$`)

// decode reads and checks one mutation against the rules. It always returns a
// mutation to speak of, however little could be read.
//
// Names of the app's schema become the present ones.
func (s *Session) decode(raw jsontext.Value, schema uint32) (*Mutation, *Rule, *Problem) {
	m := &Mutation{}
	if len(raw) > MaxMutationBytes {
		return m, nil, &Problem{Code: "mutation_too_large", Params: map[string]any{"limit": MaxMutationBytes}}
	}
	if err := json.Unmarshal(raw, m, json.RejectUnknownMembers(true)); err != nil {
		return m, nil, refuse("mutation_malformed")
	}
	rule, ok := s.catalog.Rule(m.C)
	switch {
	case !slices.Contains([]string{OpCreate, OpUpdate, OpDelete, OpAction}, m.Op):
		return m, nil, refuse("mutation_malformed")
	case !ok:
		return m, nil, &Problem{Code: "collection_unknown", Params: map[string]any{"collection": clip(m.C)}}
	case !recordID.MatchString(m.R) || !recordID.MatchString(m.ID):
		return m, nil, refuse("id.invalid")
	case rule.Direction != DirectionBoth:
		return m, rule, &Problem{Code: "collection_read_only", Params: map[string]any{"collection": m.C}}
	case m.Op == OpUpdate && m.Base <= 0:
		return m, rule, refuse("base_required")
	}
	var problem *Problem
	m.as = rule.view(schema)
	if m.retired, problem = m.as.convert(m); problem != nil {
		return m, rule, problem
	}
	return m, rule, s.checkFields(rule, m)
}

func (s *Session) checkFields(rule *Rule, m *Mutation) *Problem {
	kindOf := func(name string) (Kind, *Problem) {
		f, ok := rule.Collection.Field(name)
		if !ok || name == "id" {
			return 0, refuseField(clip(name), "field.unknown")
		}
		if f.Kind == KindFile || f.Kind == KindFiles {
			return 0, refuseField(name, "field.locked")
		}
		return f.Kind, nil
	}
	for _, name := range sortedKeys(m.Set) {
		kind, problem := kindOf(name)
		if problem != nil {
			return problem
		}
		if !fits(kind, m.Set[name]) {
			return refuseField(name, "field.type")
		}
	}
	operations := map[string]Kind{}
	for name := range m.Inc {
		operations[name] = KindNumber
	}
	for name := range m.Add {
		operations[name] = KindList
	}
	for name := range m.Remove {
		operations[name] = KindList
	}
	for _, name := range sortedKeys(operations) {
		kind, problem := kindOf(name)
		if problem != nil {
			return problem
		}
		if kind != operations[name] || m.Op != OpUpdate {
			return refuseField(name, "field.type")
		}
	}
	return nil
}

// fits tells whether a value has the form of a kind.
func fits(kind Kind, v jsontext.Value) bool {
	switch kind {
	case KindText:
		return v.Kind() == '"'
	case KindNumber:
		return v.Kind() == '0'
	case KindBool:
		return v.Kind() == 't' || v.Kind() == 'f'
	case KindList:
		var list []string
		return v.Kind() == '[' && json.Unmarshal(v, &list) == nil
	case KindJSON:
		return true
	case KindFile, KindFiles: // written by the server only
		return false
	}
	return false
}

// clip bounds what is echoed of a name that the server does not know.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64]
	}
	return s
}
