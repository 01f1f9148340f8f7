package syncapi

import (
	"database/sql"
	"errors"
	"net/http"

	"satchel/hooks/gate"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// deviceClaim names the device to which an auth token is bound.
const (
	deviceClaim  = "device"
	liveDeviceID = "syncLiveDevice"
)

// bindRevocation ends the open streams of a device that is revoked and of a
// user who is disabled.
func bindRevocation(app core.App, s *Service) {
	app.OnRecordAfterUpdateSuccess(devicesCollection).Bind(gate.Named("syncDeviceRevoked", func(e *core.RecordEvent) error {
		if e.Record.GetBool("revoked") {
			s.hub.Drop(e.Record.GetString("user"), e.Record.Id)
		}
		return e.Next()
	}))
	app.OnRecordAfterUpdateSuccess(gate.Users).Bind(gate.Named("syncUserDisabled", func(e *core.RecordEvent) error {
		if !e.Record.GetBool("active") {
			s.hub.Drop(e.Record.Id, "")
		}
		return e.Next()
	}))
}

// requireLiveDevice refuses, on every route of the server, a token whose device
// was revoked. Tokens without a device are people at a desk.
func requireLiveDevice() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       liveDeviceID,
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			if err := checkLiveDevice(e); err != nil {
				return err
			}
			return e.Next()
		},
	}
}

// checkLiveDevice refuses a token whose device was revoked.
func checkLiveDevice(e *core.RequestEvent) error {
	id := boundDevice(e)
	if id == "" {
		return nil
	}
	device, err := e.App.FindRecordById(devicesCollection, id)
	if errors.Is(err, sql.ErrNoRows) { // a server restored from before it joined
		return answer(http.StatusUnauthorized, "device_unknown", nil)
	}
	if err != nil {
		return err
	}
	if device.GetBool("revoked") {
		return wipe("device_revoked")
	}
	return nil
}

// boundDevice reads the device of the request's token, which PocketBase has verified.
func boundDevice(e *core.RequestEvent) string {
	if e.Auth == nil {
		return ""
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(gate.BearerToken(e.Request), claims); err != nil {
		return ""
	}
	id, _ := claims[deviceClaim].(string)
	return id
}
