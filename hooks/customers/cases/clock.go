package cases

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// clockOf is the clock of an issue's level, by the calendar of today.
func clockOf(app core.App, level records.IssueLevel) (customers.ServiceClock, error) {
	always, err := gate.SettingsNow(app).IssueRoundTheClock()
	if err != nil {
		return customers.ServiceClock{}, err
	}
	cal, err := gate.ReadCalendar(app)
	return customers.ServiceClock{Calendar: cal, Always: slices.Contains(always, string(level))}, err
}

// dueOf computes when an issue that came at a moment is to be answered and solved.
func dueOf(app core.App, level records.IssueLevel, at time.Time) (first, solve time.Time, err error) {
	levels, err := gate.SettingsNow(app).IssueLevels()
	if err != nil {
		return first, solve, err
	}
	within, ok := levels[string(level)]
	if !ok {
		return first, solve, gate.RefuseField(records.IssueColLevel, "customer_issue.level_unknown")
	}
	clock, err := clockOf(app, level)
	if err != nil {
		return first, solve, err
	}
	first, solve = within.Due(clock, at)
	return first, solve, nil
}

// setDue counts an issue's times from when it was raised.
func setDue(app core.App, issue records.Issue) error {
	first, solve, err := dueOf(app, issue.Level(), issue.RaisedAt())
	if err != nil {
		return err
	}
	issue.SetFirstResponseDue(first)
	issue.SetResolveDue(solve)
	return nil
}

// countRepeats counts the account's issues of the same kind within the days of
// the setting, this one among them.
func countRepeats(app core.App, issue records.Issue) error {
	days, err := gate.SettingsNow(app).IssueRepeatDays()
	if err != nil {
		return err
	}
	n, err := records.Issues.Count(app, "account = {:a} AND kind = {:k} AND raised_at >= {:since} AND state <> 'merged' AND id <> {:id}", dbx.Params{
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
func setSolver(app core.App, issue records.Issue) error {
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
