package files

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// serve answers the bytes behind an address, if its user may still see them.
func (s *Service) serve(e *core.RequestEvent) error {
	id, variant := records.BlobID(e.Request.PathValue("id")), e.Request.PathValue("variant")
	query := e.Request.URL.Query()
	expires, err := strconv.ParseInt(query.Get("e"), 10, 64)
	if err != nil {
		return answer(http.StatusForbidden, "address.invalid", nil)
	}
	user, found, err := s.user(e.App, records.UserID(query.Get("u")))
	if err != nil {
		return err
	}
	if !found || subtle.ConstantTimeCompare([]byte(signature(user.Raw(), query.Get("k"), id, variant, expires)), []byte(query.Get("s"))) != 1 {
		return answer(http.StatusForbidden, "address.invalid", nil)
	}
	left := time.Unix(expires, 0).Sub(s.cfg.Now())
	if left <= 0 {
		return answer(http.StatusForbidden, "address.expired", nil)
	}
	if err := s.cfg.Session(e.App, user.Raw(), gate.ReadMark(query.Get("k"))); err != nil {
		return err
	}
	seen, err := s.admit(e.App, user, []records.BlobID{id})
	if err != nil {
		return err
	}
	f, ok := seen[id]
	switch {
	case !ok || variant == records.BlobColOriginal && !f.original:
		return answer(http.StatusNotFound, "record.not_found", nil)
	case !f.removed.IsZero():
		return answer(http.StatusGone, "blob.bytes_removed", map[string]any{"at": f.removed.Format(time.RFC3339), "why": f.why})
	case f.files[variant] == "":
		return answer(http.StatusNotFound, "blob.not_here", nil)
	}
	return send(e, f, variant, left)
}

// send writes a file of the storage with its fixed type, in the ranges asked for.
func send(e *core.RequestEvent, f facts, variant string, left time.Duration) error {
	storage, err := e.App.NewFilesystem()
	if err != nil {
		return fmt.Errorf("open the storage: %w", err)
	}
	defer storage.Close() //nolint:errcheck // it is only read
	name := f.files[variant]
	file, err := storage.GetReader(f.dir + "/" + name)
	if errors.Is(err, filesystem.ErrNotFound) {
		e.App.Logger().Error("a row names a file that is not in the storage", "file", f.dir+"/"+name)
		return answer(http.StatusNotFound, "blob.not_here", nil)
	}
	if err != nil {
		return fmt.Errorf("read the storage: %w", err)
	}
	defer file.Close() //nolint:errcheck // likewise
	mime, inline := f.served(variant)
	disposition := "attachment"
	if inline {
		disposition = "inline"
	}
	h := e.Response.Header()
	h.Set("Content-Type", mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", disposition+"; filename="+strconv.Quote(filepath.Base(name)))
	h.Set("Cache-Control", "private, immutable, max-age="+strconv.Itoa(int(left.Seconds())))
	h.Set("ETag", f.tag(variant))
	http.ServeContent(e.Response, e.Request, name, file.ModTime(), file)
	return nil
}

// guardOriginal keeps PocketBase's own route from giving originals to whoever
// may see the row.
func guardOriginal(e *core.FileDownloadRequestEvent) error {
	if e.FileField.Name != records.BlobColOriginal {
		return e.Next()
	}
	user, err := e.App.FindAuthRecordByToken(e.Request.URL.Query().Get("token"), core.TokenTypeFile)
	if err == nil && (user.IsSuperuser() || user.Collection().Name == gate.Users && auditor(records.Users.Of(user))) {
		return e.Next()
	}
	return answer(http.StatusNotFound, "record.not_found", nil)
}
