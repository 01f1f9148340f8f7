package sessions

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// devices are the phones. Each that is revoked or deleted ends its sessions.
func (s *Service) devices() kit.Collection {
	return kit.Collection{
		Name: records.SyncDeviceTable,
		Audit: gate.Audit{Create: true, Fields: []string{
			records.SyncDeviceColUser, records.SyncDeviceColPlatform, records.SyncDeviceColName, records.SyncDeviceColRevoked, records.SyncDeviceColCameFrom,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Update, records.SyncDevices, "deviceRevocation", s.revocation),
			kit.On(kit.AfterUpdate, records.SyncDevices, "sessionPhoneRevoked", s.phoneRevoked),
			kit.On(kit.AfterDelete, records.SyncDevices, "sessionPhoneDeleted", s.phoneDeleted),
		},
	}
}

// revocation ends what the phone was given for good, and takes along the phones
// that came from it or that it came from. It is lifted only past the rules, with a
// reason.
func (s *Service) revocation(e *kit.Change[records.SyncDevice]) error {
	was, is := e.Before().Revoked(), e.Row.Revoked()
	if was && !is && gate.OverrideReason(e.Context) == "" && s.cfg.Planted != syncer.PlantRevocationLifted {
		return gate.RefuseField(records.SyncDeviceColRevoked, "device.restore_reason")
	}
	if was || !is {
		return e.Next()
	}
	e.Row.SetGeneration(e.Row.Generation() + 1)
	if err := e.Next(); err != nil {
		return err
	}
	return revokeChain(e)
}

// revokeChain revokes the phones next to one that was revoked, and by their saves
// those next to them. Several may have come from one that a restore lost.
func revokeChain(e *kit.Change[records.SyncDevice]) error {
	next, err := records.SyncDevices.All(e.App,
		"user = {:user} AND revoked = FALSE AND id <> {:id} AND (came_from = {:id} OR id = {:from} OR ({:from} <> '' AND came_from = {:from}))",
		dbx.Params{"user": e.Row.User(), "id": e.Row.ID(), "from": e.Row.CameFrom()}, "id")
	if err != nil {
		return err
	}
	for _, device := range next {
		device.SetRevoked(true)
		if err := e.App.SaveWithContext(e.Context, device.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// reason is why a phone is revoked, which may be missing, or restored.
type reason struct {
	Reason string `json:"reason"`
}

// revoke is for the phone's user, who leads him, or an administrator.
func (s *Service) revoke(ctx context.Context, tx core.App, device records.SyncDevice, _ reason) error {
	actor := gate.Of(ctx).User
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	owner := string(device.User())
	if actor == nil || actor.Id != owner && !chart.Over(actor.Id, owner) && !isAdmin(actor) {
		return gate.Refuse("record.not_allowed")
	}
	device.SetRevoked(true)
	return nil
}

// restore lets an administrator lift a revocation; the phone goes on with its
// numbers after a login.
func (s *Service) restore(ctx context.Context, tx core.App, record *core.Record, args reason) error {
	if actor := gate.Of(ctx).User; actor == nil || !isAdmin(actor) {
		return gate.Refuse("record.not_allowed")
	}
	why := strings.TrimSpace(args.Reason)
	if why == "" {
		return gate.Refuse("override.reason")
	}
	device := records.SyncDevices.Of(record)
	device.SetRevoked(false)
	return tx.SaveWithContext(gate.Overriding(ctx, why), device.Raw())
}

func isAdmin(user *core.Record) bool { return records.Users.Of(user).Role() == people.RoleAdmin }
