package deals

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// graded scores an opportunity anew when somebody rates it, and holds its next
// action to the interval of its grade (H-OPP-GRADE).
func (d desk) graded(e *kit.Change[records.Opportunity]) error {
	opp, changed := e.Row, gate.Changed(e.Row.Raw())
	rated := slices.Contains(changed, records.OpportunityColRatings) || slices.Contains(changed, records.OpportunityColModel)
	if rated {
		if err := d.rate(e.App, opp); err != nil {
			return err
		}
	}
	if opp.Grade() == "" || !customers.OppUnderway(string(opp.Stage())) {
		return nil
	}
	latest, err := d.latest(e.App, opp)
	if err != nil {
		return err
	}
	asked := slices.Contains(changed, records.OpportunityColNextAt) && opp.NextAt() != ""
	switch late := opp.NextAt() > latest; {
	case late && asked:
		return gate.RefuseField(records.OpportunityColNextAt, "opportunity.next_late", "grade", string(opp.Grade()), "latest", latest)
	case late && rated, opp.NextAt() == "":
		opp.SetNextAt(latest)
	}
	return nil
}

// rate gives an opportunity the score and grade of its ratings. What is rated in
// part has none yet.
func (d desk) rate(app core.App, opp records.Opportunity) error {
	opp.SetScoreBp(0)
	opp.SetGrade("")
	opp.SetGradedAt(time.Time{})
	ratings, err := records.Decode[map[string]customers.Rating](opp.Ratings())
	if err != nil {
		return gate.RefuseField(records.OpportunityColRatings, "field.type")
	}
	if len(ratings) == 0 {
		opp.SetModel("")
		return nil
	}
	model, err := modelFor(app, opp)
	if err != nil {
		return err
	}
	score, err := model.Score(ratings)
	if p, ok := errors.AsType[domain.Problem](err); ok {
		if p.Code == "scorecard.rating_missing" || p.Code == "scorecard.evidence_required" {
			return nil
		}
		return gate.Wrap(p, map[string]string{records.OpportunityColRatings: p.Code})
	}
	opp.SetScoreBp(score)
	opp.SetGrade(records.OpportunityGrade(model.Suggest(score)))
	opp.SetGradedAt(d.now())
	return nil
}

// modelFor is the model that an opportunity is rated by: the one that it names,
// which is published or was, else the one in force.
func modelFor(app core.App, opp records.Opportunity) (m customers.ScoringModel, err error) {
	row, found, err := records.ScoringModels.First(app, `active = TRUE AND subject = 'opportunity'`, nil, "")
	if err != nil {
		return m, err
	}
	if !found {
		return m, gate.Refuse("scoring.model_missing")
	}
	if opp.Model() != "" && opp.Model() != row.ID() {
		named, found, err := records.ScoringModels.Find(app, opp.Model())
		if err != nil {
			return m, err
		}
		if !found {
			return m, gate.RefuseField(records.OpportunityColModel, "record.not_found")
		}
		if named.Subject() != row.Subject() || named.Version() > row.Version() {
			return m, gate.RefuseField(records.OpportunityColModel, "scoring.model_other")
		}
		row = named
	}
	opp.SetModel(row.ID())
	if m.Criteria, err = records.Decode[[]customers.Criterion](row.Criteria()); err != nil {
		return m, err
	}
	m.Bands, err = records.Decode[[]customers.Band](row.Bands())
	return m, err
}

// latest is the last day for the next action of an opportunity, from today.
func (d desk) latest(app core.App, opp records.Opportunity) (string, error) {
	days, err := gate.SettingsNow(app).OpportunityFollowUpDays()
	if err != nil {
		return "", err
	}
	return customers.FollowUpBy(string(opp.Grade()), domain.BusinessDay(d.now()), days), nil
}

// goesOn gives an opportunity that is underway again its next action, unless it
// has one that is still to come in time.
func (d desk) goesOn(app core.App, opp records.Opportunity) error {
	latest, err := d.latest(app, opp)
	if err != nil || latest == "" {
		return err
	}
	if next := opp.NextAt(); next < domain.BusinessDay(d.now()) || next > latest {
		opp.SetNextAt(latest)
	}
	return nil
}
