package api

import (
	"satchel/hooks/platform/gate"

	"github.com/pocketbase/pocketbase/core"
)

// codeGaveWay tells a phone that its stream, or its long poll, gave its place to a newer one.
const codeGaveWay = "stream_gave_way"

// caps are the most streams, long polls among them, of a phone and of a user.
type caps struct{ phone, user int }

// streamCaps reads them from the settings, which are in memory.
func streamCaps(app core.App) (most caps, err error) {
	settings := gate.SettingsNow(app)
	if most.phone, err = settings.SyncStreamsPerPhone(); err != nil {
		return caps{}, err
	}
	most.user, err = settings.SyncStreamsPerUser()
	return most, err
}

// of are the shares that a stream counts to.
func (c caps) of(user, device string) []gate.Share {
	return []gate.Share{{Of: "phone " + device, Most: c.phone}, {Of: "user " + user, Most: c.user}}
}
