package previews

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/media"
)

const (
	dashboardSize = "100x100" // PocketBase takes it for every field
	comeAgain     = "10"      // seconds
	sniffed       = 64        // bytes that tell a type
)

// download serves the preview in the place of a picture. What is no picture of an
// accepted type, and any size that the field does not name, is served as it is, as
// PocketBase does.
func (s *service) download(e *core.FileDownloadRequestEvent) error {
	size, _ := e.Get(askedKey).(string)
	if s.cfg.Make == nil || size != dashboardSize && !slices.Contains(e.FileField.Thumbs, size) {
		return e.Next()
	}
	files, err := e.App.NewFilesystem()
	if err != nil {
		return s.later(e, err)
	}
	defer files.Close() //nolint:errcheck // what it wrote is closed
	name := path.Base(e.ServedPath)
	p := preview{
		files: files, original: e.ServedPath, size: size,
		dir: path.Dir(e.ServedPath) + "/thumbs_" + name + "/", // removed with the file, by PocketBase
	}
	p.path = p.dir + size + "_" + name
	if picture, err := p.picture(); errors.Is(err, filesystem.ErrNotFound) || err == nil && !picture {
		return e.Next()
	} else if err != nil {
		return s.later(e, err)
	}
	err = s.provide(e, p)
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		return gate.Answer(http.StatusUnprocessableEntity, domain.Problem{Code: refusal.Code, Params: refusal.Params}, nil)
	}
	if errors.Is(err, filesystem.ErrNotFound) {
		return e.Next() // it was removed meanwhile
	}
	if errors.Is(err, errTooMany) {
		e.Response.Header().Set("Retry-After", comeAgain)
		return gate.Answer(http.StatusTooManyRequests, domain.Problem{Code: "preview.at_once", Params: map[string]any{"limit": waiting}}, nil)
	}
	if err != nil {
		return s.later(e, err)
	}
	e.ServedPath, e.ServedName = p.path, size+"_"+name
	return e.Next()
}

// later answers what says nothing of the file.
func (s *service) later(e *core.FileDownloadRequestEvent, err error) error {
	if e.Request.Context().Err() == nil {
		e.App.Logger().Warn("failed to make a preview", "file", e.ServedPath, "error", err)
	}
	e.Response.Header().Set("Retry-After", comeAgain)
	return gate.Answer(http.StatusServiceUnavailable, domain.Problem{Code: "preview.later"}, nil)
}

var errTooMany = errors.New("too many previews at once")

// provide sees to it that the preview lies in the storage.
func (s *service) provide(e *core.FileDownloadRequestEvent, p preview) error {
	if there, err := p.made(); there || err != nil {
		return err
	}
	if refusal := s.refused.of(p.path, s.cfg.Now()); refusal != nil {
		return refusal
	}
	place, ok := s.places.Open(nil, gate.Share{Of: holder(e), Most: waiting})
	if !ok {
		return errTooMany
	}
	defer place.Close()
	ctx, cancel := context.WithTimeout(e.Request.Context(), patience)
	defer cancel()
	leave, err := s.turns.enter(ctx, holder(e))
	if err != nil {
		return err
	}
	defer leave()
	// Whoever had the turn before may have made it.
	if there, err := p.made(); there || err != nil {
		return err
	}
	if refusal := s.refused.of(p.path, s.cfg.Now()); refusal != nil {
		return refusal
	}
	err = p.make(ctx, s.cfg.Make)
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		s.refused.note(p.path, refusal, s.cfg.Now())
	}
	return err
}

// holder is who asks: the user of the file token or of the request, else a network.
func holder(e *core.FileDownloadRequestEvent) string {
	if user, err := e.App.FindAuthRecordByToken(e.Request.URL.Query().Get("token"), core.TokenTypeFile); err == nil {
		return user.Id
	}
	if e.Auth != nil {
		return e.Auth.Id
	}
	return gate.Network(e.RealIP())
}

// picture tells by content whether the original is one that previews are made of.
func (p preview) picture() (bool, error) {
	in, err := p.files.GetReader(p.original)
	if err != nil {
		return false, err
	}
	defer in.Close() //nolint:errcheck // it is only read
	head, err := io.ReadAll(io.LimitReader(in, sniffed))
	if err != nil {
		return false, err
	}
	_, err = media.Sniff(head)
	return err == nil, nil
}
