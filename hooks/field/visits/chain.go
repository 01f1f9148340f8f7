package visits

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// chain is of the steps of all visits of an owner. It is written once, below the
// hooks, and by nobody else.
func chain() kit.Collection {
	kept := func(*kit.Change[records.VisitEvent]) error { return gate.Refuse("visit.kept") }
	return kit.Collection{
		Name: records.VisitEventTable,
		Keep: &gate.Keep{Log: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.VisitEvents, "visitEventCreate", kept),
			kit.On(kit.Update, records.VisitEvents, "visitEventUpdate", kept),
			kit.On(kit.Delete, records.VisitEvents, "visitEventDelete", kept),
		},
	}
}

// step is a step of a visit on its way into the chain.
type step struct {
	action, from string         // from is the state before
	data         jsontext.Value // the evidence as it came, or nothing
}

// asked is a step that somebody asked for, with the evidence that he gave.
func asked(ctx context.Context, action string) step {
	s := kit.StepOf(ctx)
	return step{action, s.From, s.Raw}
}

// own takes a step that nobody asks for; false if the visit is in no state for it.
func own(visit records.Visit, action string) (step, bool) {
	from := string(visit.State())
	next, err := field.VisitMachine.OwnNext(from, action)
	if err != nil {
		return step{}, false
	}
	visit.SetState(records.VisitState(next))
	return step{action: action, from: from}, true
}

// done appends a step that finds no reasons to the chain, and draws what follows
// from it. The caller saves the visit.
func (s *service) done(ctx context.Context, tx core.App, visit records.Visit, taken step) error {
	if err := s.record(ctx, tx, visit, taken); err != nil {
		return err
	}
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	return s.conclude(ctx, tx, visit, rules)
}

// judged appends a step, and draws what follows from the reasons that it found in
// the place of those of these codes. The caller saves the visit.
func (s *service) judged(ctx context.Context, tx core.App, visit records.Visit, taken step, codes []string, reasons []domain.RiskReason) error {
	if err := s.record(ctx, tx, visit, taken); err != nil {
		return err
	}
	return s.judge(ctx, tx, visit, codes, reasons)
}

// record appends a step.
func (s *service) record(ctx context.Context, tx core.App, visit records.Visit, taken step) error {
	prev := struct {
		N    int    `db:"n"`
		Hash string `db:"hash"`
	}{}
	err := tx.DB().NewQuery("SELECT n, hash FROM visit_events WHERE owner = {:o} ORDER BY n DESC LIMIT 1").
		Bind(dbx.Params{"o": visit.Owner()}).One(&prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the chain of visits: %w", err)
	}
	actor := gate.Of(ctx)
	device := actor.Device
	if actor.Work.N > 0 { // the phone that captured it, whoever answers for it
		device = actor.Work.Device
	}
	e := field.VisitEvent{
		N: prev.N + 1, Owner: string(visit.Owner()), Visit: string(visit.ID()), Action: taken.action, From: taken.from, To: string(visit.State()),
		At: s.now().UTC().Truncate(time.Millisecond), Actor: string(idOf(actor.User)), Device: device, Push: actor.Work.N,
		Data: string(taken.data), Prev: prev.Hash,
	}
	if field.VisitKept(e.From, e.To) {
		content, err := contentOf(tx, visit.ID())
		if err != nil {
			return err
		}
		e.Content = content.Hash()
	}
	hash, at := e.Hash(), gate.Stamp(e.At)
	_, err = tx.DB().Insert(records.VisitEventTable, dbx.Params{
		"id": hash[:15], records.VisitEventColVisit: e.Visit, records.VisitEventColAccount: visit.Account(),
		records.VisitEventColOwner: e.Owner, records.VisitEventColDept: visit.Dept(), records.VisitEventColN: e.N,
		records.VisitEventColAction: e.Action, records.VisitEventColFromState: e.From, records.VisitEventColToState: e.To,
		records.VisitEventColAt: at, records.VisitEventColActor: e.Actor, records.VisitEventColDevice: e.Device,
		records.VisitEventColPush: e.Push, records.VisitEventColData: e.Data, records.VisitEventColContent: e.Content,
		records.VisitEventColPrevHash: e.Prev, records.VisitEventColHash: hash,
		records.VisitEventColCreated: at, records.VisitEventColUpdated: at,
	}).Execute()
	if err != nil {
		return fmt.Errorf("append to the chain of visits: %w", err)
	}
	visit.SetPrevHash(e.Prev)
	visit.SetEventHash(hash)
	return nil
}
