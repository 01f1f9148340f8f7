package analysis

import (
	"reflect"
	"strings"
	"testing"

	"satchel/domain"
)

func TestRead(t *testing.T) {
	const today = "2026-03-16"
	q, err := Read("amount", map[string][]string{
		"from": {"2026-01"}, "to": {"2026-02"}, "by": {"product,month"}, "compare": {"prior"}, "limit": {"5"}, "tier": {"A,B"}, "promotion": {""}, "account": {"x", "y"},
	}, today)
	if err != nil {
		t.Fatal(err)
	}
	if q.Period != (domain.Period{From: "2026-01-01", To: "2026-02-28"}) || !reflect.DeepEqual(q.By, []Dimension{Product, Month}) || q.Compare != Prior || q.Limit != 5 ||
		!reflect.DeepEqual(q.Filters, map[Dimension][]string{Tier: {"A", "B"}, Promotion: {""}, Account: {"x", "y"}}) {
		t.Errorf("%+v", q)
	}
	if q, err = Read("amount", nil, today); err != nil || q.Period != (domain.Period{From: "2026-03-01", To: today}) {
		t.Errorf("asked for nothing: %+v, %v", q.Period, err)
	}
	if q, err = Read("amount", map[string][]string{"from": {"2026-05"}}, today); err != nil || q.Period != (domain.Period{From: "2026-05-01", To: "2026-05-31"}) {
		t.Errorf("a month to come: %+v, %v", q.Period, err)
	}
	for _, c := range []struct{ key, name, value, code string }{
		{"sales", "", "", "analysis.figure_unknown"},
		{"amount", "by", "tier,tier", "analysis.dimension_invalid"},
		{"amount", "by", "tier,", "analysis.dimension_invalid"},
		{"amount", "by", "tier,account,product,month", "analysis.dimension_invalid"},
		{"amount", "by", "theme", "analysis.dimension_invalid"},
		{"collected", "by", "product", "analysis.dimension_invalid"},
		{"retention", "by", "month", "analysis.dimension_invalid"},
		{"collected", "product", "x", "analysis.dimension_invalid"},
		{"amount", "perso", "x", "analysis.dimension_invalid"},
		{"amount", "account", strings.Repeat("x,", maxValues), "analysis.dimension_invalid"},
		{"amount", "compare", "month", "analysis.argument_invalid"},
		{"amount", "limit", "0", "analysis.argument_invalid"},
		{"amount", "limit", "10001", "analysis.argument_invalid"},
		{"amount", "limit", "five", "analysis.argument_invalid"},
		{"amount", "from", "2026-02-30", "analysis.period_invalid"},
		{"amount", "from", "2026-13", "analysis.period_invalid"},
		{"amount", "from", "2026-04-01", ""},
		{"amount", "to", "2026-02", "analysis.period_invalid"},
		{"amount", "to", "2036-03", "analysis.period_invalid"},
		{"amount", "to", "2036-02", ""},
		{"amount", "from", "'; DROP TABLE users", "analysis.period_invalid"},
	} {
		asked := map[string][]string{}
		if c.name != "" {
			asked[c.name] = []string{c.value}
		}
		if _, err := Read(c.key, asked, today); domain.CodeOf(err) != c.code {
			t.Errorf("%s %s=%.20s: %v, want %q", c.key, c.name, c.value, err, c.code)
		}
	}
}
