package edges

import (
	"io"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// once is a reader that stays at its end: a body of PocketBase's begins anew.
type once struct {
	io.Reader
	ended bool
}

// Read implements io.Reader.
func (o *once) Read(p []byte) (int, error) {
	if o.ended {
		return 0, io.EOF
	}
	n, err := o.Reader.Read(p)
	o.ended = err != nil
	return n, err
}

// rewind lets the next reader begin at the start. One that was read to its end
// has begun anew by itself, and must not be cut off there.
func rewind(body io.Reader) {
	if again, ok := body.(router.Rereader); ok {
		again.Reread()
	}
}

// grown are fields that the server fills while somebody saves another.
var grown = map[string]bool{"settings.history": true, "accounts.duplicate_flags": true}

// keepable holds the JSON fields of what people write to the bounds, by whatever
// way it came: a form, a push, an import.
func (c Config) keepable(e *core.RecordEvent) error {
	if gate.ByServer(e) || c.Planted == syncer.PlantDepth {
		return e.Next()
	}
	for name, raw := range gate.Documents(e.Record) {
		p := syncer.Readable(raw, 0)
		if p == nil && len(raw) > syncer.MaxValueBytes && !grown[e.Record.Collection().Name+"."+name] && c.Planted != syncer.PlantValueUnbounded {
			p = &syncer.Problem{Code: "json.size", Params: map[string]any{"limit": syncer.MaxValueBytes >> 10}}
		}
		if p != nil {
			p.Params["field"] = name
			return gate.Wrap(domain.Problem{Code: p.Code, Params: p.Params}, map[string]string{name: p.Code})
		}
	}
	return e.Next()
}
