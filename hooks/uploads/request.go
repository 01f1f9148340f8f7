package uploads

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/handler"
)

// create answers 201 with the upload's Location.
//
// If an unfinished upload of the same blob is there, that one is answered,
// with its Upload-Offset; only a creation that brings bytes starts over.
func (s *Service) create(e *core.RequestEvent) error {
	meta := handler.ParseMetadataHeader(e.Request.Header.Get("Upload-Metadata"))
	row, device, err := s.mine(e, meta[metaBlob])
	if err != nil {
		return err
	}
	if row.state() != pending {
		return settled(e, row)
	}
	if err := checkLength(e, row); err != nil {
		return err
	}
	var at *turn
	if e.Request.Header.Get("Content-Type") == bytesType {
		if at, err = s.turn(e); err != nil {
			return err
		}
		defer s.turns.leave(at)
		if err := s.discard(e.Request.Context(), row.Id); err != nil {
			return err
		}
	} else {
		s.creating.Lock()
		defer s.creating.Unlock()
		part, err := s.find(e.Request.Context(), row.Id)
		if err == nil {
			h := e.Response.Header()
			h.Set("Location", Path+"/"+row.Id)
			h.Set("Upload-Offset", strconv.FormatInt(part.offset, 10))
			h.Set("Upload-Expires", part.expires.UTC().Format(http.TimeFormat))
			return e.NoContent(http.StatusCreated)
		}
		if !errors.Is(err, errGone) && !errors.Is(err, errExpired) {
			return err
		}
	}
	if err := s.room(e, row.size()); err != nil {
		return err
	}
	if err := s.spend(e, device.Id, row.size()); err != nil {
		return err
	}
	return s.pass(e, row, s.cfg.Now().Add(s.cfg.Expire), at, s.tus.PostFile)
}

// checkLength leaves a missing or malformed length to tusd.
func checkLength(e *core.RequestEvent, row blob) error {
	length, err := strconv.ParseInt(e.Request.Header.Get("Upload-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil //nolint:nilerr // it is no fault of ours
	}
	limit, err := maxBytes(e.App, row.purpose())
	switch {
	case err != nil:
		return err
	case length > limit:
		return refuse(http.StatusRequestEntityTooLarge, "blob.too_large", "limit", limit)
	case length != row.size():
		return refuse(http.StatusBadRequest, codeSize, "expected", row.size(), "got", length)
	}
	return nil
}

// resume serves HEAD, PATCH and DELETE of an upload that exists.
func (s *Service) resume(serve http.HandlerFunc) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		row, _, err := s.mine(e, e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		if row.state() != pending {
			return settled(e, row)
		}
		err = s.goOn(e, row, serve)
		if errors.Is(err, errExpired) {
			return refuse(http.StatusGone, codeExpired)
		}
		if !errors.Is(err, errGone) {
			return err
		}
		// Another request may have finished it since the row was read.
		if row, _, err = s.mine(e, row.Id); err != nil {
			return err
		}
		if row.state() != pending {
			return settled(e, row)
		}
		return refuse(http.StatusNotFound, codeUpload)
	}
}

// goOn fails with errGone or errExpired if there is nothing to go on with.
func (s *Service) goOn(e *core.RequestEvent, row blob, serve http.HandlerFunc) error {
	part, err := s.find(e.Request.Context(), row.Id)
	if err != nil {
		return err
	}
	if part.offset == part.size && e.Request.Method != http.MethodDelete {
		return s.catchUp(e, row)
	}
	var at *turn
	if e.Request.Method == http.MethodPatch {
		if at, err = s.turn(e); err != nil {
			return err
		}
		defer s.turns.leave(at)
		if err := s.room(e, max(0, e.Request.ContentLength)); err != nil {
			return err
		}
	}
	return s.pass(e, row, part.expires, at, serve)
}

// catchUp finishes an upload that is whole but was not finished, because the
// server died or failed after the last byte.
func (s *Service) catchUp(e *core.RequestEvent, row blob) error {
	unlock, err := s.lock(e.Request.Context(), row.Id)
	if err != nil {
		return err
	}
	defer unlock()
	if row, _, err = s.mine(e, row.Id); err != nil { // another request may have finished it meanwhile
		return err
	}
	if row.state() == pending {
		if err := s.finish(e, row); err != nil {
			return err
		}
		if row, _, err = s.mine(e, row.Id); err != nil {
			return err
		}
	}
	return settled(e, row)
}

// settled answers a request for a blob whose outcome is known.
func settled(e *core.RequestEvent, row blob) error {
	method, size := e.Request.Method, strconv.FormatInt(row.size(), 10)
	if row.state() == rejected {
		if method == http.MethodPost {
			return refuse(http.StatusConflict, row.code())
		}
		return refuse(http.StatusGone, row.code())
	}
	h := e.Response.Header()
	switch {
	case method == http.MethodHead:
		h.Set("Upload-Offset", size)
		h.Set("Upload-Length", size)
		h.Set("Cache-Control", "no-store")
		return e.NoContent(http.StatusOK)
	case method == http.MethodPatch && e.Request.Header.Get("Upload-Offset") == size:
		h.Set("Upload-Offset", size)
		return e.NoContent(http.StatusNoContent)
	case method == http.MethodDelete:
		return refuse(http.StatusNotFound, codeUpload)
	}
	return refuse(http.StatusConflict, codeStored)
}

// mine lets the request's device pass and returns the user's own blobs row.
// Another user's row is not told apart from none.
func (s *Service) mine(e *core.RequestEvent, id string) (row blob, device *core.Record, err error) {
	device, err = s.cfg.Device(e, e.Request.Header.Get(DeviceHeader))
	if err != nil {
		return blob{}, nil, err
	}
	rec, err := e.App.FindRecordById(blobsCollection, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return blob{}, nil, fmt.Errorf("find blob: %w", err)
	}
	if err != nil || e.Auth == nil || (blob{rec}).owner() != e.Auth.Id {
		return blob{}, nil, refuse(http.StatusNotFound, codeBlob)
	}
	return blob{rec}, device, nil
}
