package customers

// Priorities of a product request, the first the highest. What its author wishes is
// one of them, too, and decides nothing.
const (
	PriorityHigh   = "high"
	PriorityNormal = "normal"
	PriorityLow    = "low"
)

// PriorityFrom are the least figures of the two higher priorities.
type PriorityFrom struct {
	High   int `json:"high"`
	Normal int `json:"normal"`
}

// ProductDemand is what stands behind a wish for a product: the accounts that ask for
// it, and their net sales of twelve months, in fen.
type ProductDemand struct {
	RevenueFen int64
	Accounts   int
}

// ProductPriority weighs a demand: either figure lifts it (R5.4). rank is the place of
// the priority, 1 for the highest.
func ProductPriority(d ProductDemand, fen, accounts PriorityFrom) (priority string, rank int) {
	switch {
	case d.RevenueFen >= int64(fen.High), d.Accounts >= accounts.High:
		return PriorityHigh, 1
	case d.RevenueFen >= int64(fen.Normal), d.Accounts >= accounts.Normal:
		return PriorityNormal, 2
	}
	return PriorityLow, 3
}
