package blobs

import (
	"context"
	"encoding/json/jsontext"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// hold keeps a blob's bytes whatever the retention says, until it is released.
func (s *Service) hold(ctx context.Context, txApp core.App, record *core.Record, raw jsontext.Value) error {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	user := gate.Of(ctx).User
	switch {
	case user == nil || !auditor(user):
		return gate.Refuse("record.not_allowed")
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("blob.hold_reason")
	case !removedAt(record).IsZero():
		return gate.Refuse("blob.bytes_removed", "at", removedAt(record).Format("2006-01-02"), "why", record.GetString("bytes_removed_why"))
	}
	setHold(record, user.Id, strings.TrimSpace(args.Reason), s.cfg.Now())
	return txApp.SaveWithContext(gate.AsServer(ctx), record)
}

// release ends a hold.
func (s *Service) release(ctx context.Context, txApp core.App, record *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if user := gate.Of(ctx).User; user == nil || !auditor(user) {
		return gate.Refuse("record.not_allowed")
	}
	endHold(record)
	return txApp.SaveWithContext(gate.AsServer(ctx), record)
}
