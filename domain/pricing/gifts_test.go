package pricing

import (
	"encoding/json/jsontext"
	"math/rand/v2"
	"testing"
)

// sold are the lines of a result, all of them delivered.
func sold(r Result) (lines []Sold) {
	for _, p := range r.Lines {
		lines = append(lines, Sold{
			Line: p.ID, Product: p.Product, QtyMilli: p.QtyMilli, BaseMilli: p.BaseMilli, OutMilli: p.QtyMilli,
			AmountFen: p.GrossFen - p.DiscFen, Free: p.Free, Promotion: p.Promotion, Why: p.Why,
		})
	}
	return lines
}

// policy: R4.12 gifts-kept
//
// TestGiftsKept asks back what is no longer earned, by the vectors.
func TestGiftsKept(t *testing.T) {
	var file struct {
		About   string `json:"about"`
		Vectors []struct {
			Name   string           `json:"name"`
			By     string           `json:"by"`
			Worked string           `json:"worked"`
			Given  jsontext.Value   `json:"given"`
			Out    map[string]int64 `json:"out_milli"`
			Back   map[string]int64 `json:"back_milli"`
			Kept   []Kept           `json:"kept"`
		} `json:"vectors"`
	}
	read(t, "gifts.json", &file)
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			var in Input
			read(t, "catalogue.json", &in)
			lay(t, &in, v.Given)
			got, faults := Price(in)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			lines, moved := sold(got), 0
			for i := range lines {
				l := &lines[i]
				if out, named := v.Out[l.Line]; named {
					l.OutMilli = out
					moved++
				}
				if back, named := v.Back[l.Line]; named {
					l.BackMilli = back
					moved++
				}
			}
			if moved != len(v.Out)+len(v.Back) {
				t.Fatalf("a line is not there: %s", text(t, lines))
			}
			if kept := GiftsKept(lines); text(t, kept) != text(t, v.Kept) {
				t.Errorf("%s, want %s", text(t, kept), text(t, v.Kept))
			}
		})
	}
}

// TestReturnsGiveGiftsBack: whatever comes back in whatever parts and order, all of
// it with the gifts is worth what went out, and all of it without them that less
// what the gifts cost; nothing that came back is asked for.
func TestReturnsGiveGiftsBack(t *testing.T) {
	gifts := 0
	trials(t, 400, func(t *testing.T, r *rand.Rand) {
		got, faults := Price(giving(r))
		if len(faults) > 0 {
			return
		}
		for _, along := range []bool{true, false} {
			lines, worth, taken, given := sold(got), int64(0), int64(0), int64(0)
			var left []int // lines of which something is still out
			for i, l := range lines {
				if l.Free && !along {
					given += l.Why.Gift.TotalFen
					gifts++
					continue
				}
				left = append(left, i)
			}
			for len(left) > 0 {
				at := r.IntN(len(left))
				l, p := &lines[left[at]], got.Lines[left[at]]
				part := 1 + r.Int64N(l.OutMilli-l.BackMilli)
				worth += Return(Amounts{PromoFen: p.PromoFen, LineFen: p.LineFen, TaxFen: p.TaxFen}, part, l.QtyMilli, l.BackMilli).TotalFen
				if l.BackMilli += part; l.BackMilli == l.OutMilli {
					left = append(left[:at], left[at+1:]...)
				}
				due := int64(0)
				for _, k := range GiftsKept(lines) {
					due += k.Fen
					if k.QtyMilli <= 0 || k.Fen < 0 {
						t.Fatalf("%s", text(t, k))
					}
				}
				worth, taken = worth+due-taken, due
			}
			if worth != given-got.Totals.TotalFen {
				t.Fatalf("with the gifts %t: %d came back of %d, gifts cost %d", along, worth, got.Totals.TotalFen, given)
			}
		}
	})
	if !t.Failed() && gifts < 100 {
		t.Errorf("only %d gifts", gifts)
	}
}

// giving is an input most of whose promotions give goods.
func giving(r *rand.Rand) Input {
	in := someInput(r)
	for i := range in.Promotions {
		if p := &in.Promotions[i]; p.Rule.Kind != KindBuyGet && r.IntN(2) == 0 {
			p.Stackable, p.CapFen, p.CapMilli = true, 0, 0
			p.Rule = Rule{Kind: KindBuyGet, BuyMilli: 1000 * (1 + r.Int64N(12)), GetMilli: 1000, Repeat: r.IntN(2) == 0}
		}
	}
	return in
}
