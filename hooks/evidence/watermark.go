package evidence

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/media"
)

// watermarkKey is the setting of what the public copy of a visit's photo says:
// a list of "time", "account" and "place". Empty, which it is by default, for none.
const watermarkKey = "media.watermark"

// Watermark gives the lines of text for the public copy of a blob: when it was
// taken, the account's name and its address. Papers have none.
func Watermark(app core.App, blob *core.Record) (lines []string, err error) {
	p := photo{blob}
	if p.paper() {
		return nil, nil
	}
	parts, err := gate.ListSetting(app, watermarkKey)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	account, err := find(app, accounts, p.account())
	if err != nil {
		return nil, err
	}
	visit, err := find(app, visits, p.visit())
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		line := ""
		switch {
		case part == "time":
			line = media.TakenLine(domain.BusinessMinute(momentOf(p, visit)))
		case part == "account" && account != nil:
			line = nameOf(account)
		case part == "place" && account != nil:
			line = addressOf(account)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// momentOf stands in where the camera noted no time: the check-in, whose clock
// was checked, else when the server heard of the photo.
func momentOf(p photo, visit *core.Record) time.Time {
	if visit != nil && !visitFrom(visit).IsZero() {
		return visitFrom(visit)
	}
	return p.made()
}
