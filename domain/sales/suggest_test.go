package sales

import (
	"fmt"
	"strings"
	"testing"
)

// TestSuggest: days of March 2026, quantities in pieces.
func TestSuggest(t *testing.T) {
	took := func(pairs ...int64) (out []Taken) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, Taken{fmt.Sprintf("2026-03-%02d", pairs[i]), pairs[i+1] * 1000})
		}
		return out
	}
	shelf := func(day string, milli int64) *Shelf { return &Shelf{Day: day, Milli: milli} }
	weekly := took(2, 10, 9, 12, 16, 10) // ten a week
	for _, c := range []struct {
		what  string
		visit string // the next
		goods SuggestGoods
		want  string
	}{
		{"never taken", "", SuggestGoods{}, ""},
		{"nothing stayed of what was taken", "", SuggestGoods{Taken: took(2, 0)}, ""},
		{"two weeks until the visit, ten taken a week ago", "2026-04-06", SuggestGoods{Taken: weekly}, "20 suggest.cadence"},
		{"a week until the visit", "2026-03-30", SuggestGoods{Taken: weekly}, "10 suggest.cadence"},
		{"no visit planned: as long as usual", "", SuggestGoods{Taken: weekly}, "10 suggest.cadence"},
		{"a visit that is past says nothing", "2026-03-01", SuggestGoods{Taken: weekly}, "10 suggest.cadence"},
		{"taken once: a month is usual", "2026-03-30", SuggestGoods{Taken: took(23, 30)}, ""},
		{"two of a day are one", "2026-03-30", SuggestGoods{Taken: append(took(16, 4, 16, 6), took(9, 10)...)}, "10 suggest.cadence"},
		{"half is still on the shelf", "2026-03-30", SuggestGoods{Taken: weekly, Shelf: shelf("2026-03-23", 5000)}, "5 suggest.shelf"},
		{"enough is on the shelf", "2026-03-30", SuggestGoods{Taken: weekly, Shelf: shelf("2026-03-23", 10_000)}, ""},
		{"what was seen a week ago is sold by now", "2026-03-30", SuggestGoods{Taken: took(2, 10, 9, 10), Shelf: shelf("2026-03-16", 10_000)}, "10 suggest.shelf"},
		{"what came after counts", "2026-03-30", SuggestGoods{Taken: weekly, Shelf: shelf("2026-03-16", 5000)}, "5 suggest.shelf"},
		{"an old look says nothing", "2026-03-30", SuggestGoods{Taken: weekly, Shelf: shelf("2026-01-01", 90_000)}, "10 suggest.cadence"},
		{"the shelf is empty: the usual at least", "2026-03-24", SuggestGoods{Taken: weekly, Shelf: &Shelf{Day: "2026-03-23", Milli: 3000, Out: true}}, "10 suggest.out_of_stock"},
		{"empty, and ordered since", "2026-03-24", SuggestGoods{Taken: weekly, Shelf: &Shelf{Day: "2026-03-16", Out: true}}, "2 suggest.shelf"},
		{"in steps of six", "2026-03-30", SuggestGoods{Taken: weekly, StepMilli: 6000}, "12 suggest.cadence"},
		{"no less than 24", "2026-03-30", SuggestGoods{Taken: weekly, MinMilli: 24_000}, "24 suggest.cadence"},
		{"no less than 24, in steps of ten", "2026-03-30", SuggestGoods{Taken: weekly, StepMilli: 10_000, MinMilli: 24_000}, "30 suggest.cadence"},
		{"in whole cases of twelve", "2026-03-30", SuggestGoods{Taken: weekly, Unit: "case", FactorMilli: 12_000}, "1 case 12 suggest.cadence"},
		{"in cases of twelve and steps of eight", "2026-03-30", SuggestGoods{Taken: weekly, Unit: "case", FactorMilli: 12_000, StepMilli: 8000}, "2 case 24 suggest.cadence"},
		{"by weight", "2026-03-30", SuggestGoods{Taken: []Taken{{"2026-03-09", 2500}, {"2026-03-16", 2500}}, StepMilli: 500}, "2.5 suggest.cadence"},
		{"on a day that is none", "2026-03-30", SuggestGoods{Taken: []Taken{{"x", 1000}, {"y", 1000}}}, "6 suggest.cadence"},
		{"more than an order takes", "2027-03-30", SuggestGoods{Taken: []Taken{{"2026-03-15", MaxQtyMilli}, {"2026-03-16", MaxQtyMilli}}}, ""},
	} {
		c.goods.Product = "p"
		var got []string
		for _, line := range Suggest(SuggestInput{Today: "2026-03-23", NextVisit: c.visit, Goods: []SuggestGoods{c.goods}}) {
			text := decimal(line.QtyMilli)
			if line.Unit != "" {
				text += " " + line.Unit + " " + decimal(line.BaseMilli)
			}
			got = append(got, text+" "+line.Reason)
			if line.NeedMilli > line.BaseMilli || line.Product != "p" {
				t.Errorf("%s: %+v", c.what, line)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.what, strings.Join(got, ", "), c.want)
		}
	}
}

// TestASuggestionSaysWhy with figures for people.
func TestASuggestionSaysWhy(t *testing.T) {
	lines := Suggest(SuggestInput{Today: "2026-03-23", NextVisit: "2026-03-30", Goods: []SuggestGoods{
		{Product: "a", Taken: []Taken{{"2026-03-02", 10_000}, {"2026-03-12", 10_500}}, Shelf: &Shelf{Day: "2026-03-20", Milli: 2500}},
	}})
	if len(lines) != 1 {
		t.Fatalf("%+v", lines)
	}
	want := map[string]any{"day": "2026-03-20", "stock": "2.5", "left": "0", "days": int64(7), "median": "10", "cadence": int64(10)}
	for name, value := range want {
		if lines[0].Params[name] != value {
			t.Errorf("%s is %v, want %v", name, lines[0].Params[name], value)
		}
	}
	if lines[0].NeedMilli != 7000 || lines[0].QtyMilli != 7000 {
		t.Errorf("%+v", lines[0])
	}
}
