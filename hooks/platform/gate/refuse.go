package gate

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	_ "satchel/domain/catalog" // what refusals say
)

// Action is a state change that people and phones ask for by name. It runs in
// the caller's transaction; ctx carries the Actor.
type Action func(ctx context.Context, txApp core.App, record *core.Record, args jsontext.Value) error

// Actions by "collection.action".
type Actions map[string]Action

// refusal is a problem that PocketBase answers as it stands.
type refusal struct {
	problem domain.Problem
	api     *router.ApiError
}

func (r *refusal) Error() string   { return r.problem.Error() }
func (r *refusal) Unwrap() []error { return []error{r.api, r.problem} }

// Answer makes an API error of a problem: code, params and both texts in data.
// fields adds a code per field.
func Answer(status int, p domain.Problem, fields map[string]string) *router.ApiError {
	data := map[string]any{"code": p.Code, "zh": p.Text("zh"), "en": p.Text("en")}
	if len(p.Params) > 0 {
		data["params"] = p.Params
	}
	for field, code := range fields {
		if _, taken := data[field]; taken {
			continue // a field called like a member of the answer; params names it
		}
		data[field] = map[string]any{"code": code, "message": domain.Problem{Code: code, Params: map[string]any{"field": field}}.Text("en")}
	}
	err := router.NewApiError(status, p.Text("en"), nil)
	err.Data = data
	return err
}

// Refuse makes the error of a refused write: errors.As finds a *router.ApiError
// (400) and a domain.Problem. params are name, value, name, value …
func Refuse(code string, params ...any) error { return Wrap(problem(code, params), nil) }

// Wrap makes the error of a refused write from a rule's problem.
func Wrap(p domain.Problem, fields map[string]string) error {
	return &refusal{problem: p, api: Answer(http.StatusBadRequest, p, fields)}
}

// WrapError makes a refusal of a rule's problem; other errors stay as they are.
func WrapError(err error) error {
	if p, ok := errors.AsType[domain.Problem](err); ok {
		return Wrap(p, nil)
	}
	return err
}

// RefuseField refuses one field. params are name, value, name, value …
func RefuseField(field, code string, params ...any) error {
	return Wrap(problem(code, append([]any{"field", field}, params...)), map[string]string{field: code})
}

func problem(code string, params []any) domain.Problem {
	p := domain.Problem{Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if p.Params == nil {
			p.Params = map[string]any{}
		}
		p.Params[fmt.Sprint(params[i])] = params[i+1]
	}
	return p
}

// ProblemOf reads the problem of an error: a refusal, or PocketBase's
// validation of fields as code "validation" with a code per field.
func ProblemOf(err error) (p domain.Problem, fields map[string]string, ok bool) {
	if p, ok = errors.AsType[domain.Problem](err); ok {
		if field, named := p.Params["field"].(string); named {
			fields = map[string]string{field: p.Code}
		}
		return p, fields, true
	}
	invalid, ok := errors.AsType[validation.Errors](err)
	if !ok {
		return p, nil, false
	}
	fields = map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(invalid)) {
		fields[field] = "invalid"
		if coded, ok := invalid[field].(validation.Error); ok { //nolint:errorlint // the library's own interface
			fields[field] = coded.Code()
		}
	}
	return domain.Problem{Code: "validation"}, fields, true
}
