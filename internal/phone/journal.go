package phone

import "satchel/syncer"

// Captured returns the mutations above a number that wait for their verdict or
// for the pull that shows them, in the order of their numbers.
func (p *Phone) Captured(after int64) ([]syncer.Mutation, error) {
	return p.mutations("SELECT body FROM outbox WHERE n > ? ORDER BY n", after)
}
