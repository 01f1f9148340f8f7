package analysis

import (
	"slices"

	"satchel/domain"
)

// Rights are what somebody may ask for, by his role.
type Rights struct {
	All    bool // of rows whosever they are
	Sales  bool // of figures of what was sold
	Profit bool // of figures from which follows what goods cost
	Heads  bool // he leads his department, and sees its rows
	Member bool // he sees the rows of his department
	Names  bool // he knows every account by its name
}

// RightsOf are the rights of a role.
func RightsOf(role string) Rights {
	switch role {
	case "executive", "finance", "admin", "auditor":
		return Rights{All: true, Sales: true, Profit: true, Names: true}
	case "dept_manager":
		return Rights{Sales: true, Profit: true, Heads: true}
	case "ka_manager":
		return Rights{Sales: true, Profit: true}
	case "rep":
		return Rights{Sales: true}
	case "market", "product", "service", "ops":
		return Rights{Member: true, Names: true}
	}
	return Rights{Member: true}
}

// Knows reports whether somebody may ask for a figure at all.
func (r Rights) Knows(f Figure) bool {
	return (r.Sales || f.Source != FromSales) && (r.Profit || !f.Profit || f.Own && r.Sales)
}

// Narrow holds a query to what its asker may know, whatever the rows say: without
// the right to profit he is told of his own target, of the whole of its year and
// nothing finer. Problem analysis.not_allowed.
func (r Rights) Narrow(q Query, self string) (Query, error) {
	refused := domain.Problem{Code: "analysis.not_allowed", Params: map[string]any{"key": q.Figure.Key}}
	if !r.Knows(q.Figure) {
		return q, refused
	}
	if !r.coarse(q.Figure) {
		return q, nil
	}
	year := q.Period.From[:4]
	whole := q.Period == domain.Period{From: year + "-01-01", To: year + "-12-31"}
	broken := slices.ContainsFunc(q.By, func(d Dimension) bool { return d != Person })
	if !whole || broken || q.Compare != NoCompare {
		return q, refused
	}
	for d, values := range q.Filters {
		if d != Person || len(values) != 1 || values[0] != self {
			return q, refused
		}
	}
	q.Filters = map[Dimension][]string{Person: {self}}
	return q, nil
}

// coarse reports whether somebody is told of a figure in whole percent alone.
func (r Rights) coarse(f Figure) bool { return f.Profit && !r.Profit }

// Blur takes out of an answer what would tell its asker more than he may know: in
// whole percent, nobody tells what one delivery earned.
func (r Rights) Blur(f Figure, a *Answer) {
	if !r.coarse(f) {
		return
	}
	a.Uncosted, a.Corrections = 0, []Correction{}
	for _, row := range append([]*Row{&a.Total}, pointers(a.Rows)...) {
		row.Num, row.Den, row.Running = nil, nil, nil
		if row.Value != nil {
			percent := *row.Value / 100 * 100
			row.Value = &percent
		}
	}
}

func pointers(rows []Row) []*Row {
	out := make([]*Row, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}
