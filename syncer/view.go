package syncer

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"slices"
)

// view is how apps of one schema name the fields of a collection.
type view struct {
	schema  uint32
	theirs  map[string]string // present name → the app's, where they differ; "" hides a field that came later under a name that meant another
	present map[string]string // the app's name → the present one, of every field
	retired map[string]Kind   // the app's names of fields that are gone
	zeros   []byte            // these as members with nothing in them, for an app that cannot do without
}

// view returns nil for apps that know the present names.
func (r *Rule) view(schema uint32) *view {
	at := slices.IndexFunc(r.Steps, func(s Step) bool { return s.Schema > schema })
	if at < 0 {
		return nil
	}
	unknown := r.Steps[at:]
	v := &view{schema: schema, theirs: map[string]string{}, present: map[string]string{}, retired: map[string]Kind{}}
	for _, f := range r.Collection.Fields {
		name, known := undo(unknown, f.Name)
		if known {
			v.present[name] = f.Name
		}
		if name != f.Name {
			v.theirs[f.Name] = name
		}
	}
	for _, s := range unknown {
		if s.Op != StepRemove {
			continue
		}
		before := slices.IndexFunc(unknown, func(t Step) bool { return t.Seq == s.Seq })
		if name, known := undo(unknown[:before], s.From); known {
			v.retired[name] = s.Kind
		}
	}
	for _, name := range sortedKeys(v.retired) {
		if _, again := v.present[name]; !again {
			v.zeros = append(v.zeros, `,"`+name+`":`+zeroOf(v.retired[name])...)
		}
	}
	return v
}

// name returns the app's name of a present field; that of one it does not know stays.
func (v *view) name(present string) string {
	if v != nil && v.theirs[present] != "" {
		return v.theirs[present]
	}
	return present
}

// body renders a row in the app's names.
func (v *view) body(row []byte) ([]byte, error) {
	if v == nil || len(v.theirs)+len(v.zeros) == 0 {
		return row, nil
	}
	out, err := renameMembers(row, func(name string) (string, bool) {
		theirs, differs := v.theirs[name]
		if !differs {
			return name, true
		}
		return theirs, theirs != ""
	})
	if err != nil {
		return nil, err
	}
	return append(append(out[:len(out)-1], v.zeros...), '}'), nil
}

// zeroOf is the JSON of a field with nothing in it.
func zeroOf(kind Kind) string {
	switch kind {
	case KindNumber:
		return "0"
	case KindBool:
		return "false"
	case KindJSON:
		return "null"
	case KindList, KindFiles:
		return "[]"
	case KindText, KindFile:
		return `""`
	}
	return "null"
}

// renameMembers renames or drops the members of a JSON object. Their order and
// the bytes of their values stay.
func renameMembers(object []byte, rename func(string) (string, bool)) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := dec.ReadToken(); err != nil {
		return nil, fmt.Errorf("rename fields: %w", err)
	}
	out := append(make([]byte, 0, len(object)+16), '{')
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, fmt.Errorf("rename fields: %w", err)
		}
		name, keep := rename(token.String())
		value, err := dec.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("rename fields: %w", err)
		}
		if !keep {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		if out, err = jsontext.AppendQuote(out, name); err != nil {
			return nil, fmt.Errorf("rename fields: %w", err)
		}
		out = append(append(out, ':'), value...)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, fmt.Errorf("rename fields: %w", err)
	}
	return append(out, '}'), nil
}
