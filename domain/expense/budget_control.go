package expense

// Controls of a node: what happens if more is asked of it than is free.
const (
	ControlForbid = "forbid"
	ControlWarn   = "warn"
	ControlIgnore = "ignore"
)

// Windows over which a node counts.
const (
	WindowYear       = "year"       // all its days together
	WindowCumulative = "cumulative" // the months so far
	WindowMonth      = "month"      // each month by itself
)

// BudgetControl is what holds spending to a node's amount: OverBP basis points of it
// may be used, over each window.
type BudgetControl struct {
	Control string
	OverBP  int
	Window  string
}

// BudgetSums are what was allocated, is reserved and was spent, in fen.
type BudgetSums struct{ Allocated, Reserved, Spent int }

// Add is the sum of two.
func (s BudgetSums) Add(o BudgetSums) BudgetSums {
	return BudgetSums{s.Allocated + o.Allocated, s.Reserved + o.Reserved, s.Spent + o.Spent}
}

// Used counts against the amount.
func (s BudgetSums) Used() int { return s.Reserved + s.Spent }

// BudgetMonths are the sums of a node by the month of the expenses' days: a window
// counts an expense where it happened, also if it is booked later.
type BudgetMonths [12]BudgetSums

// Total is the year's.
func (m BudgetMonths) Total() (all BudgetSums) {
	for _, sums := range m {
		all = all.Add(sums)
	}
	return all
}

// Add is the sum of two, month by month.
func (m BudgetMonths) Add(o BudgetMonths) BudgetMonths {
	for i := range m {
		m[i] = m[i].Add(o[i])
	}
	return m
}

// free is what an amount leaves, below zero if more is used than may be.
func (c BudgetControl) free(s BudgetSums) int { return s.Allocated*c.OverBP/10_000 - s.Used() }

// windows are what each window has free: the year's alone, or one for each month.
func (c BudgetControl) windows(m BudgetMonths) []int {
	if c.Window == WindowYear {
		return []int{c.free(m.Total())}
	}
	out, sofar := make([]int, 12), BudgetSums{}
	for i, sums := range m {
		if c.Window == WindowCumulative {
			sofar = sofar.Add(sums)
			sums = sofar
		}
		out[i] = c.free(sums)
	}
	return out
}

// Free is what a node has free for an expense of a month, counted from 0. What is
// taken of the months so far is taken of all that follow.
func (c BudgetControl) Free(m BudgetMonths, month int) int {
	all := c.windows(m)
	switch c.Window {
	case WindowYear:
		return all[0]
	case WindowMonth:
		return all[month]
	}
	free := all[month]
	for _, later := range all[month:] {
		free = min(free, later)
	}
	return free
}

// Short finds the first window that a step leaves with less than nothing and less than
// it found: what was free in it, and what was asked of it.
func (c BudgetControl) Short(before, after BudgetMonths) (free, asked int, short bool) {
	now := c.windows(after)
	for i, had := range c.windows(before) {
		if now[i] < 0 && now[i] < had {
			return had, had - now[i], true
		}
	}
	return 0, 0, false
}
