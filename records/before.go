package records

import "github.com/pocketbase/pocketbase/core"

// beforeField holds, on a record that is being saved, the copy of what it was.
const beforeField = "@before"

// before belongs to one record; a clone carries it along, and may not use it.
type before struct{ of, was *core.Record }

// Before is the record as it was loaded; nobody changes it. The rules of one
// save share a copy, which PocketBase makes anew for whoever asks.
func Before(r *core.Record) *core.Record {
	kept := keptOf(r)
	if kept == nil {
		return r.Original()
	}
	if kept.was == nil {
		kept.was = r.Original()
	}
	return kept.was
}

// KeepBefore keeps the copy until end is called.
func KeepBefore(r *core.Record) (end func()) {
	outer := keptOf(r)
	r.SetRaw(beforeField, &before{of: r})
	return func() { r.SetRaw(beforeField, outer) }
}

// Reloaded says that the record was loaded again while it is saved.
func Reloaded(r *core.Record) {
	if kept := keptOf(r); kept != nil {
		kept.was = nil
	}
}

func keptOf(r *core.Record) *before {
	kept, _ := r.GetRaw(beforeField).(*before)
	if kept == nil || kept.of != r {
		return nil
	}
	return kept
}
