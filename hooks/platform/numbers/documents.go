package numbers

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/numbers"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// numbered is a document that bears a number.
type numbered interface {
	Raw() *core.Record
	No() string
	SetNo(no string)
	FormerNo() string
	SetFormerNo(no string)
	Owner() records.UserID
}

// documents are the collection of a kind.
type documents[R numbered, ID ~string] struct {
	*Service
	of   records.Collection[R, ID]
	kind string
	// opens reports whether the owner may open a document by now; nil if always.
	opens func(app core.App, row R) (bool, error)
}

// rules fill and release numbers.
func (d documents[R, ID]) rules() kit.Collection {
	return kit.Collection{Name: d.of.Name(), Rules: []kit.Rule{
		kit.On(kit.Create, d.of, "numberGiven", d.create),
		kit.On(kit.Delete, d.of, "numberDropped", d.drop),
	}}
}

// servedStill reports whether an order's account is its owner's still.
func servedStill(app core.App, order records.Order) (bool, error) {
	team, err := gate.TeamOf(app, string(order.Account()))
	owner := string(order.Owner())
	return team.Owner == owner || team.Manager == owner, err
}

// Why a number does not stay on a document, as the kinds of notices end.
const (
	clash   = "taken"   // another document bears it, or bore it and was dropped
	foreign = "foreign" // it was not given to who uses it
)

// create leaves a document the number that was printed on it, if that was its
// author's to use and no other bears it; else it draws one, and the printed one
// stays as the former number.
func (d documents[R, ID]) create(e *kit.Change[R]) error {
	given := e.Row.No()
	why, err := d.judge(e, given)
	if err != nil {
		return err
	}
	if given != "" && why == "" {
		return e.Next()
	}
	no, err := d.Draw(e.Context, e.App, d.kind)
	if err != nil {
		return err
	}
	e.Row.SetNo(no)
	e.Row.SetFormerNo(given)
	if err := e.Next(); err != nil || given == "" || gate.From(e.RecordEvent).Device == "" { // at a desk the answer shows it
		return err
	}
	link := d.of.Name() + "/" + e.Record.Id
	if d.opens != nil {
		opens, err := d.opens(e.App, e.Row)
		if err != nil {
			return err
		}
		if !opens {
			link = ""
		}
	}
	return gate.Notify(e.Context, e.App, d.cfg.Now(), gate.Notice{
		User: string(e.Row.Owner()), Kind: d.kind + ".number_" + why, Link: link, Params: map[string]any{"former": given, "no": no},
	})
}

// judge says why a number does not stay, empty if it does.
func (d documents[R, ID]) judge(e *kit.Change[R], given string) (why string, err error) {
	author := gate.From(e.RecordEvent).Author()
	if given == "" || author == nil {
		return "", nil
	}
	no, ok := numbers.Parse(given)
	if !ok && gate.ByServer(e.RecordEvent) && kit.StepOf(e.Context).Action != sales.OrderCopy { // made of another's, such as an exchange's; who copies gives his own
		return "", nil
	}
	if !ok || no.Kind != d.kind {
		return foreign, nil
	}
	bear, err := d.of.Count(e.App, "no = {:no}", dbx.Params{"no": given})
	if err != nil {
		return "", err
	}
	if bear > 0 {
		return clash, nil
	}
	lease, found, err := containing(e.App, no)
	if err != nil {
		return "", err
	}
	if !found { // of a series that a restore lost, or of none
		now, err := series(e.App)
		if err != nil || no.Series == now {
			return foreign, err
		}
		return "", nil
	}
	if string(lease.User()) != author.Id {
		return foreign, nil
	}
	dropped, err := lease.Dropped()
	if err != nil {
		return "", err
	}
	if slices.Contains(dropped, no.N) { // whoever has seen it printed on what was dropped finds nothing else by it
		return clash, nil
	}
	return "", used(e.App, lease, no.N)
}

// used notes that a number of a lease has come, past the row's rules: it is
// written with each document. What counted as expired is in use after all.
func used(tx core.App, lease records.NumberLease, n int64) error {
	_, err := tx.NonconcurrentDB().NewQuery(`UPDATE number_leases SET next = MAX(next, {:next}), shown = TRUE,
		ended_at = CASE state WHEN 'expired' THEN '' ELSE ended_at END, state = CASE state WHEN 'expired' THEN 'active' ELSE state END WHERE id = {:id}`).
		Bind(dbx.Params{"next": n + 1, "id": lease.ID()}).Execute()
	return err
}

// drop notes that the numbers of a document are borne by none from now on.
func (d documents[R, ID]) drop(e *kit.Change[R]) error {
	if err := e.Next(); err != nil {
		return err
	}
	for _, text := range []string{e.Row.No(), e.Row.FormerNo()} {
		no, ok := numbers.Parse(text)
		if !ok {
			continue
		}
		lease, found, err := containing(e.App, no)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		dropped, err := lease.Dropped()
		if err != nil {
			return err
		}
		lease.SetDropped(append(dropped, no.N))
		if err := save(e.Context, e.App, lease); err != nil {
			return err
		}
	}
	return nil
}
