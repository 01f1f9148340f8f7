package testapp

import (
	"sync"
	"time"
)

// Start is the moment at which every test's clock stands first: Monday,
// 16 March 2026, 08:30 in Shanghai, a working day of the demo company.
var Start = time.Date(2026, 3, 16, 0, 30, 0, 0, time.UTC)

// Clock is the time that the app under test is given. It stands still until
// it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the clock's time in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set puts the clock at t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC()
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
