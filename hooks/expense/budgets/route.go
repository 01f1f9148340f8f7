package budgets

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (b *Book) routes() []kit.Route {
	own := func(r *router.Route[*core.RequestEvent]) { r.BindFunc(gate.OwnFaults) }
	return []kit.Route{{Method: http.MethodGet, Path: "/api/ka/budgets/{id}/tree", Bind: own, Run: b.tree}}
}

// treeHead is what an answer says of a budget before its "nodes", the ones above first.
type treeHead struct {
	Budget string `json:"budget"`
	Year   string `json:"year"`
	State  string `json:"state"`
	Total  int    `json:"total_fen"`
	AsOf   string `json:"as_of"`
}

// tree answers GET /api/ka/budgets/{id}/tree, to who sees the budget. SQLite itself
// writes the nodes, and nobody reads them again: there are thousands.
func (b *Book) tree(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.BudgetTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	budget := records.Budgets.Of(row)
	head, err := json.Marshal(treeHead{
		string(budget.ID()), budget.Year(), string(budget.State()), budget.TotalFen(), domain.BusinessTime(b.Now()),
	})
	if err != nil {
		return err
	}
	var nodes []byte
	err = e.App.DB().NewQuery(`SELECT json_group_array(json_object('id', id, 'parent', parent, 'name', name, 'leaf', json(CASE WHEN is_leaf THEN 'true' ELSE 'false' END),
			'amount_fen', amount_fen, 'allocated_fen', allocated_fen, 'reserved_fen', reserved_fen, 'spent_fen', spent_fen, 'free_fen', free_fen,
			'control', control, 'over_bp', over_bp, 'window', "window", 'from', from_date, 'to', to_date))
		FROM (SELECT id, parent, name, is_leaf, amount_fen, allocated_fen, reserved_fen, spent_fen, free_fen, control, over_bp, "window", from_date, to_date
			FROM budget_nodes WHERE budget = {:b} ORDER BY depth, position, name, id)`).Bind(dbx.Params{"b": budget.ID()}).Row(&nodes)
	if err != nil {
		return fmt.Errorf("read the tree of a budget: %w", err)
	}
	return e.Blob(http.StatusOK, "application/json", slices.Concat(head[:len(head)-1], []byte(`,"nodes":`), nodes, []byte("}")))
}
