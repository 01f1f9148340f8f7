package gate

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/records"
)

// TakerOf is what people know by who takes a file.
func TakerOf(auth *core.Record) string {
	if auth == nil || auth.IsSuperuser() {
		return "superuser"
	}
	return records.Users.Of(auth).Name()
}

// Watermark is what an export says of who took it and when (R7.13). Files that another
// program reads, of banks and accountants, do not have it in them: the access log has.
func Watermark(auth *core.Record, at time.Time) string {
	return TakerOf(auth) + " " + domain.BusinessTime(at)
}
