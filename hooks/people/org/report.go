package org

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// report is what is to be looked at in the organisation.
type report struct {
	// Spans are KA managers who lead too few or too many reps.
	Spans []team `json:"spans"`
	// Headless are KA departments without a manager in office.
	Headless []string `json:"headless"`
	// Vacant counts accounts that nobody active holds, by department; "" for none.
	Vacant map[string]int `json:"vacant"`
	// Unread counts, by document, the active staff who have not acknowledged it.
	Unread map[string]int `json:"unread"`
}

type team struct {
	Manager records.UserID `json:"manager"`
	Name    string         `json:"name"`
	Reps    int            `json:"reps"`
	Min     int            `json:"min"`
	Max     int            `json:"max"`
}

// answerReport shows those who answer for the organisation all departments, or
// the one that they manage.
func answerReport(e *core.RequestEvent) error {
	everything, only := true, records.DepartmentID("")
	if !e.Auth.IsSuperuser() {
		reader := records.Users.Of(e.Auth)
		switch reader.Role() {
		case people.RoleAdmin, "auditor", people.RoleExecutive:
		case people.RoleDeptManager:
			everything, only = false, reader.Department()
		default:
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
		}
		if !reader.Active() {
			return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
		}
	}
	out := report{Spans: []team{}, Headless: []string{}, Vacant: map[string]int{}, Unread: map[string]int{}}
	if everything || only != "" {
		if err := out.read(e.App, only); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusOK, out)
}

// read fills the report, of one department if one is named.
func (r *report) read(app core.App, only records.DepartmentID) error {
	chart, err := gate.ReadChart(app)
	if err != nil {
		return err
	}
	least, most, err := span(app)
	if err != nil {
		return err
	}
	managers, err := records.Users.All(app, "active = TRUE AND role = 'ka_manager' AND {:only} IN ('', department)", dbx.Params{"only": only}, "")
	if err != nil {
		return err
	}
	for _, m := range managers {
		if n := chart.Reports(string(m.ID()), people.RoleRep); n < least || n > most {
			r.Spans = append(r.Spans, team{m.ID(), m.Name(), n, least, most})
		}
	}
	r.Headless = append(r.Headless, chart.Headless(string(only))...)
	for query, into := range map[string]map[string]int{
		`SELECT a.dept AS name, COUNT(*) AS n FROM accounts a LEFT JOIN users u ON u.id = a.owner
			WHERE (u.id IS NULL OR NOT u.active) AND a.kind <> 'lost' GROUP BY 1`: r.Vacant,
		`SELECT d.id AS name, (SELECT COUNT(*) FROM users u WHERE u.active AND NOT EXISTS (SELECT 1 FROM policy_acks k WHERE k.doc = d.id AND k.user = u.id)) AS n
			FROM policy_docs d WHERE d.state = 'published'`: r.Unread,
	} {
		var rows []struct {
			Name string `db:"name"`
			N    int    `db:"n"`
		}
		if err := app.DB().NewQuery(query).All(&rows); err != nil {
			return fmt.Errorf("read the report of the organisation: %w", err)
		}
		for _, row := range rows {
			into[row.Name] = row.N
		}
	}
	if only != "" {
		r.Vacant = map[string]int{string(only): r.Vacant[string(only)]}
	}
	return nil
}
