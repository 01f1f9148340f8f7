package appraisal_test

import (
	"encoding/json/v2"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"satchel/domain/appraisal"
)

// What follows reads a trace as its JSON and reckons it again: with fractions of its own, a
// reader of formulas of its own, and nothing of the rules but what a step says of itself.

type readStep struct {
	Key     string `json:"key"`
	Op      string `json:"op"`
	Formula string `json:"formula"`
	Inputs  []struct {
		Name   string `json:"name"`
		From   string `json:"from"`
		Value  string `json:"value"`
		Weight string `json:"weight"`
		Over   string `json:"over"`
	} `json:"inputs"`
	Value string `json:"value"`
	NA    string `json:"na"`
}

// readAgain fails if another reader of the trace does not get every step's value, the final
// score and the grade.
func readAgain(t testing.TB, r appraisal.Result) {
	t.Helper()
	raw, err := json.Marshal(r.Trace)
	if err != nil {
		t.Fatal(err)
	}
	if fault := reread(raw, r); fault != "" {
		t.Error(fault)
	}
}

func reread(raw []byte, r appraisal.Result) string {
	var steps []readStep
	if err := json.Unmarshal(raw, &steps); err != nil {
		return err.Error()
	}
	made := map[string]string{}
	for i := len(steps) - 1; i >= 0; i-- {
		s := steps[i]
		if _, twice := made[s.Key]; twice {
			return s.Key + " is there twice"
		}
		for _, in := range s.Inputs {
			if in.From == "" {
				continue
			}
			if was, known := made[in.From]; !known || was != in.Value {
				return fmt.Sprintf("%s takes %q of %s, which is %q", s.Key, in.Value, in.From, was)
			}
		}
		got := s.Value
		if s.Op != "fact" {
			got = again(s)
		}
		if got != s.Value {
			return fmt.Sprintf("%s is %q and was %q: %+v", s.Key, got, s.Value, s)
		}
		if (s.Value == "") != (s.NA != "") {
			return s.Key + " has neither a value nor a reason, or both"
		}
		made[s.Key] = got
	}
	if r.Score != nil && (made["score"] != r.Score.String() || made["grade"] != r.Grade || made["grade.score"] != r.Ungated) {
		return fmt.Sprintf("score %s, grade %s", made["score"], made["grade"])
	}
	if r.Score == nil && made["score"] != "" {
		return "a score of nothing"
	}
	return ""
}

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("no number: " + text)
	}
	return r
}

// places rounds half away from zero and writes it without trailing zeros.
func places(r *big.Rat, n int) string {
	text := r.FloatString(n) // rounds half away from zero
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// again does what a step says.
func again(s readStep) string {
	at := func(i int) *big.Rat { return rat(s.Inputs[i].Value) }
	switch s.Op {
	case "sum":
		sum, any := new(big.Rat), s.Key == "deductions"
		for _, in := range s.Inputs {
			if in.Value == "" {
				continue
			}
			any = true
			part := new(big.Rat).Mul(rat(in.Value), rat(in.Weight))
			sum.Add(sum, part.Quo(part, rat(in.Over)))
		}
		if !any {
			return ""
		}
		return places(sum, 16)
	case "band":
		if s.Inputs[0].Value == "" {
			return ""
		}
		return line(at(0), s)
	case "clamp":
		x := at(0)
		if x.Cmp(at(1)) < 0 {
			x = at(1)
		}
		if x.Cmp(at(2)) > 0 {
			x = at(2)
		}
		return places(x, 40)
	case "round":
		var n int
		fmt.Sscan(s.Inputs[1].Value, &n)
		return places(at(0), n)
	case "distance":
		d := new(big.Rat).Sub(at(0), at(1))
		return places(d.Abs(d), 40)
	case "replace":
		return s.Inputs[len(s.Inputs)-1].Value
	case "grade":
		for _, g := range s.Inputs[1:] {
			if at(0).Cmp(rat(g.Value)) >= 0 {
				return g.Name
			}
		}
		return s.Inputs[len(s.Inputs)-1].Name
	case "cap":
		worst := ""
		for _, in := range s.Inputs {
			if worst == "" || strings.Index("SABCD", in.Value) > strings.Index("SABCD", worst) {
				worst = in.Value
			}
		}
		return worst
	case "formula":
		names := map[string]string{}
		for _, in := range s.Inputs {
			names[in.Name] = in.Value
		}
		return calculate(s.Formula, names)
	}
	return "no such step: " + s.Op
}

func line(x *big.Rat, s readStep) string {
	points := s.Inputs[1:]
	if x.Cmp(rat(points[0].Name)) <= 0 {
		return points[0].Value
	}
	for i := 1; i < len(points); i++ {
		x0, y0, x1, y1 := rat(points[i-1].Name), rat(points[i-1].Value), rat(points[i].Name), rat(points[i].Value)
		if x.Cmp(x1) < 0 {
			rise := new(big.Rat).Sub(y1, y0)
			rise.Mul(rise, new(big.Rat).Sub(x, x0))
			rise.Quo(rise, new(big.Rat).Sub(x1, x0))
			return places(new(big.Rat).Add(y0, rat(places(rise, 16))), 40)
		}
	}
	return points[len(points)-1].Value
}
