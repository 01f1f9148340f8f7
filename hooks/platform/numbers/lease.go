package numbers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/numbers"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

const (
	// heldMost is how many blocks a phone shows, and is given in a day, at most.
	heldMost = 20
	// blockMost is how many numbers a block has that a phone shows of a lost history.
	blockMost = 1000
)

// lease gives a phone a block if few of its numbers are left, and tells it which
// it has.
func (s *Service) lease(e *core.RequestEvent) error {
	var req syncer.NumbersRequest
	if e.Auth == nil {
		return gate.Fail(http.StatusUnauthorized, "auth_required", nil)
	}
	if err := gate.ReadJSON(e, gate.SmallBody, &req); err != nil {
		return err
	}
	device, err := s.cfg.Device(e, req.Device)
	if err != nil {
		return err
	}
	if !numbers.Known(req.Kind) {
		return gate.Refuse("number.kind_unknown", "kind", req.Kind)
	}
	var out syncer.NumbersResponse
	err = e.App.RunInTransaction(func(tx core.App) error {
		l := leasing{Service: s, ctx: e.Request.Context(), tx: tx, device: device, req: req}
		out, err = l.run()
		return err
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// leasing is one request on its way, in the transaction tx.
type leasing struct {
	*Service
	ctx    context.Context
	tx     core.App
	device records.SyncDevice
	req    syncer.NumbersRequest
	series string
}

func (l leasing) run() (out syncer.NumbersResponse, err error) {
	if l.series, err = series(l.tx); err != nil {
		return out, err
	}
	settings := gate.SettingsNow(l.tx)
	low, err := settings.NumberLowWater()
	if err != nil {
		return out, err
	}
	size, err := settings.NumberBlock()
	if err != nil {
		return out, err
	}
	out = syncer.NumbersResponse{Kind: l.req.Kind, Blocks: []syncer.NumberBlock{}, LowWater: int64(low)}
	if err := l.show(); err != nil {
		return out, err
	}
	has, err := l.has()
	if err != nil || l.req.Return {
		return out, err
	}
	left := 0
	for _, lease := range has {
		left += lease.Last() - lease.Next() + 1
	}
	if left <= low {
		more, given, err := l.another(size)
		if err != nil {
			return out, err
		}
		if given {
			has = append(has, more)
		}
	}
	for _, lease := range has {
		out.Blocks = append(out.Blocks, syncer.NumberBlock{
			Series: lease.Series(), First: int64(lease.First()), Last: int64(lease.Last()), Next: int64(lease.Next()),
		})
	}
	return out, nil
}

// show takes what the phone says of the blocks that it holds.
func (l leasing) show() error {
	for _, held := range l.req.Held[:min(len(l.req.Held), heldMost)] {
		if held.First < 1 || held.Last < held.First || held.Last-held.First >= blockMost || held.Next < held.First || held.Next > held.Last+1 || !numbers.IsSeries(held.Series) {
			continue
		}
		lease, found, err := containing(l.tx, numbers.Number{Kind: l.req.Kind, Series: held.Series, N: held.Last})
		if err != nil {
			return err
		}
		if !found {
			if lease, found, err = l.lostByARestore(held); err != nil {
				return err
			}
		}
		if !found || int64(lease.First()) != held.First || lease.Device() != string(l.device.ID()) || lease.State() == numbers.Returned {
			continue // not its own: the phone is not told of it and lets go of it
		}
		if err := l.note(lease, held); err != nil {
			return err
		}
	}
	return nil
}

// note brings a lease up to what its phone shows of it. What counted as lost or
// expired is held after all.
func (l leasing) note(lease records.NumberLease, held syncer.HeldBlock) error {
	dropped, err := lease.Dropped()
	if err != nil {
		return err
	}
	for _, n := range held.Dropped {
		if n >= held.First && n < held.Next && !slices.Contains(dropped, n) {
			dropped = append(dropped, n)
		}
	}
	lease.SetDropped(dropped)
	lease.SetNext(max(lease.Next(), int(held.Next)))
	lease.SetShown(true)
	lease.SetState(numbers.Active)
	lease.SetEndedAt(time.Time{})
	if l.req.Return {
		lease.SetState(numbers.Returned)
		lease.SetEndedAt(l.cfg.Now())
	}
	if !gate.HasChanged(lease.Raw()) {
		return nil
	}
	return save(l.ctx, l.tx, lease)
}

// lostByARestore makes anew the lease of a block that a history has given that a
// restore lost. Nobody else has it: its series is of that history.
func (l leasing) lostByARestore(held syncer.HeldBlock) (lease records.NumberLease, found bool, err error) {
	if held.Series == l.series {
		return lease, false, nil
	}
	var met int
	met, err = records.NumberLeases.Count(l.tx, "kind = {:kind} AND series = {:series} AND first <= {:last} AND last >= {:first}",
		dbx.Params{"kind": l.req.Kind, "series": held.Series, "first": held.First, "last": held.Last})
	if err != nil || met > 0 {
		return lease, false, err
	}
	if full, err := l.full(); err != nil || full {
		return lease, false, err
	}
	if lease, err = l.open(l.tx, l.req.Kind, held.Series, 1); err != nil {
		return lease, false, err
	}
	lease.SetFirst(int(held.First))
	lease.SetNext(int(held.Next))
	lease.SetLast(int(held.Last))
	l.give(lease)
	return lease, true, nil
}

// has lists the blocks that the phone goes on with. One that it held once and no
// longer shows went with its storage.
func (l leasing) has() (has []records.NumberLease, err error) {
	all, err := records.NumberLeases.All(l.tx, "kind = {:kind} AND device = {:device} AND state = 'active'",
		dbx.Params{"kind": l.req.Kind, "device": l.device.ID()}, "given_at, first")
	if err != nil {
		return nil, err
	}
	for _, lease := range all {
		held := slices.ContainsFunc(l.req.Held, func(h syncer.HeldBlock) bool {
			return h.Series == lease.Series() && h.First == int64(lease.First())
		})
		switch {
		case lease.Shown() && !held:
			err = end(l.ctx, l.tx, lease, numbers.Lost, l.cfg.Now())
		case l.req.Return: // its answer was lost, so that none of it is used
			err = end(l.ctx, l.tx, lease, numbers.Returned, l.cfg.Now())
		case lease.Next() > lease.Last():
			err = end(l.ctx, l.tx, lease, numbers.Returned, l.cfg.Now()) // used up
		default:
			has = append(has, lease)
		}
		if err != nil {
			return nil, err
		}
	}
	return has, nil
}

// another gives the phone the next block, unless it had enough for a day.
func (l leasing) another(size int) (lease records.NumberLease, given bool, err error) {
	if full, err := l.full(); err != nil || full {
		return lease, false, err
	}
	if lease, err = l.open(l.tx, l.req.Kind, l.series, size); err != nil {
		return lease, false, err
	}
	l.give(lease)
	return lease, true, save(l.ctx, l.tx, lease)
}

func (l leasing) full() (bool, error) {
	given, err := records.NumberLeases.Count(l.tx, "device = {:device} AND given_at > {:since}",
		dbx.Params{"device": l.device.ID(), "since": gate.Stamp(l.cfg.Now().Add(-24 * time.Hour))})
	return given >= heldMost, err
}

func (l leasing) give(lease records.NumberLease) {
	lease.SetDevice(string(l.device.ID()))
	lease.SetUser(l.device.User())
}
