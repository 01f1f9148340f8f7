package requests

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// tellArgs say whom of the customer's people its owner told what, how and when.
type tellArgs struct {
	Contact records.ContactID            `json:"contact"`
	Note    string                       `json:"note"`
	Channel records.CommunicationChannel `json:"channel"`
	At      time.Time                    `json:"at"`
	Clock   *domain.ClockEvidence        `json:"clock"`
}

// tellCustomer records the answer to the customer: request.no_account,
// request.answer_required, account.contact_unknown.
func (s service) tellCustomer(ctx context.Context, tx core.App, row records.ProductRequest, args tellArgs) error {
	if row.Account() == "" {
		return gate.Refuse("request.no_account")
	}
	if blank(args.Note) {
		return gate.Refuse("request.answer_required")
	}
	contact, found, err := records.Contacts.Find(tx, args.Contact)
	if err != nil {
		return err
	}
	if args.Contact != "" && (!found || contact.Account() != row.Account()) {
		return gate.RefuseField("contact", "account.contact_unknown")
	}
	read, err := s.ReadStep(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	told, err := s.communication(ctx, tx, row, args, read.At)
	if err != nil {
		return err
	}
	row.SetToldAt(read.At)
	row.SetToldNote(strings.TrimSpace(args.Note))
	row.SetTold(told)
	return nil
}

// communication is the record of what the customer was told.
func (s service) communication(ctx context.Context, tx core.App, row records.ProductRequest, args tellArgs, at time.Time) (records.CommunicationID, error) {
	told, err := records.Communications.New(tx)
	if err != nil {
		return "", err
	}
	if args.Channel == "" {
		args.Channel = "phone"
	}
	told.SetAccount(row.Account())
	told.SetContact(args.Contact)
	told.SetChannel(args.Channel)
	told.SetDirection("out")
	told.SetAt(at)
	told.SetSummary(strings.TrimSpace(args.Note))
	told.SetBy(records.UserID(gate.Of(ctx).Author().Id))
	if err := tx.SaveWithContext(gate.AsServer(ctx), told.Raw()); err != nil {
		return "", err
	}
	return told.ID(), nil
}
