package invoices

import (
	"time"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// create takes a row of a phone, or one that the server makes of a paper.
func (s *Service) create(e *kit.Change[records.Invoice]) error {
	if !gate.ByServer(e.RecordEvent) {
		if !told(e.Row) {
			return gate.Refuse("invoice.empty")
		}
		if err := s.admit(e); err != nil {
			return err
		}
	}
	if err := belong(e.App, e.Row); err != nil {
		return err
	}
	return s.settled(e)
}

// update takes what the owner tells later. Our own code moves the row by the
// machine's steps alone: invoice.state.
func (s *Service) update(e *kit.Change[records.Invoice]) error {
	if !gate.ByServer(e.RecordEvent) {
		if err := keptOnce(e.Row, e.Before()); err != nil {
			return err
		}
		if err := s.admit(e); err != nil {
			return err
		}
	}
	if from, to := string(e.Before().State()), string(e.Row.State()); from != to && !expense.InvoiceMachine.Joins(from, to) {
		return gate.Refuse("invoice.state", "from", from, "to", to)
	}
	return s.settled(e)
}

// keptOnce: the paper and the QR of an invoice are evidence, the first stands.
func keptOnce(row, before records.Invoice) error {
	switch {
	case before.Blob() != "" && row.Blob() != before.Blob():
		return gate.RefuseField(records.InvoiceColBlob, "field.locked")
	case before.QRRaw() != "" && row.QRRaw() != before.QRRaw():
		return gate.RefuseField(records.InvoiceColQRRaw, "field.locked")
	}
	return nil
}

// admit judges what a phone told: its owner's own paper, typed fields that are
// fields, and no red-letter invoice. Whether the QR is right is no question here.
func (s *Service) admit(e *kit.Change[records.Invoice]) error {
	for _, id := range papersOf(e.Row) {
		paper, found, err := records.Blobs.Find(e.App, id)
		if err != nil {
			return err
		}
		if !found || paper.Owner() != e.Row.Owner() || !isPaper(paper) {
			return gate.RefuseField(paperField(e.Row, id), "invoice.blob")
		}
		if id == e.Row.Blob() && isStored(paper) && e.Row.PaperState() == "" {
			setPaper(e.Row, expense.PaperPending, "")
		}
	}
	fields, ok := typed(e.Row)
	if !ok {
		return gate.RefuseField(records.InvoiceColTyped, "field.type")
	}
	if err := expense.CheckTyped(fields); err != nil {
		return gate.WrapError(err)
	}
	_, err := s.facts(e.Row)
	return gate.WrapError(err)
}

func paperField(row records.Invoice, id records.BlobID) string {
	if id == row.Blob() {
		return records.InvoiceColBlob
	}
	return records.InvoiceColGoodsList
}

// settled computes the row, saves it, and tells the others what changed for them.
func (s *Service) settled(e *kit.Change[records.Invoice]) error {
	row, before, made := e.Row, e.Before(), e.Row.IsNew()
	var blocked error
	if !moved(e) {
		var err error
		if blocked, err = s.compute(e.App, row); err != nil {
			return err
		}
		if !made && !sameInvoice(row, before) && row.VerifyState() == before.VerifyState() {
			row.SetVerifyState(expense.VerifyNone) // the verdict was of another
			row.SetVerifySrc("")
			row.SetVerifiedAt(time.Time{})
		}
	}
	takes, took := expense.InvoiceTakes(string(row.State())), expense.InvoiceTakes(string(before.State()))
	if takes && took && blocked != nil { // a paper that is read late: the key is another's, and Recheck says so
		row.SetKey(before.Key())
	}
	if takes && !took {
		if blocked != nil {
			return gate.WrapError(blocked)
		}
		if row.Key() == "" && row.SHA256() == "" {
			return gate.Refuse("invoice.empty")
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	if refreshing(e.Context) || !made && row.Key() == before.Key() && row.State() == before.State() && row.SHA256() == before.SHA256() {
		return nil
	}
	return s.refresh(e, before)
}

// sameInvoice reports whether a row is about the invoice that it was about: an authority
// would be asked the same, but for the check code.
func sameInvoice(a, b records.Invoice) bool {
	x, y := askedOf(a), askedOf(b)
	x.CheckCode, y.CheckCode = "", ""
	return x == y
}
