package gate

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"satchel/records"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Hangs says which rows hang on a row with states, and in which of them people
// write what hangs on it. In all others only the server's own code does.
type Hangs struct {
	Child, Field, Parent string
	Open                 []string // states of the parent
	Code                 string   // of the refusal; its params name the state as "from"
	// Else, if set, decides on a change in another state, by a person or past
	// the rules: it refuses, or goes on with e.Next.
	Else func(e *core.RecordEvent, parent string) error
}

// BindHangs locks what hangs on rows that are over. It is bound after the areas,
// which judge first whose the parent is: a stranger is told no state.
func BindHangs(app core.App, all ...Hangs) {
	for _, h := range all {
		id := h.Child + "." + h.Field
		app.OnRecordCreate(h.Child).Bind(Named("hangsCreate:"+id, Atomic(h.locked)))
		app.OnRecordUpdate(h.Child).Bind(Named("hangsUpdate:"+id, Atomic(h.locked)))
		app.OnRecordDelete(h.Child).Bind(Named("hangsDelete:"+id, Atomic(h.locked)))
	}
}

func (h Hangs) locked(e *core.RecordEvent) error {
	noted := h.Else != nil && OverrideReason(e.Context) != ""
	if ByServer(e) && !noted {
		return e.Next()
	}
	ids := []string{textOf(e.Record, h.Field)}
	if before := textOf(records.Before(e.Record), h.Field); !e.Record.IsNew() && before != ids[0] {
		ids = append(ids, before) // it may leave what is over as little as join it
	}
	for _, id := range ids {
		if id == "" {
			continue
		}
		var state string
		err := e.App.DB().Select("state").From(h.Parent).Where(dbx.HashExp{"id": id}).Row(&state)
		switch {
		case errors.Is(err, sql.ErrNoRows): // it goes, and this with it; or the relation's own validation refuses it
		case err != nil:
			return fmt.Errorf("read the state of %s: %w", h.Parent, err)
		case slices.Contains(h.Open, state):
		case h.Else != nil:
			return h.Else(e, id)
		default:
			return Refuse(h.Code, "from", state)
		}
	}
	return e.Next()
}
