package gate

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Keep says which rows of a collection may be deleted, where that is not what
// its rules and its machine say by themselves; see BindKeeps.
type Keep struct {
	Drafts []string // states in which a row may be deleted; the machine's first if nil
	Parts  []string // states in which its parts may be; Drafts if nil
	Alone  bool     // what is deleted with it has a life of its own, whatever its state
	Log    bool     // rows are added, and never changed or deleted
	Moves  []string // fields of a log that our own code moves with what says who sees a row
}

// Keeps by collection, as areas declare it.
type Keeps map[string]Keep

// keeper is what BindKeeps knows.
type keeper struct {
	keeps Keeps
	moved map[string]bool // collections whose rows steps of people move
}

// BindKeeps holds everybody to what is kept, superusers and our own code too:
//
//   - a row with a machine (a select state or stage, and actions) is deleted in
//     the machine's first state only, and a part of one while that is a draft;
//   - a row that no rule lets people delete is kept, unless it is a part that
//     people write;
//   - a row that no rule lets people change is changed by our own code alone.
//
// A cascade meets the same: what has kept children is kept. Rows leave by Exits alone.
func BindKeeps(app core.App, keeps Keeps, actions Actions) {
	k := &keeper{keeps: keeps, moved: map[string]bool{}}
	for name := range actions {
		collection, _, _ := strings.Cut(name, ".")
		k.moved[collection] = true
	}
	app.OnRecordDelete().Bind(Named("keepDelete", company(Atomic(k.deleted))))
	app.OnRecordUpdateExecute().Bind(Named("keepUpdate", company(k.changed))) // areas judge first, in their own words
}

// company leaves PocketBase's own collections to PocketBase.
func company(fn func(e *core.RecordEvent) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if e.Record.Collection().System {
			return e.Next()
		}
		return fn(e)
	}
}

func (k *keeper) deleted(e *core.RecordEvent) error {
	if exitOf(e.Context).lets(e.Record.Collection().Name) {
		return e.Next()
	}
	from, kept, err := k.kept(e.App, e.Record)
	if err != nil {
		return err
	}
	if kept {
		return Refuse("record.kept", "collection", e.Record.Collection().Name, "from", from)
	}
	return e.Next()
}

// changed refuses changes that no rule allows to anybody, and any of a log.
func (k *keeper) changed(e *core.RecordEvent) error {
	c := e.Record.Collection()
	if c.UpdateRule == nil && !ByServer(e) {
		return Refuse("record.unchanging", "collection", c.Name)
	}
	own := k.keeps[c.Name]
	if !own.Log {
		return e.Next()
	}
	for field := range changes(e.Record) {
		if !ByServer(e) || !slices.Contains(own.Moves, field) {
			return Refuse("record.unchanging", "collection", c.Name)
		}
	}
	return e.Next()
}

// kept reports whether a row stays, and in which state it is.
func (k *keeper) kept(app core.App, r *core.Record) (state string, kept bool, err error) {
	c := r.Collection()
	own := k.keeps[c.Name]
	written := c.CreateRule != nil || c.UpdateRule != nil
	machine := k.machine(c)
	switch {
	case own.Log:
		return "", true, nil
	case machine != nil:
		if state, err = stateIn(app, c.Name, machine.Name, r.Id); err != nil {
			return "", false, err
		}
		if drafts := own.drafts(machine); !written || !slices.Contains(drafts, state) {
			return state, true, nil
		}
	case c.DeleteRule == nil && c.UpdateRule == nil:
		return "", true, nil
	}
	part, state, open, err := k.whole(app, r)
	if err != nil {
		return "", false, err
	}
	return state, part && !open || !part && machine == nil && c.DeleteRule == nil, nil
}

// whole reports whether a row is a part of rows with a machine, and whether all
// of those still let go of their parts; state is that of one that does not.
func (k *keeper) whole(app core.App, r *core.Record) (part bool, state string, open bool, err error) {
	for _, f := range r.Collection().Fields {
		to, ok := f.(*core.RelationField)
		id := textOf(r, f.GetName())
		if !ok || !to.CascadeDelete || to.IsMultiple() || id == "" {
			continue
		}
		c, err := app.FindCachedCollectionByNameOrId(to.CollectionId)
		if err != nil {
			return false, "", false, fmt.Errorf("find what %s hangs on: %w", r.Collection().Name, err)
		}
		machine := k.machine(c)
		if machine == nil || k.keeps[c.Name].Alone {
			continue
		}
		part = true
		if state, err = stateIn(app, c.Name, machine.Name, id); err != nil {
			return true, "", false, err
		}
		if state != "" && !slices.Contains(k.keeps[c.Name].parts(machine), state) {
			return true, state, false, nil
		}
	}
	return part, "", true, nil
}

// machine is the field that steps of people move, if a collection has one.
func (k *keeper) machine(c *core.Collection) *core.SelectField {
	if !k.moved[c.Name] && k.keeps[c.Name].Drafts == nil {
		return nil
	}
	return Machine(c)
}

// Machine is the field of a collection's state, if it has one.
func Machine(c *core.Collection) *core.SelectField {
	for _, name := range []string{"state", "stage"} {
		if f, ok := c.Fields.GetByName(name).(*core.SelectField); ok {
			return f
		}
	}
	return nil
}

func (k Keep) drafts(machine *core.SelectField) []string {
	if k.Drafts != nil {
		return k.Drafts
	}
	return machine.Values[:1]
}

func (k Keep) parts(machine *core.SelectField) []string {
	if k.Parts != nil {
		return k.Parts
	}
	return k.drafts(machine)
}

// stateIn reads a state as it is stored; empty if the row is gone.
func stateIn(app core.App, table, field, id string) (state string, err error) {
	err = app.DB().Select(field).From(table).Where(dbx.HashExp{"id": id}).Row(&state)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the state of %s: %w", table, err)
	}
	return state, nil
}
