package analysis

import (
	"fmt"
	"testing"

	"satchel/domain"
)

func TestReportsAreOfPeriodsThatAreOver(t *testing.T) {
	for _, c := range []struct{ kind, today, want string }{
		{ReportMonth, "2026-03-05", "2026-02-01 2026-02-28"},
		{ReportMonth, "2026-01-05", "2025-12-01 2025-12-31"},
		{ReportQuarter, "2026-03-05", "2025-10-01 2025-12-31"},
		{ReportQuarter, "2026-04-05", "2026-01-01 2026-03-31"},
		{ReportYearToDate, "2026-03-05", "2026-01-01 2026-02-28"},
		{ReportYearToDate, "2026-01-05", "2025-01-01 2025-12-31"},
	} {
		p := ReportPeriod(c.kind, c.today)
		if got := p.From + " " + p.To; got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.kind, c.today, got, c.want)
		}
	}
}

// TestAReportLaysFiguresSideBySide: in yuan and percent, with nothing where nothing
// is known, whichever figure brings a key first.
func TestAReportLaysFiguresSideBySide(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	amount := Figure{Unit: Fen, Name: domain.Texts{ZH: "销售额", EN: "Sales amount"}}
	otif := Figure{Unit: BP, Name: domain.Texts{ZH: "按时按量交付率", EN: "On time in full"}}
	columns := []Column{
		{amount, []ReportRow{{[]string{"a"}, []string{"陈"}, n(123456)}, {[]string{"b"}, []string{"何"}, n(-5)}}, n(123451)},
		{otif, []ReportRow{{[]string{"b"}, []string{"何"}, n(9876)}, {[]string{"c"}, []string{"陈"}, nil}}, n(9876)},
	}
	heads, rows := ReportTable(columns, []domain.Texts{{ZH: "人员", EN: "Person"}}, true)
	want := "[人员 销售额（元） 按时按量交付率（%）] [[陈 1234.56 ] [何 -0.05 98.76] [陈  ] [合计 1234.51 98.76]]"
	if got := fmt.Sprint(heads, " ", rows); got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
	heads, rows = ReportTable(columns, nil, false)
	if got := fmt.Sprint(heads, len(rows)); got != "[Sales amount (yuan) On time in full (%)] 4" {
		t.Error(got)
	}
}
