package gate

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"
)

// Listed selects the rows of a collection that its list rule, which must be
// there, shows to a user.
func Listed(app core.App, coll *core.Collection, user *core.Record) (*dbx.SelectQuery, error) {
	query := app.RecordQuery(coll)
	if *coll.ListRule != "" {
		info := &core.RequestInfo{
			Context: core.RequestInfoContextDefault, Method: http.MethodGet, Auth: user,
			Query: map[string]string{}, Headers: map[string]string{}, Body: map[string]any{},
		}
		resolver := core.NewRecordFieldResolver(app, coll, info, true)
		expr, err := search.FilterData(*coll.ListRule).BuildExpr(resolver)
		if err != nil {
			return nil, fmt.Errorf("read the list rule of %s: %w", coll.Name, err)
		}
		query.AndWhere(expr)
		if err := resolver.UpdateQuery(query); err != nil {
			return nil, fmt.Errorf("join the list rule of %s: %w", coll.Name, err)
		}
	}
	return query, nil
}
