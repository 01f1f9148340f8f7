package analysis

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
	"satchel/syncer"
)

// fromSales counts what was sold: facts in memory, exactly as of the reading.
type fromSales struct{ planted syncer.Planted }

func (s fromSales) cells(_ context.Context, from reading, q analysis.Query, v viewer) (analysis.Cells, error) {
	seen, err := v.rows(from.db)
	if err != nil {
		return analysis.Cells{}, err
	}
	if s.planted == syncer.PlantOthersAccount && seen != nil {
		if err := seeMore(from.db, seen); err != nil {
			return analysis.Cells{}, err
		}
	}
	return from.facts.Count(q, seen)
}

// rows are whose facts the viewer sees; nil if all.
func (v viewer) rows(db dbx.Builder) (*analysis.Seen, error) {
	if v.All {
		return nil, nil
	}
	seen := &analysis.Seen{Person: string(v.id), Accounts: map[string]bool{}}
	if v.Heads {
		seen.Dept = string(v.dept)
	}
	var held []string
	err := db.NewQuery("SELECT id FROM accounts WHERE " + holds).Bind(dbx.Params{"viewer": v.id}).Column(&held)
	if err != nil {
		return nil, fmt.Errorf("find whose accounts somebody has: %w", err)
	}
	for _, id := range held {
		seen.Accounts[id] = true
	}
	return seen, nil
}
