package satisfaction

import (
	"hash/maphash"
	"time"

	"golang.org/x/time/rate"
)

// Paces of one network. A link that is none costs no more than its signature; who brings
// many is told to wait. Customers behind one address share the other.
const (
	guessEvery, guessesAtOnce = 3 * time.Second, 20
	visitEvery, visitsAtOnce  = time.Second / 2, 120
)

// paceSlots bounds the memory of paces: networks that meet in a slot share one.
const paceSlots = 1 << 12

// paces counts by network, in memory alone and by nothing that leads back to it.
type paces struct {
	seed  maphash.Seed
	slots [paceSlots]*rate.Limiter
}

func newPaces(every time.Duration, atOnce int) *paces {
	p := &paces{seed: maphash.MakeSeed()}
	for i := range p.slots {
		p.slots[i] = rate.NewLimiter(rate.Every(every), atOnce)
	}
	return p
}

// take spends one, if there is any left.
func (p *paces) take(network string, now time.Time) bool {
	return p.slots[maphash.String(p.seed, network)%paceSlots].AllowN(now, 1)
}
