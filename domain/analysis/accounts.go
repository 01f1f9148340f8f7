package analysis

// pairs is a set of accounts by place.
type pairs struct {
	accounts int
	bits     []uint64
	set      map[int]struct{}
}

// bitsMost is up to how many pairs a set has a bit for each.
const bitsMost = 1 << 27

func newPairs(g *groups, accounts int) *pairs {
	p := &pairs{accounts: accounts}
	if g.places == nil && g.size()*accounts <= bitsMost {
		p.bits = make([]uint64, (g.size()*accounts+63)/64)
	} else {
		p.set = map[int]struct{}{}
	}
	return p
}

// add puts a pair in, and reports whether it is new.
func (p *pairs) add(place int, account uint32) bool {
	if p.has(place, account) {
		return false
	}
	pair := place*p.accounts + int(account)
	if p.bits != nil {
		p.bits[pair/64] |= 1 << (pair % 64)
	} else {
		p.set[pair] = struct{}{}
	}
	return true
}

func (p *pairs) has(place int, account uint32) bool {
	pair := place*p.accounts + int(account)
	if p.bits != nil {
		return p.bits[pair/64]&(1<<(pair%64)) != 0
	}
	_, in := p.set[pair]
	return in
}

// countAccounts counts different accounts; or, of those of the period before, how
// many are there again. What it comes to in all is counted by itself: an account may
// be in many cells.
func (v View) countAccounts(q Query, seen *Seen, c *counting) (Cells, error) {
	now, before := newPairs(c.groups, len(v.texts[account])), newPairs(c.groups, len(v.texts[account]))
	if c.again {
		earlier := q
		earlier.Period = Before(q.Period)
		err := c.pair(newScan(v, earlier, seen), func(place int, account uint32) {
			if before.add(place, account) {
				c.den[place]++
			}
		})
		if err != nil {
			return Cells{}, err
		}
	}
	err := c.pair(newScan(v, q, seen), func(place int, account uint32) {
		if (!c.again || before.has(place, account)) && now.add(place, account) {
			c.num[place]++
		}
	})
	if err != nil {
		return Cells{}, err
	}
	out, err := c.cells(q)
	if err != nil || len(q.By) == 0 {
		return out, err
	}
	q.By = nil
	all, err := v.Count(q, seen)
	out.Total = all.Total
	return out, err
}

// pair gives the accounts of a scan's facts, with their places.
func (c *counting) pair(s *scan, give func(place int, account uint32)) error {
	return s.run(func(seg *part, rows []int32) error {
		at, err := c.place(seg, rows)
		if err != nil {
			return err
		}
		c.grow()
		for k, i := range rows {
			give(at[k], seg.texts[account].at(i))
		}
		return nil
	})
}
