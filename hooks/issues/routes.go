package issues

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Routes are what other areas may have made of what they pass on: feedback of a
// visit becomes an issue of the customer.
func Routes(gate.Config) gate.Routes {
	return gate.Routes{domain.RouteIssue: route}
}

func route(ctx context.Context, txApp core.App, r gate.Routed) (collection, id string, err error) {
	coll, err := txApp.FindCachedCollectionByNameOrId(issues)
	if err != nil {
		return "", "", err
	}
	issue := core.NewRecord(coll)
	fromRouted(issue, r)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue); err != nil {
		return "", "", fmt.Errorf("failed to raise an issue: %w", err)
	}
	return issues, issue.Id, nil
}
