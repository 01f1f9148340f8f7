package files

import (
	"strings"
	"time"

	"satchel/domain/evidence"
	"satchel/records"
)

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

func factsOf(row records.Blob, original bool) facts {
	f := facts{
		dir: row.Raw().BaseFilesPath(), mime: row.Mime(), hash: row.SHA256(), original: original,
		removed: row.BytesRemovedAt(), why: string(row.BytesRemovedWhy()),
		files: map[string]string{
			records.BlobColOriginal: row.OriginalField(), records.BlobColPublic: row.Public(), records.BlobColThumb: row.Thumb(), records.BlobColTiny: row.Tiny(),
		},
	}
	// A document has no copies: whoever may see the row reads it as it is.
	if state := row.State(); (state == evidence.BlobStored || state == evidence.BlobDurable) && !evidence.IsPhotoType(f.mime) {
		f.files[records.BlobColPublic] = f.files[records.BlobColOriginal]
	}
	return f
}

// tag tells one content from every other under the same address.
func (f facts) tag(variant string) string {
	if variant == records.BlobColOriginal || f.files[variant] == f.files[records.BlobColOriginal] {
		return `"` + f.hash + `"`
	}
	return `"` + strings.TrimSuffix(f.files[variant], ".jpg") + `"`
}

// served is the content type; inline reports whether a browser may show it.
func (f facts) served(variant string) (mime string, inline bool) {
	if f.files[variant] != f.files[records.BlobColOriginal] {
		return evidence.TypeJPEG, true
	}
	if evidence.IsPhotoType(f.mime) {
		return f.mime, true
	}
	switch f.mime {
	case evidence.TypePDF, evidence.TypeOFD, evidence.TypeXML:
		return f.mime, false
	}
	return "application/octet-stream", false
}

// strip takes the names of the files off the row, which removes them.
func strip(row records.Blob, why records.BlobBytesRemovedWhy, at time.Time) {
	for _, name := range []func(any){row.SetOriginalField, row.SetPublic, row.SetThumb, row.SetTiny} {
		name("")
	}
	row.SetBytesRemovedAt(at)
	row.SetBytesRemovedWhy(why)
}

// auditor reports whether a user looks at originals.
func auditor(user records.User) bool {
	return user.Active() && (user.Role() == "auditor" || user.Role() == "admin")
}
