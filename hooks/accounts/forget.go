package accounts

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// tombstone is the name of a contact who was forgotten.
const tombstone = "(已应本人要求删除)"

// forgetter carries out requests of privacy.
type forgetter struct{ now func() time.Time }

// forget args: {reason}. An administrator removes what is known of a contact's
// person, for good: from his row, which stays as a tombstone, from his care
// dates, and from what was kept of writes to his row.
func (f forgetter) forget(ctx context.Context, txApp core.App, contact *core.Record, raw jsontext.Value) error {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	actor := gate.Of(ctx).User
	switch {
	case actor == nil || actor.GetString("role") != domain.RoleAdmin:
		return gate.Refuse("record.not_allowed")
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("override.reason")
	case forgotten(contact):
		return gate.Refuse("contact.forgotten")
	}
	for _, field := range contact.Collection().Fields {
		switch field.GetName() {
		case "id", "account", "dept", "created", "updated":
		default:
			contact.Set(field.GetName(), nil)
		}
	}
	contact.Set("name", tombstone)
	contact.Set("optout", true)
	contact.Set("forgotten_at", f.now())
	contact.Set("forgotten_why", args.Reason)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), contact); err != nil {
		return err
	}
	for _, stmt := range []string{
		"UPDATE care_dates SET title = {:name}, active = FALSE WHERE contact = {:id}",
		"UPDATE care_tasks SET title = {:name} WHERE contact = {:id}",
		`UPDATE sync_issues SET fields = 'null', ancestor = 'null', mine = 'null', theirs = 'null', payload = 'null', answer = 'null', attempts = 'null'
			WHERE collection = 'contacts' AND record = {:id}`,
		"UPDATE account_change_requests SET patch = 'null', was = 'null' WHERE collection = 'contacts' AND record = {:id}",
	} {
		if _, err := txApp.DB().NewQuery(stmt).Bind(dbx.Params{"id": contact.Id, "name": tombstone}).Execute(); err != nil {
			return fmt.Errorf("failed to forget a contact: %w", err)
		}
	}
	return nil
}

func forgotten(contact *core.Record) bool { return !contact.GetDateTime("forgotten_at").IsZero() }

// contactStays keeps tombstones as they are.
func contactStays(e *core.RecordEvent) error {
	if forgotten(e.Record.Original()) {
		return gate.Refuse("contact.forgotten")
	}
	return e.Next()
}
