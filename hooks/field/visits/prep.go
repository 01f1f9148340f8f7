package visits

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// prepared is H-VIS-PREP: who prepares at a desk is asked at once
// (visit.prep_required); what a phone captured without is taken and flagged.
func prepared(ctx context.Context, app core.App, visit records.Visit, account records.Account) error {
	tiers, err := gate.SettingsNow(app).VisitPrepTiers()
	if err != nil {
		return err
	}
	tier := string(account.Tier())
	template, found, err := records.VisitTemplates.Find(app, visit.Template())
	if err != nil {
		return err
	}
	if found && template.PrepRequired() && !slices.Contains(tiers, tier) {
		tiers = append(tiers, tier)
	}
	missing := field.PrepMissing(string(visit.Type()), tier, tiers, visit.Objective(), visit.PrepNote())
	switch {
	case len(missing) == 0:
		return nil
	case gate.Of(ctx).Device == "":
		return gate.Refuse("visit.prep_required", "missing", strings.Join(missing, ", "))
	}
	return addFlag(visit, flagPrepMissing)
}

// notePrep remembers since when a visit is prepared.
func (s *service) notePrep(visit records.Visit) {
	done := strings.TrimSpace(visit.Objective()) != "" && strings.TrimSpace(visit.PrepNote()) != ""
	switch {
	case !done:
		visit.SetPrepAt(time.Time{})
	case visit.PrepAt().IsZero() && !field.VisitBegun(string(visit.State())):
		visit.SetPrepAt(s.now())
	}
}
