package analysis

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/analysis"
)

// ask answers a query under the rights of who asks: what he may not ask is refused
// before anything is read, so no refusal depends on rows.
func (s *Service) ask(ctx context.Context, from reading, q analysis.Query, v viewer) (a analysis.Answer, err error) {
	if q, err = v.Narrow(q, string(v.id)); err != nil {
		return a, err
	}
	count := s.sources[q.Figure.Source]
	now, err := count.cells(ctx, from, q, v)
	if err != nil {
		return a, err
	}
	var then *analysis.Cells
	if q.Compare != analysis.NoCompare {
		before, err := count.cells(ctx, from, q.Compared(), v)
		if err != nil {
			return a, err
		}
		then = &before
	}
	if a, err = q.Answer(now, then); err != nil {
		return a, err
	}
	v.Blur(q.Figure, &a)
	a.AsOf = domain.BusinessTime(from.now)
	if v.All {
		a.Seq = &from.seq
	}
	return a, v.label(from.db, q, a.Rows)
}

// names are where the names of keys stand; what is not here is its own name.
var names = map[analysis.Dimension]string{
	analysis.Person: "users", analysis.Team: "users", analysis.Department: "departments", analysis.Account: "accounts",
	analysis.Product: "products", analysis.Promotion: "promotions", analysis.Competitor: "competitors",
}

// label names the keys of rows as they are called today; an account that the viewer
// has no more keeps its id.
func (v viewer) label(db dbx.Builder, q analysis.Query, rows []analysis.Row) error {
	for _, d := range q.By {
		called, err := v.names(db, d, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			row.Label[d] = row.By[d]
			if name, known := called[row.By[d]]; known {
				row.Label[d] = name
			}
		}
	}
	return nil
}

// atOnce is how many names one statement reads.
const atOnce = 500

func (v viewer) names(db dbx.Builder, d analysis.Dimension, rows []analysis.Row) (map[string]string, error) {
	table, named := names[d]
	if !named {
		return nil, nil
	}
	called := map[string]string{}
	for _, row := range rows {
		called[row.By[d]] = row.By[d]
	}
	ids := make([]any, 0, len(called))
	for id := range called {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, atOnce) {
		var found []struct {
			ID   string `db:"id"`
			Name string `db:"name"`
		}
		query := db.Select("id", "name").From(table).Where(dbx.In("id", some...))
		if where, params := v.holds(); d == analysis.Account && !v.Names {
			query.AndWhere(dbx.NewExp(where, params))
		}
		if err := query.All(&found); err != nil {
			return nil, fmt.Errorf("read the names of %s: %w", table, err)
		}
		for _, f := range found {
			called[f.ID] = f.Name
		}
	}
	return called, nil
}
