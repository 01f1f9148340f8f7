package uploads

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// bindTickets registers what holds for every row of blobs: it is the ticket by
// which its bytes come.
func bindTickets(app core.App) {
	first := gate.Named("blobTicket", gate.Atomic(ticketCreate))
	first.Priority = -1 // before an area fills what the phone must leave empty
	app.OnRecordCreate(blobsCollection).Bind(first)
	app.OnRecordUpdate(blobsCollection).Bind(gate.Named("blobTicketStays", gate.Atomic(ticketUpdate)))
}

// ticketCreate judges what is announced before a byte of it goes over the air.
func ticketCreate(e *core.RecordEvent) error {
	row := blob{e.Record}
	if row.state() == "" {
		row.Set("state", pending)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if row.state() != pending {
		return gate.RefuseField("state", "field.locked")
	}
	if err := gate.LockFields(e, filled...); err != nil {
		return err
	}
	most, err := maxBytes(e.App, row.purpose())
	if err != nil {
		return err
	}
	if err := domain.BlobTicket(row.purpose(), row.mime(), row.size(), most); err != nil {
		return gate.WrapError(err)
	}
	actor := gate.From(e)
	row.Set("device", actor.Device)
	if row.purpose() != domain.BlobVisitPhoto {
		if err := paperPlace(e, row, actor.Author()); err != nil {
			return err
		}
	}
	return e.Next()
}

// paperPlace says whose a paper is, for good.
func paperPlace(e *core.RecordEvent, row blob, author *core.Record) error {
	if author == nil { // the dashboard's superuser writes it for somebody
		var err error
		if author, err = e.App.FindRecordById(gate.Users, row.owner()); err != nil {
			return gate.RefuseField("owner", "record.not_found")
		}
	}
	if row.owner() == "" {
		row.Set("owner", author.Id)
	}
	if row.owner() != author.Id {
		return gate.RefuseField("owner", "record.not_allowed")
	}
	row.Set("manager", author.GetString("manager"))
	row.Set("dept", author.GetString("department"))
	if row.account() == "" {
		return nil
	}
	account, err := e.App.FindRecordById("accounts", row.account())
	if err != nil {
		return gate.RefuseField("account", "record.not_found")
	}
	if dept := account.GetString("dept"); row.purpose() == domain.BlobContract && dept != "" {
		row.Set("dept", dept)
	}
	return nil
}

// ticketUpdate: the row is the server's once it is made.
func ticketUpdate(e *core.RecordEvent) error {
	if err := gate.LockFields(e, append(announced, filled...)...); err != nil {
		return err
	}
	return e.Next()
}
