package sales

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SuggestInput is what an account took before, what stands on its shelf, and until
// when that has to last.
type SuggestInput struct {
	Today, NextVisit string // days; no next visit is empty
	Goods            []SuggestGoods
}

// SuggestGoods is one product that the account may order.
type SuggestGoods struct {
	Product     string
	Unit        string // of the last order; empty for the product's own
	FactorMilli int64  // base units in a thousand units, as thousandths; 0 for the product's own
	StepMilli   int64  // base units that a quantity is a multiple of; 0 for whole ones
	MinMilli    int64  // least base units of a line
	Taken       []Taken
	Shelf       *Shelf // as the last visit saw it; nil if nobody looked
}

// Taken is what was ordered of a product, or delivered of that, in base units.
type Taken struct {
	Day   string
	Milli int64
}

// Shelf is what somebody saw of a product.
type Shelf struct {
	Day   string
	Milli int64
	Out   bool // nothing was left, whatever was counted
}

// Reasons of a suggested line, which are codes with texts.
const (
	SuggestOut     = "suggest.out_of_stock" // params day, median, cadence
	SuggestShelf   = "suggest.shelf"        // params day, stock, left, days, median, cadence
	SuggestCadence = "suggest.cadence"      // params last, left, days, median, cadence
)

// Suggested is a line of a suggested order.
type Suggested struct {
	Product, Unit                  string
	QtyMilli, BaseMilli, NeedMilli int64 // in the unit, in base units, and what is needed before it is rounded up
	Reason                         string
	Params                         map[string]any
}

const (
	// usualCadence is how often is ordered what was ordered once, in days.
	usualCadence = 30
	// shelfAge is for how many days what was seen on a shelf tells something.
	shelfAge = 45
)

// Suggest proposes what to order of each product, in the order given: what is sold
// until the next visit, by the median of what was taken and of the days between,
// less what is left on the shelf by now. Products that are not needed, and those
// that were never taken, have no line.
func Suggest(in SuggestInput) (out []Suggested) {
	for _, g := range in.Goods {
		if line, ok := suggest(in, g); ok {
			out = append(out, line)
		}
	}
	return out
}

func suggest(in SuggestInput, g SuggestGoods) (line Suggested, ok bool) {
	taken := byDay(g.Taken)
	if len(taken) == 0 {
		return line, false
	}
	usual, cadence := rhythm(taken)
	horizon := cadence
	if in.NextVisit > in.Today {
		horizon = daysFrom(in.Today, in.NextVisit)
	}
	sold := func(days int64) int64 { return (usual*days + cadence - 1) / cadence }
	last := taken[len(taken)-1]
	line = Suggested{Product: g.Product, Unit: g.Unit, Params: map[string]any{"median": decimal(usual), "cadence": cadence, "days": horizon}}
	var left int64
	switch shelf := g.Shelf; {
	case shelf != nil && daysFrom(shelf.Day, in.Today) <= shelfAge:
		stock := shelf.Milli
		if shelf.Out {
			stock = 0
		}
		came := int64(0)
		for _, t := range taken {
			if t.Day >= shelf.Day { // what is ordered at a visit comes after it
				came += t.Milli
			}
		}
		left = max(0, stock+came-sold(daysFrom(shelf.Day, in.Today)))
		line.Reason = SuggestShelf
		line.Params["day"], line.Params["stock"] = shelf.Day, decimal(stock)
		if shelf.Out && came == 0 {
			line.Reason = SuggestOut
			delete(line.Params, "stock")
		}
	default:
		left = max(0, last.Milli-sold(daysFrom(last.Day, in.Today)))
		line.Reason = SuggestCadence
		line.Params["last"] = last.Day
	}
	line.Params["left"] = decimal(left)
	line.NeedMilli = sold(horizon) - left
	if line.Reason == SuggestOut {
		line.NeedMilli = max(line.NeedMilli, usual)
	}
	if line.NeedMilli <= 0 {
		return line, false
	}
	line.QtyMilli, line.BaseMilli = g.roundUp(line.NeedMilli)
	return line, line.BaseMilli <= MaxQtyMilli
}

// roundUp makes a quantity that may be ordered of what is needed: whole units of
// the unit, a multiple of the step, no less than the least.
func (g SuggestGoods) roundUp(need int64) (qty, base int64) {
	step, factor := cmp.Or(max(0, g.StepMilli), 1000), cmp.Or(max(0, g.FactorMilli), 1000)
	if g.Unit != "" {
		step = step / divisor(step, factor) * factor // a whole number of both
	}
	base = (max(need, g.MinMilli) + step - 1) / step * step
	if g.Unit == "" {
		return base, base
	}
	return base / factor * 1000, base
}

// byDay sums what was taken on one day, oldest first; days on which nothing stayed
// do not count.
func byDay(all []Taken) (out []Taken) {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Taken) int { return cmp.Compare(a.Day, b.Day) })
	for _, t := range sorted {
		switch n := len(out); {
		case t.Milli <= 0:
		case n > 0 && out[n-1].Day == t.Day:
			out[n-1].Milli += t.Milli
		default:
			out = append(out, t)
		}
	}
	return out
}

// rhythm is the usual quantity, and after how many days it is taken again.
func rhythm(taken []Taken) (usual, cadence int64) {
	var quantities, gaps []int64
	for i, t := range taken {
		quantities = append(quantities, t.Milli)
		if i > 0 {
			gaps = append(gaps, daysFrom(taken[i-1].Day, t.Day))
		}
	}
	if len(gaps) == 0 {
		return median(quantities), usualCadence
	}
	return median(quantities), max(1, median(gaps))
}

// median is the lower of the two in the middle.
func median(all []int64) int64 {
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

func daysFrom(a, b string) int64 {
	from, err := time.Parse(time.DateOnly, a)
	to, err2 := time.Parse(time.DateOnly, b)
	if err != nil || err2 != nil || to.Before(from) {
		return 0
	}
	return int64(to.Sub(from).Hours() / 24)
}

func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// decimal writes thousandths for people.
func decimal(milli int64) string {
	text := strconv.FormatInt(milli/1000, 10)
	if rest := milli % 1000; rest != 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(1000+rest, 10)[1:], "0")
	}
	return text
}
