package analysis_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/xuri/excelize/v2"

	"satchel/internal/testapp"
)

// report is one that manager.wu has made; later values win.
func report(d testapp.Desk, receivers []string, values ...map[string]any) *core.Record {
	ids := make([]string, len(receivers))
	for i, name := range receivers {
		ids[i] = d.As(name).Id
	}
	first := map[string]any{
		"owner": d.As("manager.wu").Id, "name": "月报", "figures": []string{"late_records", "otif"}, "by": []string{"person"}, "period": "month",
		"format": "csv", "delivery": "file", "receivers": ids, "day": 16, "active": true,
	}
	return d.Make("manager.wu", "report_definitions", append([]map[string]any{first}, values...)...)
}

// sent is what somebody was sent of a report.
func sent(d testapp.Desk, definition *core.Record, who string) *core.Record {
	run, err := d.FindFirstRecordByFilter("report_runs", "definition = {:d} && receiver = {:u}", dbx.Params{"d": definition.Id, "u": d.As(who).Id})
	if err != nil {
		return nil
	}
	return run
}

// toldOf counts how often the receiver was told of a run.
func toldOf(d testapp.Desk, run *core.Record, kind string) int64 {
	n, _ := d.CountRecords("notifications", dbx.HashExp{"user": run.GetString("receiver"), "kind": kind, "link": "report_runs/" + run.Id})
	return n
}

func content(t *testing.T, d testapp.Desk, run *core.Record) []byte {
	t.Helper()
	files, err := d.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	in, err := files.GetReader(run.BaseFilesPath() + "/" + run.GetString("file"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// policy: R4.15 report_definitions
//
// TestEachReceiverGetsWhatHeMaySee: his own file, once a month, of what the route
// would answer him.
func TestEachReceiverGetsWhatHeMaySee(t *testing.T) {
	d := testapp.Open(t)
	made := report(d, []string{"rep.chen", "manager.wu", "director.lin"}, map[string]any{"period": "year_to_date"})
	d.Clock.Set(time.Date(2026, 4, 15, 0, 30, 0, 0, time.UTC))
	d.Job("reportRuns")
	if sent(d, made, "rep.chen") != nil {
		t.Fatal("made before its day")
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("reportRuns")
	d.Job("reportRuns")
	lines := map[string]int{}
	for _, who := range []string{"rep.chen", "manager.wu", "director.lin"} {
		run := sent(d, made, who)
		if run == nil {
			t.Fatalf("%s got nothing", who)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content(t, d, run), []byte("\xef\xbb\xbf")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(rows[0], "|"); got != "人员|逾期填报率（%）|按时按量交付率（%）" {
			t.Errorf("%s: %s", who, got)
		}
		if last := rows[len(rows)-1][0]; !strings.HasPrefix(last, "# 水印 ") {
			t.Errorf("%s: %s", who, last)
		}
		rows = rows[:len(rows)-1]
		lines[who] = len(rows) - 2
		answer, refused := ask(t, d.App, who, "late_records", url.Values{"from": {"2026-01-01"}, "to": {"2026-03-31"}, "by": {"person"}})
		d.Must(refused)
		want := ""
		if v := answer.Total.Value; v != nil {
			want = fmt.Sprint(float64(*v) / 100)
		}
		if total := rows[len(rows)-1]; total[0] != "合计" || total[1] != want {
			t.Errorf("%s: %v, the route says %s", who, total, want)
		}
		if n := toldOf(d, run, "report_run.made"); n != 1 {
			t.Errorf("%s was told %d times", who, n)
		}
	}
	if lines["rep.chen"] != 1 || lines["manager.wu"] <= lines["rep.chen"] || lines["director.lin"] <= lines["manager.wu"] {
		t.Errorf("people: %v", lines)
	}
	d.Clock.Advance(30 * 24 * time.Hour)
	d.Job("reportRuns")
	if n, _ := d.CountRecords("report_runs", dbx.HashExp{"definition": made.Id}); n != 6 {
		t.Errorf("%d files after two months", n)
	}
}

// TestWhoMayNotAskIsToldSo in a sentence, in his language, and gets no file.
func TestWhoMayNotAskIsToldSo(t *testing.T) {
	d := testapp.Open(t)
	made := report(d, []string{"rep.chen", "market.tang", "manager.wu"}, map[string]any{"figures": []string{"otif", "profit"}, "by": []string{}})
	d.Job("reportRuns")
	for _, who := range []string{"rep.chen", "market.tang"} {
		run := sent(d, made, who)
		if run.GetString("state") != "refused" || run.GetString("file") != "" || !strings.HasSuffix(run.GetString("problem"), "。") {
			t.Errorf("%s: %v", who, run.PublicExport())
		}
		if toldOf(d, run, "report_run.refused") != 1 {
			t.Errorf("%s was not told", who)
		}
	}
	if run := sent(d, made, "manager.wu"); run.GetString("state") != "made" || run.GetString("file") == "" {
		t.Errorf("manager.wu: %v", run.PublicExport())
	}
}

// policy: R4.15 report_definitions
//
// TestAReportIsMadeUnderTheRightsOfItsDay: who may not ask any more is told so, who has
// another line gets that one's, and who has left gets nothing; what he was sent before
// he does not read either.
func TestAReportIsMadeUnderTheRightsOfItsDay(t *testing.T) {
	d := testapp.Open(t)
	made := report(d, []string{"manager.xu", "rep.he", "rep.chen"}, map[string]any{"figures": []string{"profit"}, "by": []string{}})
	work := report(d, []string{"rep.he", "rep.chen"}, map[string]any{"name": "工作"})
	d.Job("reportRuns")
	if run := sent(d, made, "manager.xu"); run.GetString("state") != "made" {
		t.Fatalf("before: %v", run.PublicExport())
	}
	left := sent(d, work, "rep.he")
	read := func(who string, run *core.Record) int {
		return d.Do(who, http.MethodGet, "/api/collections/report_runs/records/"+run.Id, "").Code
	}
	if read("rep.he", left) != http.StatusOK || read("rep.chen", left) == http.StatusOK {
		t.Fatal("a file is not its receiver's alone")
	}
	token := d.Token("rep.he")
	xu, he := d.As("manager.xu"), d.As("rep.he")
	xu.Set("role", "market")
	he.Set("active", false)
	for _, user := range []*core.Record{xu, he} {
		if err := d.Override(user); err != nil {
			t.Fatal(err)
		}
	}
	if code := d.DoBy(token, http.MethodGet, "/api/collections/report_runs/records/"+left.Id, "").Code; code == http.StatusOK {
		t.Error("who has left reads what he was sent")
	}
	if _, err := d.DB().NewQuery("DELETE FROM report_runs").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Clock.Advance(31 * 24 * time.Hour)
	d.Job("reportRuns")
	if run := sent(d, made, "manager.xu"); run == nil || run.GetString("state") != "refused" || run.GetString("file") != "" || run.GetString("problem") == "" {
		t.Errorf("who may not ask any more: %v", run)
	}
	for _, of := range []*core.Record{made, work} {
		if sent(d, of, "rep.he") != nil {
			t.Error("who has left was sent another")
		}
	}
	if run := sent(d, work, "rep.chen"); run == nil || run.GetString("state") != "made" {
		t.Errorf("the others: %v", run)
	}
}

// TestAReportIsMailedWithItsFile, whatever its reader wishes of other notices.
func TestAReportIsMailedWithItsFile(t *testing.T) {
	d := testapp.Open(t)
	made := report(d, []string{"manager.wu"}, map[string]any{"delivery": "mail", "format": "xlsx", "name": "周会/月报"})
	d.Job("reportRuns")
	d.Job("dispatches")
	letter := d.TestMailer.LastMessage()
	if d.TestMailer.TotalSend() != 1 || letter.To[0].Address != "manager.wu@demo.test" || !strings.Contains(letter.Subject, "月报") {
		t.Fatalf("%d letters, %+v", d.TestMailer.TotalSend(), letter)
	}
	file, named := letter.Attachments["周会-月报 2026-02-01 2026-02-28.xlsx"]
	if !named {
		t.Fatalf("attached: %v", letter.Attachments)
	}
	book, err := excelize.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if head, err := book.GetCellValue("Sheet1", "B1"); err != nil || head != "逾期填报率（%）" {
		t.Errorf("%q %v", head, err)
	}
	if sent(d, made, "manager.wu").GetString("sha256") == "" {
		t.Error("nobody can tell what was sent")
	}
}

// TestWhatAReportIsMadeOf: figures that there are, by what they are broken down by;
// its owner and administrators change it.
func TestWhatAReportIsMadeOf(t *testing.T) {
	d := testapp.Open(t)
	try := func(who string, values map[string]any) string {
		body := map[string]any{
			"owner": d.As(who).Id, "name": "x", "figures": []string{"otif"}, "period": "month", "format": "csv", "delivery": "file",
			"receivers": []string{d.As("rep.chen").Id}, "day": 1, "active": true,
		}
		for name, v := range values {
			body[name] = v
		}
		_, refused := d.Create(who, "report_definitions", body)
		return refused
	}
	for _, c := range []struct {
		what   string
		values map[string]any
		want   string
	}{
		{"a good one", nil, ""},
		{"no figures", map[string]any{"figures": []string{}}, "report_definition.figures_required figures"},
		{"figures that are none", map[string]any{"figures": "otif"}, "report_definition.figures_required figures"},
		{"an unknown figure", map[string]any{"figures": []string{"otif", "luck"}}, "analysis.figure_unknown"},
		{"by what it is not", map[string]any{"by": []string{"product"}}, "analysis.dimension_invalid"},
		{"through what it is not", map[string]any{"filters": map[string]any{"theme": []string{"price"}}}, "analysis.dimension_invalid"},
		{"by no list", map[string]any{"by": "person"}, "analysis.dimension_invalid by"},
	} {
		d.Expect(c.what, try("manager.wu", c.values), c.want)
	}
	for _, who := range []string{"rep.chen", "market.tang", "auditor.jin"} {
		if try(who, nil) == "" {
			t.Errorf("%s defines reports", who)
		}
	}
	made := report(d, []string{"rep.chen"})
	d.Expect("by its receiver", d.SaveBy("rep.chen", change(d.Fresh(made), "name", "y")), "report_definition.not_owner")
	d.Must(d.Update("admin.fang", made, map[string]any{"active": false}))
	d.Expect("its owner", d.Update("manager.wu", made, map[string]any{"owner": d.As("rep.chen").Id}), "field.locked owner")
	d.Job("reportRuns")
	if sent(d, made, "rep.chen") != nil {
		t.Error("made though it rests")
	}
}

func change(r *core.Record, field string, value any) *core.Record {
	r.Set(field, value)
	return r
}
