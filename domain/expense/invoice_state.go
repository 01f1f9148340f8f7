package expense

import (
	"satchel/domain"
)

// States of an invoice. Its key is taken by one active use: within its owner's
// folder, and over all people once it is used.
const (
	InvoiceFolder     = "folder"     // in its owner's folder
	InvoiceUsed       = "used"       // in a claim that was handed in
	InvoiceReimbursed = "reimbursed" // paid
	InvoiceReleased   = "released"   // thrown out, or its claim came to nothing; the key is free
)

// Steps of an invoice: its owner's, and those of the claim that it is in.
const (
	InvoiceRelease  = "release"   // out of the folder
	InvoiceRestore  = "restore"   // back into it
	InvoiceUse      = "use"       // the claim is handed in
	InvoicePay      = "pay"       // the claim is paid
	InvoiceGiveBack = "give_back" // the claim came to nothing, and the owner may use it again
	InvoiceThrowOut = "throw_out" // the claim came to nothing, and so does the invoice
	InvoiceCheck    = "check"     // finance asked the authority by hand
	InvoiceRepaid   = "repaid"    // what was paid for one that was void came back
)

// States of reading a paper.
const (
	PaperPending    = "pending"    // waits to be read
	PaperRead       = "read"       // something was found
	PaperUnreadable = "unreadable" // nothing was found; a person types it
)

// InvoiceMachine is the life of an invoice.
var InvoiceMachine = domain.Machine{
	Collection: "invoices",
	States:     []string{InvoiceFolder, InvoiceUsed, InvoiceReimbursed, InvoiceReleased},
	Refusal:    "invoice.state",
	Locked:     "invoice.locked",
	Steps: []domain.Step{
		{
			Action: InvoiceRelease, From: []string{InvoiceFolder}, To: []string{InvoiceReleased}, By: []domain.Party{domain.PartyOwner}, Stranger: "invoice.not_owner",
			Leads: []string{"others alike are judged anew"},
		},
		{
			Action: InvoiceRestore, From: []string{InvoiceReleased}, To: []string{InvoiceFolder}, By: []domain.Party{domain.PartyOwner}, Stranger: "invoice.not_owner",
			Leads: []string{"others alike are judged anew"},
		},

		{Action: InvoiceUse, From: []string{InvoiceFolder, InvoiceReimbursed}, To: []string{InvoiceUsed}, Leads: []string{"nobody else uses it"}},
		{Action: InvoicePay, From: []string{InvoiceUsed}, To: []string{InvoiceReimbursed}},
		{Action: InvoiceGiveBack, From: []string{InvoiceUsed}, To: []string{InvoiceFolder}},
		{Action: InvoiceThrowOut, From: []string{InvoiceUsed}, To: []string{InvoiceReleased}, Leads: []string{"its key is free"}},
		{
			Action: InvoiceCheck, From: []string{InvoiceFolder, InvoiceUsed, InvoiceReimbursed}, By: []domain.Party{domain.PartyOffice}, Stranger: "invoice.not_finance",
			Leads: []string{"the verdict is kept", "found void after it was paid, repayment is asked for and the key stays taken"},
		},
		{Action: InvoiceRepaid, From: []string{InvoiceUsed, InvoiceReimbursed}, By: []domain.Party{domain.PartyOffice}, Stranger: "invoice.not_finance"},
	},
}

// invoiceActive reports whether a state takes the key for its owner.
func invoiceActive(state string) bool { return state != InvoiceReleased && state != "" }

// InvoiceTakes reports whether a state takes the key and the file from everybody.
func InvoiceTakes(state string) bool { return state == InvoiceUsed || state == InvoiceReimbursed }
