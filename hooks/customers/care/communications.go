package care

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (a actions) communications() kit.Collection {
	return kit.Collection{
		Name: records.CommunicationTable,
		Server: []string{
			records.CommunicationColBy, records.CommunicationColNeedsReplyBy, records.CommunicationColRepliedAt,
			records.CommunicationColRepliedLate, records.CommunicationColReplyToldAt, records.CommunicationColCampaign,
		},
		Rules: saved(records.Communications, a.communicationSaved),
	}
}

// communicationSaved hangs a record of contact on its account. What comes from
// the customer is to be answered within so many office hours (R3.3b), or hours of
// any kind on a channel that is always answered (R5.7).
func (a actions) communicationSaved(e *kit.Change[records.Communication]) error {
	if err := gate.InheritFromAccount(e.RecordEvent); err != nil {
		return err
	}
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	row := e.Row
	if err := checkContact(e.App, records.CommunicationColContact, row.Contact(), row.Account()); err != nil {
		return err
	}
	if row.IsNew() {
		if author := gate.From(e.RecordEvent).Author(); author != nil {
			row.SetBy(records.UserID(author.Id))
		}
		if row.Direction() == "in" {
			if err := a.setReplyDue(e.App, row); err != nil {
				return err
			}
		}
	}
	return e.Next()
}

func (a actions) setReplyDue(app core.App, row records.Communication) error {
	hours, err := gate.SettingsNow(app).CommunicationReplyHours()
	if err != nil {
		return err
	}
	cal, err := gate.ReadCalendar(app)
	if err != nil {
		return err
	}
	channel, found, err := a.channel(app, row.Account())
	if err != nil {
		return err
	}
	clock := customers.ServiceClock{Calendar: cal, Always: found && channel.Hours() == "always"}
	row.SetNeedsReplyBy(clock.Add(row.At(), time.Duration(hours)*time.Hour))
	return nil
}

func awaitsReply(row records.Communication) bool {
	return !row.NeedsReplyBy().IsZero() && row.RepliedAt().IsZero()
}

// replyArgs say when it was, as the phone says; now if it says nothing.
type replyArgs struct {
	At time.Time `json:"at"`
}

// reply ends the time to answer.
func (a actions) reply(ctx context.Context, tx core.App, row records.Communication, args replyArgs) error {
	if _, err := mustBeInLine(ctx, tx, row.Account()); err != nil {
		return err
	}
	if !awaitsReply(row) {
		return gate.Refuse("communication.no_reply_due")
	}
	if args.At.IsZero() {
		args.At = a.now()
	}
	row.SetRepliedAt(args.At)
	row.SetRepliedLate(args.At.After(row.NeedsReplyBy()))
	return nil
}

// remindReplies tells the owner of the account and his manager, once, of a
// customer's message that was to be answered by now.
func remindReplies(ctx context.Context, app core.App, now time.Time) error {
	late, err := records.Communications.All(app, "replied_at = '' AND reply_told_at = '' AND needs_reply_by <> '' AND needs_reply_by < {:now}",
		dbx.Params{"now": gate.Stamp(now)}, "id")
	if err != nil {
		return err
	}
	for _, row := range late {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := app.RunInTransaction(func(txApp core.App) error { return tellUnanswered(txApp, now, row.ID()) }); err != nil {
			return fmt.Errorf("tell of unanswered message %s: %w", row.ID(), err)
		}
	}
	return nil
}

func tellUnanswered(txApp core.App, now time.Time, id records.CommunicationID) error {
	row, found, err := records.Communications.Find(txApp, id)
	if err != nil {
		return err
	}
	if !found || !awaitsReply(row) {
		return nil // gone or answered since
	}
	account, err := records.Accounts.Require(txApp, row.Account())
	if err != nil {
		return err
	}
	row.SetReplyToldAt(now)
	ctx := gate.AsServer(context.Background())
	if err := txApp.SaveWithContext(ctx, row.Raw()); err != nil {
		return err
	}
	for _, user := range lineOf(account) {
		n := gate.Notice{
			User: user, Kind: "communication.overdue", Link: records.CommunicationTable + "/" + string(row.ID()),
			Params: map[string]any{"account": account.Name(), "due": domain.BusinessTime(row.NeedsReplyBy()), "text": row.Summary()},
		}
		if err := gate.Notify(ctx, txApp, now, n); err != nil {
			return err
		}
	}
	return nil
}
