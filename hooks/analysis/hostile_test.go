package analysis_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
	"satchel/internal/testapp"
)

// absurd is what people may write where figures are counted of it, by table and column.
var absurd = []struct {
	table, column string
	values        []any
}{
	{"store_checks", "competitor", []any{
		`["x", 7, null, true, [], [{"price_fen": 5}]]`, `"x"`, `7`, `{`, ``,
		`[{"name": 3, "price_fen": "x", "facings": {"a": 1}}, {"name": ["a"], "price_fen": [1], "facings": "5"}]`,
		`[{"price_fen": 9223372036854775807, "facings": 9223372036854775807}, {"price_fen": 9e300, "facings": 9e300}]`,
		`[{"price_fen": -9223372036854775808, "facings": -9223372036854775808}, {"facings": -9e300}, {"facings": 1}]`,
	}},
	{"store_checks", "facings", []any{9e300, int64(9e18), -9e300}},
	{"account_competitors", "share_bp", []any{9e300, int64(9e18)}},
	{"plan_items", "qty", []any{9e300, int64(9e18), int64(9e18)}},
	{"plan_items", "done", []any{int64(9e18), 9e300}},
	{"targets", "months", []any{`[9223372036854775807, 9223372036854775807, 9e300, "x", null, {}]`, `{"a": 1}`, `{`}},
	{"intel_reports", "routed", []any{`{"a": [1]}`, `7`, `{`}},
}

// TestNothingThatPeopleWriteStopsFigures: whatever is in the records, every figure of
// them is answered, by each of its dimensions and through it, and the month is closed.
func TestNothingThatPeopleWriteStopsFigures(t *testing.T) {
	app := company(t)
	d := testapp.Desk{App: app}
	for _, a := range absurd {
		for i, value := range a.values {
			_, err := app.DB().NewQuery(fmt.Sprintf("UPDATE %s SET `%s` = {:v} WHERE rowid %% %d = %d", a.table, a.column, len(a.values), i)).Bind(dbx.Params{"v": value}).Execute()
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range analysis.Figures {
		if f.Source != analysis.FromEvents {
			continue
		}
		span := url.Values{"from": {"2025-01"}, "to": {"2026-03"}}
		_, refused := ask(t, app, "auditor.jin", f.Key, span)
		d.Expect(f.Key, refused, "")
		for _, dim := range f.Dimensions {
			_, refused := ask(t, app, "auditor.jin", f.Key, url.Values{"from": span["from"], "to": span["to"], "by": {string(dim)}, string(dim): {"x", ""}})
			d.Expect(f.Key+" by "+string(dim), refused, "")
		}
	}
	app.Clock.Set(time.Date(2026, 4, 10, 0, 30, 0, 0, time.UTC))
	d.Job("analysisClose")
	if n, err := app.CountRecords("metric_snapshots"); err != nil || n == 0 {
		t.Errorf("%d snapshots, %v", n, err)
	}
}
