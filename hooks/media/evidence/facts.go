package evidence

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/evidence"
	"satchel/records"
)

// habitOf is how many of a device's last photos tell whether it writes EXIF.
const habitOf = 50

// factsOf gathers what a photo is judged by. Of a paper only earlier uses count:
// it may come from anywhere.
func factsOf(app core.App, p photo) (f evidence.PhotoFacts, err error) {
	if f.Earlier, err = earlier(app, p); err != nil || p.paper() {
		return f, err
	}
	f.TakenAt, f.Place, f.HasExif = p.TakenAt(), p.place(), p.hasExif()
	f.Source, f.Screenshot = string(p.Source()), p.Screenshot()
	visit, found, err := records.Visits.Find(app, p.Visit())
	if err != nil {
		return f, err
	}
	if found {
		f.VisitFrom, f.VisitTo = visit.InAt(), visit.OutAt()
	}
	account, found, err := records.Accounts.Find(app, p.Account())
	if err != nil {
		return f, err
	}
	if found {
		f.Account = placeOf(account)
	}
	f.DeviceOf, f.DeviceExif, err = habit(app, p)
	return f, err
}

// habit counts the last photos that the device sent from the same source before
// this one, and those of them with EXIF: a gallery may strip it where the camera
// does not.
func habit(app core.App, p photo) (of, with int, err error) {
	if p.Device() == "" {
		return 0, 0, nil
	}
	err = app.DB().NewQuery(`SELECT COUNT(*), COALESCE(SUM(taken_at <> '' OR device_make <> ''), 0) FROM (
			SELECT taken_at, device_make FROM blobs WHERE device = {:device} AND stored_at <> '' AND stored_at <= {:at}
			AND source = {:source} AND purpose = {:purpose} AND id <> {:id} ORDER BY stored_at DESC LIMIT {:n})`).
		Bind(dbx.Params{
			"device": p.Device(), "source": p.Source(), "purpose": evidence.BlobVisitPhoto, "id": p.ID(),
			"at": p.StoredAt().UTC().Format(types.DefaultDateLayout), "n": habitOf,
		}).Row(&of, &with)
	if err != nil {
		return 0, 0, fmt.Errorf("count the photos of a device: %w", err)
	}
	return of, with, nil
}
