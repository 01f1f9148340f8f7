package analysis

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"satchel/domain"
)

// aMillion are the order lines of two years, of 12 reps with 400 accounts each.
func aMillion(b *testing.B) *Columns {
	b.Helper()
	dice, columns := rand.New(rand.NewPCG(1, 24)), NewColumns()
	for i := range 1_000_000 {
		a, p := dice.IntN(4800), dice.IntN(300)
		n := naive{kind: Delivered}
		n.texts[owner], n.texts[manager], n.texts[dept] = fmt.Sprint("rep", a/400), fmt.Sprint("manager", a/1600), "ka"
		n.texts[account], n.texts[tier], n.texts[region] = fmt.Sprint("a", a), string("ABBBCCCCCC"[a%10]), fmt.Sprint("r", a%7)
		n.texts[product], n.texts[category] = fmt.Sprint("p", p), fmt.Sprint("c", p%12)
		n.texts[day] = domain.AddDays("2024-01-01", i*730/1_000_000)
		n.numbers[base], n.numbers[amount], n.numbers[tax], n.numbers[cost] = 12_000, dice.Int64N(90_000), 500, 3_000
		if i%40 == 0 {
			n.kind, n.numbers[amount] = Returned, -n.numbers[amount]
		}
		if err := columns.Add(n.fact(i + 1)); err != nil {
			b.Fatal(err)
		}
	}
	return columns
}

func BenchmarkCount(b *testing.B) {
	columns := aMillion(b)
	years := domain.Period{From: "2024-01-01", To: "2025-12-31"}
	held := map[string]bool{}
	for i := range 400 {
		held[fmt.Sprint("a", i)] = true
	}
	for _, c := range []struct {
		key  string
		by   []Dimension
		seen *Seen
	}{
		{"amount", []Dimension{Person}, nil},
		{"amount", []Dimension{Product, Tier, Month}, nil},
		{"profit", []Dimension{Category, Quarter}, nil},
		{"accounts", []Dimension{Product}, nil},
		{"accounts", []Dimension{Person, Month}, nil},
		{"retention", []Dimension{Tier}, nil},
		{"amount", []Dimension{Account, Product}, nil},
		{"amount", []Dimension{Account}, &Seen{Person: "rep0", Accounts: held}},
	} {
		f, err := Find(c.key)
		if err != nil {
			b.Fatal(err)
		}
		q := Query{Figure: f, Period: years, By: c.by}
		b.Run(fmt.Sprint(c.key, c.by, c.seen != nil), func(b *testing.B) {
			for b.Loop() {
				if _, err := columns.At(1_000_000).Count(q, c.seen); err != nil && domain.CodeOf(err) != "analysis.too_many_rows" {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAnswer puts together an answer of 21,600 rows, of which 1,000 are answered.
func BenchmarkAnswer(b *testing.B) {
	f, err := Find("amount")
	if err != nil {
		b.Fatal(err)
	}
	q, cells, dice := Query{Figure: f, By: []Dimension{Product, Tier, Month}, Limit: 1000}, Cells{Total: &Part{Num: 1}}, rand.New(rand.NewPCG(1, 24))
	for i := range 21_600 {
		cells.Cells = append(cells.Cells, Cell{Keys{fmt.Sprint("product", i%300), fmt.Sprint(i / 300 % 3), monthOf(24_300 + i/900)}, Part{Num: dice.Int64N(1e8)}})
	}
	for b.Loop() {
		if _, err := q.Answer(cells, nil); err != nil {
			b.Fatal(err)
		}
	}
}
