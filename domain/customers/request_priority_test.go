package customers

import "testing"

// policy: R5.4 product_requests
func TestTheDemandBehindAProductRequestIsItsPriority(t *testing.T) {
	fen, accounts := PriorityFrom{High: 100, Normal: 10}, PriorityFrom{High: 5, Normal: 2}
	for _, c := range []struct {
		demand ProductDemand
		want   string
		rank   int
	}{
		{ProductDemand{}, PriorityLow, 3},
		{ProductDemand{9, 1}, PriorityLow, 3},
		{ProductDemand{10, 1}, PriorityNormal, 2},
		{ProductDemand{0, 2}, PriorityNormal, 2},
		{ProductDemand{99, 4}, PriorityNormal, 2},
		{ProductDemand{100, 1}, PriorityHigh, 1},
		{ProductDemand{0, 5}, PriorityHigh, 1},
		{ProductDemand{-50, 0}, PriorityLow, 3}, // more came back than was delivered
	} {
		if priority, rank := ProductPriority(c.demand, fen, accounts); priority != c.want || rank != c.rank {
			t.Errorf("%v: %s %d", c.demand, priority, rank)
		}
	}
}
