package uploads

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/media"
)

const (
	blobsCollection = "blobs"
	stepsCollection = "visit_steps"

	pending  = "pending"
	stored   = "stored"
	rejected = "rejected"
)

// blob is a row of blobs.
type blob struct{ *core.Record }

func (b blob) owner() string  { return b.GetString("owner") }
func (b blob) state() string  { return b.GetString("state") }
func (b blob) code() string   { return b.GetString("code") }
func (b blob) sha256() string { return strings.ToLower(b.GetString("sha256")) }
func (b blob) size() int64    { return int64(b.GetInt("size")) }
func (b blob) step() string   { return b.GetString("step") }

func (b blob) reject(code string) {
	b.Set("state", rejected)
	b.Set("code", code)
}

// keep notes the facts and takes over the file at path as the original.
func (b blob) keep(path string, facts media.Facts, at time.Time) error {
	original, err := filesystem.NewFileFromPath(path)
	if err != nil {
		return fmt.Errorf("open the original: %w", err)
	}
	original.Name = b.Id + extension[facts.Type]
	when, err := types.ParseDateTime(at)
	if err != nil {
		return fmt.Errorf("note the time: %w", err)
	}
	for name, value := range map[string]any{
		"original": original, "mime": string(facts.Type),
		"width": facts.Width, "height": facts.Height, "orientation": facts.Orientation,
		"taken_at": facts.TakenAt, "has_gps": facts.HasGPS, "lat": facts.Lat, "lng": facts.Lng,
		"state": stored, "code": "", "stored_at": when,
	} {
		b.Set(name, value)
	}
	return nil
}

var extension = map[media.Type]string{media.JPEG: ".jpg", media.PNG: ".png", media.WebP: ".webp"}

// step is a row of visit_steps.
type step struct{ *core.Record }

// The names tell the blob, and a repeated attempt writes over the files of
// one that died half-way.
func photoName(blob string) string { return blob + ".jpg" }
func thumbName(blob string) string { return blob + "_thumb.jpg" }

func (s step) has(blob string) bool {
	return slices.Contains(s.GetStringSlice("photos"), photoName(blob))
}

// room returns how many photos a step takes, and whether another one fits.
func (s step) room() (limit int, free bool) {
	field, ok := s.Collection().Fields.GetByName("photos").(*core.FileField)
	if !ok {
		return 0, true
	}
	return field.MaxSelect, len(s.GetStringSlice("photos")) < field.MaxSelect
}

func (s step) attach(blob string, copies media.Copies) error {
	for _, c := range []struct {
		field, name string
		bytes       []byte
	}{{"photos", photoName(blob), copies.Public}, {"thumbs", thumbName(blob), copies.Thumb}} {
		file, err := filesystem.NewFileFromBytes(c.bytes, c.name)
		if err != nil {
			return fmt.Errorf("attach %s: %w", c.name, err)
		}
		file.Name = c.name
		s.Set(c.field+"+", file)
	}
	return nil
}
