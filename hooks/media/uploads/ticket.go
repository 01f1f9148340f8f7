package uploads

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// tickets is what holds for every row of blobs: it is the ticket by which its bytes
// come, and the server's once it is made.
func tickets() kit.Collection {
	return kit.Collection{
		Name:   records.BlobTable,
		Begins: kit.Begin(records.Blobs, begin),
		Server: filled,
		Once:   announced,
		Rules:  []kit.Rule{kit.On(kit.Create, records.Blobs, "blobTicket", judge)},
	}
}

func begin(e *kit.Change[records.Blob]) error {
	if e.Row.State() == "" {
		e.Row.SetState(pending)
	}
	return nil
}

// judge refuses what is announced before a byte of it goes over the air.
func judge(e *kit.Change[records.Blob]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if e.Row.State() != pending {
		return gate.RefuseField(records.BlobColState, "field.locked")
	}
	purpose := e.Row.Purpose()
	most, err := maxBytes(e.App, purpose)
	if err != nil {
		return err
	}
	if err := evidence.BlobTicket(string(purpose), e.Row.Mime(), int64(e.Row.Size()), most); err != nil {
		return gate.WrapError(err)
	}
	actor := gate.From(e.RecordEvent)
	e.Row.SetDevice(records.SyncDeviceID(actor.Device))
	if purpose != evidence.BlobVisitPhoto {
		if err := paperPlace(e.App, e.Row, actor.Author()); err != nil {
			return err
		}
	}
	return e.Next()
}

// paperPlace says whose a paper is, for good. The dashboard's superuser, who is no
// author, writes it for somebody.
func paperPlace(app core.App, row records.Blob, author *core.Record) error {
	if author != nil && row.Owner() == "" {
		row.SetOwner(records.UserID(author.Id))
	}
	if author != nil && string(row.Owner()) != author.Id {
		return gate.RefuseField(records.BlobColOwner, "record.not_allowed")
	}
	owner, found, err := records.Users.Find(app, row.Owner())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.BlobColOwner, "record.not_found")
	}
	row.SetManager(owner.Manager())
	row.SetDept(owner.Department())
	if row.Account() == "" {
		return nil
	}
	account, found, err := records.Accounts.Find(app, row.Account())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.BlobColAccount, "record.not_found")
	}
	if dept := account.Dept(); (row.Purpose() == evidence.BlobContract || row.Purpose() == evidence.BlobGoods) && dept != "" {
		row.SetDept(dept)
	}
	return nil
}
