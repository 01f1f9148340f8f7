package syncapi

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

// answer makes an API error with a stable code and its texts in both languages.
func answer(status int, code string, params map[string]any) *router.ApiError {
	return gate.Answer(status, domain.Problem{Code: code, Params: params}, nil)
}

// wipe tells the phone to forget everything it holds.
func wipe(code string) *router.ApiError {
	err := answer(http.StatusUnauthorized, code, nil)
	err.Data["wipe"] = true
	return err
}

// ownFaults answers what broke inside with 500 and the code internal: a phone
// tries again later. PocketBase would answer 400, which blames the phone. Who
// hung up hears nothing, and is no fault.
func ownFaults(e *core.RequestEvent) error {
	err := e.Next()
	if _, said := errors.AsType[*router.ApiError](err); err == nil || said || e.Written() || e.Request.Context().Err() != nil {
		return err
	}
	e.App.Logger().Error("Failed to answer a phone", "path", e.Request.URL.Path, "error", err)
	return answer(http.StatusInternalServerError, "internal", nil)
}

// answerProblem answers a problem of the engine that concerns the whole request.
func answerProblem(err error) error {
	p, ok := errors.AsType[*syncer.Problem](err)
	if !ok {
		return err
	}
	out := answer(p.Status, p.Code, p.Params)
	if expected, ok := p.Params["expected"]; ok { // the number from which to go on
		out.Data["expected"] = expected
	}
	return out
}
