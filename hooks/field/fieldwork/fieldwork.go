// Package fieldwork binds the rules of days in the field: when they begin and
// end, the tracks of those who agreed to be located, and what is reported of
// them upward.
package fieldwork

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Sold is what somebody's orders delivered in a period, net, and how many they were.
	Sold func(app core.App, owner records.UserID, p domain.Period) (fen, orders int, err error)
}

type service struct {
	now   func() time.Time
	clock gate.Config
	sold  func(app core.App, owner records.UserID, p domain.Period) (fen, orders int, err error)
}

// Area is what field work is.
func Area(cfg Config) kit.Area {
	s := service{now: cfg.Now, clock: cfg.Config, sold: cfg.Sold}
	return kit.Area{
		Name:        "fieldwork",
		Collections: []kit.Collection{s.sessions(), s.tracks(), s.consents(), s.reports(), s.answers()},
		Actions: []kit.Action{
			kit.Do(records.WorkSessions, field.SessionEnd, s.end),
			kit.Do(records.Consents, "withdraw", s.withdraw),
			kit.Do(records.WorkReports, field.WorkReportSubmit, s.submit),
			kit.Guarded(records.WorkReports, kit.Do(records.WorkReports, field.WorkReportComment, s.comment), commentable),
		},
		Jobs: []gate.Job{
			{Name: "workSessionsEnd", Schedule: "10 16 * * *", Run: s.closeDays},   // 00:10 in Shanghai
			{Name: "workReportsDue", Schedule: "0 12 * * *", Run: s.remindReports}, // 20:00
			{Name: "tracksPurge", Schedule: "0 18 * * *", Run: s.purge},            // 02:00
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/work_sessions/{id}/track", Run: s.track}},
	}
}

// mine is whose a row is that belongs to who writes it.
func mine() *kit.Personal { return &kit.Personal{Stranger: "work.not_owner"} }

// frozen leaves a row as it was made.
func frozen(collection, name string) kit.Rule {
	return kit.Rule{On: kit.Update, Collection: collection, Name: name, Run: gate.OnlyServer}
}
