package quality

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// important picks accounts under contract whose tier is one of {:tiers}, a JSON
// list: each is owed a channel and an evaluation.
const important = "stage = 'contracted' AND tier IN (SELECT value FROM json_each({:tiers}))"

// missChannels tells the head of the service, once a month for each number, how
// many important accounts have no channel (R5.7).
func missChannels(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	tiers, err := importantTiers(app, today)
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		n, err := records.Accounts.Count(tx, important+" AND NOT EXISTS (SELECT 1 FROM service_channels c WHERE c.account = accounts.id AND c.active = TRUE)", dbx.Params{"tiers": tiers})
		if err != nil || n == 0 {
			return err
		}
		head, err := headOfService(tx)
		if err != nil || head == "" {
			return err
		}
		return gate.NotifyOnce(ctx, tx, now, gate.Notice{
			User: string(head), Kind: "service.channels_missing", Link: fmt.Sprintf("%s#%s/%d", records.ServiceChannelTable, domain.Month(today), n), Params: map[string]any{"count": n},
		})
	})
}

// importantTiers are the tiers of important accounts, as a JSON list.
func importantTiers(app core.App, day string) (string, error) {
	tiers, err := gate.SettingsOn(app, day).AccountImportantTiers()
	if err != nil {
		return "", err
	}
	list, err := json.Marshal(tiers)
	if err != nil {
		return "", fmt.Errorf("write the tiers: %w", err)
	}
	return string(list), nil
}
