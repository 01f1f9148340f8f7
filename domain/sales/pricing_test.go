package sales

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"satchel/domain"
)

func TestOrderMoves(t *testing.T) {
	owner, superior, nobody := []domain.Party{domain.PartyOwner}, []domain.Party{domain.PartySuperior}, []domain.Party(nil)
	for _, c := range []struct {
		state, action string
		by            []domain.Party
		to, code      string
	}{
		{OrderDraft, OrderSubmit, owner, OrderSubmitted, ""},
		{OrderDraft, OrderSubmit, superior, "", "order.not_owner"},
		{OrderSubmitted, OrderSubmit, owner, "", "order.state"},
		{OrderSubmitted, OrderApprove, superior, OrderApproved, ""},
		{OrderSubmitted, OrderApprove, owner, "", "order.not_superior"},
		{OrderSubmitted, OrderApprove, nobody, "", "order.not_superior"},
		{OrderDraft, OrderApprove, superior, "", "order.state"},
		{OrderSubmitted, OrderReject, superior, OrderRejected, ""},
		{OrderApproved, OrderReject, superior, "", "order.state"},
		{OrderDraft, OrderCancel, owner, OrderCancelled, ""},
		{OrderSubmitted, OrderCancel, owner, OrderCancelled, ""},
		{OrderSubmitted, OrderCancel, superior, "", "order.not_owner"},
		{OrderApproved, OrderCancel, owner, "", "order.not_superior"},
		{OrderApproved, OrderCancel, superior, OrderCancelled, ""},
		{OrderRejected, OrderCancel, owner, "", "order.state"},
	} {
		to := ""
		step, err := OrderMachine.Take(c.state, c.action, c.by, nil)
		if err == nil {
			to = step.Next(c.state)
		}
		if to != c.to || domain.CodeOf(err) != c.code {
			t.Errorf("%s from %s by %+v: %q, %v", c.action, c.state, c.by, to, err)
		}
	}
}

func TestLineAmounts(t *testing.T) {
	for _, c := range []struct{ qty, price, disc, tax, line, taxFen int64 }{
		{1000, 999, 0, 1300, 999, 130},        // 129.87 → 130
		{500, 1, 0, 0, 1, 0},                  // half a fen goes up
		{499, 1, 0, 0, 0, 0},                  // less goes down
		{12000, 3550, 500, 1300, 40470, 5261}, // 42600 less 5 %
		{1_000_000_000, 100_000_000, 0, 1300, 100_000_000_000_000, 13_000_000_000_000}, // no overflow
	} {
		if line, tax := LineAmounts(c.qty, c.price, c.disc, c.tax); line != c.line || tax != c.taxFen {
			t.Errorf("%+v: %d and %d", c, line, tax)
		}
	}
	// Against exact arithmetic.
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		qty, price, disc := rng.Int64N(10_000_000), rng.Int64N(10_000_000), rng.Int64N(10_001)
		got, _ := LineAmounts(qty, price, disc, 0)
		n := new(big.Int).Mul(big.NewInt(qty), big.NewInt(price))
		n.Mul(n, big.NewInt(10000-disc)).Add(n, big.NewInt(5_000_000)).Quo(n, big.NewInt(10_000_000))
		if n.Int64() != got {
			t.Fatalf("%d × %d less %d: %d, not %s", qty, price, disc, got, n)
		}
	}
}

func TestPriceFor(t *testing.T) {
	items := []PriceItem{{1000, 0}, {900, 10_000}, {800, 100_000}}
	for qty, want := range map[int64]int64{1: 1000, 9_999: 1000, 10_000: 900, 99_999: 900, 100_000: 800} {
		if got, ok := PriceFor(items, qty); !ok || got.PriceFen != want {
			t.Errorf("%d: %+v", qty, got)
		}
	}
	if _, ok := PriceFor(items[1:], 5); ok {
		t.Error("a price below every minimum")
	}
}

func TestCheckPriceList(t *testing.T) {
	good := PriceList{Active: true, Scope: "default"}
	with := func(change func(*PriceList)) PriceList { l := good; change(&l); return l }
	for name, c := range map[string]struct {
		list PriceList
		ok   bool
	}{
		"default":         {good, true},
		"not active":      {with(func(l *PriceList) { l.Active = false }), false},
		"its tier":        {with(func(l *PriceList) { l.Scope, l.Tier = "tier", "A" }), true},
		"another tier":    {with(func(l *PriceList) { l.Scope, l.Tier = "tier", "B" }), false},
		"its own":         {with(func(l *PriceList) { l.Scope, l.Account = "account", "acc" }), true},
		"another's":       {with(func(l *PriceList) { l.Scope, l.Account = "account", "other" }), false},
		"first day":       {with(func(l *PriceList) { l.From = "2026-03-02" }), true},
		"a day too early": {with(func(l *PriceList) { l.From = "2026-03-03" }), false},
		"last day":        {with(func(l *PriceList) { l.To = "2026-03-02" }), true},
		"over":            {with(func(l *PriceList) { l.To = "2026-03-01" }), false},
	} {
		if err := CheckPriceList(c.list, "acc", "A", "2026-03-02"); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckLine(t *testing.T) {
	for _, c := range []struct {
		qty, disc int64
		code      string
	}{{1000, 0, ""}, {1000, 1000, ""}, {0, 0, "order.quantity_invalid"}, {-5, 0, "order.quantity_invalid"}, {MaxQtyMilli + 1, 0, "order.quantity_invalid"}, {1000, 1001, "order.discount_too_high"}, {1000, -1, "order.discount_too_high"}} {
		if got := domain.CodeOf(CheckLine(c.qty, c.disc, 1000)); got != c.code {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
