package pricing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/internal/effort"
)

// trials prices random baskets and tells the seed of one that fails.
func trials(t *testing.T, times int, try func(t *testing.T, r *rand.Rand)) {
	t.Helper()
	for seed := range uint64(effort.Times(times, 20*times)) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { try(t, rand.New(rand.NewPCG(seed, 23))) })
		if t.Failed() {
			return
		}
	}
}

// policy: R4.11 H-ORD-1
//
// TestFiguresAddUp: of each line and in all, whatever promotions take; nothing is
// below 0, no discount above its line, no use above its cap.
func TestFiguresAddUp(t *testing.T) {
	priced := 0
	trials(t, 300, func(t *testing.T, r *rand.Rand) {
		in := someInput(r)
		got, faults := Price(in)
		if len(faults) > 0 {
			return
		}
		priced++
		var sum Totals
		var top int64
		given, milli := map[string]int64{}, map[string]int64{}
		for _, l := range got.Lines {
			var promo int64
			for _, g := range l.Why.Promotions {
				promo, given[g.Promotion] = promo+g.Fen, given[g.Promotion]+g.Fen
			}
			if l.Free {
				milli[l.Promotion] += l.BaseMilli
			}
			amount := l.GrossFen - l.DiscFen - l.PromoFen
			if l.TaxIncluded {
				amount -= l.TaxFen
			} else {
				top += l.TaxFen
			}
			if min(l.GrossFen, l.DiscFen, l.PromoFen, l.LineFen, l.TaxFen, l.PriceFen) < 0 || l.BaseMilli <= 0 || amount != l.LineFen || promo != l.PromoFen ||
				l.Free && l.PriceFen+l.GrossFen+l.LineFen+l.TaxFen != 0 {
				t.Errorf("%s", text(t, l))
			}
			sum.GrossFen += l.GrossFen
			sum.DiscFen += l.DiscFen + l.PromoFen
			sum.LinesFen += l.LineFen
			sum.TaxFen += l.TaxFen
			sum.TotalFen += l.LineFen + l.TaxFen
		}
		if sum != got.Totals || sum.TotalFen != sum.GrossFen-sum.DiscFen+top {
			t.Errorf("%s, lines make %s", text(t, got.Totals), text(t, sum))
		}
		for _, u := range got.Uses {
			p := in.Promotions[slices.IndexFunc(in.Promotions, func(p Promotion) bool { return p.ID == u.Promotion })]
			if u.AmountFen != given[u.Promotion] || p.Rule.Kind == KindBuyGet && u.QtyMilli != milli[u.Promotion] || u.AmountFen+u.QtyMilli <= 0 ||
				p.CapFen > 0 && p.UsedFen+u.AmountFen > p.CapFen || p.CapMilli > 0 && p.UsedMilli+u.QtyMilli > p.CapMilli {
				t.Errorf("%s of %s", text(t, u), text(t, p))
			}
			delete(given, u.Promotion)
		}
		for id, fen := range given {
			if fen > 0 {
				t.Errorf("%s gave %d unnoted", id, fen)
			}
		}
	})
	if !t.Failed() && priced < 100 {
		t.Errorf("only %d baskets have a price", priced)
	}
}

// TestOrderOfInputMakesNoDifference to a byte of the result.
func TestOrderOfInputMakesNoDifference(t *testing.T) {
	trials(t, 300, func(t *testing.T, r *rand.Rand) {
		in := someInput(r)
		want := outcome(t, in)
		for range 3 {
			if got := outcome(t, shuffled(r, in)); got != want {
				t.Fatalf("\n%s\n%s", got, want)
			}
		}
	})
}

func outcome(t *testing.T, in Input) string {
	got, faults := Price(in)
	return text(t, got) + text(t, faults)
}

// TestUnitPriceNeverRisesWithQuantity within a list whose steps fall.
func TestUnitPriceNeverRisesWithQuantity(t *testing.T) {
	trials(t, 300, func(t *testing.T, r *rand.Rand) {
		in := someInput(r)
		in.Promotions = nil
		in.Basket.Lines = in.Basket.Lines[:1]
		l := &in.Basket.Lines[0]
		last := map[string]int64{}
		for n := range int64(80) {
			l.QtyMilli = (n + 1) * 1000
			got, faults := Price(in)
			if len(faults) > 0 {
				continue
			}
			line := got.Lines[0]
			if before, seen := last[line.List]; seen && line.PriceFen > before {
				t.Fatalf("%d of %s %s cost %d each, fewer %d", n+1, l.Product, l.Unit, line.PriceFen, before)
			}
			last[line.List] = line.PriceFen
		}
	})
}

// TestFreeGoodsNeverFall with the quantity, of a promotion without an upper bound
// that no other closes lines to; what a cap leaves is its lines' to share.
func TestFreeGoodsNeverFall(t *testing.T) {
	gave := 0
	trials(t, 200, func(t *testing.T, r *rand.Rand) {
		in := someInput(r)
		for i := range in.Promotions {
			p := &in.Promotions[i]
			if p.Stackable, p.ExclusiveGroup = true, ""; p.Rule.Kind == KindBuyGet {
				p.Rule.MaxMilli, p.Rule.MinFen, p.Rule.MaxFen = 0, 0, 0
				if p.Rule.GetUnit != "" && p.Rule.GetProduct == "" { // gifts of several sizes fill a cap unevenly
					p.CapMilli = 0
				}
			}
		}
		l := &in.Basket.Lines[r.IntN(len(in.Basket.Lines))]
		last := map[string]int64{}
		for n := range int64(60) {
			l.QtyMilli = (n + 1) * 1000
			got, faults := Price(in)
			if len(faults) > 0 {
				continue
			}
			now := map[string]int64{}
			for _, f := range got.Lines {
				if f.Free {
					now[f.Promotion] += f.BaseMilli
				}
			}
			for id, before := range last {
				if now[id] < before {
					t.Fatalf("with %d there are %d free, with fewer %d", n+1, now[id], before)
				}
			}
			last = now
			gave += len(now)
		}
	})
	if !t.Failed() && gave < 1000 {
		t.Errorf("only %d gifts", gave)
	}
}

// TestPartsMakeTheWhole: what goes out in any number of parts is what was ordered,
// what comes back is what went out, and no part is below nothing.
func TestPartsMakeTheWhole(t *testing.T) {
	trials(t, 500, func(t *testing.T, r *rand.Rand) {
		line := Amounts{PromoFen: some(r), LineFen: some(r), TaxFen: some(r)}
		whole := 1 + r.Int64N(1+some(r)%(1<<40))
		split := func(of int64) (parts []int64) {
			for of > 0 {
				part := 1 + r.Int64N(of)
				if r.IntN(8) == 0 {
					part = of
				}
				parts, of = append(parts, part), of-part
			}
			return parts
		}
		out := whole
		if r.IntN(2) == 0 {
			out = 1 + r.Int64N(whole)
		}
		var went, done int64
		for _, part := range split(out) {
			share := Share(line.LineFen+line.TaxFen, part, whole, done)
			if share < 0 {
				t.Fatalf("a part of %d", share)
			}
			went, done = went+share, done+part
		}
		var back Amounts
		done = 0
		for _, part := range split(out) {
			b := Return(line, part, whole, done)
			if max(b.PromoFen, b.TaxFen, b.TotalFen) > 0 || b.LineFen+b.TaxFen != b.TotalFen {
				t.Fatalf("returned %s", text(t, b))
			}
			back = Amounts{back.PromoFen + b.PromoFen, back.LineFen + b.LineFen, back.TaxFen + b.TaxFen, back.TotalFen + b.TotalFen}
			done += part
		}
		if went+back.TotalFen != 0 {
			t.Errorf("%d went out, %d came back", went, back.TotalFen)
		}
		if out == whole && (back != Amounts{-line.PromoFen, -line.LineFen, -line.TaxFen, -line.LineFen - line.TaxFen}) {
			t.Errorf("of %s came back %s", text(t, line), text(t, back))
		}
	})
}

// some is an amount of any size.
func some(r *rand.Rand) int64 { return r.Int64N(MaxFen/4) >> r.IntN(49) }

// TestSpreadKeepsTheTotal and goes above no weight.
func TestSpreadKeepsTheTotal(t *testing.T) {
	trials(t, 500, func(t *testing.T, r *rand.Rand) {
		weights := make([]int64, 1+r.IntN(30))
		var sum int64
		for i := range weights {
			if r.IntN(4) > 0 {
				weights[i] = some(r) / int64(len(weights))
			}
			sum += weights[i]
		}
		total := r.Int64N(sum + 1)
		var got int64
		for i, part := range spread(total, weights) {
			if got += part; part < 0 || part > weights[i] {
				t.Errorf("%d of %d", part, weights[i])
			}
		}
		if got != total {
			t.Errorf("%d of %d", got, total)
		}
	})
}
