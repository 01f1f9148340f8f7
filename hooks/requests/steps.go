package requests

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

type stepArgs struct {
	Answer  string `json:"answer"`
	Reason  string `json:"reason"`
	Version string `json:"version"`
	Note    string `json:"note"`
}

// support makes an action of a step: accept, answer {answer} and refuse {reason}
// by somebody of the department that is asked; reopen {reason}, close and
// withdraw by who asked.
func (s *Service) support(name string) gate.Action {
	return func(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
		var args stepArgs
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		actor := gate.Of(ctx).Author()
		asked := actor != nil && deptOfUser(actor) == toDeptOf(r) && toDeptOf(r) != ""
		next, err := domain.SupportMove(stateOf(r), name, asked, actor != nil && actor.Id == ownerOf(r))
		if err != nil {
			return gate.WrapError(err)
		}
		switch {
		case name == "answer" && strings.TrimSpace(args.Answer) == "":
			return gate.Refuse("request.answer_required")
		case (name == "refuse" || name == "reopen") && strings.TrimSpace(args.Reason) == "":
			return gate.Refuse("request.reason_required")
		}
		setState(r, next)
		if asked && r.GetDateTime("first_response_at").IsZero() && name != "close" {
			r.Set("first_response_at", s.now())
		}
		switch name {
		case "answer", "refuse":
			r.Set("answer", args.Answer+args.Reason)
			r.Set("answered_by", actor.Id)
			r.Set("answered_at", s.now())
			r.Set("overdue", s.now().After(r.GetDateTime("due").Time()))
		case "reopen":
			if err := s.setDue(txApp, r); err != nil {
				return err
			}
			r.Set("overdue", false)
		}
		if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
			return err
		}
		link := support + "/" + r.Id
		switch name {
		case "answer", "refuse":
			return gate.Notify(ctx, txApp, s.now(), gate.Notice{User: ownerOf(r), Kind: "request.answered", Params: map[string]any{"text": short(textOf(r))}, Link: link})
		case "reopen":
			return s.tell(ctx, txApp, toDeptOf(r), "request.new", textOf(r), link)
		}
		return nil
	}
}

// product makes an action of a step of a product request, by somebody of the
// department: review, promise {version}, finish, decline {reason}.
func (s *Service) product(name string) gate.Action {
	return func(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
		var args stepArgs
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		actor := gate.Of(ctx).Author()
		if actor == nil || toDeptOf(r) == "" || deptOfUser(actor) != toDeptOf(r) {
			return gate.Refuse("request.not_party")
		}
		next, err := domain.ProductMove(stateOf(r), name)
		if err != nil {
			return gate.WrapError(err)
		}
		switch {
		case name == "promise" && strings.TrimSpace(args.Version) == "":
			return gate.Refuse("request.version")
		case name == "decline" && strings.TrimSpace(args.Reason) == "":
			return gate.Refuse("request.reason_required")
		case name == "promise":
			r.Set("version_promised", args.Version)
		case name == "decline":
			r.Set("answer", args.Reason)
		}
		setState(r, next)
		r.Set("handled_by", actor.Id)
		if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
			return err
		}
		return gate.Notify(ctx, txApp, s.now(), gate.Notice{
			User: ownerOf(r), Kind: "request.answered", Params: map[string]any{"text": short(r.GetString("need"))}, Link: product + "/" + r.Id,
		})
	}
}

// Overdue marks requests whose time is up and tells both sides once.
func (s *Service) Overdue(app core.App, now time.Time) error {
	var late []*core.Record
	err := app.RecordQuery(support).AndWhere(dbx.NewExp("state IN ('open', 'accepted') AND overdue = FALSE AND due <> '' AND due < {:now}",
		dbx.Params{"now": gate.Stamp(now)})).OrderBy("due", "id").All(&late)
	if err != nil {
		return fmt.Errorf("failed to look for overdue requests: %w", err)
	}
	ctx := gate.AsServer(context.Background())
	for _, r := range late {
		err := app.RunInTransaction(func(txApp core.App) error {
			r.Set("overdue", true)
			if err := txApp.SaveWithContext(ctx, r); err != nil {
				return err
			}
			link := support + "/" + r.Id
			if err := s.tell(ctx, txApp, toDeptOf(r), "request.overdue", textOf(r), link); err != nil {
				return err
			}
			return gate.Notify(ctx, txApp, now, gate.Notice{User: ownerOf(r), Kind: "request.overdue", Params: map[string]any{"text": short(textOf(r))}, Link: link})
		})
		if err != nil {
			return fmt.Errorf("failed to mark request %s as overdue: %w", r.Id, err)
		}
	}
	return nil
}
