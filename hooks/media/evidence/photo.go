package evidence

import (
	"encoding/json/v2"
	"fmt"
	"strconv"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/media"
	"satchel/records"
)

// photo is a row of blobs.
type photo struct{ records.Blob }

func (p photo) hasExif() bool { return p.TakenAt() != "" || p.DeviceMake() != "" }
func (p photo) paper() bool   { return p.Purpose() != evidence.BlobVisitPhoto }

func (p photo) stored() bool {
	return p.State() == evidence.BlobStored || p.State() == evidence.BlobDurable
}

func (p photo) place() domain.Position {
	if !p.HasGps() {
		return domain.Position{}
	}
	return domain.Position{Lat: p.Lat(), Lng: p.Lng()}
}

// look is what the picture looks like; none if the blob is no picture.
func (p photo) look() (media.Look, bool) { return lookOf(p.Phash(), p.Colours()) }

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

func lookID(id records.BlobID) (out media.ID) {
	copy(out[:], id)
	return out
}

// say writes the reasons that a photo gives, and reports whether they are others than before.
func (p photo) say(reasons []domain.RiskReason) (changed bool, err error) {
	before, err := p.Signals()
	if err != nil {
		return false, err
	}
	if written(before) == written(reasons) {
		return false, nil
	}
	p.SetSignals(append([]domain.RiskReason{}, reasons...)) // none is an empty list, not null
	return true, nil
}

// written is the text of reasons: numbers among their params have another type once they were stored.
func written(reasons []domain.RiskReason) string {
	text, err := json.Marshal(reasons, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("reasons of a photo: %v", err)) // numbers and texts always fit
	}
	return string(text)
}

func placeOf(account records.Account) domain.Position {
	return domain.Position{Lat: account.Lat(), Lng: account.Lng()}
}
