package gate

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// dayPattern is that of a field that holds a day, YYYY-MM-DD or nothing.
const dayPattern = `^(\d{4}-\d{2}-\d{2})?$`

// bindDays holds every day and moment of every collection to the calendar:
// field.day. What a person says has happened has not happened later than the
// server heard of it.
func bindDays(app core.App, cfg Config) {
	app.OnRecordCreateRequest().BindFunc(readDays)
	app.OnRecordUpdateRequest().BindFunc(readDays)
	app.OnRecordValidate().Bind(Named("days", func(e *core.RecordEvent) error {
		before := e.Record.Original()
		for _, f := range e.Record.Collection().Fields {
			name := f.GetName()
			if !e.Record.IsNew() && same(e.Record.Get(name), before.Get(name)) {
				continue
			}
			switch f := f.(type) {
			case *core.TextField:
				if day := e.Record.GetString(name); f.Pattern == dayPattern && len(day) == len("2006-01-02") && !domain.IsPlausibleDay(day) {
					return RefuseField(name, "field.day")
				}
			case *core.DateField:
				at := e.Record.GetDateTime(name)
				if at.IsZero() {
					continue
				}
				if !domain.IsPlausibleDay(domain.BusinessDay(at.Time())) {
					return RefuseField(name, "field.day")
				}
				happened := name == "at" || strings.HasSuffix(name, "_at")
				if heard := cfg.Arrived(e.Context); happened && !ByServer(e) && From(e).User != nil && at.Time().After(heard) {
					e.Record.Set(name, heard)
				}
			}
		}
		return e.Next()
	}))
}

// readDays refuses moments of a request's body that are none: they would be read
// as nothing.
func readDays(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	for name, raw := range info.Body {
		if !ReadDay(e.Record, name, raw) {
			return RefuseField(name, "field.day")
		}
	}
	return e.Next()
}

// ReadDay tells whether a record took what somebody wrote into a field: of a
// moment that is none, nothing is left.
func ReadDay(r *core.Record, field string, raw any) bool {
	if _, ok := r.Collection().Fields.GetByName(field).(*core.DateField); !ok || raw == nil || raw == "" {
		return true
	}
	return !r.GetDateTime(field).IsZero()
}
