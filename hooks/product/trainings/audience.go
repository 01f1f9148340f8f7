package trainings

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// audience are the people in office for whom a training is. Who leads it and
// administrators, who see the right answers, are none of them.
func audience(app core.App, row records.Training) ([]records.User, error) {
	meant := product.Audience{
		Departments: records.Strings(row.Departments()), Roles: row.Roles(), People: records.Strings(row.Users()),
	}
	if meant.Empty() {
		return nil, nil
	}
	chart, err := gate.ReadChart(app)
	if err != nil {
		return nil, err
	}
	users, err := records.Users.All(app, "active = TRUE", nil, "id")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(users, func(u records.User) bool {
		member := product.Member{ID: string(u.ID()), Role: string(u.Role()), Departments: above(chart, string(u.Department()))}
		return u.ID() == row.Owner() || u.Role() == people.RoleAdmin || !meant.Has(member)
	}), nil
}

// above is a department with those that it is below.
func above(chart people.Chart, dept string) (out []string) {
	for dept != "" && !slices.Contains(out, dept) {
		out = append(out, dept)
		dept = chart.Depts[dept].Parent
	}
	return out
}
