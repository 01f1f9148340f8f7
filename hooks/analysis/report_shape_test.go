package analysis_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// TestAReportIsOfItsPeriod: what it asks for is its own fields' to say, each figure once.
func TestAReportIsOfItsPeriod(t *testing.T) {
	d := testapp.Open(t)
	for name, c := range map[string]struct {
		with map[string]any
		want string
	}{
		"as it is":             {nil, ""},
		"a figure twice":       {map[string]any{"figures": []string{"otif", "late_records", "otif"}}, "report_definition.figures_twice figures"},
		"from another day":     {map[string]any{"filters": map[string]any{"from": []string{"2020-01"}}}, "analysis.dimension_invalid filters"},
		"cut":                  {map[string]any{"filters": map[string]any{"limit": []string{"1"}}}, "analysis.dimension_invalid filters"},
		"compared":             {map[string]any{"filters": map[string]any{"compare": []string{"year"}}}, "analysis.dimension_invalid filters"},
		"by something else":    {map[string]any{"filters": map[string]any{"by": []string{"tier"}}}, "analysis.dimension_invalid filters"},
		"filtered by nothing":  {map[string]any{"filters": map[string]any{"tier": []string{}}}, ""},
		"filtered by no tier":  {map[string]any{"filters": map[string]any{"tier": []string{""}}}, ""},
		"no filter of its own": {map[string]any{"filters": map[string]any{"theme": []string{"price"}}}, "analysis.dimension_invalid"},
	} {
		values := map[string]any{
			"owner": d.As("manager.wu").Id, "name": "月报", "figures": []string{"late_records", "otif"}, "by": []string{"person"}, "period": "month",
			"format": "csv", "delivery": "file", "receivers": []string{d.As("manager.wu").Id}, "day": 16,
		}
		for k, v := range c.with {
			values[k] = v
		}
		d.Expect(name, d.SaveBy("manager.wu", d.Blank("report_definitions", values)), c.want)
	}
}

// TestWhoHasLeftIsMailedNothing that was queued while he was there.
func TestWhoHasLeftIsMailedNothing(t *testing.T) {
	d := testapp.Open(t)
	report(d, []string{"manager.wu"}, map[string]any{"delivery": "mail"})
	d.Job("reportRuns")
	if _, err := d.DB().Update("users", dbx.Params{"active": false}, dbx.HashExp{"id": d.As("manager.wu").Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Job("dispatches")
	if n := d.TestMailer.TotalSend(); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// TestAReportsNameIsALine: whatever its author calls a report, its file is called so in
// one line that no head of a mail and no file system reads more into; and a filter of
// no value filters nothing.
func TestAReportsNameIsALine(t *testing.T) {
	d := testapp.Open(t)
	filtered := map[string]any{"tier": []string{}}
	plain := report(d, []string{"manager.wu"}, map[string]any{"delivery": "mail"})
	made := report(d, []string{"manager.wu"}, map[string]any{"name": " 月报>\r\nX-Evil: 1\r\n\r\n<b>\"../a\x00", "delivery": "mail", "filters": filtered})
	d.Clock.Set(time.Date(2026, 4, 16, 0, 30, 0, 0, time.UTC))
	d.Job("reportRuns")
	d.Job("dispatches")
	names := map[string]bool{}
	for _, m := range d.TestMailer.Messages() {
		for name := range m.Attachments {
			names[name] = true
			if strings.ContainsAny(name, "\r\n\"<>/\\\x00") {
				t.Errorf("a file is called %q", name)
			}
		}
	}
	if !names["月报- X-Evil- 1 -b--..-a 2026-03-01 2026-03-31.csv"] {
		t.Errorf("files: %v", names)
	}
	if all, none := content(t, d, sent(d, plain, "manager.wu")), content(t, d, sent(d, made, "manager.wu")); !bytes.Equal(all, none) {
		t.Errorf("an empty filter leaves %s of %s", none, all)
	}
	if rows, err := csv.NewReader(bytes.NewReader(content(t, d, sent(d, plain, "manager.wu")))).ReadAll(); err != nil || len(rows) < 3 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
