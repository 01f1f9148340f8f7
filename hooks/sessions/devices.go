package sessions

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

// Fields of sync_devices.
const (
	fieldUser       = "user"
	fieldInstall    = "install"
	fieldRevoked    = "revoked"
	fieldFrom       = "came_from"  // the phone in whose place it was let in
	fieldForked     = "forked"     // since when its clone may join; empty if none may
	fieldGeneration = "generation" // how often its tokens were ended
	fieldAddress    = "address"    // from where it came last
)

// Audited says what of phones the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		devices: {Fields: []string{fieldUser, "platform", "name", fieldRevoked, fieldFrom}, Create: true},
		changes: {Fields: []string{"kind", "reason"}, Create: true},
	}
}

// bindDevices holds a revocation: it ends what the phone was given for good, it
// takes along the phones that came from it or that it came from, and it is
// lifted only past the rules, with a reason.
func (s *Service) bindDevices(app core.App) {
	app.OnRecordUpdate(devices).Bind(gate.Named("deviceRevocation", gate.Atomic(func(e *core.RecordEvent) error {
		was, is := e.Record.Original().GetBool(fieldRevoked), e.Record.GetBool(fieldRevoked)
		if was && !is && gate.OverrideReason(e.Context) == "" && s.cfg.Planted != syncer.PlantRevocationLifted {
			return gate.RefuseField(fieldRevoked, "device.restore_reason")
		}
		if was || !is {
			return e.Next()
		}
		e.Record.Set(fieldGeneration, e.Record.GetInt(fieldGeneration)+1)
		if err := e.Next(); err != nil {
			return err
		}
		return revokeChain(e)
	})))
}

// revokeChain revokes the phones next to one that was revoked, and by their saves
// those next to them. Several may have come from one that a restore lost.
func revokeChain(e *core.RecordEvent) error {
	next, err := e.App.FindRecordsByFilter(devices,
		"user = {:user} && revoked = false && id != {:id} && (came_from = {:id} || id = {:from} || ({:from} != '' && came_from = {:from}))", "id", 0, 0,
		dbx.Params{"user": e.Record.GetString(fieldUser), "id": e.Record.Id, "from": e.Record.GetString(fieldFrom)})
	if err != nil {
		return fmt.Errorf("failed to find a phone's clones: %w", err)
	}
	for _, device := range next {
		device.Set(fieldRevoked, true)
		if err := e.App.SaveWithContext(e.Context, device); err != nil {
			return err
		}
	}
	return nil
}

// revoke args: {reason}, which may be missing. By the phone's user, who leads
// him, or an administrator.
func (s *Service) revoke(ctx context.Context, txApp core.App, device *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).User
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	owner := device.GetString(fieldUser)
	if actor == nil || actor.Id != owner && !chart.Over(actor.Id, owner) && actor.GetString("role") != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	if _, err := reasonOf(raw); err != nil {
		return err
	}
	device.Set(fieldRevoked, true)
	return txApp.SaveWithContext(ctx, device)
}

// restore args: {reason}. An administrator lifts a revocation; the phone goes on
// with its numbers after a login.
func (s *Service) restore(ctx context.Context, txApp core.App, device *core.Record, raw jsontext.Value) error {
	if actor := gate.Of(ctx).User; actor == nil || actor.GetString("role") != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	reason, err := reasonOf(raw)
	if err != nil {
		return err
	}
	if reason == "" {
		return gate.Refuse("override.reason")
	}
	device.Set(fieldRevoked, false)
	return txApp.SaveWithContext(gate.Overriding(ctx, reason), device)
}

func reasonOf(raw jsontext.Value) (string, error) {
	var args struct {
		Reason string `json:"reason"`
	}
	err := gate.Args(raw, &args)
	return strings.TrimSpace(args.Reason), err
}
