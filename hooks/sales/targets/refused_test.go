package targets_test

import "testing"

// TestATargetsYearIsOneOfOurTime: of another, working days would be counted each hour for
// thousands of years.
func TestATargetsYearIsOneOfOurTime(t *testing.T) {
	d := open(t)
	for _, year := range []string{"0000", "1066", "9999"} {
		_, refused := d.Create("director.lin", "targets", map[string]any{"level": "dept", "owner": d.As("director.lin").Id, "metric": "volume", "year": year, "value": 1})
		d.Expect(year, refused, "target.year_invalid year")
	}
}
