package accounts

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/gate"
)

// Fields and states of account_change_requests: what a rep wanted to change on
// an account that was somebody else's by the time it arrived.
const (
	requests        = "account_change_requests"
	requestOpen     = "open"
	requestAccepted = "accepted"
	requestRefused  = "refused"
)

// Keeps declares that no step of an account is ever changed, and that what
// belongs to an account has a life of its own.
func Keeps() gate.Keeps { return gate.Keeps{stageLog: {Log: true}, accounts: {Alone: true}} }

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	r := requestActions{now: cfg.Now}
	out := gate.Actions{
		requests + ".accept":  r.accept,
		requests + ".refuse":  r.refuse,
		scorecards + ".admit": admit,
		contacts + ".forget":  forgetter{cfg.Now}.forget,
	}
	maps.Copy(out, stageActions{now: cfg.Now}.actions())
	return out
}

type requestActions struct{ now func() time.Time }

// accept carries the change out as him who accepts it, under his rules.
func (r requestActions) accept(ctx context.Context, txApp core.App, request *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if err := r.decide(ctx, txApp, request, requestAccepted); err != nil {
		return err
	}
	row, err := txApp.FindRecordById(request.GetString("collection"), request.GetString("record"))
	if err != nil {
		return gate.Refuse("record.not_found")
	}
	var patch map[string]any
	if err := json.Unmarshal([]byte(request.GetString("patch")), &patch); err != nil {
		return err
	}
	row.Load(patch)
	if err := txApp.SaveWithContext(ctx, row); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), request)
}

// refuse args: {reason}.
func (r requestActions) refuse(ctx context.Context, txApp core.App, request *core.Record, raw jsontext.Value) error {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if err := r.decide(ctx, txApp, request, requestRefused); err != nil {
		return err
	}
	request.Set("reason", args.Reason)
	return txApp.SaveWithContext(gate.AsServer(ctx), request)
}

// decide asks whether the actor may: the account's owner or manager of today,
// or an administrator.
func (r requestActions) decide(ctx context.Context, txApp core.App, request *core.Record, state string) error {
	account, err := txApp.FindRecordById(accounts, request.GetString("account"))
	if err != nil {
		return err
	}
	actor := gate.Of(ctx).User
	may := actor != nil && (actor.Id == ownerOf(account) || actor.Id == account.GetString("manager") || actor.GetString("role") == "admin")
	if !may {
		return gate.Refuse("record.not_allowed")
	}
	if request.GetString("state") != requestOpen {
		return gate.Refuse("request.decided")
	}
	at, err := types.ParseDateTime(r.now())
	if err != nil {
		return err
	}
	request.Set("state", state)
	request.Set("reviewer", actor.Id)
	request.Set("decided_at", at)
	return nil
}
