package numbers

// States of a lease.
const (
	Active   = "active"
	Returned = "returned" // its phone gave the rest back
	Expired  = "expired"  // its phone did not come for a long time
	Lost     = "lost"     // its phone was revoked, or lost what it held
)

// Reasons why a document's number is missing.
const (
	GapReturned = "returned"
	GapExpired  = "expired"
	GapLost     = "lost"
	GapDropped  = "dropped" // its draft was deleted
	GapRefused  = "refused" // its document was refused and waits, or was given up
	GapUnsent   = "unsent"  // used on a phone, and not handed in
)

// Lease is a block of numbers that was given away, from First to Last. Those
// below Next are used, as far as the server was told.
type Lease struct {
	First, Last, Next int64
	State             string
}

// Found is what is known of numbers of a block.
type Found struct{ Used, Dropped, Refused map[int64]bool }

// Gap is a run of numbers that no document bears, for one reason.
type Gap struct {
	First, Last int64
	Reason      string
}

// Gaps lists the numbers of a lease that no document bears and no phone is still
// to use, in their order.
func (l Lease) Gaps(found Found) (out []Gap) {
	for n := l.First; n <= l.Last; n++ {
		why := l.gap(n, found)
		switch last := len(out) - 1; {
		case why == "":
		case last >= 0 && out[last].Reason == why && out[last].Last == n-1:
			out[last].Last = n
		default:
			out = append(out, Gap{n, n, why})
		}
	}
	return out
}

func (l Lease) gap(n int64, found Found) string {
	switch {
	case found.Used[n]:
		return ""
	case found.Dropped[n]:
		return GapDropped
	case found.Refused[n]:
		return GapRefused
	case l.State == Lost:
		return GapLost
	case n < l.Next:
		return GapUnsent
	case l.State == Returned:
		return GapReturned
	case l.State == Expired:
		return GapExpired
	}
	return ""
}
