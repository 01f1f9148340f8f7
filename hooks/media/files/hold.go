package files

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// holdArgs say why.
type holdArgs struct {
	Reason string `json:"reason"`
}

// hold keeps a blob's bytes whatever the retention says, until it is released.
func (s *Service) hold(ctx context.Context, _ core.App, row records.Blob, args holdArgs) error {
	auditor, err := mayHold(ctx)
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("blob.hold_reason")
	case !row.BytesRemovedAt().IsZero():
		return gate.Refuse("blob.bytes_removed", "at", row.BytesRemovedAt().Format(time.DateOnly), "why", string(row.BytesRemovedWhy()))
	}
	row.SetHold(true)
	row.SetHoldBy(auditor)
	row.SetHoldReason(strings.TrimSpace(args.Reason))
	row.SetHoldAt(s.cfg.Now())
	return nil
}

// release ends a hold.
func (s *Service) release(ctx context.Context, _ core.App, row records.Blob, _ kit.None) error {
	if _, err := mayHold(ctx); err != nil {
		return err
	}
	row.SetHold(false)
	row.SetHoldBy("")
	row.SetHoldReason("")
	row.SetHoldAt(time.Time{})
	return nil
}

// mayHold lets those who look at originals pass.
func mayHold(ctx context.Context) (records.UserID, error) {
	user := gate.Of(ctx).User
	if user == nil || !auditor(records.Users.Of(user)) {
		return "", gate.Refuse("record.not_allowed")
	}
	return records.UserID(user.Id), nil
}
