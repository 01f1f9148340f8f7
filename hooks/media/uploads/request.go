package uploads

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/handler"

	"satchel/records"
)

// create answers 201 with the upload's Location.
//
// If an unfinished upload of the same blob is there, that one is answered,
// with its Upload-Offset; only a creation that brings bytes starts over.
func (s *Service) create(e *core.RequestEvent) error {
	meta := handler.ParseMetadataHeader(e.Request.Header.Get("Upload-Metadata"))
	row, device, err := s.mine(e, records.BlobID(meta[metaBlob]))
	if err != nil {
		return err
	}
	if row.State() != pending {
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
		if err := s.discard(e.Request.Context(), row.ID()); err != nil {
			return err
		}
	} else {
		s.creating.Lock()
		defer s.creating.Unlock()
		part, err := s.find(e.Request.Context(), row.ID())
		if err == nil {
			h := e.Response.Header()
			h.Set("Location", Path+"/"+row.ID().String())
			h.Set("Upload-Offset", strconv.FormatInt(part.offset, 10))
			h.Set("Upload-Expires", part.expires.UTC().Format(http.TimeFormat))
			return e.NoContent(http.StatusCreated)
		}
		if !errors.Is(err, errGone) && !errors.Is(err, errExpired) {
			return err
		}
	}
	if err := s.room(e, int64(row.Size())); err != nil {
		return err
	}
	if err := s.spend(e, device.Id, int64(row.Size())); err != nil {
		return err
	}
	return s.pass(e, row, s.cfg.Now().Add(s.cfg.Expire), at, s.tus.PostFile)
}

// checkLength leaves a missing or malformed length to tusd.
func checkLength(e *core.RequestEvent, row records.Blob) error {
	length, err := strconv.ParseInt(e.Request.Header.Get("Upload-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil //nolint:nilerr // it is no fault of ours
	}
	limit, err := maxBytes(e.App, row.Purpose())
	switch {
	case err != nil:
		return err
	case length > limit:
		return refuse(http.StatusRequestEntityTooLarge, "blob.too_large", "limit", limit)
	case length != int64(row.Size()):
		return refuse(http.StatusBadRequest, codeSize, "expected", row.Size(), "got", length)
	}
	return nil
}

// resume serves HEAD, PATCH and DELETE of an upload that exists.
func (s *Service) resume(serve http.HandlerFunc) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		row, _, err := s.mine(e, records.BlobID(e.Request.PathValue("id")))
		if err != nil {
			return err
		}
		if row.State() != pending {
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
		if row, _, err = s.mine(e, row.ID()); err != nil {
			return err
		}
		if row.State() != pending {
			return settled(e, row)
		}
		return refuse(http.StatusNotFound, codeUpload)
	}
}

// goOn fails with errGone or errExpired if there is nothing to go on with.
func (s *Service) goOn(e *core.RequestEvent, row records.Blob, serve http.HandlerFunc) error {
	part, err := s.find(e.Request.Context(), row.ID())
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
func (s *Service) catchUp(e *core.RequestEvent, row records.Blob) error {
	unlock, err := s.lock(e.Request.Context(), row.ID())
	if err != nil {
		return err
	}
	defer unlock()
	if row, _, err = s.mine(e, row.ID()); err != nil { // another request may have finished it meanwhile
		return err
	}
	if row.State() == pending {
		if err := s.finish(e, row); err != nil {
			return err
		}
		if row, _, err = s.mine(e, row.ID()); err != nil {
			return err
		}
	}
	return settled(e, row)
}

// settled answers a request for a blob whose outcome is known.
func settled(e *core.RequestEvent, row records.Blob) error {
	method, size := e.Request.Method, strconv.Itoa(row.Size())
	if row.State() == rejected {
		if method == http.MethodPost {
			return refuse(http.StatusConflict, row.Code())
		}
		return refuse(http.StatusGone, row.Code())
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
func (s *Service) mine(e *core.RequestEvent, id records.BlobID) (row records.Blob, device *core.Record, err error) {
	leave, err := s.entrance.enter(e.Request.Context())
	if err != nil {
		return row, nil, err
	}
	defer leave()
	device, err = s.cfg.Device(e, e.Request.Header.Get(DeviceHeader))
	if err != nil {
		return row, nil, err
	}
	row, found, err := records.Blobs.Find(e.App, id)
	if err != nil {
		return row, nil, fmt.Errorf("find blob: %w", err)
	}
	if !found || e.Auth == nil || string(row.Owner()) != e.Auth.Id {
		return row, nil, refuse(http.StatusNotFound, codeBlob)
	}
	return row, device, nil
}
