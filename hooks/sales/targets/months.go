package targets

import (
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/records"
)

// OfMonth reads what the targets in force of a manager and his reps say of a month
// (YYYY-MM): his own first, then those of each rep.
func OfMonth(app core.App, manager records.UserID, month string) ([]sales.TargetShare, error) {
	n, err := strconv.Atoi(month[len("2006-"):])
	if err != nil {
		return nil, err
	}
	rows, err := records.Targets.All(app, inForce+` AND year = {:year} AND (level = 'manager' AND owner = {:m} OR level = 'rep' AND manager = {:m})`,
		dbx.Params{"year": month[:len("2006")], "m": manager}, "level, owner, metric")
	if err != nil {
		return nil, err
	}
	out := make([]sales.TargetShare, 0, len(rows))
	for _, t := range rows {
		share := sales.TargetShare{Target: string(t.ID()), Version: t.Version(), Level: string(t.Level()), Owner: string(t.Owner()), Metric: string(t.Metric())}
		if _, months, err := numbers(t); err == nil && len(months) == 12 { // as what is in force has, unless it was put there past the rules
			share.Value = months[n-1]
		}
		out = append(out, share)
	}
	return out, nil
}
