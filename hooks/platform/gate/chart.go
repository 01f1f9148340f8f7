package gate

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/records"
)

// ReadChart reads the organisation as it is.
func ReadChart(app core.App) (people.Chart, error) {
	c := people.Chart{People: map[string]people.Person{}, Depts: map[string]people.Department{}}
	var rows []struct {
		ID           string `db:"id"`
		Role         string `db:"role"`
		Dept         string `db:"department"`
		Manager      string `db:"manager"`
		Active       bool   `db:"active"`
		Delegate     string `db:"delegate_to"`
		DelegateFrom string `db:"delegate_from"`
		DelegateTo   string `db:"delegate_until"`
	}
	err := app.DB().NewQuery("SELECT id, role, department, manager, active, delegate_to, delegate_from, delegate_until FROM users").All(&rows)
	if err != nil {
		return c, fmt.Errorf("read rows: %w", err)
	}
	for _, p := range rows {
		c.People[p.ID] = people.Person(p)
	}
	var depts []struct {
		ID     string `db:"id"`
		Kind   string `db:"kind"`
		Head   string `db:"head"`
		Parent string `db:"parent"`
	}
	if err := app.DB().NewQuery("SELECT id, kind, head, parent FROM departments").All(&depts); err != nil {
		return c, fmt.Errorf("read departments: %w", err)
	}
	for _, d := range depts {
		c.Depts[d.ID] = people.Department(d)
	}
	return c, nil
}

// ReadCalendar reads working days and office hours as they are in force today.
func ReadCalendar(app core.App) (domain.Calendar, error) {
	c := domain.Calendar{Special: map[string]string{}}
	var days []struct {
		Date string `db:"date"`
		Kind string `db:"kind"`
	}
	if err := app.DB().NewQuery("SELECT date, kind FROM holidays").All(&days); err != nil {
		return c, fmt.Errorf("read holidays: %w", err)
	}
	for _, d := range days {
		c.Special[d.Date] = d.Kind
	}
	settings := SettingsNow(app)
	var clocks [4]string
	for i, key := range []string{"office.start", "office.end", "office.break_start", "office.break_end"} {
		var err error
		if clocks[i], err = settings.Text(key); err != nil {
			return c, err
		}
	}
	c.Office = domain.NewOfficeHours(clocks[0], clocks[1], clocks[2], clocks[3])
	return c, nil
}

// FinanceLast are the steps of a chain that finance ends: see people.Chart. Of most people it
// is plain that neither they nor their superior are of finance; else the chart is read.
func FinanceLast(app core.App, author string, before ...people.ApprovalStep) ([]people.ApprovalStep, error) {
	user, err := records.Users.Require(app, records.UserID(author))
	if err != nil {
		return nil, err
	}
	over, found, err := records.Users.Find(app, user.Manager())
	if err != nil {
		return nil, err
	}
	chart := people.Chart{}
	if plain := found && over.Active() && over.Role() != people.RoleFinance && user.Role() != people.RoleFinance; !plain {
		if chart, err = ReadChart(app); err != nil {
			return nil, err
		}
	}
	return chart.FinanceLast(author, before...), nil
}
