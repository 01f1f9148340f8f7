package notices

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// laneRecord is what is known of a lane's target; a new record if nothing is.
func laneRecord(txApp core.App, lane string) (*core.Record, error) {
	if r, err := txApp.FindFirstRecordByData(lanes, "lane", lane); err == nil {
		return r, nil
	}
	coll, err := txApp.FindCachedCollectionByNameOrId(lanes)
	if err != nil {
		return nil, fmt.Errorf("failed to find the lanes: %w", err)
	}
	r := core.NewRecord(coll)
	r.Set("lane", lane)
	return r, nil
}

// fault notes that a target did not take a message. After message.max_tries in
// a row its lane is parked: administrators are told, once, and it is tried each
// hour. What waits then for message.wait_days is given up.
func (s *Service) fault(txApp core.App, lane string, now time.Time, most int, f fault) error {
	r, err := laneRecord(txApp, lane)
	if err != nil {
		return err
	}
	name := lane
	if hook, err := txApp.FindRecordById(webhooks, lane); err == nil {
		name = hook.GetString("name")
	}
	r.Set("name", name)
	setLaneFault(r, now.Add(s.wait(faultsOf(r)+1)), f.text())
	parks := faultsOf(r) >= most && r.GetDateTime(fieldParked).IsZero()
	if parks {
		r.Set(fieldParked, now)
	}
	ctx := gate.AsServer(context.Background())
	if err := txApp.SaveWithContext(ctx, r); err != nil {
		return fmt.Errorf("failed to note a lane: %w", err)
	}
	if faultsOf(r) < most {
		return nil
	}
	days, err := gate.SettingsNow(txApp).Whole("message.wait_days")
	if err != nil {
		return err
	}
	if err := giveUp(txApp, lane, now.AddDate(0, 0, -days), "it waited too long; "+f.text()); err != nil || !parks {
		return err
	}
	admins, err := txApp.FindAllRecords(gate.Users, dbx.HashExp{"role": domain.RoleAdmin, "active": true})
	if err != nil {
		return fmt.Errorf("failed to find administrators: %w", err)
	}
	for _, a := range admins {
		notice := gate.Notice{User: a.Id, Kind: "message.parked", Link: lanes + "/" + r.Id, Params: map[string]any{"name": name, "fault": f.text()}}
		if err := gate.Notify(ctx, txApp, now, notice); err != nil {
			return err
		}
	}
	return nil
}

// clearLane notes that a target does well, or that somebody mended it.
func clearLane(txApp core.App, lane string) error {
	_, err := txApp.DB().NewQuery("UPDATE message_lanes SET faults = 0, next_at = '', parked_at = '', last_error = '' WHERE lane = {:lane} AND faults > 0").
		Bind(dbx.Params{"lane": lane}).Execute()
	if err != nil {
		return fmt.Errorf("failed to clear a lane: %w", err)
	}
	return nil
}

// retry takes no args: an administrator gives a message that was given up another round.
func (s *Service) retry(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := administrator(ctx, raw); err != nil {
		return err
	}
	if r.GetString(fieldState) != dead {
		return gate.Refuse("dispatch.state", "from", r.GetString(fieldState))
	}
	setQueued(r, s.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return err
	}
	return clearLane(txApp, r.GetString("lane"))
}

// resume takes no args: an administrator has a target tried now.
func (s *Service) resume(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := administrator(ctx, raw); err != nil {
		return err
	}
	for _, field := range []string{"faults", fieldNext, fieldParked, "last_error"} {
		r.Set(field, nil)
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

func administrator(ctx context.Context, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if actor := gate.Of(ctx).User; actor == nil || actor.GetString("role") != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	return nil
}
