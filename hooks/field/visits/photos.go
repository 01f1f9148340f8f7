package visits

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// photos are blobs, of which those of a visit hang on one of its steps.
func (s *service) photos() kit.Collection {
	return kit.Collection{
		Name:   records.BlobTable,
		Within: s.within(records.BlobColVisit),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Blobs, "blobCreate", photoCreate),
			kit.On(kit.CreateExecute, records.Blobs, "blobCounted", s.recount),
			kit.On(kit.UpdateExecute, records.Blobs, "blobRecounted", s.recount),
			kit.On(kit.DeleteExecute, records.Blobs, "blobGone", s.recount),
		},
	}
}

// photoCreate ties a photo to its step, and so to its visit and account. A blob
// of another purpose hangs on no visit.
func photoCreate(e *kit.Change[records.Blob]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if e.Row.Purpose() != evidence.BlobVisitPhoto {
		switch {
		case e.Row.Visit() != "":
			return gate.RefuseField(records.BlobColVisit, "field.locked")
		case e.Row.Step() != "":
			return gate.RefuseField(records.BlobColStep, "field.locked")
		}
		return e.Next()
	}
	if err := gate.LockFields(e.RecordEvent, records.BlobColAccount); err != nil {
		return err
	}
	step, found, err := records.VisitSteps.Find(e.App, e.Row.Step())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.BlobColStep, "record.not_found")
	}
	visit, err := ownVisit(e.RecordEvent, step.Visit())
	if err != nil {
		return err
	}
	if named := e.Row.Visit(); named != "" && named != visit.ID() {
		return gate.RefuseField(records.BlobColVisit, "record.not_found")
	}
	if named := e.Row.Owner(); named != "" && named != visit.Owner() {
		return gate.RefuseField(records.BlobColOwner, "visit.not_owner")
	}
	if err := stepHasRoom(e.App, step.ID()); err != nil {
		return err
	}
	e.Row.SetVisit(visit.ID())
	inherit(e.Row, visit)
	return e.Next()
}

// stepHasRoom counts the photos of a step, but for refused ones: blob.step_full.
func stepHasRoom(app core.App, step records.VisitStepID) error {
	limit, err := gate.SettingsNow(app).MediaStepPhotos()
	if err != nil {
		return err
	}
	n, err := records.Blobs.Count(app, "step = {:step} AND state <> {:out}", dbx.Params{"step": step, "out": evidence.BlobRejected})
	if err == nil && n >= limit {
		return gate.Refuse("blob.step_full", "limit", limit)
	}
	return err
}
