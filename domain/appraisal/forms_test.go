package appraisal_test

import (
	"bytes"
	"encoding/json/jsontext"
	"os"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
)

// policy: R6.4 appraisal_ratings
//
// TestAFormIsWholeAndSaysWhy: every rated item once, 0 to 100, with a comment where it is so
// low or high that the scheme wants one.
func TestAFormIsWholeAndSaysWhy(t *testing.T) {
	s := appraisal.Default("rep", appraisal.CycleQuarter)
	for name, c := range map[string]struct {
		scores, comment, code string
		also                  string
	}{
		"whole":                {"60 95 80 80 80", "", "", ""},
		"below 60":             {"59.9 80 80 80 80", "", appraisal.CommentRequired, ""},
		"above 95":             {"80 80 80 80 95.1", "", appraisal.CommentRequired, ""},
		"with a comment":       {"0 80 80 80 100", "见附件", "", ""},
		"one left out":         {"80 80 - 80 80", "", appraisal.ItemMissing, ""},
		"the last left out":    {"80 80 80 80", "", appraisal.ItemMissing, ""},
		"above 100":            {"100.1 80 80 80 80", "x", appraisal.RatingInvalid, ""},
		"below 0":              {"-1 80 80 80 80", "x", appraisal.RatingInvalid, ""},
		"a computed one":       {"80 80 80 80 80", "", appraisal.ItemUnknown, "S1"},
		"one twice":            {"80 80 80 80 80", "", appraisal.ItemUnknown, "T1"},
		"one that there isn't": {"80 80 80 80 80", "", appraisal.ItemUnknown, "Z9"},
	} {
		f := form(s, "x", c.scores)
		for i := range f.Scores {
			f.Scores[i].Comment = c.comment
		}
		if c.also != "" {
			d := dec("80")
			f.Scores = append(f.Scores, appraisal.Rating{Item: c.also, Score: &d})
		}
		if err := appraisal.CheckForm(s, *f); domain.CodeOf(err) != c.code {
			t.Errorf("%s: %v, not %s", name, err, c.code)
		}
	}
}

func TestACalibrationHasABoundAndAReason(t *testing.T) {
	s := appraisal.Default("rep", appraisal.CycleQuarter)
	for points, want := range map[string]string{"5": "", "-5": "", "5.01": appraisal.MoveBeyond, "-6": appraisal.MoveBeyond} {
		if err := appraisal.CheckMove(s, appraisal.Move{Points: dec(points), Reason: "x"}); domain.CodeOf(err) != want {
			t.Errorf("%s: %v", points, err)
		}
	}
	if err := appraisal.CheckMove(s, appraisal.Move{Points: dec("1")}); domain.CodeOf(err) != appraisal.MoveReason {
		t.Errorf("without a reason: %v", err)
	}
}

func TestFactsThatAreNone(t *testing.T) {
	d, huge := dec("1"), decimal.New(1, 400_000_000)
	for name, c := range map[string]struct {
		metrics []appraisal.MetricFact
		code    string
	}{
		"unknown": {[]appraisal.MetricFact{{Key: "luck", Value: &d}}, "appraisal.metric_unknown"},
		"twice":   {[]appraisal.MetricFact{{Key: "csat", Value: &d}, {Key: "csat", Value: &d}}, "appraisal.metric_unknown"},
		"huge":    {[]appraisal.MetricFact{{Key: "csat", Value: &huge}}, "appraisal.metric_invalid"},
		"a part":  {[]appraisal.MetricFact{{Key: "csat", Parts: []appraisal.Part{{Value: huge}}}}, "appraisal.metric_invalid"},
	} {
		if _, err := appraisal.Evaluate(appraisal.Default("rep", appraisal.CycleQuarter), appraisal.Facts{Metrics: c.metrics}); domain.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResultsBesideEachOther(t *testing.T) {
	cases := readCases(t)
	s, f := cases[2].setUp(t)
	before := evaluated(t, s, f)
	other := s
	other.Raters.Superior, other.Raters.Customer = dec("45"), dec("45")
	after := evaluated(t, other, f) // 9.8 + 43.2 + 36
	m := appraisal.Compare(other, before, after)
	if m.Change.String() != "-3.2" || m.From != "A" || m.To != "A" || m.Better || m.Worse {
		t.Errorf("%+v", m)
	}
	other.Grades = slices.Clone(other.Grades)
	other.Grades[1].From = dec("90")
	m = appraisal.Compare(other, before, evaluated(t, other, f))
	if m.To != "B" || !m.Worse || m.Better {
		t.Errorf("%+v", m)
	}
	f.Superiors = nil
	if m = appraisal.Compare(s, before, evaluated(t, s, f)); m.Change != nil || m.After != nil || !m.Worse {
		t.Errorf("%+v", m)
	}
}

// policy: R6.6 H-APR-3
//
// TestTheSameBytesInAnotherProcess: a result is what it was when the file was written.
func TestTheSameBytesInAnotherProcess(t *testing.T) {
	s, f := readCases(t)[0].setUp(t)
	got := jsontext.Value(bytesOf(t, evaluated(t, s, f)))
	if err := got.Indent(); err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const golden = "testdata/result.json"
	if *rewrite {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the result is not what %s says; if the arithmetic is meant to be another, -rewrite it", golden)
	}
}

// policy: R6.2 appraisal_cycles
//
// TestPresenceIsDays: both ends counted, cut to the cycle, none twice.
func TestPresenceIsDays(t *testing.T) {
	cycle := appraisal.Span{From: "2028-01-01", To: "2028-03-31"}
	for name, c := range map[string]struct {
		spans []appraisal.Span
		days  int
	}{
		"all, in a leap year": {[]appraisal.Span{{From: "2020-01-01", To: "2030-01-01"}}, 91},
		"one day":             {[]appraisal.Span{{From: "2028-02-29", To: "2028-02-29"}}, 1},
		"that overlap":        {[]appraisal.Span{{From: "2028-01-10", To: "2028-01-20"}, {From: "2028-01-01", To: "2028-01-15"}}, 20},
		"that touch":          {[]appraisal.Span{{From: "2028-01-11", To: "2028-01-20"}, {From: "2028-01-01", To: "2028-01-10"}}, 20},
		"one within another":  {[]appraisal.Span{{From: "2028-01-01", To: "2028-01-31"}, {From: "2028-01-05", To: "2028-01-06"}}, 31},
		"before it":           {[]appraisal.Span{{From: "2027-01-01", To: "2027-12-31"}}, 0},
		"that end first":      {[]appraisal.Span{{From: "2028-02-10", To: "2028-02-01"}}, 0},
		"none":                {nil, 0},
	} {
		if got := appraisal.DaysOf(appraisal.Presence(c.spans, cycle)); got != c.days {
			t.Errorf("%s: %d days, not %d", name, got, c.days)
		}
	}
}
