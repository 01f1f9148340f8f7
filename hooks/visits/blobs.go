package visits

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// stepPhotosKey is the setting of how many photos a step takes.
const (
	stepPhotosKey     = "media.step_photos"
	defaultStepPhotos = 40
)

func (s *Service) bindBlobs(app core.App) {
	app.OnRecordCreate(blobs).Bind(gate.Named("blobCreate", gate.Atomic(blobCreate)))
	app.OnRecordCreateExecute(blobs).Bind(gate.Named("blobCounted", gate.Atomic(s.recount)))
	app.OnRecordUpdateExecute(blobs).Bind(gate.Named("blobRecounted", gate.Atomic(s.recount)))
	app.OnRecordDeleteExecute(blobs).Bind(gate.Named("blobGone", gate.Atomic(s.recount)))
}

// blobCreate ties a photo to its step, and so to its visit and account. A blob
// of another purpose hangs on no visit.
func blobCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if e.Record.GetString("purpose") != domain.BlobVisitPhoto {
		for _, f := range []string{"visit", "step"} {
			if e.Record.GetString(f) != "" {
				return gate.RefuseField(f, "field.locked")
			}
		}
		return e.Next()
	}
	if err := gate.LockFields(e, "account"); err != nil {
		return err
	}
	step, err := e.App.FindRecordById(steps, e.Record.GetString("step"))
	if err != nil {
		return gate.RefuseField("step", "record.not_found")
	}
	visit, err := visitOf(e, step.GetString("visit"))
	if err != nil {
		return err
	}
	if named := e.Record.GetString("visit"); named != "" && named != visit.Id {
		return gate.RefuseField("visit", "record.not_found")
	}
	if named := ownerOf(e.Record); named != "" && named != ownerOf(visit) {
		return gate.RefuseField(fieldOwner, "visit.not_owner")
	}
	if err := stepHasRoom(e.App, step.Id); err != nil {
		return err
	}
	e.Record.Set("visit", visit.Id)
	copyPlace(e.Record, visit)
	return e.Next()
}

// stepHasRoom counts the photos of a step, but for refused ones.
func stepHasRoom(app core.App, step string) error {
	limit, err := gate.Setting(app, stepPhotosKey, defaultStepPhotos)
	if err != nil {
		return err
	}
	var n int
	err = app.DB().NewQuery("SELECT COUNT(*) FROM blobs WHERE step = {:step} AND state <> {:out}").
		Bind(dbx.Params{"step": step, "out": domain.BlobRejected}).Row(&n)
	if err == nil && n >= limit {
		return gate.Refuse("blob.step_full", "limit", limit)
	}
	return err
}

// recount keeps visits.photos_missing equal to the visit's pending photos, and
// what its photos say in the visit's risk.
func (s *Service) recount(e *core.RecordEvent) error {
	signals := e.Record.GetString("signals") != e.Record.Original().GetString("signals") ||
		e.Type == core.ModelEventTypeDelete && len(reasonsOf(e.Record, "signals")) > 0
	if err := e.Next(); err != nil {
		return err
	}
	id := visitIDOf(e.Record)
	if id == "" {
		return nil
	}
	visit, err := e.App.FindRecordById(visits, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the visit goes, and its photos with it
	}
	if err != nil {
		return err
	}
	var missing int
	err = e.App.DB().NewQuery("SELECT COUNT(*) FROM blobs WHERE visit = {:v} AND state = {:s}").
		Bind(dbx.Params{"v": id, "s": domain.BlobPending}).Row(&missing)
	if err != nil || visit.GetInt("photos_missing") == missing && !signals {
		return err
	}
	visit.Set("photos_missing", missing)
	if signals {
		reasons, err := photoReasons(e.App, id)
		if err != nil {
			return err
		}
		if err := s.judge(e.Context, e.App, visit, nil, reasons); err != nil {
			return err
		}
	}
	return e.App.SaveNoValidateWithContext(gate.AsServer(e.Context), visit)
}

// photoReasons gathers what the photos of a visit say: their signals are lists
// of domain.RiskReason. The same code counts once, with its most points.
func photoReasons(app core.App, visit string) (out []domain.RiskReason, err error) {
	photos, err := app.FindAllRecords(blobs, dbx.HashExp{"visit": visit})
	if err != nil {
		return nil, err
	}
	worst := map[string]int{}
	for _, photo := range photos {
		for _, r := range reasonsOf(photo, "signals") {
			at, seen := worst[r.Code]
			switch {
			case !seen:
				worst[r.Code] = len(out)
				out = append(out, r)
			case r.Points > out[at].Points:
				out[at] = r
			}
		}
	}
	return out, nil
}
