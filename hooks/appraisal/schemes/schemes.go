// Package schemes keeps by what people are appraised: the library of indicators, and schemes
// as versions. What a scheme says is judged when it is saved; published, it stays as it is.
package schemes

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what schemes know of the rest.
type Config struct {
	gate.Config
	// DryRun refuses a scheme that was not tried on the last closed cycle. Nil, and a cycle that
	// there is not yet, refuse nothing.
	DryRun func(app core.App, scheme records.AppraisalScheme) error
}

// desk knows today, and what was tried.
type desk struct {
	now    func() time.Time
	dryRun func(app core.App, scheme records.AppraisalScheme) error
}

// Area is what schemes are.
func Area(cfg Config) kit.Area {
	d := desk{now: cfg.Now, dryRun: cfg.DryRun}
	return kit.Area{
		Name:        "schemes",
		Collections: []kit.Collection{library(), d.schemes()},
		Actions: []kit.Action{
			kit.Do(records.AppraisalSchemes, appraisal.SchemePublish, d.publish),
			kit.Do(records.AppraisalSchemes, appraisal.SchemeRetire, retire),
		},
		Routes: []kit.Route{{
			Method: http.MethodGet, Path: "/api/ka/appraisal_schemes/{id}/difference", Run: difference,
			Bind: func(r *router.Route[*core.RequestEvent]) { r.BindFunc(gate.OwnFaults) },
		}},
	}
}

func (d desk) schemes() kit.Collection {
	fixed := []string{
		records.AppraisalSchemeColName, records.AppraisalSchemeColRole, records.AppraisalSchemeColCycleKind, records.AppraisalSchemeColDept, records.AppraisalSchemeColBasedOn,
	}
	server := []string{records.AppraisalSchemeColVersion, records.AppraisalSchemeColPublishedBy, records.AppraisalSchemeColPublishedAt}
	return kit.Collection{
		Name:    records.AppraisalSchemeTable,
		Machine: &appraisal.SchemeMachine,
		Parties: kit.Parties(records.AppraisalSchemes, heads),
		Server:  server,
		Once:    fixed,
		Audit: gate.Audit{Create: true, Fields: []string{
			records.AppraisalSchemeColState, records.AppraisalSchemeColVersion, records.AppraisalSchemeColContent,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AppraisalSchemes, "schemeCreate", create),
			kit.On(kit.Update, records.AppraisalSchemes, "schemeUpdate", update),
		},
	}
}

// heads is the party of who manages the scheme's department; of one for the whole company,
// who manages any (R2.3).
func heads(ctx context.Context, _ core.App, row records.AppraisalScheme) ([]domain.Party, error) {
	if user := gate.Of(ctx).User; user != nil && leads(user, row) {
		return []domain.Party{domain.PartyHead}, nil
	}
	return nil, nil
}

func leads(user *core.Record, row records.AppraisalScheme) bool {
	u := records.Users.Of(user)
	if row.Dept() != "" {
		return gate.Heads(user, string(row.Dept()))
	}
	return u.Role() == people.RoleDeptManager && u.Department() != ""
}
