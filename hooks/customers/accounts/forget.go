package accounts

import (
	"context"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// tombstone is the name of a contact who was forgotten.
const tombstone = "(已应本人要求删除)"

// reason is why.
type reason struct {
	Reason string `json:"reason"`
}

// forget carries out a request of privacy: an administrator removes what is known
// of a contact's person, for good: from his row, which stays as a tombstone, from
// his care dates, and from what was kept of writes to his row.
func (d desk) forget(ctx context.Context, tx core.App, contact records.Contact, args reason) error {
	switch {
	case roleOf(gate.Of(ctx).User) != people.RoleAdmin:
		return gate.Refuse("record.not_allowed")
	case strings.TrimSpace(args.Reason) == "":
		return gate.Refuse("override.reason")
	case !contact.ForgottenAt().IsZero():
		return gate.Refuse("contact.forgotten")
	}
	nothing := map[string]any{}
	for _, field := range contact.Raw().Collection().Fields {
		switch field.GetName() {
		case core.FieldNameId, records.ContactColAccount, records.ContactColDept, records.ContactColCreated, records.ContactColUpdated:
		default:
			nothing[field.GetName()] = nil
		}
	}
	contact.Raw().Load(nothing)
	contact.SetName(tombstone)
	contact.SetOptout(true)
	contact.SetForgottenAt(d.now())
	contact.SetForgottenWhy(args.Reason)
	for _, stmt := range []string{
		"UPDATE care_dates SET title = {:name}, active = FALSE WHERE contact = {:id}",
		"UPDATE care_tasks SET title = {:name} WHERE contact = {:id}",
		`UPDATE sync_issues SET fields = 'null', ancestor = 'null', mine = 'null', theirs = 'null', payload = 'null', answer = 'null', attempts = 'null'
			WHERE collection = 'contacts' AND record = {:id}`,
		"UPDATE account_change_requests SET patch = 'null', was = 'null' WHERE collection = 'contacts' AND record = {:id}",
	} {
		if _, err := tx.DB().NewQuery(stmt).Bind(dbx.Params{"id": contact.ID(), "name": tombstone}).Execute(); err != nil {
			return fmt.Errorf("forget a contact: %w", err)
		}
	}
	return nil
}
