package notifications

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

const (
	// digest is the event of a message that holds several: its payload is the
	// list of theirs.
	digest = "digest"
	// digestMost and digestBytes are how far a digest grows; the next begins then.
	digestMost  = 200
	digestBytes = 256 << 10
)

// over reports whether somebody has caused as many messages as he may, in the
// last minute or day.
func (s *Service) over(txApp core.App, sender string, now time.Time) (bool, error) {
	if sender == "" || s.cfg.Planted == syncer.PlantSenderFree {
		return false, nil
	}
	settings := gate.SettingsNow(txApp)
	perMinute, err := settings.MessageSenderMinute()
	if err != nil {
		return false, err
	}
	perDay, err := settings.MessageSenderDay()
	if err != nil {
		return false, err
	}
	var caused struct {
		Day    int `db:"day"`
		Minute int `db:"minute"`
	}
	err = txApp.DB().NewQuery(`SELECT COUNT(*) AS day, COALESCE(SUM(created > {:minute}), 0) AS minute
		FROM dispatches WHERE sender = {:s} AND created > {:day}`).
		Bind(dbx.Params{"s": sender, "minute": gate.Stamp(now.Add(-time.Minute)), "day": gate.Stamp(now.AddDate(0, 0, -1))}).One(&caused)
	if err != nil {
		return false, fmt.Errorf("count a sender's messages: %w", err)
	}
	return caused.Day >= perDay || caused.Minute >= perMinute, nil
}

// join adds a message to the digest that its receiver waits for, if that is the
// last one for him: so what came before stays before.
func join(txApp core.App, m message, text string) (bool, error) {
	done, err := txApp.DB().NewQuery(`UPDATE dispatches
		SET payload = substr(payload, 1, length(payload) - 1) || ',' || {:text} || ']', folded = folded + 1
		WHERE rowid = (SELECT MAX(rowid) FROM dispatches WHERE target = {:target} AND channel = {:channel})
			AND open AND state = {:queued} AND folded < {:most} AND length(CAST(payload AS BLOB)) + {:more} < {:bytes}`).
		Bind(dbx.Params{
			"text": text, "target": m.target, "channel": m.channel, "queued": domain.DispatchQueued,
			"most": digestMost, "more": len(text) + 2, "bytes": digestBytes,
		}).Execute()
	if err != nil {
		return false, fmt.Errorf("fold a message: %w", err)
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// shut ends the growth of a digest before it is sent: what comes later goes
// into the next. It returns the message as it is then.
func shut(app core.App, row records.Dispatch) (records.Dispatch, error) {
	if !row.Open() {
		return row, nil
	}
	_, err := app.DB().Update(records.DispatchTable, dbx.Params{records.DispatchColOpen: false}, dbx.HashExp{"id": row.ID()}).Execute()
	if err != nil {
		return row, fmt.Errorf("close a digest: %w", err)
	}
	return records.Dispatches.Require(app, row.ID())
}
