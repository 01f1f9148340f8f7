package syncer

import (
	"time"

	"github.com/pocketbase/dbx"
)

// noteArrival remembers, once an hour, that a device handed in new work.
func (s *Session) noteArrival(device string) error {
	at := s.now.UnixMilli()
	_, err := s.query("INSERT OR IGNORE INTO _sync_arrival (device, hour, at) VALUES ({:d}, {:h}, {:at})",
		dbx.Params{"d": device, "h": at / time.Hour.Milliseconds(), "at": at}).Execute()
	return wrapped(err, "failed to note an arrival")
}

// LastArrival is when a device handed in new work before a moment; zero if it
// did not. It is to the hour: the first of each is known.
func LastArrival(tx dbx.Builder, device string, before time.Time) (time.Time, error) {
	var at int64
	err := tx.NewQuery("SELECT COALESCE(MAX(at), 0) FROM _sync_arrival WHERE device = {:d} AND hour <= {:h} AND at < {:at}").
		Bind(dbx.Params{"d": device, "h": before.UnixMilli() / time.Hour.Milliseconds(), "at": before.UnixMilli()}).Row(&at)
	if err != nil || at == 0 {
		return time.Time{}, wrapped(err, "failed to read a device's arrivals")
	}
	return time.UnixMilli(at).UTC(), nil
}

// ForgetArrivals drops what was noted before a moment.
func ForgetArrivals(tx dbx.Builder, before time.Time) error {
	_, err := tx.NewQuery("DELETE FROM _sync_arrival WHERE at < {:at}").Bind(dbx.Params{"at": before.UnixMilli()}).Execute()
	return wrapped(err, "failed to forget arrivals")
}
