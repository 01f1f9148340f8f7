package syncer

import (
	"encoding/json/jsontext"
	"maps"
)

// convert puts a mutation into the present names. Values for fields that are
// gone leave it and are returned, to be kept.
func (v *view) convert(m *Mutation) (retired []Conflict, problem *Problem) {
	if v == nil {
		return nil, nil
	}
	was := m.Was
	gone := func(name string, value jsontext.Value) {
		retired = append(retired, Conflict{Field: name, Policy: PolicyRetired, Resolution: resolvedTheirs, Ancestor: was[name], Mine: value})
	}
	m.Set = converted(v, m.Set, &problem, gone)
	m.Inc = converted(v, m.Inc, &problem, func(name string, by int64) { gone(name, jsontext.Value(jsonText(by))) })
	list := func(name string, values []string) { gone(name, jsontext.Value(jsonText(values))) }
	m.Add = converted(v, m.Add, &problem, list)
	m.Remove = converted(v, m.Remove, &problem, list)
	var ignored *Problem
	m.Was = converted(v, was, &ignored, func(string, jsontext.Value) {})
	return retired, problem
}

// converted puts one part of a mutation into the present names.
func converted[V any](v *view, part map[string]V, problem **Problem, gone func(string, V)) map[string]V {
	if part == nil {
		return nil
	}
	out := make(map[string]V, len(part))
	for _, name := range sortedKeys(part) {
		present, known := v.present[name]
		_, retired := v.retired[name]
		_, differs := v.theirs[name]
		switch {
		case known:
			out[present] = part[name]
		case retired:
			gone(name, part[name])
		case !differs: // of a field that came later, or of none; the check of fields tells
			out[name] = part[name]
		case *problem == nil:
			*problem = refuseField(clip(name), "field.unknown")
		}
	}
	return out
}

// answer puts a verdict into the app's names.
func (v *view) answer(out Result) (Result, error) {
	if v == nil {
		return out, nil
	}
	if field, ok := out.Params["field"].(string); ok {
		out.Params = maps.Clone(out.Params)
		out.Params["field"] = v.name(field)
	}
	if out.Fields != nil {
		fields := make(map[string]string, len(out.Fields))
		for name, code := range out.Fields {
			fields[v.name(name)] = code
		}
		out.Fields = fields
	}
	conflicts := out.Conflicts[:0:0]
	for _, c := range out.Conflicts {
		if theirs, differs := v.theirs[c.Field]; !differs || theirs != "" {
			c.Field = v.name(c.Field)
			conflicts = append(conflicts, c)
		}
	}
	out.Conflicts = conflicts
	if len(out.Current) > 0 {
		current, err := v.body(out.Current)
		if err != nil {
			return out, err
		}
		out.Current = current
	}
	return out, nil
}
