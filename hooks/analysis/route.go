package analysis

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// define answers GET /api/ka/analysis: the figures that the caller may ask for, in
// words, with the dimensions of each.
func (s *Service) define(e *core.RequestEvent) error {
	v, err := caller(e)
	if err != nil {
		return err
	}
	out := []definition{}
	for _, f := range analysis.Figures {
		if v.Knows(f) {
			out = append(out, definition{f.Key, f.Unit, f.Kind, f.Dimensions, f.Name, f.Formula})
		}
	}
	return e.JSON(http.StatusOK, map[string]any{"figures": out})
}

// definition is a figure in words.
type definition struct {
	Key        string               `json:"key"`
	Unit       analysis.Unit        `json:"unit"`
	Kind       analysis.Kind        `json:"kind"`
	Dimensions []analysis.Dimension `json:"dimensions"`
	Name       domain.Texts         `json:"name"`
	Formula    domain.Texts         `json:"formula"`
}

// answer answers GET /api/ka/analysis/{key}?from&to&by&compare&limit&<dimension>.
func (s *Service) answer(e *core.RequestEvent) error {
	v, err := caller(e)
	if err != nil {
		return err
	}
	q, err := analysis.Read(e.Request.PathValue("key"), e.Request.URL.Query(), domain.BusinessDay(s.cfg.Now()))
	if err != nil {
		return refused(err)
	}
	var out analysis.Answer
	err = s.cfg.Turn(e, func() error {
		return s.read(e.Request.Context(), e.App, func(from reading) error {
			return s.cfg.Page(e, func() (err error) { // facts that are not in memory yet take their time, for all
				out, err = s.ask(e.Request.Context(), from, q, v)
				return err
			})
		})
	})
	if err != nil {
		return refused(err)
	}
	return e.JSON(http.StatusOK, out)
}

// caller is who asks: user_disabled.
func caller(e *core.RequestEvent) (viewer, error) {
	user := records.Users.Of(e.Auth)
	if !user.Active() {
		return viewer{}, gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
	}
	return viewerOf(user), nil
}

// refused answers a problem with the status that it has.
func refused(err error) error {
	p, is := errors.AsType[domain.Problem](err)
	switch {
	case is && p.Code == "analysis.not_allowed":
		return gate.Answer(http.StatusForbidden, p, nil)
	case is && p.Code == "analysis.figure_unknown":
		return gate.Answer(http.StatusNotFound, p, nil)
	}
	return gate.WrapError(err)
}
