package importexport

import (
	"slices"
	"strings"

	"satchel/hooks/platform/gate"
)

// totalNames are what people call the last line of a list, in its first column.
var totalNames = []string{"合计", "总计", "小计", "total", "grand total", "sum"}

// sumOf reports whether a line is a total of those above it.
func (l list) sumOf(head []column, row line) bool {
	first := slices.IndexFunc(head, func(c column) bool { return c.field == l.key[0] })
	return l.totals && row.bad == nil && first >= 0 && slices.Contains(totalNames, strings.ToLower(row.at(first)))
}

// at is what a line has in a column; empty beyond its last cell.
func (r line) at(i int) string {
	if i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// checkTotals takes the totals out of a list, and answers those that do not match: each
// is of the lines since the one before it, of those that it names the metric and year of,
// in every column of numbers that it fills. Refusals import.total, import.value.
func (l list) checkTotals(head []column, rows []line) (rest []line, bad []badRow) {
	first := 0
	for _, row := range rows {
		if !l.sumOf(head, row) {
			rest = append(rest, row)
			continue
		}
		if err := l.checkTotal(head, row, rest[first:]); err != nil {
			if b, refused := l.bad(row.number, err); refused {
				bad = append(bad, b)
			}
		}
		first = len(rest)
	}
	return rest, bad
}

func (l list) checkTotal(head []column, total line, of []line) error {
	of = slices.DeleteFunc(slices.Clone(of), func(row line) bool { return !l.counts(head, total, row) })
	for i, c := range head {
		if c.kind != whole || total.at(i) == "" {
			continue
		}
		said, err := c.value(nil, nil, total.at(i))
		if err != nil {
			return err
		}
		sum := int64(0)
		for _, row := range of {
			if row.at(i) == "" {
				continue
			}
			n, err := c.value(nil, nil, row.at(i))
			if err != nil {
				continue // the line is refused for itself
			}
			if sum += n.(int64); sum > 1<<53 {
				break
			}
		}
		if sum != said {
			return gate.Refuse("import.total", "column", c.zh, "value", said, "sum", sum)
		}
	}
	return nil
}

// counts reports whether a line is one of those that a total says it is of.
func (l list) counts(head []column, total, row line) bool {
	for i, c := range head {
		if c.kind == whole || c.field == l.key[0] || total.at(i) == "" {
			continue
		}
		if i >= len(row.cells) || !c.same(total.at(i), row.at(i)) {
			return false
		}
	}
	return true
}

// same reports whether two cells of a column that names no row say the same.
func (c column) same(a, b string) bool {
	if c.kind == choice {
		va, err := c.value(nil, nil, a)
		vb, err2 := c.value(nil, nil, b)
		return err == nil && err2 == nil && va == vb
	}
	return a == b
}
