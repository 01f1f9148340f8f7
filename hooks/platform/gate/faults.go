package gate

import (
	"encoding/json/v2"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
)

// SmallBody is the most bytes of a request that carries no work.
const SmallBody = 16 << 10

// Fail makes an API error with a stable code and its texts in both languages.
func Fail(status int, code string, params map[string]any) *router.ApiError {
	return Answer(status, domain.Problem{Code: code, Params: params}, nil)
}

// Wipe tells a phone to forget everything it holds.
func Wipe(code string) *router.ApiError {
	err := Fail(http.StatusUnauthorized, code, nil)
	err.Data["wipe"] = true
	return err
}

// OwnFaults answers what broke inside with 500 and the code internal: a phone
// tries again later. PocketBase would answer 400, which blames the phone. Who
// hung up hears nothing, and is no fault. A disk that cannot be written is answered
// as everywhere.
func OwnFaults(e *core.RequestEvent) error {
	err := e.Next()
	_, answered := errors.AsType[*router.ApiError](err)
	if _, _, said := ProblemOf(err); err == nil || answered || said || e.Written() || e.Request.Context().Err() != nil || CannotWrite(err) {
		return err
	}
	e.App.Logger().Error("Failed to answer a phone", "path", e.Request.URL.Path, "error", err)
	return Fail(http.StatusInternalServerError, "internal", nil)
}

// ReadJSON reads a bounded body strictly.
func ReadJSON(e *core.RequestEvent, limit int64, into any) error {
	err := json.UnmarshalRead(http.MaxBytesReader(e.Response, e.Request.Body, limit), into, json.RejectUnknownMembers(true))
	if err != nil {
		return BodyFault(limit, err)
	}
	return nil
}

// BodyFault answers why a body that is bounded at limit could not be read.
func BodyFault(limit int64, err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return Fail(http.StatusRequestEntityTooLarge, "body_too_large", map[string]any{"limit": limit})
	}
	return Fail(http.StatusBadRequest, "body_malformed", nil)
}
