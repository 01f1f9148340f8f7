package domain

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
)

func codeOf(err error) string {
	p, _ := errors.AsType[Problem](err)
	return p.Code
}

func TestFence(t *testing.T) {
	account := Position{Lat: 31.2304, Lng: 121.4737}
	north := func(m, acc float64) Position {
		return Position{Lat: account.Lat + m/111195.08, Lng: account.Lng, AccM: acc}
	}
	for _, c := range []struct {
		name   string
		at     Position
		radius int
		want   string
		metres int
	}{
		{"at the door", north(0, 10), 300, FenceInside, 0},
		{"just inside", north(299, 10), 300, FenceInside, 299},
		{"outside by less than the accuracy", north(340, 50), 300, FenceEdge, 340},
		{"outside by more than the accuracy", north(360, 50), 300, FenceOutside, 360},
		{"a poor fix excuses 100 m at most", north(420, 500), 300, FenceOutside, 420},
		{"a coarse fix puts nobody inside", north(0, 501), 300, FenceUnknown, 0},
		{"nor outside, as far as it goes", north(5299, 5000), 300, FenceUnknown, 5299},
		{"but beyond that", north(5301, 5000), 300, FenceOutside, 5301},
		{"nor does one of no accuracy", north(0, 0), 300, FenceUnknown, 0},
		{"which is outside all the same", north(801, 0), 300, FenceOutside, 801},
		{"no radius is the default", north(299, 9), 0, FenceInside, 299},
		{"no fix", Position{}, 300, FenceUnknown, 0},
		{"no fix, with an accuracy", Position{AccM: 15}, 300, FenceUnknown, 0},
		{"half a fix", Position{Lat: 31.2304, AccM: 15}, 300, FenceUnknown, 0},
		{"the other half", Position{Lng: 121.4737, AccM: 15}, 300, FenceUnknown, 0},
		{"close by 0, 0", Position{Lat: 0.000012, Lng: -0.0004, AccM: 15}, 300, FenceUnknown, 0},
	} {
		metres, got := Fence(account, c.at, c.radius, 500)
		if got != c.want || metres != c.metres {
			t.Errorf("%s: %d m %s, want %d m %s", c.name, metres, got, c.metres, c.want)
		}
	}
	if d := DistanceM(Position{Lat: 39.9042, Lng: 116.4074}, Position{Lat: 31.2304, Lng: 121.4737}); d < 1_066_000 || d > 1_069_000 {
		t.Errorf("Beijing to Shanghai is %f m", d)
	}
}

func TestOrderMoves(t *testing.T) {
	owner, superior, nobody := []Party{PartyOwner}, []Party{PartySuperior}, []Party(nil)
	for _, c := range []struct {
		state, action string
		by            []Party
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
		if to != c.to || codeOf(err) != c.code {
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
		if got := codeOf(CheckLine(c.qty, c.disc, 1000)); got != c.code {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// TestProblemsSpeakBothLanguages: no empty text, the same parameters in both,
// Chinese that is Chinese, and no code in a form of its own.
func TestProblemsSpeakBothLanguages(t *testing.T) {
	param, chinese, form := regexp.MustCompile(`\{[a-z]+\}`), regexp.MustCompile(`\p{Han}`), regexp.MustCompile(`^[a-z]+([._][a-z]+)*$`)
	for code, text := range Problems {
		zh, en := param.FindAllString(text.ZH, -1), param.FindAllString(text.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if text.EN == "" || !chinese.MatchString(text.ZH) || !slices.Equal(zh, en) || !form.MatchString(code) {
			t.Errorf("%s: %+v", code, text)
		}
	}
	p := Problem{Code: "visit.state", Params: map[string]any{"from": "planned", "action": "report"}}
	if p.Text("zh") != "当前状态(planned)不能执行 report。" || p.Error() != "A visit in state planned cannot report." {
		t.Error(p.Text("zh"), p)
	}
}

// TestParametersAreFilledOnce: what a person wrote stays as he wrote it, whatever
// it looks like and in whichever order the parameters come.
func TestParametersAreFilledOnce(t *testing.T) {
	said := Texts{"{a}和{b}", "{a} and {b}"}
	for range 50 {
		if got := said.fill(map[string]any{"a": "{b}", "b": "{a}"}, "en"); got != "{b} and {a}" {
			t.Fatal(got)
		}
	}
}
