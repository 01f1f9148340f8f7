package analysis

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/analysis"
)

// events counts figures of records other than sales: months that are frozen from
// their cells, open ones from the records as they are.
type events struct{}

func (events) cells(_ context.Context, from reading, q analysis.Query, v viewer) (out analysis.Cells, err error) {
	e, known := counted[q.Figure.Key]
	if !known {
		if q.Figure.Kind == analysis.None {
			return out, nil
		}
		return out, fmt.Errorf("nobody counts %s", q.Figure.Key)
	}
	if len(q.By) > 0 {
		if out.Cells, err = parts(from, e, q, v); err != nil {
			return out, err
		}
	}
	whole := q
	whole.By = nil
	out.Total, out.Corrections, err = total(from, e, whole, v)
	return out, err
}

// parts counts by the query's dimensions.
func parts(at reading, e event, q analysis.Query, v viewer) ([]analysis.Cell, error) {
	from, params, err := asked(at, e, q, v)
	if err != nil {
		return nil, err
	}
	keys := [analysis.MaxBy]string{"''", "''", "''"}
	for i, d := range q.By {
		keys[i] = eventKeys[d]
	}
	var rows []struct {
		A   string `db:"a"`
		B   string `db:"b"`
		C   string `db:"c"`
		Num int64  `db:"num"`
		Den int64  `db:"den"`
	}
	err = at.db.NewQuery(fmt.Sprintf("SELECT %s AS a, %s AS b, %s AS c, SUM(num) AS num, SUM(den) AS den FROM %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
		keys[0], keys[1], keys[2], from)).Bind(params).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", e.key, err)
	}
	out := make([]analysis.Cell, len(rows))
	for i, r := range rows {
		out[i] = analysis.Cell{Keys: analysis.Keys{r.A, r.B, r.C}, Part: analysis.Part{Num: r.Num, Den: r.Den}}
	}
	return out, nil
}

// total counts all of them, and which frozen months they correct.
func total(at reading, e event, q analysis.Query, v viewer) (sum *analysis.Part, corrections map[string]analysis.Part, err error) {
	from, params, err := asked(at, e, q, v)
	if err != nil {
		return nil, nil, err
	}
	var rows []struct {
		Corrects string `db:"corrects"`
		Num      int64  `db:"num"`
		Den      int64  `db:"den"`
	}
	err = at.db.NewQuery("SELECT corrects, SUM(num) AS num, SUM(den) AS den FROM " + from + " GROUP BY 1").Bind(params).All(&rows)
	if err != nil {
		return nil, nil, fmt.Errorf("count all of %s: %w", e.key, err)
	}
	for _, r := range rows {
		if sum == nil {
			sum = &analysis.Part{}
		}
		sum.Num += r.Num
		sum.Den += r.Den
		if r.Corrects != "" {
			if corrections == nil {
				corrections = map[string]analysis.Part{}
			}
			corrections[r.Corrects] = analysis.Part{Num: r.Num, Den: r.Den}
		}
	}
	return sum, corrections, nil
}

// eventKeys are the dimensions of events, in SQL of their rows r.
var eventKeys = map[analysis.Dimension]string{
	analysis.Person: "r.owner", analysis.Team: "r.manager", analysis.Department: "r.dept",
	analysis.Account: "r.customer", analysis.Tier: "r.tier", analysis.Region: "r.region",
	analysis.Product: "r.product", analysis.Category: "r.category",
	analysis.Theme: "r.dim", analysis.Competitor: "r.dim", analysis.Reason: "r.dim", analysis.Sort: "r.dim",
	analysis.Day: "r.day", analysis.Month: "substr(r.day, 1, 7)", analysis.Year: "substr(r.day, 1, 4)",
	analysis.Quarter: "substr(r.day, 1, 5) || 'Q' || ((CAST(substr(r.day, 6, 2) AS INTEGER) + 2) / 3)",
}

// asked are the rows r of a query: of its period, that the viewer sees and that pass
// its filters.
func asked(at reading, e event, q analysis.Query, v viewer) (sql string, params dbx.Params, err error) {
	ends, err := json.Marshal(analysis.Ends(q.Period, q.By))
	if err != nil {
		return "", nil, fmt.Errorf("write the ends of a period: %w", err)
	}
	where, params := v.seenEvent("r")
	params["key"], params["today"], params["ends"] = e.key, domain.BusinessDay(at.now), string(ends)
	params["from"], params["to"] = q.Period.From, q.Period.To
	conditions := []string{where}
	if level := q.TargetLevel(v.Rights); e.levels && level != "" {
		conditions = append(conditions, "r.dim = {:level}")
		params["level"] = level
	}
	if e.secret && !v.All {
		conditions = append(conditions, "r.owner <> {:viewer}")
	}
	for _, d := range analysis.Dimensions {
		if len(q.Filters[d]) == 0 {
			continue
		}
		values, err := json.Marshal(q.Filters[d])
		if err != nil {
			return "", nil, fmt.Errorf("write a filter: %w", err)
		}
		conditions = append(conditions, eventKeys[d]+" IN (SELECT value FROM json_each({:is_"+string(d)+"}))")
		params["is_"+string(d)] = string(values)
	}
	return "(" + e.within() + ") r WHERE " + strings.Join(conditions, " AND "), params, nil
}

// within are the rows of a period.
func (e event) within() string {
	in := "day BETWEEN {:from} AND {:to}"
	if e.state {
		in = "day IN (SELECT value FROM json_each({:ends}))"
	}
	live := "day BETWEEN {:from} AND {:to} AND substr(day, 1, 7) NOT IN (SELECT month FROM analysis_months)"
	return "SELECT " + eventColumns + ", '' AS corrects FROM (" + e.rows() + ") WHERE " + live +
		" UNION ALL SELECT " + eventColumns + ", corrects FROM metric_cells WHERE key = {:key} AND " + in
}

// seenEvent is the condition under which the viewer sees a row t of an event: beside
// whose it was, departments and roles see what was passed to them.
func (v viewer) seenEvent(t string) (where string, params dbx.Params) {
	if v.All {
		return "TRUE", dbx.Params{}
	}
	if v.Member {
		where, params = t+".owner = {:viewer}", dbx.Params{"viewer": v.id, "viewerDept": v.dept}
	} else {
		where, params = v.seen(t)
	}
	params["viewerRole"] = v.role
	return "(" + where + " OR {:viewerDept} <> '' AND instr(" + t + ".also, '|' || {:viewerDept} || '|') > 0" +
		" OR instr(" + t + ".also, '|role:' || {:viewerRole} || '|') > 0)", params
}
