package evidence

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/media"
	"satchel/records"
)

// Watermark gives the lines of text for the public copy of a blob: when it was
// taken, the account's name and its address, as far as the setting names them.
// Papers have none.
func Watermark(app core.App, blob records.Blob) (lines []string, err error) {
	p := photo{blob}
	if p.paper() {
		return nil, nil
	}
	parts, err := gate.SettingsNow(app).MediaWatermark()
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	account, known, err := records.Accounts.Find(app, p.Account())
	if err != nil {
		return nil, err
	}
	at, err := momentOf(app, p)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		line := ""
		switch {
		case part == "time":
			line = media.TakenLine(domain.BusinessMinute(at))
		case part == "account" && known:
			line = account.Name()
		case part == "place" && known:
			line = account.Address()
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// momentOf is when a photo was taken: the check-in, whose clock was checked, else
// when the server heard of the photo.
func momentOf(app core.App, p photo) (time.Time, error) {
	visit, found, err := records.Visits.Find(app, p.Visit())
	if err == nil && found && !visit.InAt().IsZero() {
		return visit.InAt(), nil
	}
	return p.Created(), err
}
