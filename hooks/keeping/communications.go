package keeping

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

// communicationSaved hangs a record of contact on its account. What comes from
// the customer is to be answered within so many office hours (R3.3b).
func communicationSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, communicationFilled...); err != nil {
		return err
	}
	if contact := contactOf(e.Record); contact != "" {
		row, err := e.App.FindRecordById("contacts", contact)
		if err != nil || accountOf(row) != accountOf(e.Record) {
			return gate.RefuseField("contact", "account.contact_unknown")
		}
	}
	if e.Record.IsNew() {
		setBy(e.Record, gate.From(e).Author())
		if inbound(e.Record) {
			hours, err := gate.SettingsNow(e.App).Whole("communication.reply_hours")
			if err != nil {
				return err
			}
			cal, err := gate.ReadCalendar(e.App)
			if err != nil {
				return err
			}
			setReplyDue(e.Record, cal.AddWorkingTime(momentOf(e.Record), time.Duration(hours)*time.Hour))
		}
	}
	return e.Next()
}

// reply args: {at}. Ends the time to answer; at is when the phone says it was,
// now if it says nothing.
func (a actions) reply(ctx context.Context, txApp core.App, row *core.Record, raw jsontext.Value) error {
	if _, err := gate.MustBeInLine(txApp, gate.Of(ctx).User, row); err != nil {
		return err
	}
	var args struct {
		At time.Time `json:"at"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if !awaitsReply(row) {
		return gate.Refuse("communication.no_reply_due")
	}
	if args.At.IsZero() {
		args.At = a.now()
	}
	setReplied(row, args.At)
	return txApp.SaveWithContext(gate.AsServer(ctx), row)
}

// remindReplies tells the owner of the account and his manager, once, of a
// customer's message that was to be answered by now.
func remindReplies(app core.App, now time.Time) error {
	var late []*core.Record
	err := app.RecordQuery(communications).AndWhere(dbx.NewExp("replied_at = '' AND reply_told_at = '' AND needs_reply_by <> '' AND needs_reply_by < {:now}",
		dbx.Params{"now": gate.Stamp(now)})).OrderBy("id").All(&late)
	if err != nil {
		return fmt.Errorf("failed to look for unanswered messages: %w", err)
	}
	for _, row := range late {
		if err := app.RunInTransaction(func(txApp core.App) error { return tellUnanswered(txApp, now, row.Id) }); err != nil {
			return fmt.Errorf("failed to tell of unanswered message %s: %w", row.Id, err)
		}
	}
	return nil
}

func tellUnanswered(txApp core.App, now time.Time, id string) error {
	row, err := txApp.FindRecordById(communications, id)
	if err != nil || !awaitsReply(row) {
		return nil //nolint:nilerr // gone or answered since
	}
	account, err := gate.AccountOf(txApp, row)
	if err != nil {
		return err
	}
	setReplyTold(row, now)
	ctx := gate.AsServer(context.Background())
	if err := txApp.SaveWithContext(ctx, row); err != nil {
		return err
	}
	for _, user := range lineOf(account) {
		n := gate.Notice{
			User: user, Kind: "communication.overdue", Link: communications + "/" + row.Id,
			Params: map[string]any{"account": nameOf(account), "due": domain.BusinessTime(replyDue(row)), "text": summaryOf(row)},
		}
		if err := gate.Notify(ctx, txApp, now, n); err != nil {
			return err
		}
	}
	return nil
}
