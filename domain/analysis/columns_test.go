package analysis

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
)

// naive is a fact as one reads it.
type naive struct {
	kind    FactKind
	texts   [texts]string
	numbers [numbers]int64
}

func (n naive) fact(seq int) *Fact {
	f := &Fact{Seq: int64(seq), Kind: []byte(FactKinds[n.kind]), Numbers: n.numbers}
	for i := range f.Texts {
		f.Texts[i] = []byte(n.texts[i])
	}
	return f
}

// random throws a fact; values are few, so that groups have something in common.
func random(dice *rand.Rand, accounts int) naive {
	n := naive{kind: FactKind(dice.IntN(int(factKinds)))}
	for i := range n.texts {
		n.texts[i] = fmt.Sprint(dice.IntN(3))
		if dice.IntN(5) == 0 {
			n.texts[i] = ""
		}
	}
	n.texts[account] = fmt.Sprint("a", dice.IntN(accounts))
	n.texts[day] = domain.AddDays("2025-12-01", dice.IntN(120))
	if n.texts[corrects] = ""; dice.IntN(20) == 0 {
		n.texts[corrects] = "2025-11"
	}
	for i := range n.numbers {
		n.numbers[i] = dice.Int64N(2000) - 300
		if dice.IntN(500) == 0 {
			n.numbers[i] = dice.Int64N(1 << 40) // does not fit the narrow column
		}
	}
	n.numbers[uncosted] = dice.Int64N(3) - 1
	return n
}

func (n naive) key(d Dimension) string {
	if t, own := textOf[d]; own {
		return n.texts[t]
	}
	return Calendric(d, n.texts[day])
}

// counts reports whether a query counts a fact, over a period.
func (n naive) counts(q Query, p domain.Period, seen *Seen) bool {
	if !slices.Contains(formulas[q.Figure.Key].kinds, n.kind) || n.texts[day] < p.From || n.texts[day] > p.To {
		return false
	}
	for d, values := range q.Filters {
		if !slices.Contains(values, n.key(d)) {
			return false
		}
	}
	if seen == nil {
		return true
	}
	return n.texts[owner] == seen.Person || n.texts[manager] == seen.Person || n.texts[dept] == seen.Dept && seen.Dept != "" || seen.Accounts[n.texts[account]]
}

// countNaively counts what View.Count counts, one fact after the other.
func countNaively(all []naive, q Query, seen *Seen) Cells {
	sums, total := map[Keys]Part{}, Part{}
	out := Cells{}
	f := formulas[q.Figure.Key]
	keysOf := func(n naive) (keys Keys) {
		for i, d := range q.By {
			keys[i] = n.key(d)
		}
		return keys
	}
	if f.accounts {
		type pair struct {
			Keys
			account string
		}
		there := func(p domain.Period, by bool) map[pair]bool {
			set := map[pair]bool{}
			for _, n := range all {
				if n.counts(q, p, seen) {
					pr := pair{account: n.texts[account]}
					if by {
						pr.Keys = keysOf(n)
					}
					set[pr] = true
				}
			}
			return set
		}
		count := func(by bool) map[Keys]Part {
			now, before, out := there(q.Period, by), there(Before(q.Period), by), map[Keys]Part{}
			for pr := range now {
				if p := out[pr.Keys]; !f.again || before[pr] {
					p.Num++
					out[pr.Keys] = p
				}
			}
			for pr := range before {
				if p := out[pr.Keys]; f.again {
					p.Den++
					out[pr.Keys] = p
				}
			}
			return out
		}
		sums, total = count(true), count(false)[Keys{}]
	} else {
		for _, n := range all {
			if !n.counts(q, q.Period, seen) {
				continue
			}
			p := Part{}
			for _, t := range f.num {
				p.Num += t.sign * n.numbers[t.of]
			}
			for _, t := range f.den {
				p.Den += t.sign * n.numbers[t.of]
			}
			at := sums[keysOf(n)]
			sums[keysOf(n)] = Part{at.Num + p.Num, at.Den + p.Den}
			total = Part{total.Num + p.Num, total.Den + p.Den}
			if month := n.texts[corrects]; month != "" {
				if out.Corrections == nil {
					out.Corrections = map[string]Part{}
				}
				c := out.Corrections[month]
				out.Corrections[month] = Part{c.Num + p.Num, c.Den + p.Den}
			}
			if q.Figure.Profit {
				out.Uncosted += int(n.numbers[uncosted])
			}
		}
		out.Uncosted = max(out.Uncosted, 0)
	}
	for keys, p := range sums {
		if q.Figure.Kind != Ratio || p != (Part{}) {
			out.Cells = append(out.Cells, Cell{keys, p})
		}
	}
	if len(out.Cells) > 0 {
		out.Total = &total
	}
	if len(q.By) == 0 {
		out.Cells = nil
	}
	sorted(out.Cells)
	return out
}

func sorted(cells []Cell) {
	slices.SortFunc(cells, func(a, b Cell) int { return slices.Compare(a.Keys[:], b.Keys[:]) })
}

// randomQuery asks anything of a figure.
func randomQuery(dice *rand.Rand, f Figure) (q Query, seen *Seen) {
	from := domain.AddDays("2025-12-01", dice.IntN(100))
	q = Query{Figure: f, Period: domain.Period{From: from, To: domain.AddDays(from, dice.IntN(60))}, Filters: map[Dimension][]string{}}
	if dice.IntN(2) == 0 {
		q.Period = domain.Period{From: "2026-01-01", To: "2026-02-28"}
	}
	for _, i := range dice.Perm(len(f.Dimensions))[:dice.IntN(MaxBy+1)] {
		q.By = append(q.By, f.Dimensions[i])
	}
	for range dice.IntN(3) {
		d := f.Dimensions[dice.IntN(len(f.Dimensions))]
		q.Filters[d] = []string{random(dice, 7).key(d), random(dice, 7).key(d)}
	}
	if dice.IntN(2) == 0 {
		seen = &Seen{Person: fmt.Sprint(dice.IntN(3)), Accounts: map[string]bool{"a1": true}}
		if dice.IntN(2) == 0 {
			seen.Dept = "2"
		}
	}
	return q, seen
}

// TestColumnsCountWhatIsThere: for anybody, by anything, through any filters, each
// figure of sales is what a plain reading of the facts counts, as of any seq.
func TestColumnsCountWhatIsThere(t *testing.T) {
	for seed := range uint64(6) {
		dice := rand.New(rand.NewPCG(seed, 2))
		columns, all := NewColumns(), []naive{}
		for i := range 3 * block / 2 {
			all = append(all, random(dice, 7))
			if err := columns.Add(all[i].fact(2 * (i + 1))); err != nil {
				t.Fatal(err)
			}
		}
		for range 60 {
			f := salesFigures[dice.IntN(len(salesFigures))]
			q, seen := randomQuery(dice, f)
			n := dice.IntN(len(all) + 1)
			got, err := columns.At(int64(2*n+1)).Count(q, seen)
			sorted(got.Cells)
			if want := countNaively(all[:n], q, seen); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, %s of %d by %v through %v over %v for %+v: %v\n%+v\nwant\n%+v", seed, f.Key, n, q.By, q.Filters, q.Period, seen, err, got, want)
			}
		}
	}
}

// TestColumnsOfManyKeys: what has no place for each combination is counted the same.
func TestColumnsOfManyKeys(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 3))
	columns, all := NewColumns(), []naive{}
	for i := range 70_000 { // more texts than a narrow column has codes
		n := random(dice, 1)
		n.texts[account], n.texts[product] = fmt.Sprint(i), fmt.Sprint(i/2)
		all = append(all, n)
		if err := columns.Add(n.fact(i + 1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"amount", "accounts", "margin", "retention"} {
		f, err := Find(key)
		if err != nil {
			t.Fatal(err)
		}
		q := Query{Figure: f, Period: domain.Period{From: "2026-01-01", To: "2026-01-31"}, By: []Dimension{Account, Product, Tier}}
		got, err := columns.At(70_000).Count(q, nil)
		sorted(got.Cells)
		if want := countNaively(all, q, nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %d cells, want %d; %v", key, len(got.Cells), len(want.Cells), err)
		}
	}
	for i := range maxCells { // and with all of these, there are too many
		n := random(dice, 1)
		n.kind, n.texts[day], n.texts[account] = Delivered, "2026-03-01", fmt.Sprint("b", i)
		if err := columns.Add(n.fact(70_001 + i)); err != nil {
			t.Fatal(err)
		}
	}
	f, _ := Find("amount")
	q := Query{Figure: f, Period: domain.Period{From: "2025-12-01", To: "2026-03-31"}, By: []Dimension{Account, Product}}
	if _, err := columns.At(1<<40).Count(q, nil); domain.CodeOf(err) != "analysis.too_many_rows" {
		t.Error(err)
	}
	q.By = []Dimension{Account}
	if _, err := columns.At(1<<40).Count(q, nil); domain.CodeOf(err) != "analysis.too_many_rows" {
		t.Error(err)
	}
}

// TestAViewStaysWhatItWas while facts are added, to it or to a copy.
func TestAViewStaysWhatItWas(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 4))
	columns := NewColumns()
	for i := range 1000 {
		if err := columns.Add(random(dice, 7).fact(i + 1)); err != nil {
			t.Fatal(err)
		}
	}
	f, _ := Find("profit")
	q := Query{Figure: f, Period: domain.Period{From: "2025-12-01", To: "2026-03-31"}, By: []Dimension{Account, Month}}
	count := func(v View) string {
		cells, err := v.Count(q, nil)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(cells.Cells)
	}
	view := columns.At(1000)
	was, copied := count(view), columns.Clone()
	for i := range 1000 {
		if err := copied.Add(random(dice, 9).fact(i + 1001)); err != nil {
			t.Fatal(err)
		}
	}
	if count(view) != was || count(columns.At(5000)) != was || columns.Upto() != 1000 || count(copied.At(1000)) != was || count(copied.At(2000)) == was {
		t.Error("a copy changes what it was made of")
	}
	for i := range 1000 {
		if err := columns.Add(random(dice, 9).fact(i + 1001)); err != nil {
			t.Fatal(err)
		}
	}
	if count(view) != was || count(columns.At(1000)) != was {
		t.Error("the view moved")
	}
}

func TestFactsFollowEachOther(t *testing.T) {
	columns, dice := NewColumns(), rand.New(rand.NewPCG(1, 5))
	n := random(dice, 2)
	if err := columns.Add(n.fact(5)); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]*Fact{"an earlier one": n.fact(4), "the same": n.fact(5)} {
		if err := columns.Add(f); err == nil {
			t.Errorf("%s is added", what)
		}
	}
	strange := n.fact(6)
	strange.Kind = []byte("gift")
	if err := columns.Add(strange); err == nil || !strings.Contains(err.Error(), "gift") {
		t.Errorf("of no kind: %v", err)
	}
	n.texts[day] = "soon"
	if err := columns.Add(n.fact(7)); err == nil {
		t.Error("on no day")
	}
}
