package analysis

import "satchel/domain"

// Count counts a figure of sales over a query's period, of the facts that somebody
// sees; nil sees all. Problem analysis.too_many_rows.
func (v View) Count(q Query, seen *Seen) (Cells, error) {
	c := &counting{groups: newGroups(v, q.By), formula: formulas[q.Figure.Key], corrected: map[uint32]Part{}}
	if c.accounts {
		return v.countAccounts(q, seen, c)
	}
	if err := c.add(newScan(v, q, seen), q.Figure.Profit); err != nil {
		return Cells{}, err
	}
	out, err := c.cells(q)
	if err != nil {
		return Cells{}, err
	}
	out.Uncosted = int(max(c.unknown, 0))
	for code, part := range c.corrected {
		if out.Corrections == nil {
			out.Corrections = map[string]Part{}
		}
		out.Corrections[v.texts[corrects][code]] = part
	}
	return out, nil
}

// counting adds up one figure.
type counting struct {
	*groups
	formula
	num, den  []int64 // by place
	corrected map[uint32]Part
	unknown   int64 // lines of which nobody knows what they cost
}

// add adds up the facts of a scan.
func (c *counting) add(s *scan, profit bool) error {
	return s.run(func(seg *part, rows []int32) error {
		at, err := c.place(seg, rows)
		if err != nil {
			return err
		}
		c.grow()
		for _, t := range c.formula.num {
			sum(c.num, at, rows, &seg.numbers[t.of], t.sign)
		}
		for _, t := range c.formula.den {
			sum(c.den, at, rows, &seg.numbers[t.of], t.sign)
		}
		if seg.corrected {
			c.correct(seg, rows)
		}
		if profit {
			for _, i := range rows {
				c.unknown += seg.numbers[uncosted].at(i)
			}
		}
		return nil
	})
}

// grow makes room for the places that there are by now.
func (c *counting) grow() {
	if more := c.size() - len(c.num); more > 0 {
		c.num = append(c.num, make([]int64, more)...)
		c.den = append(c.den, make([]int64, more)...)
	}
}

// correct adds up what corrects frozen months.
func (c *counting) correct(seg *part, rows []int32) {
	for _, i := range rows {
		month := seg.texts[corrects].at(i)
		if month == 0 {
			continue
		}
		p := c.corrected[month]
		for _, t := range c.formula.num {
			p.Num += t.sign * seg.numbers[t.of].at(i)
		}
		for _, t := range c.formula.den {
			p.Den += t.sign * seg.numbers[t.of].at(i)
		}
		c.corrected[month] = p
	}
}

func sum(into []int64, at []int, rows []int32, c *counts, sign int64) {
	if c.wide == nil {
		sumOf(into, at, rows, c.narrow, sign)
	} else {
		sumOf(into, at, rows, c.wide, sign)
	}
}

func sumOf[N int32 | int64](into []int64, at []int, rows []int32, column []N, sign int64) {
	for k, i := range rows {
		into[at[k]] += sign * int64(column[i])
	}
}

// cells gives out what was counted, in no order, and what it comes to in all.
// Problem analysis.too_many_rows.
func (c *counting) cells(q Query) (out Cells, err error) {
	n := c.filled()
	if n > maxCells {
		return Cells{}, domain.Problem{Code: "analysis.too_many_rows", Params: map[string]any{"most": MaxRows}}
	}
	var total Part
	out.Cells = make([]Cell, 0, n)
	c.grow()
	c.each(func(place int, keys Keys) {
		p := Part{c.num[place], c.den[place]}
		if q.Figure.Kind == Ratio && p == (Part{}) { // of nothing
			return
		}
		total.Num += p.Num
		total.Den += p.Den
		out.Cells = append(out.Cells, Cell{keys, p})
	})
	if len(out.Cells) > 0 {
		out.Total = &total
	}
	if len(q.By) == 0 || len(out.Cells) == 0 {
		out.Cells = nil
	}
	return out, nil
}
