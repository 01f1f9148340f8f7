package phone

import "context"

// Report tells what a sync did.
type Report struct {
	Pushed Pushed
	Photos int
	Waits  string // the code by which the server put photos off, if it did
	Full   string // the code by which it put the outbox off: a person has to answer issues first
	Pulled Pulled
}

// maxRounds bounds how often one sync goes round: once more after a pull that
// showed that the server has lost something.
const maxRounds = 3

// Sync hands over and brings up to date: outbox, photos, pull. Whatever breaks
// off goes on where it stood at the next call. Once in a while it compares all
// that the phone holds with the server.
func (p *Phone) Sync(ctx context.Context) (r Report, err error) {
	for range maxRounds {
		if err = p.round(ctx, &r); err != nil {
			return r, err
		}
		pending, err := p.Pending()
		if err != nil {
			return r, err
		}
		if pending == 0 || r.Full != "" {
			break
		}
	}
	if err := p.leaseDue(ctx); err != nil {
		return r, err
	}
	return r, p.verifyDue(ctx)
}

func (p *Phone) round(ctx context.Context, r *Report) error {
	pushed, err := p.Push(ctx)
	r.Pushed.add(pushed)
	r.Full = ""
	switch code := CodeOf(err); {
	case code == "issues_full":
		r.Full = code // nothing is lost, and everything else goes on
	case err != nil:
		return err
	}
	photos, err := p.Upload(ctx)
	r.Photos += photos
	r.Waits = ""
	switch code := CodeOf(err); code {
	case "upload.quota", "upload.disk_full", "overloaded":
		r.Waits = code // photos come later, everything else goes on
	default:
		if err != nil {
			return err
		}
	}
	pulled, err := p.Pull(ctx)
	r.Pulled.Puts += pulled.Puts
	r.Pulled.Leaves += pulled.Leaves
	r.Pulled.Bytes += pulled.Bytes
	r.Pulled.To, r.Pulled.Warning = pulled.To, pulled.Warning
	return err
}

func (p *Pushed) add(q Pushed) {
	p.Applied += q.Applied
	p.Merged += q.Merged
	p.Duplicate += q.Duplicate
	p.Rejected += q.Rejected
	p.Held += q.Held
	p.Quarantined += q.Quarantined
}
