package incentive_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/internal/effort"
)

type company struct {
	dice   *rand.Rand
	target int
	sales  []incentive.Sale
}

func thrown(seed uint64) company {
	c := company{dice: rand.New(rand.NewPCG(seed, 27))}
	c.target = 1 + c.dice.IntN(1_000_000)
	for i := range 1 + c.dice.IntN(30) {
		s := incentive.Sale{Order: fmt.Sprintf("o%02d", i), Fen: c.dice.IntN(2 * c.target / (1 + c.dice.IntN(20)))}
		if c.dice.IntN(3) == 0 {
			s.LowFen = c.dice.IntN(s.Fen + 1)
		}
		c.sales = append(c.sales, s)
	}
	return c
}

func (c company) reckon(sales []incentive.Sale) incentive.Commission {
	return plan.Reckon(decimal.NewFromInt(int64(c.target)), "B", sales)
}

// TestLinesAreTheTiersTotal, whatever order the sales come in, and as fractions that share
// no code with decimals reckon it.
func TestLinesAreTheTiersTotal(t *testing.T) {
	for seed := range uint64(effort.Times(500, 20_000)) {
		c := thrown(seed)
		got := c.reckon(c.sales)
		if got.Total() != sum(got.Lines) {
			t.Fatalf("seed %d: tiers %d, lines %d", seed, got.Total(), sum(got.Lines))
		}
		for _, tier := range got.Tiers {
			of := slices.DeleteFunc(slices.Clone(got.Lines), func(l incentive.Line) bool { return l.FromBP != tier.FromBP })
			if sum(of) != tier.Fen || slices.ContainsFunc(of, func(l incentive.Line) bool { return l.Fen < 0 }) {
				t.Fatalf("seed %d: tier %d has %d of %d", seed, tier.FromBP, sum(of), tier.Fen)
			}
		}
		if want := c.inFractions(); got.Total() != want {
			t.Fatalf("seed %d: %d, in fractions %d", seed, got.Total(), want)
		}
		other := slices.Clone(c.sales)
		c.dice.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if again := c.reckon(other); !reflect.DeepEqual(again.Lines, got.Lines) {
			t.Fatalf("seed %d: another order, other lines", seed)
		}
	}
}

// inFractions reckons the total as somebody with paper does.
func (c company) inFractions() (total int) {
	all, counted := new(big.Rat), new(big.Rat)
	for _, s := range c.sales {
		all.Add(all, big.NewRat(int64(s.Fen), 1))
		counted.Add(counted, big.NewRat(int64(2*s.Fen-s.LowFen), 2))
	}
	if all.Cmp(big.NewRat(int64(c.target), 1)) < 0 {
		return 0
	}
	for _, tier := range [][3]int64{{100, 110, 100}, {110, 130, 150}, {130, 1 << 40, 200}} {
		from, to := big.NewRat(int64(c.target)*tier[0], 100), new(big.Rat).Mul(big.NewRat(int64(c.target), 100), big.NewRat(tier[1], 1))
		if counted.Cmp(to) < 0 {
			to = counted
		}
		part := new(big.Rat).Sub(to, from)
		if part.Sign() <= 0 {
			continue
		}
		part.Mul(part, big.NewRat(tier[2], 10_000)).Add(part, big.NewRat(1, 2))
		total += int(new(big.Int).Quo(part.Num(), part.Denom()).Int64())
	}
	return total
}

// TestReturnsInPartsAreOneReturn: what is taken back in whatever parts and order comes to
// what is taken back at once, never more than was booked, and no return earns anything.
func TestReturnsInPartsAreOneReturn(t *testing.T) {
	for seed := range uint64(effort.Times(500, 20_000)) {
		c := thrown(seed)
		booked := c.reckon(c.sales).Lines
		first, left := sum(booked), slices.Clone(c.sales)
		for range 1 + c.dice.IntN(6) {
			i := c.dice.IntN(len(left))
			back := c.dice.IntN(left[i].Fen + 1)
			left[i].Fen -= back
			left[i].LowFen = min(left[i].LowFen, left[i].Fen)
			lines := incentive.Differences(booked, c.reckon(left).Lines)
			if sum(lines) > 0 {
				t.Fatalf("seed %d: a return earns %d", seed, sum(lines))
			}
			booked = append(booked, lines...)
		}
		if once := c.reckon(left).Lines; sum(booked) != sum(once) || len(incentive.Differences(booked, once)) > 0 {
			t.Fatalf("seed %d: in parts %d of %d, at once %d", seed, sum(booked), first, sum(once))
		}
	}
}

// TestWhatIsPaidHeldAndLapsedIsAllOfIt.
func TestWhatIsPaidHeldAndLapsedIsAllOfIt(t *testing.T) {
	for seed := range uint64(effort.Times(500, 20_000)) {
		dice := rand.New(rand.NewPCG(seed, 3))
		p := incentive.Position{Fen: dice.IntN(100_000), Till: "2026-09-27"}
		now := incentive.Collected{Fen: dice.IntN(1000), OpenFen: dice.IntN(1000)}
		then := incentive.Collected{Fen: dice.IntN(now.Fen + 1), OpenFen: 1000}
		for _, day := range []string{"2026-04-01", "2026-09-27", "2026-09-28"} {
			s := p.Settle(day, now, then, dice.IntN(2) == 0)
			if s.Payable+s.Held+s.Lapsed != p.Fen || s.Payable < 0 || s.Held < 0 || s.Lapsed < 0 || s.Held > 0 && day > p.Till {
				t.Fatalf("seed %d, %s: %+v of %d", seed, day, s, p.Fen)
			}
		}
		pay, held := incentive.Bonus{
			Stretches: []incentive.Stretch{{Days: 1 + dice.IntN(90), Fen: dice.IntN(10_000_00)}}, CycleDays: 90, CoefBP: 12_000, FactorBP: 5000 + dice.IntN(10_000), HoldBP: dice.IntN(10_001),
		}, 0
		amount, paid, held := pay.Reckon()
		if paid+held != amount || paid < 0 || held < 0 {
			t.Fatalf("seed %d: %d and %d of %d", seed, paid, held, amount)
		}
	}
}

// TestDaysOfABaseAreCountedOnce: bases that follow one another cover each day of the cycle
// at most once.
func TestDaysOfABaseAreCountedOnce(t *testing.T) {
	cycle := domain.Period{From: "2026-01-01", To: "2026-03-31"}
	for seed := range uint64(effort.Times(500, 5000)) {
		dice := rand.New(rand.NewPCG(seed, 4))
		var bases []incentive.Base
		first := ""
		for range 1 + dice.IntN(5) {
			b := incentive.Base{From: domain.AddDays(cycle.From, dice.IntN(120)-20), Fen: 1}
			if slices.ContainsFunc(bases, func(o incentive.Base) bool { return o.From == b.From }) {
				continue
			}
			if first == "" || b.From < first {
				first = b.From
			}
			bases = append(bases, b)
		}
		want := incentive.Days(domain.Period{From: max(first, cycle.From), To: cycle.To})
		if got := (incentive.Bonus{Stretches: incentive.Stretches(cycle, bases)}).Days(); got != want {
			t.Fatalf("seed %d: %d days, want %d", seed, got, want)
		}
	}
}

// TestAPlanIsChecked: tiers that fall or overlap, and what is no share.
func TestAPlanIsChecked(t *testing.T) {
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(p *incentive.Plan){
		"commission_plan.tiers": func(p *incentive.Plan) {
			p.Tiers = []incentive.Tier{{FromBP: 11_000, RateBP: 1}, {FromBP: 11_000, RateBP: 2}}
		},
		"commission_plan.value": func(p *incentive.Plan) { p.LowBP = 10_001 },
	} {
		bad := plan
		change(&bad)
		if got := domain.CodeOf(bad.Check()); got != want {
			t.Errorf("%q, want %s", got, want)
		}
	}
	for name, change := range map[string]func(p *incentive.Plan){
		"none": func(p *incentive.Plan) { p.Tiers = nil }, "below the target": func(p *incentive.Plan) { p.Tiers = []incentive.Tier{{FromBP: 9999, RateBP: 1}} },
		"no grade": func(p *incentive.Plan) { p.GateGrade = "X" }, "more than all": func(p *incentive.Plan) { p.Tiers = []incentive.Tier{{FromBP: 10_000, RateBP: 10_001}} },
	} {
		bad := plan
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("%s passes", name)
		}
	}
}
