package blobs

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const (
	collection = "blobs"

	fieldOriginal = "original"
	fieldPublic   = "public"
	fieldThumb    = "thumb"
	fieldTiny     = "tiny"
)

var copies = []string{fieldPublic, fieldThumb, fieldTiny}

// facts are what of a row its bytes are served by.
type facts struct {
	dir      string            // in the storage
	files    map[string]string // by variant
	mime     string            // of the original
	hash     string
	removed  time.Time // zero unless the bytes were removed
	why      string
	original bool // the reader may have it
}

func factsOf(r *core.Record, original bool) facts {
	f := facts{
		dir: r.BaseFilesPath(), mime: r.GetString("mime"), hash: r.GetString("sha256"), original: original,
		removed: r.GetDateTime("bytes_removed_at").Time(), why: r.GetString("bytes_removed_why"),
		files: map[string]string{fieldOriginal: r.GetString(fieldOriginal)},
	}
	for _, field := range copies {
		f.files[field] = r.GetString(field)
	}
	// A document has no copies: whoever may see the row reads it as it is.
	if state := r.GetString("state"); (state == domain.BlobStored || state == domain.BlobDurable) && !domain.IsPhotoType(f.mime) {
		f.files[fieldPublic] = f.files[fieldOriginal]
	}
	return f
}

// tag tells one content from every other under the same address.
func (f facts) tag(variant string) string {
	if variant == fieldOriginal || f.files[variant] == f.files[fieldOriginal] {
		return `"` + f.hash + `"`
	}
	return `"` + strings.TrimSuffix(f.files[variant], ".jpg") + `"`
}

// served is the content type; inline tells whether a browser may show it.
func (f facts) served(variant string) (mime string, inline bool) {
	if f.files[variant] != f.files[fieldOriginal] {
		return domain.TypeJPEG, true
	}
	if domain.IsPhotoType(f.mime) {
		return f.mime, true
	}
	switch f.mime {
	case domain.TypePDF, domain.TypeOFD, domain.TypeXML:
		return f.mime, false
	}
	return "application/octet-stream", false
}

func holds(r *core.Record) bool { return r.GetBool("hold") }

func setHold(r *core.Record, by, reason string, at time.Time) {
	r.Set("hold", true)
	r.Set("hold_by", by)
	r.Set("hold_reason", reason)
	r.Set("hold_at", at)
}

func endHold(r *core.Record) {
	for _, field := range []string{"hold", "hold_by", "hold_reason", "hold_at"} {
		r.Set(field, nil)
	}
}

// strip takes the names of the files off the row, which removes them.
func strip(r *core.Record, why string, at time.Time) {
	for _, field := range append(copies, fieldOriginal) {
		r.Set(field, "")
	}
	r.Set("bytes_removed_at", at)
	r.Set("bytes_removed_why", why)
}

func removedAt(r *core.Record) time.Time { return r.GetDateTime("bytes_removed_at").Time() }

// auditor tells whether a user looks at originals.
func auditor(user *core.Record) bool {
	role := user.GetString("role")
	return user.GetBool("active") && (role == "auditor" || role == "admin")
}

func active(user *core.Record) bool { return user.GetBool("active") }
