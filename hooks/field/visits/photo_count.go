package visits

import (
	"reflect"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// recount keeps visits.photos_missing equal to the visit's pending photos, and
// what its photos say in the visit's risk.
func (s *service) recount(e *kit.Change[records.Blob]) error {
	said, err := saysElse(e)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	visit, found, err := records.Visits.Find(e.App, e.Row.Visit())
	if err != nil || !found { // it hangs on none, or the visit goes, and its photos with it
		return err
	}
	missing, err := records.Blobs.Count(e.App, "visit = {:v} AND state = {:s}", dbx.Params{"v": visit.ID(), "s": evidence.BlobPending})
	if err != nil || visit.PhotosMissing() == missing && !said {
		return err
	}
	visit.SetPhotosMissing(missing)
	ctx := contextOf(e.RecordEvent)
	if said {
		reasons, err := photoReasons(e.App, visit.ID())
		if err != nil {
			return err
		}
		if err := s.judge(ctx, e.App, visit, nil, reasons); err != nil {
			return err
		}
	}
	return e.App.SaveNoValidateWithContext(gate.AsServer(ctx), visit.Raw())
}

// saysElse reports whether a photo says something else of its visit than before.
func saysElse(e *kit.Change[records.Blob]) (bool, error) {
	now, err := e.Row.Signals()
	if err != nil {
		return false, err
	}
	if e.Type == core.ModelEventTypeDelete {
		return len(now) > 0, nil
	}
	before, err := e.Before().Signals()
	return !reflect.DeepEqual(now, before), err
}

// photoReasons gathers what the photos of a visit say. The same code counts once,
// with its most points.
func photoReasons(app core.App, visit records.VisitID) (out []domain.RiskReason, err error) {
	photos, err := records.Blobs.All(app, "visit = {:v}", dbx.Params{"v": visit}, "id")
	if err != nil {
		return nil, err
	}
	worst := map[string]int{}
	for _, photo := range photos {
		signals, err := photo.Signals()
		if err != nil {
			return nil, err
		}
		for _, r := range signals {
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
