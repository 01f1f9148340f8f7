package pricing

import "fmt"

// rounded is [mulDiv] that the line remembers if it was no whole fen.
func (l *line) rounded(of string, a, b, c int64) int64 {
	fen := mulDiv(a, b, c)
	l.note(of, a, b, c, fen)
	return fen
}

// note keeps what a figure would be exactly, if it is no whole fen.
func (l *line) note(of string, a, b, c, fen int64) {
	whole, rest := floorDiv(a, b, c)
	if rest == 0 || fen > MaxFen {
		return
	}
	digits, _ := floorDiv(rest, 10_000, c)
	l.Why.Rounding = append(l.Why.Rounding, Rounding{Of: of, Exact: fmt.Sprintf("%d.%04d", whole, digits), Fen: fen})
}
