package org

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// report is what is to be looked at in the organisation.
type report struct {
	// Spans are KA managers who lead too few or too many reps.
	Spans []span `json:"spans"`
	// Headless are KA departments without a manager in office.
	Headless []string `json:"headless"`
	// Vacant counts accounts that nobody active holds, by department; "" for none.
	Vacant map[string]int `json:"vacant"`
	// Unread counts, by document, the active people who have not acknowledged it.
	Unread map[string]int `json:"unread"`
}

type span struct {
	Manager string `json:"manager"`
	Name    string `json:"name"`
	Reps    int    `json:"reps"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
}

// bindReport offers GET /api/ka/org/report to those who answer for the organisation.
func bindReport(app core.App, s *service) {
	app.OnServe().Bind(gate.Named("orgReport", func(e *core.ServeEvent) error {
		e.Router.GET("/api/ka/org/report", func(e *core.RequestEvent) error {
			if !e.Auth.IsSuperuser() {
				switch roleOf(e.Auth) {
				case domain.RoleAdmin, "auditor", domain.RoleExecutive, domain.RoleDeptManager:
				default:
					return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
				}
				if !e.Auth.GetBool("active") {
					return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
				}
			}
			out, err := s.report(e.App, e.Auth)
			if err != nil {
				return err
			}
			return e.JSON(http.StatusOK, out)
		}).Bind(apis.RequireAuth(gate.Users, core.CollectionNameSuperusers))
		return e.Next()
	}))
}

// report is of all departments, or of the one that its reader manages.
func (s *service) report(app core.App, reader *core.Record) (report, error) {
	out := report{Spans: []span{}, Headless: []string{}, Vacant: map[string]int{}, Unread: map[string]int{}}
	only := ""
	if roleOf(reader) == domain.RoleDeptManager {
		if only = userDept(reader); only == "" {
			return out, nil
		}
	}
	chart, err := gate.ReadChart(app)
	if err != nil {
		return out, err
	}
	least, most, err := s.span(app)
	if err != nil {
		return out, err
	}
	people, err := app.FindAllRecords(gate.Users)
	if err != nil {
		return out, err
	}
	for _, p := range people {
		if q := person(p); q.Active && q.Role == domain.RoleKAManager && (only == "" || q.Dept == only) {
			if n := chart.Reports(q.ID, domain.RoleRep); n < least || n > most {
				out.Spans = append(out.Spans, span{q.ID, nameOf(p), n, least, most})
			}
		}
	}
	out.Headless = append(out.Headless, chart.Headless(only)...)
	for query, into := range map[string]map[string]int{
		`SELECT a.dept AS name, COUNT(*) AS n FROM accounts a LEFT JOIN users u ON u.id = a.owner
			WHERE (u.id IS NULL OR NOT u.active) AND a.kind <> 'lost' GROUP BY 1`: out.Vacant,
		`SELECT d.id AS name, (SELECT COUNT(*) FROM users u WHERE u.active AND NOT EXISTS (SELECT 1 FROM policy_acks k WHERE k.doc = d.id AND k.user = u.id)) AS n
			FROM policy_docs d WHERE d.state = 'published'`: out.Unread,
	} {
		var rows []struct {
			Name string `db:"name"`
			N    int    `db:"n"`
		}
		if err := app.DB().NewQuery(query).All(&rows); err != nil {
			return out, err
		}
		for _, r := range rows {
			into[r.Name] = r.N
		}
	}
	if only != "" {
		out.Vacant = map[string]int{only: out.Vacant[only]}
	}
	return out, nil
}
