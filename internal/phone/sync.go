package phone

import "context"

// Report tells what a sync did.
type Report struct {
	Pushed Pushed
	Photos int
	Pulled Pulled
}

// Sync hands over and brings up to date: outbox, photos, pull. Whatever breaks
// off goes on where it stood at the next call.
func (p *Phone) Sync(ctx context.Context) (r Report, err error) {
	if r.Pushed, err = p.Push(ctx); err != nil {
		return r, err
	}
	if r.Photos, err = p.Upload(ctx); err != nil {
		return r, err
	}
	r.Pulled, err = p.Pull(ctx)
	return r, err
}
