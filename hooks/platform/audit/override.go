package audit

import (
	"encoding/json/v2"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// override lets administrators and superusers change what the rules lock:
// POST /api/ka/{collection}/{id}/override {reason, set}. What it changes is
// noted with the reason.
func override(e *core.RequestEvent) error {
	actor := gate.ActorOf(e)
	if actor.Super == "" && !administers(records.Users.Of(actor.User)) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	var args struct {
		Reason string         `json:"reason"`
		Set    map[string]any `json:"set"`
	}
	if err := json.UnmarshalRead(http.MaxBytesReader(e.Response, e.Request.Body, 1<<20), &args, json.RejectUnknownMembers(true)); err != nil {
		return gate.Refuse("args.invalid")
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("override.reason")
	}
	actor.Action = "override"
	ctx := gate.Overriding(gate.With(e.Request.Context(), actor), args.Reason)
	var record *core.Record
	err := e.App.RunInTransaction(func(txApp core.App) (err error) {
		if record, err = txApp.FindRecordById(e.Request.PathValue("collection"), e.Request.PathValue("id")); err != nil || record.Collection().System {
			return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
		}
		for name, value := range args.Set {
			if f := record.Collection().Fields.GetByName(name); f == nil || f.GetSystem() || f.GetHidden() {
				return gate.RefuseField(name, "field.unknown")
			}
			gate.Put(record, name, value)
		}
		return txApp.SaveWithContext(ctx, record)
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, record)
}

func administers(user records.User) bool { return user.Role() == people.RoleAdmin && user.Active() }
