package requests

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// intelCreate is H-INTEL: a report goes to the head of its author's department,
// to the market department and, by its kind, to others.
func (s *Service) intelCreate(e *core.RecordEvent) error {
	if strings.TrimSpace(textOf(e.Record)) == "" {
		return gate.RefuseField("text", "intel.text_required")
	}
	if e.Record.GetString("direction") == "" {
		e.Record.Set("direction", "up")
	}
	if !gate.ByServer(e) {
		if err := gate.LockFields(e, intelFilled...); err != nil {
			return err
		}
		if err := owned(e); err != nil {
			return err
		}
	}
	to, err := departments(e.App, domain.IntelDepartments(kindOf(e.Record))...)
	if err != nil {
		return err
	}
	e.Record.Set("routed", to)
	setAcks(e.Record, []ack{})
	if err := e.Next(); err != nil {
		return err
	}
	link := intel + "/" + e.Record.Id
	told := map[string]bool{ownerOf(e.Record): true}
	for _, dept := range append([]string{e.Record.GetString("dept")}, to...) {
		var heads []string
		if err := e.App.DB().Select("head").From("departments").Where(dbx.HashExp{"id": dept}).Column(&heads); err != nil {
			return fmt.Errorf("failed to find the head of a department: %w", err)
		}
		for _, head := range heads {
			if told[head] {
				continue
			}
			told[head] = true
			err := gate.Notify(contextOf(e), e.App, s.now(), gate.Notice{User: head, Kind: "intel.new", Params: map[string]any{"text": short(textOf(e.Record))}, Link: link})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func contextOf(e *core.RecordEvent) context.Context {
	if e.Context == nil {
		return context.Background()
	}
	return e.Context
}

// acknowledge args: {note}: somebody to whom a report went has read it. Who does
// so twice is noted once.
func (s *Service) acknowledge(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	var args stepArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	actor := gate.Of(ctx).Author()
	switch {
	case actor == nil:
		return gate.Refuse("intel.not_addressed")
	case actor.Id == ownerOf(r):
		return gate.Refuse("intel.own")
	}
	head := actor.GetString("role") == "dept_manager" && deptOfUser(actor) == r.GetString("dept") && deptOfUser(actor) != ""
	if !head && actor.Id != r.GetString("manager") && !slices.Contains(r.GetStringSlice("routed"), deptOfUser(actor)) {
		return gate.Refuse("intel.not_addressed")
	}
	acks := acksOf(r)
	if slices.ContainsFunc(acks, func(a ack) bool { return a.User == actor.Id }) {
		return nil
	}
	setAcks(r, append(acks, ack{User: actor.Id, At: s.now().UTC().Format(time.RFC3339), Note: args.Note}))
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

func (s *Service) routeIntel(ctx context.Context, txApp core.App, in gate.Routed) (string, string, error) {
	return s.route(ctx, txApp, intel, in, map[string]any{"kind": intelKind(in.Theme)})
}

func (s *Service) routeSupport(ctx context.Context, txApp core.App, in gate.Routed) (string, string, error) {
	return s.route(ctx, txApp, support, in, map[string]any{"kind": supportKind(in.Theme)})
}

func (s *Service) routeProduct(ctx context.Context, txApp core.App, in gate.Routed) (string, string, error) {
	return s.route(ctx, txApp, product, in, map[string]any{"priority": "normal"})
}

// route makes a row of what another area passes on.
func (s *Service) route(ctx context.Context, txApp core.App, collection string, in gate.Routed, more map[string]any) (string, string, error) {
	coll, err := txApp.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return "", "", err
	}
	r := core.NewRecord(coll)
	fromRouted(r, in)
	r.Load(more)
	if ctx == nil {
		ctx = context.Background()
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return "", "", fmt.Errorf("failed to make a row of %s: %w", collection, err)
	}
	return collection, r.Id, nil
}
