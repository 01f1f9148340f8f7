package phone

import (
	"net/http"
	"time"
)

// wait is a push that the server put off: until then nothing is handed in.
type wait struct {
	from, until time.Time
	err         error
}

// putOff keeps to the time that a 429 asks to wait. All that waits stays as it is.
func (p *Phone) putOff(err error) error {
	if e := apiError(err); e != nil && e.Status == http.StatusTooManyRequests && e.RetryAfter > 0 {
		now := p.cfg.Now()
		p.waits = wait{now, now.Add(e.RetryAfter), err}
	}
	return err
}

// putOffYet is the server's last word if its time is not over; a clock that was
// set back makes nobody wait.
func (p *Phone) putOffYet() error {
	now := p.cfg.Now()
	if p.waits.err == nil || now.Before(p.waits.from) || !now.Before(p.waits.until) {
		return nil
	}
	return p.waits.err
}
