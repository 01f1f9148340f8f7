package pricing

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// vectors is a file of testdata, see its README.
type vectors struct {
	About   string         `json:"about"`
	Given   jsontext.Value `json:"given"`
	Vectors []struct {
		Name   string         `json:"name"`
		By     string         `json:"by"`
		Worked string         `json:"worked"`
		Given  jsontext.Value `json:"given"`
		Want   struct {
			Lines  []Priced `json:"lines"`
			Uses   []Use    `json:"uses"`
			Totals Totals   `json:"totals"`
			Faults []struct {
				Line   string         `json:"line"`
				Code   string         `json:"code"`
				Params map[string]any `json:"params"`
			} `json:"faults"`
		} `json:"want"`
	} `json:"vectors"`
}

// read decodes a file of testdata strictly.
func read(t testing.TB, path string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", path))
	if err == nil {
		err = json.Unmarshal(raw, into, json.RejectUnknownMembers(true))
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// lay puts members over what an input has.
func lay(t testing.TB, in *Input, over jsontext.Value) {
	t.Helper()
	if err := json.Unmarshal(over, in, json.RejectUnknownMembers(true)); len(over) > 0 && err != nil {
		t.Fatal(err)
	}
}

// eachVector calls for every vector there is.
func eachVector(t testing.TB, do func(name string, in Input, file vectors, i int)) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		base := filepath.Base(path)
		if base == "catalogue.json" || base == "parts.json" || base == "gifts.json" {
			continue
		}
		var file vectors
		read(t, base, &file)
		for i, v := range file.Vectors {
			var in Input
			read(t, "catalogue.json", &in)
			lay(t, &in, file.Given)
			lay(t, &in, v.Given)
			do(strings.TrimSuffix(base, ".json")+": "+v.Name, in, file, i)
		}
	}
}

// policy: R4.11 H-ORD-1
//
// TestVectors prices what finance can read, half of it worked by hand.
func TestVectors(t *testing.T) {
	count := map[string]int{}
	seen := map[string]bool{}
	eachVector(t, func(name string, in Input, file vectors, i int) {
		v := file.Vectors[i]
		count[v.By]++
		if seen[name] || v.Worked == "" {
			t.Errorf("%s: twice, or without a word", name)
		}
		seen[name] = true
		t.Run(name, func(t *testing.T) {
			for _, p := range in.Promotions {
				if fault := p.Rule.fault(); fault != "" {
					t.Errorf("%s: %s", p.ID, fault)
				}
				if err := p.Rule.CheckCaps(p.CapFen, p.CapMilli); err != nil {
					t.Error(err)
				}
			}
			got, faults := Price(in)
			if len(faults) != len(v.Want.Faults) {
				t.Fatalf("faults %v", faults)
			}
			for i, f := range faults {
				want := v.Want.Faults[i]
				params := maps.Clone(f.Problem.Params)
				delete(params, "line")
				if len(params)+len(want.Params) > 0 && text(t, params) != text(t, want.Params) || f.Line != want.Line || f.Problem.Code != want.Code || f.Problem.Params["line"] != want.Line {
					t.Errorf("%+v, want %+v", f, want)
				}
			}
			want := Result{Lines: v.Want.Lines, Uses: v.Want.Uses, Totals: v.Want.Totals}
			complete(&want, got)
			for i := range max(len(got.Lines), len(want.Lines)) {
				if i >= len(got.Lines) || i >= len(want.Lines) || !reflect.DeepEqual(got.Lines[i], want.Lines[i]) {
					t.Errorf("line %d\n got %s\nwant %s", i, line1(t, got.Lines, i), line1(t, want.Lines, i))
				}
			}
			if text(t, got.Uses) != text(t, want.Uses) || got.Totals != want.Totals {
				t.Errorf("got %s %s, want %s %s", text(t, got.Uses), text(t, got.Totals), text(t, want.Uses), text(t, want.Totals))
			}
		})
	})
	if all := count["hand"] + count["program"]; all != len(seen) || all < 60 || 2*count["hand"] < all {
		t.Errorf("%v of %d", count, len(seen))
	}
}

// complete fills in what a vector leaves out as it repeats the basket.
func complete(want *Result, got Result) {
	for i := range want.Lines {
		l := &want.Lines[i]
		if i >= len(got.Lines) {
			return
		}
		g := got.Lines[i]
		if l.Product == "" {
			l.Product, l.Unit, l.QtyMilli, l.BaseMilli, l.TaxBP, l.TaxIncluded = g.Product, g.Unit, g.QtyMilli, g.BaseMilli, g.TaxBP, g.TaxIncluded
		}
		if l.Free && l.Why.Gift == nil {
			l.Why.Gift = g.Why.Gift
		}
		if l.Why.List = l.List; l.Why.Scope == "" && l.List == "BASE" {
			l.Why.Scope = ScopeDefault
		}
	}
}

func line1(t *testing.T, lines []Priced, i int) string {
	if i >= len(lines) {
		return "none"
	}
	return text(t, lines[i])
}

func text(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v, json.Deterministic(true), json.FormatNilSliceAsNull(false))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestParts divides what a line came to.
func TestParts(t *testing.T) {
	var file struct {
		About   string `json:"about"`
		Vectors []struct {
			Name   string    `json:"name"`
			By     string    `json:"by"`
			Worked string    `json:"worked"`
			Line   Amounts   `json:"line"`
			Whole  int64     `json:"whole_milli"`
			Parts  []int64   `json:"parts_milli"`
			Shares []int64   `json:"delivered_fen"`
			Back   []Amounts `json:"returned"`
		} `json:"vectors"`
	}
	read(t, "parts.json", &file)
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			var shares []int64
			var back []Amounts
			var done int64
			for _, part := range v.Parts {
				shares = append(shares, Share(v.Line.LineFen+v.Line.TaxFen, part, v.Whole, done))
				back = append(back, Return(v.Line, part, v.Whole, done))
				done += part
			}
			if !slices.Equal(shares, v.Shares) || !slices.Equal(back, v.Back) {
				t.Errorf("delivered %v, returned %s", shares, text(t, back))
			}
		})
	}
}
