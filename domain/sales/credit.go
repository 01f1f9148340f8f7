package sales

// Credit is what an account may still order, in fen.
type Credit struct {
	LimitFen   int64  `json:"limit_fen"`   // 0 if none is set
	OpenFen    int64  `json:"open_fen"`    // ordered and not delivered, and what the ledger says
	OverdueFen int64  `json:"overdue_fen"` // of what is open, what should have been paid
	AsOf       string `json:"as_of"`       // the day
}

// Reasons why an order goes to those who decide on credit.
const (
	CreditExceeded = "credit_exceeded"
	CreditOverdue  = "credit_overdue"
)

// CreditOrderStates are those in which what is not delivered of an order counts.
var CreditOrderStates = []string{OrderSubmitted, OrderCreditReview, OrderApproved, OrderConfirmed, OrderProcessing, OrderPartlyDelivered}

// FreeFen is what fits below the limit; 0 if none is set.
func (c Credit) FreeFen() int64 {
	if c.LimitFen == 0 {
		return 0
	}
	return c.LimitFen - c.OpenFen
}

// Reasons says what speaks against more fen on credit. Where no limit is set
// nothing is checked, unless one is required: then it is nought.
func (c Credit) Reasons(more int64, required bool) (out []string) {
	if c.LimitFen == 0 && !required {
		return nil
	}
	if more > c.LimitFen-c.OpenFen {
		out = append(out, CreditExceeded)
	}
	if c.OverdueFen > 0 {
		out = append(out, CreditOverdue)
	}
	return out
}
