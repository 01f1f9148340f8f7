package schemes

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
)

// defaults is the scheme that a new one begins with: nothing else reads these settings.
func defaults(app core.App, role, cycle string) (appraisal.Scheme, error) {
	s := appraisal.Default(role, cycle)
	settings := gate.SettingsNow(app)
	weights, err := settings.AppraisalRaterWeights()
	if err != nil {
		return s, err
	}
	if w, set := weights[role]; set {
		s.Raters.Self, s.Raters.Superior, s.Raters.Customer = count(w.Self), count(w.Superior), count(w.Customer)
	}
	grades, err := settings.AppraisalGrades()
	if err != nil {
		return s, err
	}
	for i, g := range s.Grades {
		if from, set := grades[g.Code]; set {
			s.Grades[i].From = count(from)
		}
	}
	if s.Raters.MissingCustomer, err = settings.AppraisalMissingCustomer(); err != nil {
		return s, err
	}
	if s.Managers, err = settings.AppraisalManagers(); err != nil {
		return s, err
	}
	for _, n := range []struct {
		read func() (int, error)
		to   func(int)
	}{
		{settings.AppraisalMinResponses, func(n int) { s.Raters.MinResponses = n }},
		{settings.AppraisalMinAccounts, func(n int) { s.Raters.MinAccounts = n }},
		{settings.AppraisalMinDays, func(n int) { s.MinDays = n }},
		{settings.AppraisalCalibration, func(n int) { s.Calibration.Points = count(n) }},
		{settings.AppraisalSelfInflation, func(n int) { s.SelfInflation = count(n) }},
		{settings.AppraisalHoldBp, func(n int) { s.Bonus.HoldBP = n }},
		{settings.AppraisalAnnualForm, func(n int) { s.Annual.Form, s.Annual.Quarters = count(n), count(100-n) }},
	} {
		value, err := n.read()
		if err != nil {
			return s, err
		}
		n.to(value)
	}
	return s, nil
}

func count(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }
