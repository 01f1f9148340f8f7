package hooks

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// bindActions offers every action over REST: the very functions that phones push.
// refused answers what the engine refused, and notes it where it belongs.
func bindActions(app core.App, actions gate.Actions, refused func(e *core.RequestEvent, err error) error) {
	app.OnServe().Bind(gate.Named("actionRoutes", func(e *core.ServeEvent) error {
		e.Router.POST("/api/ka/{collection}/{id}/{action}", func(e *core.RequestEvent) error { return refused(e, act(e, actions)) }).
			Bind(apis.RequireAuth(gate.Users)).BindFunc(gate.OwnFaults)
		return e.Next()
	}))
}

// act runs one action in a transaction of its own and answers the record as it is then.
func act(e *core.RequestEvent, actions gate.Actions) error {
	name := e.Request.PathValue("collection") + "." + e.Request.PathValue("action")
	action, ok := actions[name]
	if !ok {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "action.unknown", Params: map[string]any{"action": name}}, nil)
	}
	if !records.Users.Of(e.Auth).Active() {
		return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
	}
	info, err := gate.Info(e) // rewinds the body, which a reader of ours does not
	if err != nil {
		return err
	}
	args, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, 1<<20))
	if err != nil {
		return gate.Answer(http.StatusRequestEntityTooLarge, domain.Problem{Code: "body_too_large", Params: map[string]any{"limit": 1 << 20}}, nil)
	}
	var record *core.Record
	err = e.App.RunInTransaction(func(txApp core.App) error {
		missing := gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
		record, err = txApp.FindRecordById(e.Request.PathValue("collection"), e.Request.PathValue("id"))
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		if err != nil {
			return fmt.Errorf("find the row of %s: %w", name, err)
		}
		visible, err := txApp.CanAccessRecord(record, info, record.Collection().ViewRule)
		if err != nil {
			return fmt.Errorf("judge who sees the row of %s: %w", name, err)
		}
		if !visible {
			return missing
		}
		actor := gate.ActorOf(e)
		actor.Action = name
		return action(gate.With(e.Request.Context(), actor), txApp, record, args)
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, record)
}
