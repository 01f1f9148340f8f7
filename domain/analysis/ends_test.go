package analysis

import (
	"slices"
	"testing"

	"satchel/domain"
)

func TestAPeriodEndsWithItsParts(t *testing.T) {
	for _, c := range []struct {
		from, to string
		by       []Dimension
		want     []string
	}{
		{"2026-01-10", "2026-03-20", nil, []string{"2026-03-20"}},
		{"2026-01-10", "2026-03-20", []Dimension{Account}, []string{"2026-03-20"}},
		{"2026-01-10", "2026-03-20", []Dimension{Person, Month}, []string{"2026-01-31", "2026-02-28", "2026-03-20"}},
		{"2026-01-01", "2026-03-31", []Dimension{Month}, []string{"2026-01-31", "2026-02-28", "2026-03-31"}},
		{"2025-11-01", "2026-04-30", []Dimension{Quarter}, []string{"2025-12-31", "2026-03-31", "2026-04-30"}},
		{"2024-02-01", "2026-02-28", []Dimension{Year}, []string{"2024-12-31", "2025-12-31", "2026-02-28"}},
		{"2026-01-01", "2026-02-28", []Dimension{Year, Month}, []string{"2026-01-31", "2026-02-28"}},
	} {
		if got := Ends(domain.Period{From: c.from, To: c.to}, c.by); !slices.Equal(got, c.want) {
			t.Errorf("%s to %s by %v ends with %v, want %v", c.from, c.to, c.by, got, c.want)
		}
	}
}
