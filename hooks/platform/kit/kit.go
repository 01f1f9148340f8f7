package kit

import (
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// Kit is all areas together.
type Kit struct {
	areas []Area
	rules rules
}

// Collect takes the areas in the order in which their rules run.
func Collect(areas ...Area) *Kit {
	k := &Kit{areas: areas}
	for c := range k.Collections() {
		k.rules.all = append(append(k.rules.all, c.standing()...), c.Rules...)
	}
	return k
}

// Bind registers the rules of all areas, and what has no other form.
func (k *Kit) Bind(app core.App) {
	k.rules.bind(app)
	var follow []gate.Following
	for c := range k.Collections() {
		if c.Follows != "" {
			follow = append(follow, gate.Following{Table: c.Name, Which: c.Follows})
		}
	}
	gate.SetFollowing(app, follow)
	gate.SetOpenWork(app, k.openWork())
	for _, a := range k.areas {
		a.offer(app)
		if a.Bind != nil {
			a.Bind(app)
		}
	}
}

// Collections are those of all areas.
func (k *Kit) Collections() iter.Seq[Collection] {
	return func(yield func(Collection) bool) {
		for _, a := range k.areas {
			for _, c := range a.Collections {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// Actions are what people and phones ask for, each behind its machine.
func (k *Kit) Actions() gate.Actions {
	collections := map[string]Collection{}
	for c := range k.Collections() {
		if c.Machine != nil { // others have rules about the collection, its own area has its machine
			collections[c.Name] = c
		}
	}
	out := gate.Actions{}
	for _, area := range k.areas {
		for _, a := range area.Actions {
			name, _, _ := strings.Cut(a.Name, ".")
			if _, taken := out[a.Name]; taken {
				panic("two areas offer " + a.Name)
			}
			out[a.Name] = collections[name].stepped(a)
		}
	}
	return out
}

// Audited is what the log keeps.
func (k *Kit) Audited() gate.Audited {
	out := gate.Audited{}
	for c := range k.Collections() {
		if c.Audit.Fields != nil || c.Audit.Create {
			out[c.Name] = c.Audit
		}
	}
	return out
}

// Keeps is what is kept otherwise than machines and rules say.
func (k *Kit) Keeps() gate.Keeps {
	out := gate.Keeps{}
	for c := range k.Collections() {
		if c.Keep != nil {
			out[c.Name] = *c.Keep
		}
	}
	return out
}

// Hangs is what is locked with the row that it is a part of.
func (k *Kit) Hangs() (out []gate.Hangs) {
	for c := range k.Collections() {
		out = append(out, c.hangs()...)
	}
	return out
}

// openWork is what a leaver hands over.
func (k *Kit) openWork() (out []gate.OpenWork) {
	for c := range k.Collections() {
		if c.Open != nil {
			out = append(out, gate.OpenWork{Collection: c.Name, Count: c.Open})
		}
	}
	return out
}

// Approvals are the collections whose rows are approved.
func Approvals(areas ...Area) (out []Approval) {
	for _, a := range areas {
		out = append(out, a.Approvals...)
	}
	return out
}

// Jobs is the work of the clock.
func (k *Kit) Jobs() (out []gate.Job) {
	for _, a := range k.areas {
		out = append(out, a.Jobs...)
	}
	return out
}

// Takes is what becomes of feedback.
func (k *Kit) Takes() gate.Routes {
	out := gate.Routes{}
	for _, a := range k.areas {
		add(out, a.Takes)
	}
	return out
}

// add puts what an area offers into one table; each entry is one area's.
func add[M ~map[string]V, V any](all, offered M) {
	for name, v := range offered {
		if _, taken := all[name]; taken {
			panic("two areas offer " + name)
		}
		all[name] = v
	}
}

// Arguments are the types of the actions' arguments, by name.
func (k *Kit) Arguments() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, area := range k.areas {
		for _, a := range area.Actions {
			out[a.Name] = a.Args
		}
	}
	return out
}

// Machines are those of all collections, by name.
func (k *Kit) Machines() map[string]*domain.Machine {
	out := map[string]*domain.Machine{}
	for c := range k.Collections() {
		if c.Machine != nil {
			out[c.Name] = c.Machine
		}
	}
	return out
}

// Order lists what runs at each moment of a collection's writes, in the order in
// which it runs: "orders create: owned begins orderCreate".
func (k *Kit) Order() (lines []string) {
	names := map[string]bool{}
	for _, rule := range k.rules.all {
		names[rule.Collection] = true
	}
	for _, collection := range slices.Sorted(maps.Keys(names)) {
		for _, when := range moments {
			line := ""
			for _, rule := range k.rules.all {
				if rule.On == when && rule.Collection == collection {
					line += " " + rule.Name
				}
			}
			if line != "" {
				lines = append(lines, collection+" "+string(when)+":"+line)
			}
		}
	}
	return lines
}
