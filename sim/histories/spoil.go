package histories

import (
	"strings"

	"satchel/syncer"
)

// spoilt are the ways in which a mutation cannot be taken, with the code of its
// refusal: what no reader of JSON takes, a value of the wrong type, a time that
// is none, a version that never was.
var spoilt = map[string]string{
	"half": "json.text", "bytes": "json.text", "twice": "json.duplicate", "deep": "json.depth", "deepest": "json.depth",
	"huge": "json.number", "type": "json.type", "broken": "json.syntax", "clock": "captured_invalid", "future": "base_unknown",
}

// unread reports whether nobody can read as much as what a spoilt mutation is about.
func unread(spoil string) bool { return strings.HasPrefix(spoilt[spoil], "json.") }

// render is a mutation as it goes over the wire.
func (e entry) render() string {
	m := e.m
	switch e.spoil {
	case "clock":
		m.Captured = "yesterday"
	case "future":
		m.Base = 1 << 50
	}
	open := strings.TrimSuffix(text(m), "}")
	switch e.spoil {
	case "half":
		return open + `,"was":{"title":"\ud83d"}}`
	case "bytes":
		return open + ",\"was\":{\"title\":\"\xcd\xf5\"}}"
	case "twice":
		return open + `,"op":"delete"}`
	case "deep":
		return open + `,"was":{"title":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}}`
	case "deepest":
		return open + `,"was":{"title":` + strings.Repeat("[", 12000) + strings.Repeat("]", 12000) + `}}`
	case "huge":
		return open + `,"was":{"title":1e400}}`
	case "type":
		return open + `,"after":7}`
	case "broken":
		return open + `,"was":tru}`
	}
	return open + "}"
}

// arrive is a mutation as the server gets it, and what it says whatever its number.
func (e entry) arrive() arrival {
	a := arrival{Mutation: e.m, content: e.render(), spoil: e.spoil}
	e.m.N = 0
	a.says = e.render()
	return a
}

// spoil spoils a capture on its way out of a phone.
func (w *world) spoil(p *phone, m syncer.Mutation, how string) {
	before := len(p.outbox)
	w.capture(p, m)
	if len(p.outbox) > before {
		p.outbox[len(p.outbox)-1].spoil = how
	}
}

// misuse captures an edit under the id of the phone's newest mutation.
func (w *world) misuse(p *phone, m syncer.Mutation) {
	if p.made == 0 {
		return
	}
	before, made, first := len(p.outbox), p.made, p.newest
	w.capture(p, m)
	if len(p.outbox) == before {
		return
	}
	e := &p.outbox[len(p.outbox)-1]
	delete(w.o.bases, e.m.ID)
	p.made, p.newest, e.m.ID = made, first, first
}

// pair captures two edits that pass or fail together.
func (w *world) pair(p *phone, one, two syncer.Mutation, how string) {
	key := one.C + "/" + one.R
	if p.shown(key) == nil || p.rotten[key] || p.shown(two.C+"/"+two.R) == nil || p.rotten[two.C+"/"+two.R] {
		return
	}
	w.capture(p, one)
	w.spoil(p, two, how)
	group := p.outbox[len(p.outbox)-1].m.ID
	for i := range 2 {
		p.outbox[len(p.outbox)-1-i].m.Group = group
	}
}
