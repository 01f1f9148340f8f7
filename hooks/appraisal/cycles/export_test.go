package cycles

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/records"
)

// Recount counts again what was counted of somebody, as it is kept.
func (s *Service) Recount(ctx context.Context, app core.App, row records.Appraisal) (again, before string, err error) {
	_, cycle, err := schemeOf(app, row)
	if err != nil {
		return "", "", err
	}
	d, err := dueOf(row)
	if err != nil {
		return "", "", err
	}
	counted, err := s.countAll(ctx, app, appraisal.Span{From: cycle.FromDay(), To: cycle.ToDay()}, []due{d})
	if err != nil {
		return "", "", err
	}
	if again, err = text(counted[row.Subject()]); err != nil {
		return "", "", err
	}
	kept, err := records.Decode[tally](row.Metrics())
	if err != nil {
		return "", "", err
	}
	before, err = text(kept.Metrics)
	return again, before, err
}
