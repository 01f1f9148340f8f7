package keeping

import (
	"context"
	"encoding/json/jsontext"
	"time"

	"github.com/pocketbase/pocketbase/core"

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
