package cycles_test

import (
	"encoding/json/v2"
	"net/http"
	"strings"
	"testing"

	"satchel/domain/appraisal"
	"satchel/records"
)

// policy: R6.6 H-APR-3
//
// TestHAPR3TheTraceIsAsItsReaderMayKnow: every step down to what was counted; a rep's trace
// of profit ends at ratio and count.
func TestHAPR3TheTraceIsAsItsReaderMayKnow(t *testing.T) {
	d := published(t)
	row := d.of("rep.chen", "2026Q1")
	whole, _ := d.trace("director.lin", row)
	his, _ := d.trace("rep.chen", row)
	if whole.Digest == "" || whole.Digest != whole.Recomputed || len(whole.Steps) < 20 || len(his.Steps) != len(whole.Steps) {
		t.Fatalf("%d and %d steps, %s %s", len(whole.Steps), len(his.Steps), whole.Digest, whole.Recomputed)
	}
	counted := 0
	for i, step := range his.Steps {
		profit := step.Key == "metric.profit" || step.Key == "metric.profit_target"
		if step.Hidden != profit || profit && (step.Value != "" || step.Records == nil || step.Records.Sum != "") {
			t.Errorf("%s is hidden %v: %q", step.Key, step.Hidden, step.Value)
		}
		if profit && whole.Steps[i].Hidden {
			t.Errorf("%s is hidden to the head", step.Key)
		}
		for _, input := range step.Inputs {
			if strings.HasPrefix(input.From, "metric.profit") && input.Value != "" {
				t.Errorf("%s tells %s", step.Key, input.From)
			}
		}
		if step.Records != nil {
			counted++
		}
	}
	if counted < 10 {
		t.Errorf("%d steps were counted", counted)
	}
	for who, want := range map[string]int{"rep.he": http.StatusNotFound, "manager.xu": http.StatusNotFound, "finance.zhao": http.StatusNotFound} {
		if got := d.Do(who, http.MethodGet, "/api/ka/appraisals/"+string(row.ID())+"/trace", ""); got.Code != want {
			t.Errorf("%s: %d", who, got.Code)
		}
	}
}

// TestRecordsAreWhatWasCounted: as many as the trace says, in pages, and of nobody else.
func TestRecordsAreWhatWasCounted(t *testing.T) {
	d := published(t)
	row := d.of("rep.chen", "2026Q1")
	facts, err := records.Decode[appraisal.Facts](row.Inputs())
	if err != nil {
		t.Fatal(err)
	}
	read := func(who, metric string) (n, want, code int) {
		after := ""
		for {
			answer := d.Do(who, http.MethodGet, "/api/ka/appraisals/"+string(row.ID())+"/records?metric="+metric+"&after="+after, "")
			var page struct {
				Records int              `json:"records"`
				Lines   []map[string]any `json:"lines"`
				Next    string           `json:"next"`
			}
			if answer.Code != http.StatusOK {
				return n, want, answer.Code
			}
			if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
			n, want, after = n+len(page.Lines), page.Records, page.Next
			if after == "" {
				return n, want, answer.Code
			}
		}
	}
	some := 0
	for _, m := range facts.Metrics {
		if m.Records == nil || strings.Contains(m.Records.Query, ";") || strings.HasPrefix(m.Key, "profit") || m.Key == "audit_score" || m.Key == "expense_ratio" {
			continue
		}
		for _, who := range []string{"rep.chen", "director.lin"} {
			n, want, code := read(who, m.Key)
			if code != http.StatusOK || n != want || want != m.Records.Count {
				t.Errorf("%s of %s: %d of %d (%d), %d", m.Key, who, n, want, m.Records.Count, code)
			}
			some += n
		}
	}
	if some == 0 {
		t.Error("nothing was counted")
	}
	if _, _, code := read("rep.chen", "profit"); code != http.StatusBadRequest {
		t.Errorf("profit of the rep: %d", code)
	}
	if _, _, code := read("director.lin", "nothing"); code != http.StatusBadRequest {
		t.Errorf("of nothing: %d", code)
	}
}

// TestADraftAgainstACycle: who wins and who loses; the head's own is left out, and nothing is written.
func TestADraftAgainstACycle(t *testing.T) {
	d := published(t)
	draft := appraisal.Default("rep", appraisal.CycleQuarter)
	draft.Version, draft.Raters.Self, draft.Raters.Superior = 2, draft.Raters.Superior, draft.Raters.Self
	row := d.scheme(draft, "draft")
	cycle := d.cycle("2026Q1")
	before := d.of("rep.chen", "2026Q1")
	ask := func(who string) (int, map[string]any) {
		answer := d.Do(who, http.MethodGet, "/api/ka/appraisal_cycles/"+string(cycle.ID())+"/dry_run?scheme="+row.Id, "")
		var out map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s: %v", answer.Body, err)
		}
		return answer.Code, out
	}
	if code, _ := ask("manager.wu"); code != http.StatusForbidden {
		t.Errorf("a superior asks: %d", code)
	}
	code, out := ask("director.lin")
	if people, is := out["people"].([]any); code != http.StatusOK || !is || len(people) != 12 {
		t.Errorf("%d %v", code, out)
	}
	if after := d.of("rep.chen", "2026Q1"); after.TraceDigest() != before.TraceDigest() {
		t.Error("it was written")
	}
}
