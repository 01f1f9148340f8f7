package handovers

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Forecast tells what a handover will do to the phones of both reps.
type Forecast struct {
	Date         string `json:"planned_date"`  // YYYY-MM-DD
	PrefetchFrom string `json:"prefetch_from"` // from this day the new rep reads ahead
	Accounts     int    `json:"accounts"`
	Reps         []Side `json:"reps"` // the old one, the new one
}

// Side is one rep's part of a forecast.
type Side struct {
	User    string  `json:"user"`
	Side    string  `json:"side"` // from or to
	Enters  Load    `json:"enters"`
	Leaves  Load    `json:"leaves"`
	Devices []Phone `json:"devices"`
}

// Load is an amount of rows; bytes are those of the rows' JSON before compression.
type Load struct {
	Rows        int64             `json:"rows"`
	Bytes       int64             `json:"bytes"`
	Collections map[string]Amount `json:"collections"`
}

// Amount is the part of one collection.
type Amount struct {
	Rows  int64 `json:"rows"`
	Bytes int64 `json:"bytes"`
}

// Phone is one device of a rep.
type Phone struct {
	Device   string `json:"device"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
	LastSync string `json:"last_sync"` // empty if never
	Unsent   string `json:"unsent"`    // unknown: devices do not report what they hold back
	Enters   Load   `json:"enters"`
	Leaves   Load   `json:"leaves"`
}

// open is the end of an interval of the replica that has not ended.
const open = int64(math.MaxInt64)

// forecast counts on the replica as it stands. What the new rep already reads
// ahead counts as entering.
func (s *Service) forecast(app core.App, from, to people.Staff, list []records.AccountID, day string) (*Forecast, error) {
	days, err := gate.SettingsNow(app).HandoverPrefetchDays()
	if err != nil {
		return nil, err
	}
	out := &Forecast{Date: day, PrefetchFrom: domain.AddDays(day, -days), Accounts: len(list)}

	// Whose manager he is, whoever holds them, does not move for him.
	gains, loses := list, list
	if from.Manager == to.ID {
		gains = nil
	}
	if to.Manager == from.ID {
		loses = nil
	}
	leaves, err := load(app, from.ID, list, loses)
	if err != nil {
		return nil, err
	}
	enters, err := load(app, to.ID, list, gains)
	if err != nil {
		return nil, err
	}
	none := Load{Collections: map[string]Amount{}}
	for _, side := range []Side{
		{User: from.ID, Side: "from", Enters: none, Leaves: leaves},
		{User: to.ID, Side: "to", Enters: enters, Leaves: none},
	} {
		if side.Devices, err = phones(app, side); err != nil {
			return nil, err
		}
		out.Reps = append(out.Reps, side)
	}
	return out, nil
}

// load counts the rows of accounts that a user would not see without the keys
// of the accounts in but.
func load(app core.App, user string, list, but []records.AccountID) (Load, error) {
	var rows []struct {
		Name  string `db:"name"`
		Rows  int64  `db:"n"`
		Bytes int64  `db:"bytes"`
	}
	err := app.ConcurrentDB().NewQuery(`WITH moved AS (SELECT DISTINCT s.doc FROM json_each({:list}) k
			CROSS JOIN _sync_scope s ON s.key = 'account:' || k.value AND s.to_seq = {:open})
		SELECT c.name, COUNT(*) AS n, SUM(LENGTH(CAST(d.body AS BLOB))) AS bytes FROM moved m
		JOIN _sync_doc d ON d.id = m.doc JOIN _collections c ON c.id = d.coll
		WHERE d.body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM _sync_scope s JOIN _sync_grant g ON g.user = {:user} AND g.key = s.key AND g.to_seq = {:open}
			WHERE s.doc = m.doc AND s.to_seq = {:open} AND s.key NOT IN (SELECT 'account:' || value FROM json_each({:but})))
		GROUP BY c.name`).Bind(dbx.Params{"list": jsonList(list), "but": jsonList(but), "user": user, "open": open}).All(&rows)
	if err != nil {
		return Load{}, fmt.Errorf("count what moves: %w", err)
	}
	out := Load{Collections: map[string]Amount{}}
	for _, r := range rows {
		out.Rows += r.Rows
		out.Bytes += r.Bytes
		out.Collections[r.Name] = Amount{Rows: r.Rows, Bytes: r.Bytes}
	}
	return out, nil
}

// phones lists a rep's devices that are not revoked.
func phones(app core.App, side Side) ([]Phone, error) {
	devices, err := records.SyncDevices.All(app, "user = {:user} AND revoked = FALSE", dbx.Params{"user": side.User}, "created, id")
	if err != nil {
		return nil, err
	}
	out := []Phone{}
	for _, d := range devices {
		out = append(out, Phone{
			Device: string(d.ID()), Name: d.Name(), Platform: d.Platform(), Unsent: "unknown", LastSync: lastSync(d), Enters: side.Enters, Leaves: side.Leaves,
		})
	}
	return out, nil
}

// lastSync is the latest moment at which the server heard of a device.
func lastSync(d records.SyncDevice) string {
	latest := slices.MaxFunc([]time.Time{d.LastPull(), d.LastPush(), d.LastSeen()}, time.Time.Compare)
	if latest.IsZero() {
		return ""
	}
	return latest.UTC().Format(time.RFC3339)
}
