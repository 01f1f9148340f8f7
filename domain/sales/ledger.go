package sales

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"satchel/domain"
)

// Kinds of entries in an account's ledger.
const (
	EntryDelivery  = "delivery"
	EntryReturn    = "return"
	EntryReceipt   = "receipt"
	EntryReversal  = "reversal" // of a receipt that did not hold
	EntryDeduction = "deduction"
)

// LedgerMost is the greatest amount of one document, in fen.
const LedgerMost = 10_000_000_000_000

// EntryAmount is what a document of so many fen does to the balance: what the
// account owes is above zero.
func EntryAmount(kind string, fen int) int {
	if kind == EntryDelivery || kind == EntryReversal {
		return fen
	}
	return -fen
}

// CheckLedgerAmount holds a reported amount to whole fen above zero and within
// LedgerMost. Its problem has the code given.
func CheckLedgerAmount(code string, fen int) error {
	if fen <= 0 || fen > LedgerMost {
		return domain.Problem{Code: code, Params: map[string]any{"most": LedgerMost}}
	}
	return nil
}

// BookedOn is the day under which a document stands in the ledger: its own, or
// the first day after what is closed, if it comes late.
func BookedOn(day, closedThrough string) string {
	if day > closedThrough {
		return day
	}
	return domain.AddDays(closedThrough, 1)
}

// OpenEntry is what of an entry is not allocated: above zero if the account owes
// it, below if it is in the account's favour.
type OpenEntry struct {
	ID, Order string
	Day       string // that a debit is due, that a credit was booked
	Fen       int
}

// Allocation sets a part of a credit against a debit.
type Allocation struct {
	Credit, Debit string
	Fen           int
}

// Allocate sets credits against debits until there are none left of the one or
// the other: the oldest credit first, and it against the debits of its own order
// first, then against those due first.
func Allocate(open []OpenEntry) (out []Allocation) {
	var credits, debits []OpenEntry
	for _, e := range open {
		if e.Fen < 0 {
			credits = append(credits, e)
		} else if e.Fen > 0 {
			debits = append(debits, e)
		}
	}
	oldest := func(a, b OpenEntry) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(credits, oldest)
	slices.SortFunc(debits, oldest)
	for _, c := range credits {
		left := -c.Fen
		take := func(which func(OpenEntry) bool) {
			for i := range debits {
				if part := min(left, debits[i].Fen); part > 0 && which(debits[i]) {
					out = append(out, Allocation{c.ID, debits[i].ID, part})
					debits[i].Fen -= part
					left -= part
				}
			}
		}
		if c.Order != "" {
			take(func(d OpenEntry) bool { return d.Order == c.Order })
		}
		take(func(OpenEntry) bool { return true })
	}
	return out
}

// CheckAllocations holds what finance names to open debits and to the credit's
// own amount. Problem receipt.allocation_invalid: entry.
func CheckAllocations(credit int, named []Allocation, open []OpenEntry) error {
	left := map[string]int{}
	for _, e := range open {
		left[e.ID] = e.Fen
	}
	for _, a := range named {
		if a.Fen <= 0 || a.Fen > left[a.Debit] || a.Fen > credit {
			return domain.Problem{Code: "receipt.allocation_invalid", Params: map[string]any{"entry": a.Debit}}
		}
		left[a.Debit] -= a.Fen
		credit -= a.Fen
	}
	return nil
}

// Entry is a line of the ledger.
type Entry struct {
	ID, Kind, No, On string
	Fen              int
}

// Statement is a month of a ledger in sums: closing = opening + delivered −
// returned − received − deducted. A reversal is taken off what was received.
type Statement struct {
	Opening, Delivered, Returned, Received, Deducted, Closing int
	Entries                                                   int
	SHA256                                                    string // of the entries, in their order
}

// Sum makes the statement of a month of its entries, from the balance before.
func Sum(opening int, entries []Entry) Statement {
	s := Statement{Opening: opening, Closing: opening, Entries: len(entries)}
	digest := sha256.New()
	for _, e := range entries {
		_, _ = fmt.Fprintf(digest, "%s|%s|%s|%s|%d\n", e.On, e.ID, e.Kind, e.No, e.Fen) // a digest takes everything
		s.Closing += e.Fen
		switch e.Kind {
		case EntryDelivery:
			s.Delivered += e.Fen
		case EntryReturn:
			s.Returned -= e.Fen
		case EntryReceipt, EntryReversal:
			s.Received -= e.Fen
		case EntryDeduction:
			s.Deducted -= e.Fen
		}
	}
	s.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return s
}

// CheckStatementMonth lets a month be stated that is over and comes after the
// last one that was. Problem statement.month_invalid: after.
func CheckStatementMonth(month, last, today string) error {
	if !domain.IsDay(month+"-01") || month >= domain.Month(today) || month <= last {
		return domain.Problem{Code: "statement.month_invalid", Params: map[string]any{"after": last}}
	}
	return nil
}

// MonthEnd is the last day of a month, YYYY-MM; empty for none.
func MonthEnd(month string) string {
	if month == "" {
		return ""
	}
	return domain.AddDays(domain.NextMonth(month)+"-01", -1)
}
