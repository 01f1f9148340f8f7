package logins

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

const (
	// placesMost is how many addresses of one login are remembered, the newest.
	placesMost = 20
	// placeAge is how old a note gets before it is written again.
	placeAge = 24 * time.Hour
)

// placeOf names a login at an address. PocketBase's own _authOrigins does not
// serve: it mixes the program into the address, is kept only where mails about
// new logins are on, and holds five.
func placeOf(record *core.Record, address string) string {
	key := keyOf("place", record.Collection().Id, record.Id, address)
	return hex.EncodeToString(key[:])
}

func ownerOf(record *core.Record) string { return record.Collection().Id + "/" + record.Id }

// known reports whether the login came from the address before, within the
// setting's days.
func (s *service) known(app core.App, l login, address string) (bool, error) {
	if l.record == nil {
		return false, nil
	}
	oldest, err := oldestPlace(app, s.cfg.Now())
	if err != nil {
		return false, err
	}
	last, err := lastFrom(app, l.record, address)
	return last >= oldest && last > 0, err
}

func lastFrom(app core.App, record *core.Record, address string) (last int64, err error) {
	err = app.DB().NewQuery("SELECT last FROM _login_places WHERE place = {:place}").
		Bind(dbx.Params{"place": placeOf(record, address)}).Row(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look where a login came from: %w", err)
	}
	return last, nil
}

func oldestPlace(app core.App, now time.Time) (int64, error) {
	days, err := gate.SettingsNow(app).LoginPlaceDays()
	return now.AddDate(0, 0, -days).Unix(), err
}

// passed notes where a login came from, by whatever way. Who cannot be noted is
// let in all the same.
func (s *service) passed(e *core.RecordAuthRequestEvent) error {
	if err := e.Next(); err != nil || e.AuthMethod == "" { // a refreshed token is no login
		return err
	}
	if err := s.note(e.App, e.Record, gate.Network(e.RealIP())); err != nil {
		e.App.Logger().Error("Failed to note where a login came from", "record", e.Record.Id, "error", err)
	}
	return nil
}

func (s *service) note(app core.App, record *core.Record, address string) error {
	now := s.cfg.Now()
	last, err := lastFrom(app, record, address)
	if err != nil || last > now.Add(-placeAge).Unix() {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(`INSERT INTO _login_places (place, owner, last) VALUES ({:place}, {:owner}, {:last})
		ON CONFLICT (place) DO UPDATE SET last = excluded.last`).
		Bind(dbx.Params{"place": placeOf(record, address), "owner": ownerOf(record), "last": now.Unix()}).Execute()
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(`DELETE FROM _login_places WHERE owner = {:owner} AND place NOT IN
		(SELECT place FROM _login_places WHERE owner = {:owner} ORDER BY last DESC, place LIMIT {:most})`).
		Bind(dbx.Params{"owner": ownerOf(record), "most": placesMost}).Execute()
	return err
}

// forgetPlaces removes what is older than the setting says.
func forgetPlaces(_ context.Context, app core.App, now time.Time) error {
	oldest, err := oldestPlace(app, now)
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery("DELETE FROM _login_places WHERE last < {:oldest}").Bind(dbx.Params{"oldest": oldest}).Execute()
	return err
}
