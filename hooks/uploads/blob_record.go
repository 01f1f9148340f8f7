package uploads

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/media"
)

const (
	blobsCollection = "blobs"

	pending  = domain.BlobPending
	received = domain.BlobReceived
	rejected = domain.BlobRejected

	fieldOriginal = "original"
	fieldPublic   = "public"
	fieldThumb    = "thumb"
	fieldTiny     = "tiny"
)

var (
	// filled is what the server alone writes, on a new row too.
	filled = []string{
		"late", "released_by", "device", "dept", "manager", "code", fieldOriginal, fieldPublic, fieldThumb, fieldTiny,
		"width", "height", "orientation", "taken_at", "lat", "lng", "has_gps", "phash", "device_make", "device_model", "device_software",
		"screenshot", "received_at", "stored_at", "hold", "hold_reason", "hold_by", "hold_at", "bytes_removed_at", "bytes_removed_why",
	}
	// announced is what the phone says once.
	announced = []string{"state", "owner", "account", "visit", "step", "sha256", "size", "mime", "purpose", "source"}
)

// blob is a row of blobs.
type blob struct{ *core.Record }

func (b blob) owner() string    { return b.GetString("owner") }
func (b blob) account() string  { return b.GetString("account") }
func (b blob) state() string    { return b.GetString("state") }
func (b blob) code() string     { return b.GetString("code") }
func (b blob) purpose() string  { return b.GetString("purpose") }
func (b blob) mime() string     { return b.GetString("mime") }
func (b blob) sha256() string   { return strings.ToLower(b.GetString("sha256")) }
func (b blob) size() int64      { return int64(b.GetInt("size")) }
func (b blob) original() string { return b.GetString(fieldOriginal) }

func (b blob) receive(at time.Time) {
	b.Set("state", received)
	b.Set("received_at", at)
}

// await puts the row back to where its bytes are on the phone.
func (b blob) await() {
	b.Set("state", pending)
	b.Set("received_at", "")
}

func (b blob) reject(code string) {
	b.Set("state", rejected)
	b.Set("code", code)
}

// keep notes what the bytes came to, under the names of the files in the storage.
func (b blob) keep(state, mime string, names map[string]string, facts media.Facts, at time.Time) {
	for field, name := range names {
		b.Set(field, name)
	}
	b.Set("state", state)
	b.Set("mime", mime)
	b.Set("code", "")
	b.Set("stored_at", at)
	if !domain.IsPhotoType(mime) {
		return
	}
	for name, value := range map[string]any{
		"width": facts.Width, "height": facts.Height, "orientation": facts.Orientation,
		"taken_at": facts.TakenAt, "has_gps": facts.HasGPS, "lat": facts.Lat, "lng": facts.Lng,
	} {
		b.Set(name, value)
	}
}

func (b blob) originalName(mime string) string { return b.Id + extension[mime] }

// copyName differs if the content does: an address of a copy means one content.
func (b blob) copyName(field string, content []byte) string {
	sum := sha256.Sum256(content)
	return b.Id + "_" + field + "_" + hex.EncodeToString(sum[:6]) + ".jpg"
}

// extension of what is kept; other content has none.
var extension = map[string]string{
	domain.TypeJPEG: ".jpg", domain.TypePNG: ".png", domain.TypeWebP: ".webp",
	domain.TypePDF: ".pdf", domain.TypeOFD: ".ofd", domain.TypeXML: ".xml",
}
