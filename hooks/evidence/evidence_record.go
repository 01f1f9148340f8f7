package evidence

import (
	"encoding/json/v2"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/media"
)

const (
	blobs    = "blobs"
	visits   = "visits"
	accounts = "accounts"
	pairs    = "photo_matches"
	signals  = "signals"
)

// photo is a row of blobs.
type photo struct{ *core.Record }

func (p photo) owner() string   { return p.GetString("owner") }
func (p photo) account() string { return p.GetString("account") }
func (p photo) visit() string   { return p.GetString("visit") }
func (p photo) device() string  { return p.GetString("device") }
func (p photo) source() string  { return p.GetString("source") }
func (p photo) sha256() string  { return p.GetString("sha256") }
func (p photo) takenAt() string { return p.GetString("taken_at") }
func (p photo) hasExif() bool   { return p.takenAt() != "" || p.GetString("device_make") != "" }
func (p photo) paper() bool     { return p.GetString("purpose") != domain.BlobVisitPhoto }

func (p photo) stored() bool {
	state := p.GetString("state")
	return state == domain.BlobStored || state == domain.BlobDurable
}

// made is when the phone announced the photo, as the server heard of it.
func (p photo) made() time.Time { return p.GetDateTime("created").Time() }

func (p photo) place() domain.Position {
	if !p.GetBool("has_gps") {
		return domain.Position{}
	}
	return domain.Position{Lat: p.GetFloat("lat"), Lng: p.GetFloat("lng")}
}

// look is what the picture looks like; none if the blob is no picture.
func (p photo) look() (media.Look, bool) { return lookOf(p.GetString("phash"), p.GetString("colours")) }

func lookOf(light, colours string) (l media.Look, ok bool) {
	var err error
	if l.Light, err = strconv.ParseUint(light, 16, 64); err != nil {
		return l, false
	}
	if len(colours) == 32 {
		for i := range l.Colours {
			if l.Colours[i], err = strconv.ParseUint(colours[16*i:16*i+16], 16, 64); err != nil {
				return l, false
			}
		}
	}
	return l, true
}

func lookID(id string) (out media.ID) {
	copy(out[:], id)
	return out
}

// setSignals tells whether the row differs from what it was.
func (p photo) setSignals(reasons []domain.RiskReason) bool {
	text, err := json.Marshal(reasons, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("reasons of a photo: %v", err)) // numbers and texts always fit
	}
	before := p.GetString(signals)
	if before == string(text) || len(reasons) == 0 && (before == "" || before == "null") {
		return false
	}
	p.Set(signals, string(text))
	return true
}

func visitFrom(r *core.Record) time.Time { return r.GetDateTime("in_at").Time() }
func visitTo(r *core.Record) time.Time   { return r.GetDateTime("out_at").Time() }

func placeOf(account *core.Record) domain.Position {
	return domain.Position{Lat: account.GetFloat("lat"), Lng: account.GetFloat("lng")}
}

func nameOf(r *core.Record) string    { return r.GetString("name") }
func addressOf(r *core.Record) string { return r.GetString("address") }
func roleOf(r *core.Record) string    { return r.GetString("role") }
func activeOf(r *core.Record) bool    { return r.GetBool("active") }

func setPair(r *core.Record, blob, other string, m domain.PhotoMatch) {
	r.Set("blob", blob)
	r.Set("other", other)
	r.Set("kind", m.Kind)
	r.Set("distance", m.Distance)
	r.Set("mirrored", m.Mirrored)
}
