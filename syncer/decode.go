package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var recordID = regexp.MustCompile(`^[a-z0-9]{15}$`)

// decode reads and checks one mutation against the rules. It always returns a
// mutation to speak of, however little could be read.
//
// Names of the app's schema become the present ones.
func (s *Session) decode(e entry, dev Device) (*Mutation, *Rule, *Problem) {
	m, problem := e.read()
	m.N = e.n
	if problem != nil {
		return m, nil, problem
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
	case m.Captured != "" && !isTime(m.Captured):
		return m, rule, refuseField("captured", "captured_invalid")
	case slices.Contains(m.After, m.ID):
		return m, rule, refuse("sync.after_itself")
	}
	m.as = rule.view(dev.Schema)
	if m.retired, problem = m.as.convert(m); problem != nil {
		return m, rule, problem
	}
	return m, rule, s.checkFields(rule, m)
}

// read reads the whole mutation. Of one that cannot be read it holds what can,
// to speak of it.
func (e *entry) read() (*Mutation, *Problem) {
	problem := e.problem
	if problem == nil {
		m := &Mutation{hash: e.hash}
		err := json.Unmarshal(e.raw, m, json.RejectUnknownMembers(true))
		switch {
		case errors.Is(err, json.ErrUnknownName):
			problem = refuse("mutation_malformed")
		case err != nil:
			problem = unreadable(err)
		case !number.Match(e.members["n"]):
			problem = &Problem{Code: "json.type", Params: map[string]any{"place": "/n"}}
		default:
			return m, nil
		}
	}
	m := &Mutation{hash: e.hash}
	for name, into := range map[string]*string{"id": &m.ID, "op": &m.Op, "c": &m.C, "r": &m.R} {
		if json.Unmarshal(e.members[name], into) != nil {
			*into = ""
		}
	}
	return m, problem
}

// keptText is how much of a mutation that cannot be read is kept for a person.
const keptText = 16 << 10

// payload is the mutation as an issue keeps it: as it was sent; of one that is
// no JSON or more than the database reads its text, bytes that are none escaped;
// of one that is too large its size, since the phone still holds it.
func (e *entry) payload() jsontext.Value {
	if len(e.raw) > MaxMutationBytes {
		return jsontext.Value(fmt.Sprintf(`{"bytes":%d}`, len(e.raw)))
	}
	if e.problem == nil || e.problem.Code == "json.type" || e.problem.Code == "json.members" {
		return e.raw
	}
	var text strings.Builder
	for rest := string(e.raw); rest != "" && text.Len() < keptText; {
		r, size := utf8.DecodeRuneInString(rest)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&text, `\x%02X`, rest[0])
		} else {
			text.WriteRune(r)
		}
		rest = rest[size:]
	}
	return jsontext.Value(jsonText(map[string]any{"unreadable": text.String(), "bytes": len(e.raw)}))
}

// timeForm is RFC 3339: letters of either case, and a space in the place of T.
var timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$`)

// isTime reports whether a text is a time, however wrong.
func isTime(text string) bool {
	if !timeForm.MatchString(text) {
		return false
	}
	text = text[:10] + "T" + strings.ToUpper(text[11:])
	if text[17:19] == "60" { // a leap second
		text = text[:17] + "59" + text[19:]
	}
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
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

// fits reports whether a value has the form of a kind.
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
func clip(s string) string { return clipTo(s, 64) }

// clipTo cuts a text to so many bytes, between characters.
func clipTo(s string, most int) string {
	if len(s) > most {
		s = s[:most]
		for s != "" && !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return s
}
