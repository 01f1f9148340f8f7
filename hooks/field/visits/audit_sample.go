package visits

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// sample has a share of the visits that look a little odd audited by their
// manager. Which ones is drawn from their ids, so that nobody can choose, and
// the draw can be repeated.
func (s *service) sample(ctx context.Context, app core.App, now time.Time) error {
	share, err := gate.SettingsOn(app, domain.BusinessDay(now)).AuditSampleBp()
	if err != nil {
		return err
	}
	pool, err := records.Visits.All(app, `sampled AND state IN ('reported', 'accepted') AND manager <> '' AND manager <> owner
		AND NOT EXISTS (SELECT 1 FROM visit_audits a WHERE a.visit = visits.id)`, nil, "id")
	if err != nil {
		return fmt.Errorf("read the pool of audits: %w", err)
	}
	for _, visit := range pool {
		if !drawn(visit.ID(), share) {
			continue
		}
		audit, err := records.VisitAudits.New(app)
		if err != nil {
			return err
		}
		audit.SetVisit(visit.ID())
		audit.SetAuditor(visit.Manager())
		audit.SetManager(visit.Manager())
		inherit(audit, visit)
		if err := app.SaveWithContext(gate.AsServer(ctx), audit.Raw()); err != nil {
			return fmt.Errorf("draw an audit: %w", err)
		}
		if err := s.tellAuditor(ctx, app, audit); err != nil {
			return err
		}
	}
	return nil
}

func drawn(id records.VisitID, shareBp int) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return int(h.Sum32()%10_000) < shareBp
}
