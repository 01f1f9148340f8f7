package evidence

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// habitOf is how many of a device's last photos tell whether it writes EXIF.
const habitOf = 50

// factsOf gathers what a photo is judged by. Of a paper only earlier uses count:
// it may come from anywhere.
func factsOf(app core.App, p photo) (f domain.PhotoFacts, err error) {
	if f.Earlier, err = earlier(app, p); err != nil || p.paper() {
		return f, err
	}
	f.TakenAt, f.Place, f.HasExif = p.takenAt(), p.place(), p.hasExif()
	f.Source, f.Screenshot = p.source(), p.GetBool("screenshot")
	visit, err := find(app, visits, p.visit())
	if err != nil {
		return f, err
	}
	if visit != nil {
		f.VisitFrom, f.VisitTo = visitFrom(visit), visitTo(visit)
	}
	account, err := find(app, accounts, p.account())
	if err != nil {
		return f, err
	}
	if account != nil {
		f.Account = placeOf(account)
	}
	f.DeviceOf, f.DeviceExif, err = habit(app, p)
	return f, err
}

// find returns no record if there is none.
func find(app core.App, collection, id string) (*core.Record, error) {
	if id == "" {
		return nil, nil
	}
	record, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

// habit counts the last photos that the device sent from the same source before
// this one, and those of them with EXIF: a gallery may strip it where the camera
// does not.
func habit(app core.App, p photo) (of, with int, err error) {
	if p.device() == "" {
		return 0, 0, nil
	}
	err = app.DB().NewQuery(`SELECT COUNT(*), COALESCE(SUM(taken_at <> '' OR device_make <> ''), 0) FROM (
			SELECT taken_at, device_make FROM blobs WHERE device = {:device} AND stored_at <> '' AND stored_at <= {:at}
			AND source = {:source} AND purpose = {:purpose} AND id <> {:id} ORDER BY stored_at DESC LIMIT {:n})`).
		Bind(dbx.Params{
			"device": p.device(), "source": p.source(), "purpose": domain.BlobVisitPhoto, "id": p.Id,
			"at": p.GetString("stored_at"), "n": habitOf,
		}).Row(&of, &with)
	if err != nil {
		return 0, 0, fmt.Errorf("failed to count the photos of a device: %w", err)
	}
	return of, with, nil
}
