package invoices

import (
	"context"
	"encoding/json/jsontext"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// create takes a row of a phone, or one that the server makes of a paper.
func (s *Service) create(e *core.RecordEvent) error {
	row := invoice{e.Record}
	if row.state() == "" {
		row.setState(domain.InvoiceFolder)
	}
	if !gate.ByServer(e) {
		if row.state() != domain.InvoiceFolder {
			return gate.RefuseField(fieldState, "field.locked")
		}
		if err := gate.LockFields(e, computed...); err != nil {
			return err
		}
		if actor := gate.From(e).Author(); actor != nil {
			if row.owner() == "" {
				row.setOwner(actor.Id)
			}
			if row.owner() != actor.Id {
				return gate.Refuse("invoice.not_owner")
			}
		}
		if !row.told() {
			return gate.Refuse("invoice.empty")
		}
		if err := s.admit(e, row); err != nil {
			return err
		}
	}
	if err := row.belong(e.App); err != nil {
		return err
	}
	return s.settled(e, row)
}

// update lets the owner change what he told while the invoice is in his folder.
func (s *Service) update(e *core.RecordEvent) error {
	row, before := invoice{e.Record}, invoice{e.Record.Original()}
	if !gate.ByServer(e) {
		if err := gate.LockFields(e, append(computed, fieldState, fieldOwner, "dept")...); err != nil {
			return err
		}
		if actor := gate.From(e).Author(); actor != nil && before.owner() != actor.Id {
			return gate.Refuse("invoice.not_owner")
		}
		if before.state() != domain.InvoiceFolder {
			return gate.Refuse("invoice.locked", "from", before.state())
		}
		if err := keptOnce(row, before); err != nil {
			return err
		}
		if err := s.admit(e, row); err != nil {
			return err
		}
	}
	if row.state() != before.state() {
		if err := domain.InvoiceMayBecome(before.state(), row.state()); err != nil {
			return gate.WrapError(err)
		}
	}
	return s.settled(e, row)
}

// keptOnce: the paper and the QR of an invoice are evidence, the first stands.
func keptOnce(row, before invoice) error {
	switch {
	case before.blob() != "" && row.blob() != before.blob():
		return gate.RefuseField("blob", "field.locked")
	case before.qrRaw() != "" && row.qrRaw() != before.qrRaw():
		return gate.RefuseField("qr_raw", "field.locked")
	}
	return nil
}

// admit judges what a phone told: its owner's own paper, typed fields that are
// fields, and no red-letter invoice. Whether the QR is right is no question here.
func (s *Service) admit(e *core.RecordEvent, row invoice) error {
	if row.blob() != "" {
		paper, err := e.App.FindRecordById(blobsCollection, row.blob())
		if err != nil || (blob{paper}).owner() != row.owner() || !(blob{paper}).isPaper() {
			return gate.RefuseField("blob", "invoice.blob")
		}
		if (blob{paper}).stored() && row.paperState() == "" {
			row.setPaper(domain.PaperPending, "")
		}
	}
	if _, ok := row.typed(); !ok {
		return gate.RefuseField("typed", "field.type")
	}
	_, err := s.facts(row)
	return gate.WrapError(err)
}

// settled computes the row, saves it, and tells the others what changed for them.
func (s *Service) settled(e *core.RecordEvent, row invoice) error {
	before, made := invoice{e.Record.Original()}, e.Record.IsNew()
	blocked, err := s.compute(e.App, row)
	if err != nil {
		return err
	}
	if domain.InvoiceTakes(row.state()) && !domain.InvoiceTakes(before.state()) {
		if blocked != nil {
			return gate.WrapError(blocked)
		}
		if row.key() == "" && row.sha256() == "" {
			return gate.Refuse("invoice.empty")
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	if refreshing(e.Context) || !made && row.key() == before.key() && row.state() == before.state() && row.sha256() == before.sha256() {
		return nil
	}
	return s.refresh(e, row, before)
}

// move is an action of the owner.
func move(action string) gate.Action {
	return func(ctx context.Context, txApp core.App, record *core.Record, raw jsontext.Value) error {
		if err := gate.Args(raw, &struct{}{}); err != nil {
			return err
		}
		row := invoice{record}
		if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != row.owner() {
			return gate.Refuse("invoice.not_owner")
		}
		next, err := domain.InvoiceMove(row.state(), action)
		if err != nil {
			return gate.WrapError(err)
		}
		row.setState(next)
		return txApp.SaveWithContext(gate.AsServer(ctx), record)
	}
}
