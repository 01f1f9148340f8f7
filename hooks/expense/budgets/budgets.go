// Package budgets binds the rules of what a department may spend in a year: the tree,
// its approval, the ledger of what is reserved and spent, and who sees what of it.
//
// Whoever spends calls the Book in the transaction of his document's step. Entries
// only grow; the sums of a node and of all above it are kept with them.
package budgets

import (
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what budgets take from outside.
type Config struct {
	gate.Config
	Planted syncer.Planted // a fault, for tests of the tests
	// Frozen reports whether a month (YYYY-MM) is frozen for reports; it takes no entry.
	Frozen func(app core.App, month string) (bool, error)
	// Open reports whether a document may still hold money; nil if every one may.
	Open func(app core.App, doc expense.BudgetDoc) (bool, error)
}

// Book is the ledger of all budgets.
type Book struct {
	Config
	drift atomic.Int64
}

// New makes the book.
func New(cfg Config) *Book { return &Book{Config: cfg} }

// Area is what budgets are.
func (b *Book) Area() kit.Area {
	return kit.Area{
		Name:        "budgets",
		Collections: []kit.Collection{categories(), b.budgets(), nodes(), entries(), b.besideAccounts()},
		Actions: []kit.Action{
			kit.Guarded(records.Budgets, kit.Do(records.Budgets, expense.BudgetClose, b.close), closable),
			kit.Guarded(records.Budgets, kit.Do(records.Budgets, expense.BudgetCancel, b.cancel), cancellable),
			kit.Do(records.Budgets, expense.BudgetHandOver, b.handOver),
			kit.Do(records.Budgets, expense.BudgetRecount, b.recount),
		},
		Approvals: []kit.Approval{b.approval()},
		Jobs: []gate.Job{
			{Name: "budgetYear", Schedule: "3 16 * * *", Run: b.byTheDay}, // 00:03 in Shanghai
			{Name: "budgetBalances", Schedule: "33 18 * * *", Run: b.compare},
		},
		Routes: b.routes(),
	}
}

// entries are made by our own code, and stay as they are.
func entries() kit.Collection {
	return kit.Collection{
		Name: records.BudgetEntryTable, Keep: &gate.Keep{Log: true},
		Rules: []kit.Rule{{On: kit.Create, Collection: records.BudgetEntryTable, Name: "bookWrites", Run: gate.OnlyServer}},
	}
}
