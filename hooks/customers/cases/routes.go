package cases

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// routed raises an issue that came out of something else: feedback of a visit
// becomes an issue of the customer.
func routed(ctx context.Context, txApp core.App, r gate.Routed) (collection, id string, err error) {
	issue, err := records.Cases.New(txApp)
	if err != nil {
		return "", "", err
	}
	title := []rune(r.Text)
	issue.SetAccount(records.AccountID(r.Account))
	issue.SetBy(records.UserID(r.Owner))
	issue.SetVisit(records.VisitID(r.Visit))
	issue.SetProduct(records.ProductID(r.Product))
	issue.SetKind(records.CaseKind(customers.CaseKind(r.Theme)))
	issue.SetLevel("normal")
	issue.SetChannel("visit")
	issue.SetTitle(string(title[:min(len(title), 40)]))
	issue.SetText(r.Text)
	issue.SetOwnerDept(records.DepartmentID(r.Department))
	issue.SetSource(r.Source)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue.Raw()); err != nil {
		return "", "", fmt.Errorf("raise an issue: %w", err)
	}
	return records.CaseTable, string(issue.ID()), nil
}
