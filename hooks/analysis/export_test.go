package analysis

// Store is for tests of what a reader sees.
type Store = store

// NewStore is one without facts.
func NewStore() *Store { return newStore() }

// View is view.
var View = (*store).view
