package api

import (
	"errors"

	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// answer makes an API error with a stable code and its texts in both languages.
func answer(status int, code string, params map[string]any) *router.ApiError {
	return gate.Fail(status, code, params)
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
