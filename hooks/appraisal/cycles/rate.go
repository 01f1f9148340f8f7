package cycles

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// drafted takes what a rater writes into his form, on the way too.
func (s *Service) drafted(e *kit.Change[records.AppraisalRating]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if user := gate.From(e.RecordEvent).User; user != nil && user.Id != string(e.Before().Rater()) {
		return gate.Refuse(appraisal.RatingNotRater)
	}
	if _, err := s.itemsOf(e.App, e.Row, false); err != nil {
		return err
	}
	return e.Next()
}

// itemsOf reads and judges what a form says.
func (s *Service) itemsOf(tx core.App, form records.AppraisalRating, whole bool) ([]appraisal.Rating, error) {
	items, err := ratedItems(form)
	if err != nil {
		return nil, gate.RefuseField(records.AppraisalRatingColItems, "appraisal_rating.items_invalid")
	}
	row, err := records.Appraisals.Require(tx, form.Appraisal())
	if err != nil {
		return nil, err
	}
	snapshot, _, err := schemeOf(tx, row)
	if err != nil {
		return nil, err
	}
	check := snapshot.Scheme.CheckDraft
	if whole {
		check = snapshot.Scheme.CheckHandedIn
	}
	return items, gate.WrapError(check(items))
}

// submit hands a form in. It stays so: a self-rating is the superior's to read now, an
// earlier superior's that of who leads the person at cut-off.
func (s *Service) submit(ctx context.Context, tx core.App, form records.AppraisalRating, _ kit.None) error {
	if _, err := s.itemsOf(tx, form, true); err != nil {
		return err
	}
	row, err := records.Appraisals.Require(tx, form.Appraisal())
	if err != nil {
		return err
	}
	if form.Kind() == appraisal.RatingSuperior && (form.Rater() != row.Superior() || form.Rater() == row.Subject()) {
		return gate.Refuse(appraisal.RatingNotRater)
	}
	form.SetSubmittedAt(s.cfg.Arrived(ctx))
	form.SetDevice(gate.Of(ctx).Device)
	form.SetSight(row.Sight())
	if form.Kind() != appraisal.RatingSuperior && row.Superior() != "" && row.Superior() != form.Rater() && !slices.Contains(form.Readers(), row.Superior()) {
		form.SetReaders(append(form.Readers(), row.Superior()))
	}
	action := map[string]string{appraisal.RatingSelf: appraisal.StepSelfDone, appraisal.RatingSuperior: appraisal.StepRate}[string(form.Kind())]
	fits := form.Kind() == appraisal.RatingSelf && in(row, appraisal.StateOpen) || form.Kind() == appraisal.RatingSuperior && in(row, appraisal.StateOpen, appraisal.StateSelfDone)
	if !fits {
		return nil
	}
	if err := take(row, action); err != nil {
		return err
	}
	return save(ctx, tx, row)
}
