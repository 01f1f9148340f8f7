package schemes

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Publish takes the step as an area of this configuration does.
func Publish(ctx context.Context, cfg Config, tx core.App, row records.AppraisalScheme) error {
	return desk{now: cfg.Now, dryRun: cfg.DryRun}.publish(ctx, tx, row, kit.None{})
}
