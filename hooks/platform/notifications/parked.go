package notifications

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// laneOf is what is known of a lane's target; a new row if nothing is.
func laneOf(txApp core.App, lane string) (records.MessageLane, error) {
	row, found, err := records.MessageLanes.First(txApp, "lane = {:lane}", dbx.Params{"lane": lane}, "")
	if err != nil || found {
		return row, err
	}
	if row, err = records.MessageLanes.New(txApp); err == nil {
		row.SetLane(lane)
	}
	return row, err
}

// fault notes that a target did not take a message. After message.max_tries in
// a row its lane is parked: administrators are told, once, and it is tried each
// hour. What waits then for message.wait_days is given up.
func (s *Service) fault(txApp core.App, lane string, now time.Time, most int, f fault) error {
	row, err := laneOf(txApp, lane)
	if err != nil {
		return err
	}
	name := lane
	hook, found, err := records.Webhooks.Find(txApp, records.WebhookID(lane))
	if err != nil {
		return err
	}
	if found {
		name = hook.Name()
	}
	row.SetName(name)
	row.SetFaults(row.Faults() + 1)
	row.SetNextAt(now.Add(s.wait(row.Faults())))
	row.SetLastError(f.text())
	parks := row.Faults() >= most && row.ParkedAt().IsZero()
	if parks {
		row.SetParkedAt(now)
	}
	ctx := gate.AsServer(context.Background())
	if err := txApp.SaveWithContext(ctx, row.Raw()); err != nil {
		return fmt.Errorf("note a lane: %w", err)
	}
	if row.Faults() < most {
		return nil
	}
	days, err := gate.SettingsNow(txApp).MessageWaitDays()
	if err != nil {
		return err
	}
	if err := giveUp(txApp, lane, now.AddDate(0, 0, -days), "it waited too long; "+f.text()); err != nil || !parks {
		return err
	}
	admins, err := records.Users.All(txApp, "role = 'admin' AND active", nil, "")
	if err != nil {
		return err
	}
	for _, a := range admins {
		notice := gate.Notice{User: string(a.ID()), Kind: "message.parked", Link: records.MessageLaneTable + "/" + string(row.ID()), Params: map[string]any{"name": name, "fault": f.text()}}
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
		return fmt.Errorf("clear a lane: %w", err)
	}
	return nil
}

// retry gives a message that was given up another round.
func (s *Service) retry(_ context.Context, tx core.App, row records.Dispatch, _ kit.None) error {
	row.SetTries(0)
	row.SetNextAt(s.now())
	return clearLane(tx, row.Lane())
}

// resume has a target tried now.
func resume(ctx context.Context, _ core.App, row records.MessageLane, _ kit.None) error {
	if !administers(ctx) {
		return gate.Refuse("record.not_allowed")
	}
	row.SetFaults(0)
	row.SetNextAt(time.Time{})
	row.SetParkedAt(time.Time{})
	row.SetLastError("")
	return nil
}
