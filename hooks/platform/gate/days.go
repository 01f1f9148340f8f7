package gate

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// dayPattern is in that of a field that holds a day, YYYY-MM-DD.
const dayPattern = `\d{4}-\d{2}-\d{2}`

// clockAhead is how far a phone's clock may run ahead before what it dates is put
// at the arrival.
const clockAhead = 24 * time.Hour

// happened reports whether a moment is when something was done, by its name. What
// somebody says of the time, told_at, is a note.
func happened(field string) bool {
	return field == "at" || strings.HasSuffix(field, "_at") && field != "told_at"
}

// bindDays holds every day of every collection to the calendar, and every moment
// that is not the server's own: field.day. What a person says has happened has not happened later than the
// server heard of it, but for a clock that runs ahead.
func bindDays(app core.App, cfg Config) {
	app.OnRecordCreateRequest().BindFunc(readDays)
	app.OnRecordUpdateRequest().BindFunc(readDays)
	app.OnRecordValidate().Bind(Named("days", func(e *core.RecordEvent) error {
		for _, f := range e.Record.Collection().Fields {
			name := f.GetName()
			switch f := f.(type) {
			case *core.TextField:
				if !strings.Contains(f.Pattern, dayPattern) {
					continue
				}
				day := textOf(e.Record, name)
				if len(day) == len("2006-01-02") && written(e.Record, name) && !domain.IsPlausibleDay(day) {
					return RefuseField(name, "field.day")
				}
			case *core.DateField:
				at := momentOf(e.Record, name)
				if at.IsZero() || ByServer(e) || !written(e.Record, name) {
					continue
				}
				if !domain.IsPlausibleDay(domain.BusinessDay(at)) {
					return RefuseField(name, "field.day")
				}
				if heard := cfg.Arrived(e.Context); happened(name) && From(e).User != nil && at.After(heard.Add(clockAhead)) {
					put(e.Record, name, heard)
				}
			}
		}
		return e.Next()
	}))
}

// readDays refuses moments of a request that are none: they would be read as
// nothing. The body is read anew, since PocketBase has put what it made of it in its place.
func readDays(e *core.RecordRequestEvent) error {
	body := map[string]any{}
	if err := e.BindBody(&body); err != nil {
		return err
	}
	for name, raw := range body {
		if !ReadDay(e.Record, name, raw) {
			return RefuseField(name, "field.day")
		}
	}
	return e.Next()
}

// ReadDay reports whether a record took what somebody wrote into a field: of a
// moment that is none, nothing is left.
func ReadDay(r *core.Record, field string, raw any) bool {
	if _, ok := r.Collection().Fields.GetByName(field).(*core.DateField); !ok || raw == nil || raw == "" {
		return true
	}
	return !momentOf(r, field).IsZero()
}
