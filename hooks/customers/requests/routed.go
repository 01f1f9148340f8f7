package requests

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// routable is what rows have in common that come out of another area.
type routable interface {
	SetOwner(records.UserID)
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
	SetAccount(records.AccountID)
	SetSource(string)
	Raw() *core.Record
}

// keep saves a row that came out of another area.
func keep(ctx context.Context, tx core.App, row routable, in gate.Routed) (collection, id string, err error) {
	row.SetOwner(records.UserID(in.Owner))
	row.SetManager(records.UserID(in.Manager))
	row.SetDept(records.DepartmentID(in.Dept))
	row.SetAccount(records.AccountID(in.Account))
	row.SetSource(in.Source)
	collection = row.Raw().Collection().Name
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return "", "", fmt.Errorf("make a row of %s: %w", collection, err)
	}
	return collection, row.Raw().Id, nil
}

func (s service) takeIntel(ctx context.Context, tx core.App, in gate.Routed) (collection, id string, err error) {
	row, err := records.IntelReports.New(tx)
	if err != nil {
		return "", "", err
	}
	row.SetVisit(records.VisitID(in.Visit))
	row.SetText(in.Text)
	row.SetKind(intelKind(in.Theme))
	return keep(ctx, tx, row, in)
}

func (s service) takeSupport(ctx context.Context, tx core.App, in gate.Routed) (collection, id string, err error) {
	row, err := records.SupportRequests.New(tx)
	if err != nil {
		return "", "", err
	}
	row.SetToDept(records.DepartmentID(in.Department))
	row.SetText(in.Text)
	row.SetKind(supportKind(in.Theme))
	return keep(ctx, tx, row, in)
}

func (s service) takeProduct(ctx context.Context, tx core.App, in gate.Routed) (collection, id string, err error) {
	row, err := records.ProductRequests.New(tx)
	if err != nil {
		return "", "", err
	}
	row.SetToDept(records.DepartmentID(in.Department))
	row.SetProduct(records.ProductID(in.Product))
	row.SetNeed(in.Text)
	row.SetWish(customers.PriorityNormal)
	return keep(ctx, tx, row, in)
}

// supportKind is the kind of request that feedback of a theme becomes.
func supportKind(theme string) records.SupportRequestKind {
	switch theme {
	case "promotion":
		return "marketing"
	case "payment":
		return "finance"
	case "delivery":
		return "logistics"
	case "technical":
		return "technical"
	case "quality", "service":
		return "complaint"
	}
	return "other"
}

// intelKind is the kind of report that feedback of a theme becomes.
func intelKind(theme string) records.IntelReportKind {
	switch theme {
	case "price", "competitor":
		return records.IntelReportKind(theme)
	}
	return "market"
}
