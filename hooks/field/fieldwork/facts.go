package fieldwork

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// facts of a period, as records say. Money is fen.
type facts struct {
	Planned   int `json:"planned" db:"planned"` // visits whose day lies in it
	Done      int `json:"done" db:"done"`       // checked in
	Valid     int `json:"valid" db:"valid"`     // that count
	Unplanned int `json:"unplanned" db:"unplanned"`
	Missed    int `json:"missed" db:"missed"`
	Cancelled int `json:"cancelled" db:"cancelled"`
	Late      int `json:"late_records" db:"late"`
	DwellS    int `json:"dwell_s" db:"dwell"`
	Orders    int `json:"orders"`    // delivered to customers
	OrderFen  int `json:"order_fen"` // delivered, less what came back
	Feedback  int `json:"feedback"`
	DistanceM int `json:"distance_m"`
	Progress  int `json:"progress"` // entries on plan items
}

// factsOf counts what somebody's records of a period say.
func (s service) factsOf(app core.App, owner records.UserID, p domain.Period) (f facts, err error) {
	from, to := p.Bounds()
	bind := dbx.Params{"o": owner, "first": p.From, "last": p.To, "from": gate.Stamp(from), "to": gate.Stamp(to)}
	// A visit belongs to the day of its check-in, one without to its planned day.
	err = app.DB().NewQuery(`SELECT COUNT(CASE WHEN type = 'planned' THEN 1 END) AS planned, COUNT(CASE WHEN in_at <> '' THEN 1 END) AS done,
			COUNT(CASE WHEN counts THEN 1 END) AS valid, COUNT(CASE WHEN type = 'unplanned' AND in_at <> '' THEN 1 END) AS unplanned,
			COUNT(CASE WHEN state = 'missed' THEN 1 END) AS missed, COUNT(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled,
			COUNT(CASE WHEN late_record THEN 1 END) AS late, COALESCE(SUM(dwell_s), 0) AS dwell
		FROM visits WHERE owner = {:o} AND ((in_at >= {:from} AND in_at < {:to}) OR (in_at = '' AND planned_date >= {:first} AND planned_date <= {:last} AND state <> 'draft'))`).
		Bind(bind).One(&f)
	if err != nil {
		return f, err
	}
	for _, q := range []struct {
		sql  string
		into []any
	}{
		{`SELECT COUNT(*) FROM visit_feedback WHERE owner = {:o} AND created >= {:from} AND created < {:to}`, []any{&f.Feedback}},
		{`SELECT COALESCE(SUM(distance_m), 0) FROM work_sessions WHERE owner = {:o} AND date >= {:first} AND date <= {:last}`, []any{&f.DistanceM}},
		{`SELECT COUNT(*) FROM plan_progress WHERE owner = {:o} AND at >= {:from} AND at < {:to}`, []any{&f.Progress}},
	} {
		if err := app.DB().NewQuery(q.sql).Bind(bind).Row(q.into...); err != nil {
			return f, err
		}
	}
	f.OrderFen, f.Orders, err = s.sold(app, owner, p)
	return f, err
}
