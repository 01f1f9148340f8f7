package invoices

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// companies are the company's own names, to which its invoices are issued.
func companies() kit.Collection {
	return kit.Collection{
		Name:  records.OwnCompanyTable,
		Audit: gate.Audit{Fields: []string{records.OwnCompanyColName, records.OwnCompanyColTaxNo, records.OwnCompanyColAliases, records.OwnCompanyColActive}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.OwnCompanies, "ownCompanyCreate", companySaved),
			kit.On(kit.Update, records.OwnCompanies, "ownCompanyUpdate", companySaved),
		},
	}
}

// companySaved keeps a tax number as it is compared, and refuses one that is none.
func companySaved(e *kit.Change[records.OwnCompany]) error {
	number := strings.ToUpper(strings.Join(strings.Fields(expense.NormalText(e.Row.TaxNo())), ""))
	if number != "" && len(number) != 15 && len(number) != 18 && len(number) != 20 {
		return gate.RefuseField(records.OwnCompanyColTaxNo, "invoice.own_tax_invalid")
	}
	if _, err := e.Row.Aliases(); err != nil {
		return gate.RefuseField(records.OwnCompanyColAliases, "field.type")
	}
	e.Row.SetTaxNo(number)
	return e.Next()
}

// own reads the company's names in force.
func own(app core.App) ([]expense.OwnCompany, error) {
	rows, err := records.OwnCompanies.All(app, "active", nil, "id")
	if err != nil {
		return nil, err
	}
	out := make([]expense.OwnCompany, 0, len(rows))
	for _, row := range rows {
		aliases, err := row.Aliases()
		if err != nil {
			return nil, err
		}
		out = append(out, expense.OwnCompany{Name: row.Name(), TaxNo: row.TaxNo(), Aliases: aliases})
	}
	return out, nil
}
