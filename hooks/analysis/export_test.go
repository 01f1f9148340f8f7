package analysis

// Store is for tests of what a reader sees.
type Store = store

// NewStore is one without facts.
func NewStore() *Store { return newStore() }

// View is view.
var View = (*store).view

// Upto is the last fact that the service holds in memory.
func (s *Service) Upto() int64 {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.columns.Upto()
}
