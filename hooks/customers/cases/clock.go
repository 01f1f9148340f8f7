package cases

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// promiseOf is how long an issue may take, by the calendar of today: as the
// standard says that was in force when it was raised, else as the settings do. On
// a channel of its account it is answered first at the channel's hours. Of a level
// that is not known there are the clocks alone.
func (a actions) promiseOf(app core.App, issue records.Case) (p customers.CasePromise, known bool, err error) {
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return p, false, err
	}
	if issue.Standard() != "" {
		p, known, err = standardOf(app, issue, calendar)
	} else {
		p, known, err = settingsOf(app, issue.Level(), calendar)
	}
	if err != nil {
		return p, false, err
	}
	channel, found, err := a.channel(app, issue.Account())
	if found {
		p.FirstClock.Always = channel.Hours() == "always"
	}
	return p, known, err
}

// standardOf is what an issue's standard promises.
func standardOf(app core.App, issue records.Case, calendar domain.Calendar) (p customers.CasePromise, known bool, err error) {
	standard, err := records.ServiceStandards.Require(app, issue.Standard())
	if err != nil {
		return p, false, err
	}
	levels, err := standard.Levels()
	level, known := levels[string(issue.Level())]
	clock := customers.ServiceClock{Calendar: calendar, Always: level.Always}
	return customers.CasePromise{
		First: time.Duration(level.FirstMinutes) * time.Minute, Solve: time.Duration(level.ResolveMinutes) * time.Minute,
		FirstClock: clock, SolveClock: clock,
	}, known, err
}

// settingsOf is what holds without any standard.
func settingsOf(app core.App, level records.CaseLevel, calendar domain.Calendar) (p customers.CasePromise, known bool, err error) {
	levels, err := gate.SettingsNow(app).IssueLevels()
	if err != nil {
		return p, false, err
	}
	always, err := gate.SettingsNow(app).IssueRoundTheClock()
	within, known := levels[string(level)]
	return within.Promise(calendar, slices.Contains(always, string(level))), known, err
}

// dueOf computes when an issue that came at a moment is to be answered and solved.
func (a actions) dueOf(app core.App, issue records.Case, at time.Time) (first, solve time.Time, err error) {
	promise, known, err := a.promiseOf(app, issue)
	if err == nil && !known {
		err = gate.RefuseField(records.CaseColLevel, "customer_issue.level_unknown")
	}
	if err != nil {
		return first, solve, err
	}
	first, solve = promise.Due(at)
	return first, solve, nil
}

// setStandard notes by which standard an issue counts: that of the day on which it
// was raised, for good.
func (a actions) setStandard(app core.App, issue records.Case) error {
	standard, found, err := a.standard(app, domain.BusinessDay(issue.RaisedAt()))
	if found {
		issue.SetStandard(standard.ID())
	}
	return err
}

// setDue counts an issue's times from when it was raised.
func (a actions) setDue(app core.App, issue records.Case) error {
	first, solve, err := a.dueOf(app, issue, issue.RaisedAt())
	if err != nil {
		return err
	}
	issue.SetFirstResponseDue(first)
	issue.SetResolveDue(solve)
	return nil
}

// countRepeats counts the account's issues of the same kind within the days of
// the setting, this one among them.
func countRepeats(app core.App, issue records.Case) error {
	days, err := gate.SettingsNow(app).IssueRepeatDays()
	if err != nil {
		return err
	}
	n, err := records.Cases.Count(app, "account = {:a} AND kind = {:k} AND raised_at >= {:since} AND state <> 'merged' AND id <> {:id}", dbx.Params{
		"a": issue.Account(), "k": issue.Kind(), "id": issue.ID(),
		"since": gate.Stamp(issue.RaisedAt().Add(-time.Duration(days) * 24 * time.Hour)),
	})
	if err != nil {
		return err
	}
	issue.SetRepeats(n + 1)
	return nil
}

// setSolver gives an issue to the department for its kind, if there is one.
func setSolver(app core.App, issue records.Case) error {
	dept, found, err := records.Departments.First(app, "kind = {:k}", dbx.Params{"k": customers.CaseDepartment(string(issue.Kind()))}, "id")
	if err != nil || !found {
		return err
	}
	issue.SetOwnerDept(dept.ID())
	return nil
}

// headOf is who heads a department; nobody if there is none.
func headOf(app core.App, id records.DepartmentID) (records.UserID, error) {
	dept, found, err := records.Departments.Find(app, id)
	if err != nil || !found {
		return "", err
	}
	return dept.Head(), nil
}
