package devices

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// States of a device, the first that is so.
const (
	isRevoked   = "revoked"
	isDisabled  = "disabled"       // its user
	isStopped   = "repair_stopped" // too much differed today, twice
	isOverLimit = "over_limit"     // more rows are in its user's scope than a phone holds
	isFull      = "issues_full"    // its user has so many open issues that nothing more is taken
	isUnsynced  = "stale"          // no pull for sync.stale_hours
	isUnpushed  = "unpushed"       // it says that a change waits for longer than that
	isNew       = "new"            // it has not pulled yet
	isOK        = "ok"
)

// figures are what is known of one device.
type figures struct {
	Device    string         `db:"id" json:"device"`
	User      string         `db:"user" json:"user"`
	Name      string         `db:"name" json:"name"`
	Phone     string         `db:"phone" json:"phone"` // the device's own name
	Platform  string         `db:"platform" json:"platform"`
	App       string         `db:"app" json:"app"`
	Schema    int            `db:"schema" json:"schema"`
	State     string         `db:"-" json:"state"`
	Created   types.DateTime `db:"created" json:"created"`
	LastSeen  types.DateTime `db:"last_seen" json:"last_seen"`
	LastPush  types.DateTime `db:"last_push" json:"last_push"`
	LastPull  types.DateTime `db:"last_pull" json:"last_pull"`
	Lag       int64          `db:"lag" json:"lag"` // changes of the log since its cursor, of all users
	Oldest    types.DateTime `db:"oldest_captured" json:"oldest_captured"`
	Rejected  int            `db:"rejected" json:"rejected"`
	Pending   int            `db:"pending_blobs" json:"pending_blobs"`
	ScopeRows int            `db:"scope_rows" json:"scope_rows"`
	Issues    int            `db:"issues" json:"issues"` // open ones of its user
	Heals     int            `db:"heals" json:"heals"`   // ever
	Alerts    []string       `db:"-" json:"alerts"`      // kinds that are open
	Stopped   bool           `db:"stopped" json:"-"`     // repair, for today
	Open      string         `db:"open" json:"-"`
	// Largest are the collections that make a scope too large, with their rows.
	Largest []syncer.ScopePart `db:"-" json:"largest,omitempty"`
	Revoked bool               `db:"revoked" json:"-"`
	Active  bool               `db:"active" json:"-"`
	Over    bool               `db:"over_limit" json:"-"`
	Full    bool               `db:"-" json:"-"`
}

// read lists devices with their figures; where picks them by d (device) and u (user).
func read(app core.App, now time.Time, where string, bind dbx.Params) ([]figures, error) {
	settings := gate.SettingsNow(app)
	hours, err := settings.SyncStaleHours()
	if err != nil {
		return nil, err
	}
	most, err := settings.SyncMaxScopeRows()
	if err != nil {
		return nil, err
	}
	room, err := settings.IssuesOpenMax()
	if err != nil {
		return nil, err
	}
	params := dbx.Params{"most": most, "day": now.Unix() / 86400, "stopped": syncer.HealStopped}
	maps.Copy(params, bind)
	var out []figures
	err = app.DB().NewQuery(`SELECT d.id, d.user, u.name, d.name AS phone, d.platform, d.app, d.schema, d.created, d.last_seen, d.last_push,
		d.last_pull, MAX(0, (SELECT value FROM _sync_state WHERE key = 'head') - d.cursor_seq) AS lag, d.oldest_captured,
		d.rejected, d.pending_blobs, d.scope_rows, d.revoked, d.over_limit OR d.scope_rows > {:most} AS over_limit, u.active,
		(SELECT ` + gate.OpenIssues + ` FROM sync_issues i WHERE i.user = d.user AND i.state = 'open') AS issues,
		(SELECT COUNT(*) FROM _sync_heal h WHERE h.device = d.id) AS heals,
		EXISTS (SELECT 1 FROM _sync_heal h WHERE h.device = d.id AND h.day = {:day} AND h.kind = {:stopped}) AS stopped,
		COALESCE((SELECT GROUP_CONCAT(kind) FROM sync_alerts a WHERE a.device = d.id AND a.resolved = ''), '') AS open
		FROM sync_devices d JOIN users u ON u.id = d.user WHERE ` + where + ` ORDER BY d.id`).Bind(params).All(&out)
	if err != nil {
		return nil, fmt.Errorf("read the fleet: %w", err)
	}
	for i := range out {
		f := &out[i]
		f.Full = f.Issues >= room
		f.State = f.state(now, time.Duration(hours)*time.Hour)
		f.Alerts = strings.FieldsFunc(f.Open, func(r rune) bool { return r == ',' })
	}
	return out, nil
}

func (f *figures) state(now time.Time, stale time.Duration) string {
	switch {
	case f.Revoked:
		return isRevoked
	case !f.Active:
		return isDisabled
	case f.Stopped:
		return isStopped
	case f.Over:
		return isOverLimit
	case f.Full:
		return isFull
	case f.unsynced(now, stale):
		return isUnsynced
	case f.unpushed(now, stale):
		return isUnpushed
	case f.LastPull.IsZero():
		return isNew
	}
	return isOK
}

// synced is when the device was last up to date, or joined.
func (f *figures) synced() types.DateTime {
	if f.LastPull.IsZero() {
		return f.Created
	}
	return f.LastPull
}

func (f *figures) unsynced(now time.Time, stale time.Duration) bool {
	return now.Sub(f.synced().Time()) > stale
}

func (f *figures) unpushed(now time.Time, stale time.Duration) bool {
	return !f.Oldest.IsZero() && now.Sub(f.Oldest.Time()) > stale
}
