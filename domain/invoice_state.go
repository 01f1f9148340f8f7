package domain

// States of an invoice. Its key is taken by one active use: within its owner's
// folder, and over all people once it is used.
const (
	InvoiceFolder     = "folder"     // in its owner's folder
	InvoiceUsed       = "used"       // in a claim that was handed in
	InvoiceReimbursed = "reimbursed" // paid
	InvoiceReleased   = "released"   // thrown out, or its claim came to nothing; the key is free
)

// Actions on an invoice that its owner takes.
const (
	InvoiceRelease = "release" // out of the folder
	InvoiceRestore = "restore" // back into it
)

// States of reading a paper.
const (
	PaperPending    = "pending"    // waits to be read
	PaperRead       = "read"       // something was found
	PaperUnreadable = "unreadable" // nothing was found; a person types it
)

var invoiceMoves = map[string][]string{
	InvoiceFolder:   {InvoiceUsed, InvoiceReleased},
	InvoiceUsed:     {InvoiceReimbursed, InvoiceReleased, InvoiceFolder},
	InvoiceReleased: {InvoiceFolder},
}

// InvoiceMayBecome returns invoice.state unless a state may follow another.
func InvoiceMayBecome(from, to string) error {
	for _, next := range invoiceMoves[from] {
		if next == to {
			return nil
		}
	}
	return Problem{Code: "invoice.state", Params: map[string]any{"from": from, "to": to}}
}

// InvoiceMove returns the state that its owner's action leads to, or
// invoice.state or action.unknown.
func InvoiceMove(state, action string) (string, error) {
	move, ok := map[string]struct{ from, to string }{
		InvoiceRelease: {InvoiceFolder, InvoiceReleased},
		InvoiceRestore: {InvoiceReleased, InvoiceFolder},
	}[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	if move.from != state {
		return "", Problem{Code: "invoice.state", Params: map[string]any{"from": state, "to": move.to}}
	}
	return move.to, nil
}

// invoiceActive tells whether a state takes the key for its owner.
func invoiceActive(state string) bool { return state != InvoiceReleased && state != "" }

// InvoiceTakes tells whether a state takes the key and the file from everybody.
func InvoiceTakes(state string) bool { return state == InvoiceUsed || state == InvoiceReimbursed }
