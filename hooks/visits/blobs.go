package visits

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// blobPending is the state of a photo whose bytes are still on the phone.
const blobPending = "pending"

func (s *Service) bindBlobs(app core.App) {
	app.OnRecordCreate(blobs).Bind(gate.Named("blobCreate", gate.Atomic(blobCreate)))
	app.OnRecordUpdate(blobs).Bind(gate.Named("blobUpdate", gate.Atomic(blobUpdate)))
	app.OnRecordCreateExecute(blobs).Bind(gate.Named("blobCounted", gate.Atomic(s.recount)))
	app.OnRecordUpdateExecute(blobs).Bind(gate.Named("blobRecounted", gate.Atomic(s.recount)))
	app.OnRecordDeleteExecute(blobs).Bind(gate.Named("blobGone", gate.Atomic(s.recount)))
}

// blobCreate ties a photo to its step, and so to its visit and account.
func blobCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, blobPending)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(e.Record) != blobPending {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, blobFilled...); err != nil {
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
	e.Record.Set("visit", visit.Id)
	copyPlace(e.Record, visit)
	return e.Next()
}

// blobUpdate: a photo's row is the server's once it is made.
func blobUpdate(e *core.RecordEvent) error {
	locked := append(blobFilled, fieldState, fieldOwner, "visit", "step", "sha256", "size", "mime", "purpose")
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	return e.Next()
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
		Bind(dbx.Params{"v": id, "s": blobPending}).Row(&missing)
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
