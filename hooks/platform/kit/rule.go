package kit

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Moment is a place in the life of a write at which a rule runs.
type Moment string

// Moments, in the order in which a write passes them. A rule of all but the last
// three runs in the write's transaction and goes on with e.Next.
const (
	Create        Moment = "create" // before validation
	Update        Moment = "update"
	Delete        Moment = "delete"
	Validate      Moment = "validate"
	CreateExecute Moment = "create execute" // around the statement
	UpdateExecute Moment = "update execute"
	DeleteExecute Moment = "delete execute"
	AfterCreate   Moment = "after create" // after the commit
	AfterUpdate   Moment = "after update"
	AfterDelete   Moment = "after delete"
)

// moments in the order in which a write passes them.
var moments = []Moment{Create, Update, Delete, Validate, CreateExecute, UpdateExecute, DeleteExecute, AfterCreate, AfterUpdate, AfterDelete}

// Rule is what an area does about writes of one collection, of all if it names none.
type Rule struct {
	On         Moment
	Collection string
	Name       string // unique within its moment and collection
	Run        func(e *core.RecordEvent) error
}

// Change is a write of a row on its way.
type Change[R any] struct {
	*core.RecordEvent
	Row R // as it is to be

	of func(*core.Record) R
}

// Before is the row as it was read; a new one is empty.
func (c *Change[R]) Before() R { return c.of(records.Before(c.Record)) }

// On makes a rule of typed rows.
func On[R any, ID ~string](when Moment, c records.Collection[R, ID], name string, run func(*Change[R]) error) Rule {
	return Rule{when, c.Name(), name, func(e *core.RecordEvent) error {
		return run(&Change[R]{RecordEvent: e, Row: c.Of(e.Record), of: c.Of})
	}}
}

// Begin makes what fills a new row; see Collection.Begins.
func Begin[R any, ID ~string](c records.Collection[R, ID], run func(*Change[R]) error) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		return run(&Change[R]{RecordEvent: e, Row: c.Of(e.Record), of: c.Of})
	}
}

// rules finds by moment and collection what runs, in the order bound.
type rules struct {
	all  []Rule
	mu   sync.Mutex
	made map[Moment]map[string]*hook.Hook[*core.RecordEvent]
}

// chain returns the rules of a collection at a moment; nil if there are none.
func (r *rules) chain(when Moment, collection string) *hook.Hook[*core.RecordEvent] {
	r.mu.Lock()
	defer r.mu.Unlock()
	chain, known := r.made[when][collection]
	if known {
		return chain
	}
	for _, rule := range r.all {
		if rule.On != when || rule.Collection != "" && rule.Collection != collection {
			continue
		}
		if chain == nil {
			chain = &hook.Hook[*core.RecordEvent]{}
		}
		chain.Bind(gate.Named(rule.Name, rule.run()))
	}
	if r.made == nil {
		r.made = map[Moment]map[string]*hook.Hook[*core.RecordEvent]{}
	}
	if r.made[when] == nil {
		r.made[when] = map[string]*hook.Hook[*core.RecordEvent]{}
	}
	r.made[when][collection] = chain
	return chain
}

// run is the rule as it is bound: with the write in one transaction, unless the
// write is over or the row is only validated.
func (r Rule) run() func(*core.RecordEvent) error {
	switch r.On {
	case Validate, AfterCreate, AfterUpdate, AfterDelete:
		return r.Run
	default:
		return gate.Atomic(r.Run)
	}
}

// bind gives each moment one handler, which finds the collection's rules in a
// map: what other collections have costs a write nothing.
func (r *rules) bind(app core.App) {
	for when, event := range map[Moment]*hook.TaggedHook[*core.RecordEvent]{
		Create: app.OnRecordCreate(), Update: app.OnRecordUpdate(), Delete: app.OnRecordDelete(), Validate: app.OnRecordValidate(),
		CreateExecute: app.OnRecordCreateExecute(), UpdateExecute: app.OnRecordUpdateExecute(), DeleteExecute: app.OnRecordDeleteExecute(),
		AfterCreate: app.OnRecordAfterCreateSuccess(), AfterUpdate: app.OnRecordAfterUpdateSuccess(), AfterDelete: app.OnRecordAfterDeleteSuccess(),
	} {
		event.Bind(gate.Named("rules "+string(when), func(e *core.RecordEvent) error {
			chain := r.chain(when, e.Record.Collection().Name)
			if chain == nil {
				return e.Next()
			}
			rest := e.Event // what follows in PocketBase's own chain
			return chain.Trigger(e, func(e *core.RecordEvent) error {
				e.Event = rest
				return e.Next()
			})
		}))
	}
}
