package analysis

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
)

// freezeEvents keeps what every event counts in a month as it is now.
func freezeEvents(tx core.App, month string, now time.Time) error {
	params, err := monthParams(month, now)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(counted)) {
		params["key"] = key
		_, err := tx.DB().NewQuery("INSERT INTO metric_cells (key, corrects, " + eventColumns + ") SELECT {:key}, '', " + eventColumns +
			" FROM (" + counted[key].rows() + ") WHERE day BETWEEN {:from} AND {:to} ORDER BY day, ref").Bind(params).Execute()
		if err != nil {
			return fmt.Errorf("freeze %s of %s: %w", key, month, err)
		}
	}
	return nil
}

// correctEvents adds to the open month what records say of a frozen month now and did
// not say by then. Whose it is stays as it was frozen; so an assignment, a tier or
// a region that changes later moves nothing; nor does a figure that nobody knew yet.
func correctEvents(tx core.App, month string, now time.Time) error {
	params, err := monthParams(month, now)
	if err != nil {
		return err
	}
	known, err := knownThen(tx, month)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(counted)) {
		e := counted[key]
		if e.kept || known != nil && !known[key] {
			continue
		}
		params["key"], params["month"] = key, month
		if _, err := tx.DB().NewQuery(e.difference()).Bind(params).Execute(); err != nil {
			return fmt.Errorf("correct %s of %s: %w", key, month, err)
		}
	}
	return nil
}

// knownThen are the figures that there were when a month was frozen, as its snapshot has
// them, or that of the month with which it was frozen; nil if there is none.
func knownThen(tx core.App, month string) (map[string]bool, error) {
	var keys []string
	err := tx.DB().NewQuery(`SELECT k.key FROM (SELECT figures FROM metric_snapshots WHERE month >= {:m} ORDER BY month, id LIMIT 1) s, json_each(s.figures) k`).
		Bind(dbx.Params{"m": month}).Column(&keys)
	if err != nil {
		return nil, fmt.Errorf("find the figures of %s: %w", month, err)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	known := map[string]bool{}
	for _, key := range keys {
		known[key] = true
	}
	return known, nil
}

// difference inserts, for each thing counted, what it counts for now less what it
// was frozen with and corrected by.
func (e event) difference() string {
	const dims = `owner, manager, dept, account, customer, tier, region, product, category, dim, also`
	whose := ""
	for _, c := range strings.Split("ref, "+dims, ", ") {
		whose += "COALESCE(f." + c + ", l." + c + "), "
	}
	return `INSERT INTO metric_cells (key, day, corrects, ref, ` + dims + `, num, den)
		SELECT {:key}, {:today}, {:month}, ` + whose + `COALESCE(l.num, 0) - COALESCE(f.num, 0), COALESCE(l.den, 0) - COALESCE(f.den, 0)
		FROM (SELECT MIN(seq), ref, ` + dims + `, SUM(num) AS num, SUM(den) AS den FROM metric_cells
			WHERE key = {:key} AND (corrects = {:month} OR corrects = '' AND day BETWEEN {:from} AND {:to}) GROUP BY ref) f
		FULL JOIN (SELECT * FROM (` + e.rows() + `) WHERE day BETWEEN {:from} AND {:to}) l ON l.ref = f.ref
		WHERE COALESCE(l.num, 0) <> COALESCE(f.num, 0) OR COALESCE(l.den, 0) <> COALESCE(f.den, 0)
		ORDER BY COALESCE(f.ref, l.ref)`
}

// monthParams are the values that an event's rows of a month ask for.
func monthParams(month string, now time.Time) (dbx.Params, error) {
	p := analysis.MonthPeriod(month)
	ends, err := json.Marshal([]string{p.To})
	if err != nil {
		return nil, fmt.Errorf("write the end of a month: %w", err)
	}
	return dbx.Params{"from": p.From, "to": p.To, "ends": string(ends), "today": domain.BusinessDay(now)}, nil
}
