package analysis

import (
	"slices"

	"satchel/domain"
)

// Periods of reports that are made each month.
const (
	ReportMonth      = "month"        // the month before
	ReportQuarter    = "quarter"      // the last quarter that is over
	ReportYearToDate = "year_to_date" // the year up to the end of the month before
)

// ReportPeriod is the period that a report which is made on a day is of.
func ReportPeriod(kind, today string) domain.Period {
	last := AddMonths(domain.Month(today), -1)
	switch kind {
	case ReportQuarter:
		for !endsPart(last, 3) {
			last = AddMonths(last, -1)
		}
		return domain.Period{From: AddMonths(last, -2) + "-01", To: MonthEnd(last)}
	case ReportYearToDate:
		return YearToDate(last)
	}
	return MonthPeriod(last)
}

// ReportDue reports whether there is something new to tell in a month: of quarters,
// after their last.
func ReportDue(kind, today string) bool {
	return kind != ReportQuarter || endsPart(AddMonths(domain.Month(today), -1), 3)
}

// Column is a figure of a report: what it comes to for each of the keys, and for all.
type Column struct {
	Figure Figure
	Rows   []ReportRow
	Total  *int64
}

// ReportRow is what a figure comes to for some keys, which have names.
type ReportRow struct {
	Keys, Labels []string
	Value        *int64
}

// ReportTable lays figures side by side: a row for each of the keys of any of them,
// in the order in which they come up, and one for all. What is not known stays empty.
func ReportTable(columns []Column, dimensions []domain.Texts, zh bool) (heads []string, rows [][]any) {
	say := func(t domain.Texts) string {
		if zh {
			return t.ZH
		}
		return t.EN
	}
	for _, d := range dimensions {
		heads = append(heads, say(d))
	}
	width := len(dimensions) + len(columns)
	places := map[string]int{}
	blank := func(labels []string) []any {
		cells := make([]any, width)
		for i := range cells {
			cells[i] = ""
		}
		for i, l := range labels {
			cells[i] = l
		}
		return cells
	}
	total := blank([]string{say(domain.Texts{ZH: "合计", EN: "Total"})}[:min(1, len(dimensions))])
	for n, c := range columns {
		heads = append(heads, say(c.Figure.Name)+say(unitNames[c.Figure.Unit]))
		at := len(dimensions) + n
		for _, r := range c.Rows {
			key := join(r.Keys)
			place, known := places[key]
			if !known {
				place = len(rows)
				places[key] = place
				rows = append(rows, blank(r.Labels))
			}
			rows[place][at] = c.Figure.Unit.cell(r.Value)
		}
		total[at] = c.Figure.Unit.cell(c.Total)
	}
	return heads, append(slices.Clip(rows), total)
}

// join writes keys as one.
func join(keys []string) (one string) {
	for _, k := range keys {
		one += k + "\x00"
	}
	return one
}

// unitNames follow the name of a figure in the head of its column.
var unitNames = map[Unit]domain.Texts{
	Fen:       {ZH: "（元）", EN: " (yuan)"},
	BP:        {ZH: "（%）", EN: " (%)"},
	MilliDays: {ZH: "（天）", EN: " (days)"},
}

// cell is a value as people read it.
func (u Unit) cell(value *int64) any {
	switch {
	case value == nil:
		return ""
	case u == Fen || u == BP:
		return float64(*value) / 100
	case u == Milli || u == MilliDays:
		return float64(*value) / 1000
	}
	return float64(*value)
}
