package analysis

import (
	"encoding/json/v2"
	"fmt"
	"strings"
	"testing"

	"satchel/domain"
)

func cells(kind Kind, values ...any) Cells {
	out, total := Cells{}, Part{}
	for i := 0; i < len(values); i += 2 {
		var keys Keys
		copy(keys[:], strings.Split(values[i].(string), " "))
		p := Part{Num: int64(values[i+1].(int)), Den: 1000}
		out.Cells = append(out.Cells, Cell{keys, p})
		total.Num, total.Den = total.Num+p.Num, total.Den+p.Den
	}
	if kind != None && len(values) > 0 {
		out.Total = &total
	}
	return out
}

// told writes rows as key:value share rank running prior change change_bp.
func told(rows ...Row) string {
	var out []string
	for _, r := range rows {
		text := strings.TrimSpace(strings.Join(r.keys[:], " ")) + ":"
		for _, v := range []*int64{r.Value, r.ShareBP} {
			text += number0(v)
		}
		if r.Rank == nil {
			text += " -"
		} else {
			text += fmt.Sprintf(" #%d", *r.Rank)
		}
		for _, v := range []*int64{r.Running, r.Prior, r.Change, r.ChangeBP} {
			text += number0(v)
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func number0(v *int64) string {
	if v == nil {
		return " -"
	}
	return fmt.Sprintf(" %d", *v)
}

func TestAnswers(t *testing.T) {
	month := domain.Period{From: "2026-02-01", To: "2026-03-31"}
	for _, c := range []struct {
		what      string
		q         Query
		now, then Cells
		want      string
	}{
		{
			"rank, ties and shares",
			Query{Figure: Figure{Kind: Sum}, By: []Dimension{Product}},
			cells(Sum, "a", 10, "b", 30, "c", 30, "d", -10),
			Cells{},
			"b: 30 5000 #1 30 - - -\nc: 30 5000 #1 60 - - -\na: 10 1667 #3 70 - - -\nd: -10 -1667 #4 60 - - -\ntotal: 60 - - - - - -",
		},
		{
			"a total of nothing has no parts",
			Query{Figure: Figure{Kind: Sum}, By: []Dimension{Product}},
			cells(Sum, "a", 10, "b", -10),
			Cells{},
			"a: 10 - #1 10 - - -\nb: -10 - #2 0 - - -\ntotal: 0 - - - - - -",
		},
		{
			"in time, of the same product",
			Query{Figure: Figure{Kind: Sum}, By: []Dimension{Month, Product}},
			cells(Sum, "2026-03 a", 5, "2026-02 a", 7, "2026-02 b", 9),
			Cells{},
			"2026-02 b: 9 4286 #1 9 - - -\n2026-02 a: 7 3333 #2 7 - - -\n2026-03 a: 5 2381 #3 12 - - -\ntotal: 21 - - - - - -",
		},
		{
			"ratios have no share, and run as ratios",
			Query{Figure: Figure{Kind: Ratio}, By: []Dimension{Month}},
			cells(Ratio, "2026-02", 500, "2026-03", 250),
			Cells{},
			"2026-02: 5000 - #1 5000 - - -\n2026-03: 2500 - #2 3750 - - -\ntotal: 3750 - - - - - -",
		},
		{
			"what is counted once does not run",
			Query{Figure: Figure{Kind: Distinct}, By: []Dimension{Product}},
			cells(Distinct, "a", 3, "b", 1),
			Cells{},
			"a: 3 7500 #1 - - - -\nb: 1 2500 #2 - - - -\ntotal: 4 - - - - - -",
		},
		{
			"against the months before",
			Query{Figure: Figure{Kind: Sum}, Period: month, By: []Dimension{Month}, Compare: Prior},
			cells(Sum, "2026-02", 12, "2026-03", 5), cells(Sum, "2025-12", 10, "2026-01", -10),
			"2026-02: 12 7059 #1 12 10 2 2000\n2026-03: 5 2941 #2 17 -10 15 15000\ntotal: 17 - - - 0 17 -",
		},
		{
			"against the year before, when there was nothing of one",
			Query{Figure: Figure{Kind: Ratio}, Period: month, By: []Dimension{Tier}, Compare: YearAgo},
			cells(Ratio, "A", 500, "B", 250), cells(Ratio, "A", 400, "C", 1),
			"A: 5000 - #1 5000 4000 1000 -\nB: 2500 - #2 3750 - - -\ntotal: 3750 - - - 2005 1745 -",
		},
		{
			"the first by rank",
			Query{Figure: Figure{Kind: Sum}, By: []Dimension{Product}, Limit: 1},
			cells(Sum, "a", 1, "b", 3),
			Cells{},
			"b: 3 7500 #1 3 - - -\ntotal: 4 - - - - - -",
		},
		{"what nobody knows", Query{Figure: Figure{Kind: None}, By: []Dimension{Product}}, cells(None), Cells{}, "total: - - - - - - -"},
	} {
		var then *Cells
		if c.q.Compare != NoCompare {
			then = &c.then
		}
		a, err := c.q.Answer(c.now, then)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		a.Total.keys[0] = "total"
		if got := told(append(a.Rows, a.Total)...); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

// TestNothingIsNullAndNotZero, and lists are never null.
// TestWhatStandsDoesNotAddUp: accounts at the end of one month are not added to those
// at the end of the next, nor a part of those at the last.
func TestWhatStandsDoesNotAddUp(t *testing.T) {
	for _, f := range Figures {
		if !f.State() {
			continue
		}
		now := cells(f.Kind, "2026-02", 98, "2026-03", 100)
		now.Total = &Part{Num: 100, Den: 1000}
		q := Query{Figure: f, Period: domain.Period{From: "2026-02-01", To: "2026-03-31"}, By: []Dimension{Month}}
		a, err := q.Answer(now, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range a.Rows {
			if r.Running != nil || r.ShareBP != nil {
				t.Errorf("%s: %s", f.Key, told(r))
			}
		}
		q.By = []Dimension{Person}
		if a, err = q.Answer(cells(f.Kind, "a", 98, "b", 100), nil); err != nil || a.Rows[1].Running == nil {
			t.Errorf("%s by people does not add up: %v", f.Key, err)
		}
	}
}

func TestNothingIsNullAndNotZero(t *testing.T) {
	q := Query{Figure: Figure{Key: "amount", Unit: Fen, Kind: Sum}, Period: domain.Period{From: "2026-03-01", To: "2026-03-31"}}
	a, err := q.Answer(Cells{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a, json.Deterministic(true))
	const want = `{"key":"amount","unit":"fen","from":"2026-03-01","to":"2026-03-31","by":[],"seq":null,"as_of":"","rows":[],` +
		`"total":{"by":{},"label":{},"value":null,"num":null,"den":null,"share_bp":null,"rank":null,"running":null,"prior":null,"change":null,"change_bp":null},"corrections":[],"uncosted":0}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestTooManyRows(t *testing.T) {
	var many Cells
	for i := range MaxRows + 1 {
		many.Cells = append(many.Cells, Cell{Keys{fmt.Sprint(i)}, Part{Num: 1}})
	}
	q := Query{Figure: Figure{Kind: Sum}, By: []Dimension{Account}}
	if _, err := q.Answer(many, nil); domain.CodeOf(err) != "analysis.too_many_rows" {
		t.Error(err)
	}
	q.Limit = MaxRows
	if a, err := q.Answer(many, nil); err != nil || len(a.Rows) != MaxRows {
		t.Errorf("%d rows, %v", len(a.Rows), err)
	}
}

func TestDivide(t *testing.T) {
	for _, c := range [][4]int64{{1, 2, 1, 1}, {-1, 2, 1, -1}, {1, 3, 10_000, 3333}, {2, 3, 10_000, 6667}, {5, 10, 1, 1}, {4, 10, 1, 0}, {99_999_999_999_999, 99_999_999_999_999, 10_000, 10_000}} {
		if got := divide(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%d × %d ÷ %d = %d", c[0], c[2], c[1], got)
		}
	}
}
