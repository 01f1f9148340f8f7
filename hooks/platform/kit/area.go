// Package kit is what an area is made of: its collections with their machines,
// rules and actions, its approvals, jobs and routes, as one value. Areas are
// collected first and bound then, in the order of the list.
package kit

import (
	"context"
	"reflect"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// Area is a part of the company's business.
type Area struct {
	Name        string
	Collections []Collection
	Actions     []Action
	Approvals   []Approval
	Jobs        []gate.Job
	Routes      []Route
	Takes       gate.Routes        // what it makes of other areas' feedback
	Bind        func(app core.App) // what has no other form
}

// Collection is a collection of the area's, by what holds for it alone.
type Collection struct {
	Name    string
	Machine *domain.Machine
	// Parties is what somebody is to a row; asked by actions of the machine only.
	Parties  func(ctx context.Context, txApp core.App, row *core.Record) ([]domain.Party, error)
	Owned    *Owned    // nil unless the row is somebody's work for an account
	Personal *Personal // nil unless the row is its author's own
	Hung     bool      // it takes its department from its account, which is of the writer's line
	// Begins fills a new row, whoever makes it, before its first state is looked
	// at; the machine's usual one if it fills none.
	Begins func(e *core.RecordEvent) error
	Server []string // fields that the server fills: people leave them
	Once   []string // fields that people write when they make the row, and never again
	Within *Within
	Audit  gate.Audit
	Keep   *gate.Keep
	// Follows is the condition, in SQL of the row t, under which a row goes into
	// another department with its account; Always, or "" for never.
	Follows string
	// Open counts what a leaver would leave undone.
	Open  func(app core.App, user string) (int64, error)
	Rules []Rule
}

// Within says that people write a row only while the row that it is a part of is open.
type Within struct {
	Field, Parent string
	Open          []string // states of the parent
	Refusal       string   // code; params from
	// Else, if set, decides on a change in another state.
	Else func(e *core.RecordEvent, parent string) error
}

// Action is a state change that people and phones ask for by name.
type Action struct {
	Name string       // collection.verb
	Args reflect.Type // a struct, by its JSON members; None for none

	run   gate.Action
	free  bool // the machine is not asked before
	saves bool // the row is saved after
	facts func(ctx context.Context, tx core.App, row *core.Record) (holds func(guard string) bool, err error)
}

// Always is the condition of rows that go with their account whatever their state.
const Always = "TRUE"
