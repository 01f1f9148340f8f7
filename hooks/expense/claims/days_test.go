package claims_test

import "testing"

// TestAPreapprovalThatGoesOn into days that its leaf is not of: what falls there is borne
// where it fits.
func TestAPreapprovalThatGoesOn(t *testing.T) {
	d := open(t)
	agreed := d.preapproval(30_000)
	d.sql("UPDATE budget_nodes SET to_date = '2026-03-18' WHERE name = '陈'")
	c := d.claim(rep)
	for i, on := range []string{"2026-03-18", "2026-03-19"} {
		d.line(rep, c, 10_000, map[string]any{"seq": i + 1, "no_invoice_reason": "x", "preapproval": agreed.Id, "day": on})
	}
	d.Must(d.Act(rep, c, "submit", ""))
	d.has("of the day", "陈", 30_000, 0)
	d.has("of the next", "公共", 10_000, 0)
}
