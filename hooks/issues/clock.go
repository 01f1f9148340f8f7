package issues

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// clockOf is the clock of an issue's level, by the calendar of today.
func clockOf(app core.App, level string) (domain.ServiceClock, error) {
	always, err := gate.SettingsNow(app).List("issue.round_the_clock")
	if err != nil {
		return domain.ServiceClock{}, err
	}
	cal, err := gate.ReadCalendar(app)
	return domain.ServiceClock{Calendar: cal, Always: slices.Contains(always, level)}, err
}

// setDue computes when an issue is to be answered and solved, counted from when
// it was raised.
func setDue(app core.App, issue *core.Record) error {
	levels := map[string]domain.IssueClock{}
	if err := gate.SettingsNow(app).Decode("issue.levels", &levels); err != nil {
		return err
	}
	level, ok := levels[levelOf(issue)]
	if !ok {
		return gate.RefuseField("level", "customer_issue.level_unknown")
	}
	clock, err := clockOf(app, levelOf(issue))
	if err != nil {
		return err
	}
	first, solve := level.Due(clock, raisedAt(issue))
	setDueTimes(issue, first, solve)
	return nil
}

// countRepeats counts the account's issues of the same kind within the days of
// the setting, this one among them.
func countRepeats(app core.App, issue *core.Record) error {
	days, err := gate.SettingsNow(app).Whole("issue.repeat_days")
	if err != nil {
		return err
	}
	var n int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM issues WHERE account = {:a} AND kind = {:k} AND raised_at >= {:since} AND state <> 'merged' AND id <> {:id}`).
		Bind(dbx.Params{
			"a": accountOf(issue), "k": kindOf(issue), "id": issue.Id,
			"since": gate.Stamp(raisedAt(issue).Add(-time.Duration(days) * 24 * time.Hour)),
		}).Row(&n)
	if err != nil {
		return fmt.Errorf("failed to count repeated issues: %w", err)
	}
	setRepeats(issue, n+1)
	return nil
}

func deptOfKind(app core.App, kind string) (string, error) {
	var id string
	err := app.DB().NewQuery("SELECT COALESCE((SELECT id FROM departments WHERE kind = {:k} ORDER BY id LIMIT 1), '')").Bind(dbx.Params{"k": kind}).Row(&id)
	return id, err
}

func headOf(app core.App, dept string) (string, error) {
	var id string
	err := app.DB().NewQuery("SELECT COALESCE((SELECT head FROM departments WHERE id = {:d}), '')").Bind(dbx.Params{"d": dept}).Row(&id)
	return id, err
}
