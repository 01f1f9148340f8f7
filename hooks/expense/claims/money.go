package claims

import (
	"context"
	"maps"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// bearer is what bears a line, or a share of it.
type bearer struct {
	line     records.ExpenseLine
	id       string // of the share, else of the line
	node     records.BudgetNodeID
	account  records.AccountID
	activity records.ActivityID
	fen      int // approved
	tax      int
	setLeaf  func(records.BudgetNodeID)
	leaf     records.BudgetNodeID
}

// bearers are those of a claim, in the order of its lines; a line without shares is its own.
func (w *whole) bearers() (out []bearer) {
	for _, line := range w.lines {
		shares := w.shares[line.ID()]
		if len(shares) == 0 {
			out = append(out, bearer{
				line: line, id: string(line.ID()), node: line.Node(), account: line.Account(), activity: line.Activity(),
				fen: line.ApprovedFen(), tax: line.TaxFen(), setLeaf: line.SetLeaf, leaf: line.Leaf(),
			})
			continue
		}
		fen := make([]int, len(shares))
		for i, share := range shares {
			fen[i] = share.ApprovedFen()
		}
		tax := expense.SplitFen(line.TaxFen(), fen)
		for i, share := range shares {
			b := bearer{line: line, id: string(share.ID()), node: share.Node(), account: share.Account(), activity: share.Activity(), fen: fen[i], tax: tax[i], setLeaf: share.SetLeaf, leaf: share.Leaf()}
			if b.account == "" {
				b.account = line.Account()
			}
			if b.activity == "" {
				b.activity = line.Activity()
			}
			out = append(out, b)
		}
	}
	return out
}

// finder finds leaves for one claim, and asks once for what lines have in common.
type finder struct {
	*Service
	tx       core.App
	w        *whole
	found    map[findKey]records.BudgetNodeID
	budgeted map[string]bool // by year
	held     map[records.ActivityID][]expense.BudgetHeld
	named    map[namedKey]bool // may be
}

type namedKey struct {
	node     records.BudgetNodeID
	activity records.ActivityID
}

type findKey struct {
	category records.ExpenseCategoryID
	account  records.AccountID
	activity records.ActivityID
	day      string
}

// settle finds the leaf of each bearer: the one that it names, the one of its
// pre-approval, the one on which its activity has money, else the one that fits. A
// department without a budget for the year is not held to one; of one that has, or had
// until it closed, each line needs a leaf: claim.no_node.
func (s *Service) settle(tx core.App, w *whole) error {
	f := finder{Service: s, tx: tx, w: w, found: map[findKey]records.BudgetNodeID{}, budgeted: map[string]bool{}, held: map[records.ActivityID][]expense.BudgetHeld{}, named: map[namedKey]bool{}}
	for _, b := range w.bearers() {
		leaf, err := f.leafOf(b)
		if err != nil {
			return err
		}
		b.setLeaf(leaf)
	}
	return nil
}

func (f *finder) leafOf(b bearer) (records.BudgetNodeID, error) {
	if key := (namedKey{b.node, b.activity}); key != (namedKey{}) && !f.named[key] {
		f.named[key] = true // or nothing comes of the claim
		if err := checkBearer(f.tx, f.w.claim, b.node, b.activity); err != nil {
			return "", err
		}
	}
	if b.node != "" {
		return b.node, nil
	}
	if b.line.Preapproval() != "" {
		_, leaf, found, err := f.Preapprovals.Of(f.tx, b.line)
		if err != nil {
			return "", err
		}
		if found && leaf != "" {
			if fits, err := f.fits(leaf, b.line.Day()); err != nil || fits {
				return leaf, err
			}
		}
	}
	key := findKey{b.line.Category(), b.account, b.activity, b.line.Day()}
	if leaf, known := f.found[key]; known {
		return leaf, nil
	}
	leaf, err := f.find(b)
	if err == nil {
		f.found[key] = leaf
	}
	return leaf, err
}

func (f *finder) find(b bearer) (records.BudgetNodeID, error) {
	if b.activity != "" {
		if leaf, found, err := f.ofActivity(b); err != nil || found {
			return leaf, err
		}
	}
	node, found, err := f.Budget.Find(f.tx, f.w.claim.Dept(), b.line.Day(), expense.BudgetDims{
		Category: string(b.line.Category()), Manager: string(f.w.claim.Manager()), Rep: string(f.w.claim.Owner()), Account: string(b.account), Activity: string(b.activity),
	})
	if err != nil {
		return "", err
	}
	if found {
		return node.ID(), nil
	}
	year := b.line.Day()[:4]
	has, known := f.budgeted[year]
	if !known {
		n, err := records.Budgets.Count(f.tx, "dept = {:d} AND year = {:y} AND state IN ('approved', 'active', 'frozen', 'closed')", dbx.Params{"d": f.w.claim.Dept(), "y": year})
		if err != nil {
			return "", err
		}
		has = n > 0
		f.budgeted[year] = has
	}
	if has {
		return "", gate.Refuse("claim.no_node", "line", f.w.name(string(b.line.ID())))
	}
	return "", nil
}

// fits reports whether a leaf is of a day: what was agreed before may go on into the next
// month or year.
func (f *finder) fits(leaf records.BudgetNodeID, day string) (bool, error) {
	node, found, err := records.BudgetNodes.Find(f.tx, leaf)
	return found && node.FromDate() <= day && day <= node.ToDate(), err
}

// ofActivity is the leaf of the day on which an activity has money for what a line is for:
// where its own line is of the same kind, else the first.
func (f *finder) ofActivity(b bearer) (leaf records.BudgetNodeID, found bool, err error) {
	held, known := f.held[b.activity]
	if !known {
		if held, err = f.Budget.Holds(f.tx, expense.BudgetDoc{Collection: records.ActivityTable, ID: string(b.activity)}); err != nil {
			return "", false, err
		}
		f.held[b.activity] = held
	}
	for _, h := range held {
		if fits, err := f.fits(records.BudgetNodeID(h.Node), b.line.Day()); err != nil || !fits {
			if err != nil {
				return "", false, err
			}
			continue
		}
		cost, has, err := records.ActivityCosts.Find(f.tx, records.ActivityCostID(h.Line))
		if err != nil {
			return "", false, err
		}
		if has && string(cost.Kind()) == f.w.categories[b.line.Category()].Code() {
			return records.BudgetNodeID(h.Node), true, nil
		}
		if leaf == "" {
			leaf = records.BudgetNodeID(h.Node)
		}
	}
	return leaf, leaf != "", nil
}

// costs are what the bearers of a claim cost by now.
func (w *whole) costs() (out []expense.BudgetCost) {
	for _, b := range w.bearers() {
		if b.leaf == "" || b.fen == 0 {
			continue
		}
		c := expense.BudgetCost{Line: b.id, Node: string(b.leaf), Day: b.line.Day(), Net: b.fen - b.tax, Tax: b.tax}
		if b.activity != "" {
			c.From = expense.BudgetDoc{Collection: records.ActivityTable, ID: string(b.activity)}
		}
		if b.line.Preapproval() != "" {
			c.From = expense.BudgetDoc{Collection: records.PreapprovalTable, ID: string(b.line.Preapproval())}
		}
		out = append(out, c)
	}
	return out
}

// reserve holds what a claim comes to. A refusal names the line. over lets it go beyond
// what is free: that was approved.
func (s *Service) reserve(ctx context.Context, tx core.App, w *whole, over bool) error {
	return s.hold(ctx, tx, w, w.costs(), over)
}

func (s *Service) hold(ctx context.Context, tx core.App, w *whole, costs []expense.BudgetCost, over bool) error {
	book := s.Budget.Reserve
	if over {
		book = s.Budget.ReserveOver
	}
	short, err := book(ctx, tx, docOf(w.claim), costs)
	if err != nil {
		return w.ofLine(tx, costs, err)
	}
	levels := []int{}
	for _, warning := range short {
		levels = append(levels, warning.Level)
	}
	w.claim.SetBudgetLevels(levels)
	return nil
}

// ofLine tells of a refusal which line it is about: the first that the node is asked for.
func (w *whole) ofLine(tx core.App, costs []expense.BudgetCost, err error) error {
	p, _, is := gate.ProblemOf(err)
	if !is || len(costs) == 0 {
		return err
	}
	at := costs[0].Line
	for _, c := range costs {
		node, found, err := records.BudgetNodes.Find(tx, records.BudgetNodeID(c.Node))
		if err != nil {
			return err
		}
		if !found && p.Code == "budget.node_gone" || found && node.Name() == p.Params["node"] {
			at = c.Line
			break
		}
	}
	params := maps.Clone(p.Params)
	if params == nil {
		params = map[string]any{}
	}
	for _, b := range w.bearers() {
		if b.id == at {
			params["line"] = w.name(string(b.line.ID()))
		}
	}
	return gate.Wrap(domain.Problem{Code: p.Code, Params: params}, nil)
}

// isShort reports whether a refusal is about money that is not there: special approval
// may let it pass.
func isShort(err error) bool {
	code := domain.CodeOf(err)
	return code == "budget.insufficient" || code == "budget.insufficient_above"
}
