package uploads

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/tus/tusd/v2/pkg/handler"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
)

// Codes of refusals.
const (
	codeHash     = "blob.hash_mismatch"  // the bytes are not those announced; they are gone
	codeSize     = "blob.size_mismatch"  // params: expected, got (bytes)
	codeStored   = "blob.already_stored" // nothing more to send
	codeBlob     = "record.not_found"    // no such blobs row, or another user's
	codeUpload   = "upload.not_found"    // create a new one
	codeExpired  = "upload.expired"      // create a new one
	codeLocked   = "upload.locked"       // another request works on it; ask again by HEAD
	codeOffset   = "upload.offset_mismatch"
	codeChecksum = "upload.checksum_mismatch" // the bytes of this request are gone; send them again
	codeQuota    = "upload.quota"             // params: of (count, bytes), limit, frees (when)
	codeDisk     = "upload.disk_full"         // come again after Retry-After
	codeBusy     = "overloaded"               // likewise
	codeGaveWay  = "upload.gave_way"          // likewise: HEAD, then go on; what came stays
	codeFault    = "internal"                 // ours, and logged; ask again later
	codeRequest  = "upload.request"           // params: reason; a mistake of the client's program
)

// refuse makes an API error of a code and pairs of parameter names and values.
func refuse(status int, code string, pairs ...any) error {
	params := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i].(string)] = pairs[i+1]
	}
	return gate.Answer(status, domain.Problem{Code: code, Params: params}, nil)
}

// answered turns what a handler returns into the answer. Whatever is not meant
// for the client is our fault: PocketBase would call it the client's, who then
// would not try again. A HEAD has no body for a code, so its status says what
// a tus client is to do: create anew (404) or give up (410).
func answered(next func(*core.RequestEvent) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		err := next(e)
		head := e.Request.Method == http.MethodHead
		var meant *router.ApiError
		switch {
		case err == nil, errors.As(err, &meant):
			return err
		case errors.Is(err, errSpoilt) && head:
			return refuse(http.StatusNotFound, codeUpload)
		case errors.Is(err, errSpoilt):
			return refuse(http.StatusBadRequest, codeHash)
		case errors.Is(err, errFull), isFull(err):
			e.App.Logger().Warn("no room for uploads", "path", e.Request.URL.Path, "error", err)
			retryAfter(e, fullWait)
			return refuse(http.StatusInsufficientStorage, codeDisk)
		}
		e.App.Logger().Error("upload failed", "path", e.Request.URL.Path, "error", err)
		return refuse(http.StatusInternalServerError, codeFault)
	}
}

// refusal turns the error that tusd wanted to answer, if any, into
// ours, or into errGone.
func (w *answer) refusal(e *core.RequestEvent) error {
	if w.status < 400 {
		return nil
	}
	code, reason, _ := strings.Cut(strings.TrimSpace(w.text.String()), ": ")
	switch code {
	case handler.ErrNotFound.ErrorCode:
		return errGone
	case handler.ErrMismatchOffset.ErrorCode:
		return refuse(http.StatusConflict, codeOffset)
	case handler.ErrLockTimeout.ErrorCode, handler.ErrUploadInterrupted.ErrorCode:
		return refuse(http.StatusLocked, codeLocked)
	case handler.ErrMaxSizeExceeded.ErrorCode:
		return refuse(http.StatusRequestEntityTooLarge, "blob.too_large", "limit", evidence.MaxBlobBytes)
	case handler.ErrSizeExceeded.ErrorCode:
		return refuse(http.StatusRequestEntityTooLarge, codeSize, "expected", w.row.Size())
	case handler.ErrReadTimeout.ErrorCode, handler.ErrConnectionReset.ErrorCode:
		return refuse(http.StatusRequestTimeout, codeRequest, "reason", reason)
	}
	if w.status >= 500 && w.status != http.StatusNotImplemented {
		return fmt.Errorf("serve upload of blob %s: %s: %s", w.row.ID(), code, reason)
	}
	return refuse(w.status, codeRequest, "reason", reason)
}
