package analysis

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/records"
)

// lines is a question for the records of a figure.
type lines struct {
	figure analysis.Figure
	period domain.Period
	by     analysis.Dimension // Person, Team or Department
	only   []string           // of the dimension; all if nil
	viewer viewer
}

// whose are the columns of the dimensions by which records are asked for.
var whose = map[analysis.Dimension]string{analysis.Person: "owner", analysis.Team: "manager", analysis.Department: "dept"}

// levelOf is which targets answer for one of a dimension, for they contain each other.
var levelOf = map[analysis.Dimension]string{analysis.Person: "rep", analysis.Team: "manager", analysis.Department: "dept"}

// sql are the records in the order of whose they are and of their refs.
func (l lines) sql(today string) (sql string, params dbx.Params, err error) {
	column, known := whose[l.by]
	if !known {
		return "", nil, fmt.Errorf("records are not asked for by %s", l.by)
	}
	rows, params, err := l.rows(today)
	if err != nil {
		return "", nil, err
	}
	where := "r." + column + " <> ''"
	if l.only != nil {
		only, err := json.Marshal(l.only)
		if err != nil {
			return "", nil, fmt.Errorf("write whose records are asked for: %w", err)
		}
		where = "r." + column + " IN (SELECT value FROM json_each({:only}))"
		params["only"] = string(only)
	}
	if l.figure.Source == analysis.FromEvents {
		if counted[l.figure.Key].levels {
			where += " AND r.dim = {:level}"
			params["level"] = levelOf[l.by]
		}
		seen, more := l.viewer.seenEvent("r")
		where += " AND " + seen
		for name, value := range more {
			params[name] = value
		}
	} else {
		seen, more := l.viewer.seen("r")
		where += " AND " + seen
		for name, value := range more {
			params[name] = value
		}
	}
	return "SELECT r." + column + " AS whose, r.ref, r.day, r.customer AS account, r.num, r.den FROM (" + rows + ") r WHERE " + where, params, nil
}

// rows are the records of the period, whosever they are.
func (l lines) rows(today string) (sql string, params dbx.Params, err error) {
	params = dbx.Params{"from": l.period.From, "to": l.period.To}
	if l.figure.Source == analysis.FromEvents {
		e, known := counted[l.figure.Key]
		if !known {
			return "", nil, fmt.Errorf("nobody counts %s", l.figure.Key)
		}
		ends, err := json.Marshal([]string{l.period.To})
		if err != nil {
			return "", nil, fmt.Errorf("write the end of a period: %w", err)
		}
		params["key"], params["today"], params["ends"] = e.key, today, string(ends)
		return e.within(), params, nil
	}
	if kinds, num, den, sums := analysis.FactSum(l.figure.Key); sums {
		return "SELECT printf('%012d', seq) AS ref, day, owner, manager, dept, account, account AS customer, " + num + " AS num, " + den +
			" AS den FROM sales_facts WHERE day BETWEEN {:from} AND {:to} AND kind IN ('" + strings.Join(kinds, "', '") + "')", params, nil
	}
	if l.figure.Key != "retention" {
		return "", nil, fmt.Errorf("the records of %s are not told", l.figure.Key)
	}
	before := analysis.Query{Period: l.period}.Compared().Period
	params["before"], params["until"] = before.From, before.To
	column := whose[l.by]
	return `SELECT f.account AS ref, MAX(f.day) AS day, f.owner, f.manager, f.dept, f.account, f.account AS customer, EXISTS (SELECT 1 FROM sales_facts g
		WHERE g.account = f.account AND g.kind = 'delivery' AND g.day BETWEEN {:from} AND {:to} AND g.` + column + ` = f.` + column + `) AS num, 1 AS den
		FROM sales_facts f WHERE f.kind = 'delivery' AND f.day BETWEEN {:before} AND {:until} GROUP BY f.` + column + `, f.account`, params, nil
}

// Each gives every record that a figure counted in a period, in the order of whose it is
// and of its ref, as who sees all has them. only are whose; everybody's if nil.
func (s *Service) Each(ctx context.Context, app core.App, key string, p domain.Period, by analysis.Dimension, only []string, give func(analysis.Line)) error {
	figure, err := analysis.Find(key)
	if err != nil {
		return err
	}
	if figure.Kind == analysis.None {
		return nil
	}
	l := lines{figure, p, by, only, viewer{Rights: analysis.Rights{All: true}}}
	sql, params, err := l.sql(domain.BusinessDay(s.cfg.Now()))
	if err != nil {
		return err
	}
	rows, err := app.DB().NewQuery(sql + " ORDER BY whose, r.ref, r.num, r.den").Bind(params).WithContext(ctx).Rows()
	if err != nil {
		return fmt.Errorf("read the records of %s: %w", key, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var line analysis.Line
	for rows.Next() {
		if err := rows.Scan(&line.Whose, &line.Ref, &line.Day, &line.Account, &line.Num, &line.Den); err != nil {
			return fmt.Errorf("read a record of %s: %w", key, err)
		}
		give(line)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the records of %s: %w", key, err)
	}
	return nil
}

// Page gives so many records that a figure counted of somebody, after a ref, under the
// rights of who reads. Problem analysis.not_allowed of what he may not ask.
func (s *Service) Page(app core.App, reader records.User, key string, p domain.Period, by analysis.Dimension, id, after string, limit int) ([]analysis.Line, error) {
	figure, err := analysis.Find(key)
	if err != nil {
		return nil, err
	}
	v := viewerOf(reader)
	secret := counted[key].secret && id == string(reader.ID())
	if !v.Knows(figure) || figure.Profit && !v.Profit || secret {
		return nil, domain.Problem{Code: "analysis.not_allowed", Params: map[string]any{"key": key}}
	}
	if figure.Kind == analysis.None {
		return []analysis.Line{}, nil
	}
	sql, params, err := lines{figure, p, by, []string{id}, v}.sql(domain.BusinessDay(s.cfg.Now()))
	if err != nil {
		return nil, err
	}
	params["after"], params["limit"] = after, limit
	out := []analysis.Line{}
	if err := app.DB().NewQuery(sql + " AND r.ref > {:after} ORDER BY r.ref LIMIT {:limit}").Bind(params).All(&out); err != nil {
		return nil, fmt.Errorf("read the records of %s: %w", key, err)
	}
	return out, nil
}

// Tells reports whether somebody of a role is told of a figure what goods cost follows from.
func Tells(role, key string) bool {
	figure, err := analysis.Find(key)
	return err == nil && (!figure.Profit || analysis.RightsOf(role).Profit)
}

// FrozenMonths reports whether all months of a period are frozen, which they are in their
// order: nothing of them moves any more.
func FrozenMonths(app core.App, p domain.Period) (bool, error) {
	last, err := lastFrozen(app)
	return last >= domain.Month(p.To), err
}

// Since lists what was learnt of a period's months after they were frozen, of a figure
// and of somebody: the corrections that count in other months, and facts that correct.
func (s *Service) Since(app core.App, key string, p domain.Period, by analysis.Dimension, ids []string) (out []analysis.Line, err error) {
	figure, err := analysis.Find(key)
	if err != nil {
		return nil, err
	}
	if figure.Kind == analysis.None {
		return nil, nil
	}
	only, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("write whose records are asked for: %w", err)
	}
	params := dbx.Params{"first": domain.Month(p.From), "last": domain.Month(p.To), "only": string(only), "key": key}
	column := whose[by]
	sql := "SELECT " + column + " AS whose, ref, day, customer AS account, num, den FROM metric_cells WHERE key = {:key} AND corrects BETWEEN {:first} AND {:last} AND " +
		column + " IN (SELECT value FROM json_each({:only}))"
	if kinds, num, den, sums := analysis.FactSum(key); figure.Source == analysis.FromSales {
		if !sums {
			return nil, nil
		}
		sql = "SELECT " + column + " AS whose, printf('%012d', seq) AS ref, day, account, " + num + " AS num, " + den + " AS den FROM sales_facts WHERE corrects BETWEEN {:first} AND {:last} AND kind IN ('" +
			strings.Join(kinds, "', '") + "') AND " + column + " IN (SELECT value FROM json_each({:only}))"
	}
	if err := app.DB().NewQuery(sql + " ORDER BY ref").Bind(params).All(&out); err != nil {
		return nil, fmt.Errorf("read what corrects %s: %w", key, err)
	}
	return slices.Clip(out), nil
}
