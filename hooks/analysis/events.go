package analysis

import (
	"context"
	"fmt"

	"satchel/domain/analysis"
)

// events counts figures of records other than sales.
type events struct{}

func (events) cells(_ context.Context, _ reading, q analysis.Query, _ viewer) (analysis.Cells, error) {
	return analysis.Cells{}, fmt.Errorf("nobody counts %s", q.Figure.Key)
}
