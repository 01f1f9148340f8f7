package analysis

import "satchel/domain"

// Ends are the last days of the parts into which a period is broken down, by the
// finest of the dimensions; of the whole period if none is of the calendar.
func Ends(p domain.Period, by []Dimension) (out []string) {
	months := finest(by)
	if months == 0 {
		return []string{p.To}
	}
	for month := domain.Month(p.From); month <= domain.Month(p.To); month = domain.NextMonth(month) {
		if last := MonthEnd(month); endsPart(month, months) && last < p.To {
			out = append(out, last)
		}
	}
	return append(out, p.To)
}

// MonthEnd is the last day of a month (YYYY-MM).
func MonthEnd(month string) string { return domain.AddDays(domain.NextMonth(month)+"-01", -1) }

// finest is of how many months the finest part is; 0 if there are no parts.
func finest(by []Dimension) (months int) {
	for _, d := range by {
		if n := map[Dimension]int{Month: 1, Quarter: 3, Year: 12}[d]; n > 0 && (months == 0 || n < months) {
			months = n
		}
	}
	return months
}

// endsPart reports whether a part of so many months ends with a month.
func endsPart(month string, months int) bool {
	n := int(month[5]-'0')*10 + int(month[6]-'0')
	return n%months == 0
}
